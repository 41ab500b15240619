-- Whether a hub sends on what it buys: the unit value of its exports to the destination over that of its imports.
-- UVR = (value / kg of X(hub, destination)) / (value / kg of M(hub, all others)); near 1 = the same goods can be meant,
-- far from 1 = other goods or another price. Only rows whose weight is known and not estimated count; imports by
-- partner. Low and high: the CIF margin and the releases.
-- key: hub, destination, year, classification, product
-- method: S9
with
weighed as (
    select * from transformed.trade_flow
    where net_weight_kg > 0 and value_usd > 0 and length(product) = 6 and status <> 'incomplete'
        and not list_contains(flags, 'QTY_EST')
),
sent as (
    select hub, destination, year, classification, product, exports.value_usd as value_usd, weighed.net_weight_kg as kg,
        exports.value_low_usd as low_usd, exports.value_high_usd as high_usd
    from transformed.trade_flow as exports
    join reference.hub on hub = reporter and destination = partner
    left join weighed using (source, release, reporter, partner, flow, year, classification, product)
    where exports.flow = 'X' and length(product) = 6 and exports.status <> 'incomplete'
),
imported as (
    select hub, destination, year, classification, product, sum(imports.value_usd) as value_usd,
        sum(imports.value_usd) filter (weighed.net_weight_kg > 0) as weighed_usd,
        sum(imports.value_fob_low_usd) filter (weighed.net_weight_kg > 0) as low_usd,
        sum(imports.value_fob_usd) filter (weighed.net_weight_kg > 0) as fob_usd,
        sum(imports.value_fob_high_usd) filter (weighed.net_weight_kg > 0) as high_usd,
        sum(weighed.net_weight_kg) as kg
    from transformed.trade_flow as imports
    join reference.hub on hub = reporter and destination <> partner
    join reference.country on code = partner and kind in ('country', 'bloc')
    left join weighed using (source, release, reporter, partner, flow, year, classification, product)
    where imports.flow = 'M' and length(product) = 6 and imports.status <> 'incomplete'
    group by hub, destination, year, classification, product
),
compared as (
    select hub, destination, year, classification, product, sent.kg as x_kg, imported.kg as m_kg,
        weighed_usd / nullif(imported.value_usd, 0) as weighed_share,
        sent.low_usd / sent.kg as x_low, sent.value_usd / sent.kg as x, sent.high_usd / sent.kg as x_high,
        imported.low_usd / imported.kg as m_low, imported.fob_usd / imported.kg as m, imported.high_usd / imported.kg as m_high,
        sent.high_usd - sent.low_usd as of_release, imported.hub is not null as has_imports
    from sent left join imported using (hub, destination, year, classification, product)
)
select
    hub,
    destination,
    year,
    classification,
    product,
    x as exports_usd_per_kg, -- USD per kg; of the hub's exports to the destination
    m as imports_usd_per_kg, -- USD per kg; of the hub's imports from all others, brought to FOB
    weighed_share, -- share; of these imports, by value, whose weight is known
    x_low / nullif(m_high, 0) as unit_value_ratio_low, -- ratio; unit_value_ratio at the low end
    x / nullif(m, 0) as unit_value_ratio, -- ratio; exports_usd_per_kg over imports_usd_per_kg; near 1 = the same goods can be meant
    x_high / nullif(m_low, 0) as unit_value_ratio_high, -- ratio; unit_value_ratio at the high end
    case
        when x / nullif(m, 0) is null then null
        when m_low = m_high and x_low = x_high then 'none'
        when (x_high - x_low) * m >= (m_high - m_low) * x then 'release_choice'
        else 'cif_margin'
    end as driver,
    case when x / nullif(m, 0) is null then 'not_measurable' else 'value' end as status,
    case
        when x_kg is null then 'the weight of the exports is not known, or estimated'
        when not has_imports then 'the hub shows no imports of the code from others'
        when m_kg is null then 'the weight of the imports is not known, or estimated'
    end as reason, -- text; why a figure is NULL
    cast([] as varchar[]) as flags
from compared
