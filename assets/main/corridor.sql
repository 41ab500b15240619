-- A hub's trade with Russia by year for one product: both reports side by side, the gap with its range, and what goes on.
-- parameters: of_product := 'TOTAL', of_hub := 'KAZ'
-- example: from corridor('8542')
-- method: S1-S6, S9
select
    mirror.hub as hub,
    mirror.year as year,
    mirror.product as product,
    hub_imports_usd,
    hub_imports_outside_union_usd,
    hub_exports_usd,
    destination_imports_usd,
    destination_report_status,
    destination_received_usd,
    destination_received_basis,
    gap_low_usd, -- USD; gap at the low end
    gap_usd, -- USD; the destination's imports brought to FOB minus the hub's exports
    gap_high_usd, -- USD; gap at the high end
    mirror_log_ratio,
    pass_through,
    list_sort(list_distinct(list_concat(mirror.flags, coalesce(pair.flags, [])))) as flags
from transformed.mirror_statistics as mirror
left join mart.mirror_gap as pair
    on pair.year = mirror.year and pair.product = mirror.product
    and pair.exporter = mirror.hub and pair.importer = mirror.destination
where mirror.destination = 'RUS' and mirror.hub = of_hub and mirror.product = cast(of_product as varchar)
order by mirror.year
