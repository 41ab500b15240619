-- No publisher has changed a figure that is corrected here: where one has, remove or update the correction.
-- severity: ERROR
select correction, action, source, release, reporter, partner, flow, year, product, reason,
    found.printed_usd as printed_usd, published_usd
from meta.correction as found
join (select * exclude (action, reason, printed_usd) from reference.correction) using (correction)
where state = 'the publisher has changed the figure'
