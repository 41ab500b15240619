-- What a group of exporters sent to a hub and the hub did not record, by year for one product.
-- parameters: of_group := 'E27', of_product := 'TOTAL', of_hub := 'KAZ'
-- example: from lost('COALITION')
-- method: S10
select
    year,
    product,
    exporter_group, -- code; E27, COALITION, CHINA, or one exporter's code
    importer,
    exports_usd, -- USD; exports to the importer as the group's reporters report them, FOB
    imports_usd, -- USD; the importer's imports from them as reported, CIF: the conservative reading
    lost_low_usd, -- USD; exports minus imports at the narrowest CIF margin
    lost_usd, -- USD; exports minus imports as reported
    lost_high_usd, -- USD; exports minus imports at the widest CIF margin
    lost_share_low, -- share; lost_low_usd over exports
    lost_share, -- share; lost_usd over exports
    lost_share_high, -- share; lost_high_usd over exports
    baseline_share, -- share; median lost_share of the base years 2017-2021 there are
    status,
    reason, -- text; why a figure is NULL
    flags
from mart.lost_in_transit
where exporter_group = of_group and importer = of_hub and product = cast(of_product as varchar)
order by year
