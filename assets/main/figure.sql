-- Every figure chosen for analysis, with the names of countries and publisher in words and the file and row it stands in.
-- example: from figure where reporter = 'KAZ' and year = 2022
-- method: S1-S6
select
    year,
    flow,
    reporter,
    reporting.name as reporter_name, -- text; short English name
    partner,
    other.name as partner_name, -- text; short English name
    classification,
    product,
    value_usd,
    valuation,
    value_fob_low_usd, -- USD; FOB value with the widest margin, from the lowest of the sources
    value_fob_usd, -- USD; FOB value with the central margin, from the preferred source
    value_fob_high_usd, -- USD; FOB value with the narrowest margin, from the highest of the sources
    net_weight_kg,
    status,
    flags,
    trade_flow.source as source,
    publisher, -- text; name of the publisher
    release,
    file_sha256,
    file_row
from transformed.trade_flow
left join reference.country as reporting on reporting.code = reporter
left join reference.country as other on other.code = partner
left join reference.source as publisher on publisher.source = trade_flow.source
