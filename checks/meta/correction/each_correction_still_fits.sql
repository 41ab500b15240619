-- No publisher has changed a figure that is corrected here: where one has, remove or update the correction.
-- severity: ERROR
select correction, action, reason, printed_usd, published_usd
from meta.correction
where state = 'the publisher has changed the figure'
