-- Whether a hub sends on what it buys: the unit value of its exports to the destination over that of its imports.
-- UVR = (value / kg of X(hub, destination)) / (value / kg of M(hub, all others)); near 1 = the same goods can be meant,
-- far from 1 = other goods or another price. Only rows whose weight is known and not estimated count; imports by
-- partner. Low and high: the CIF margin and the releases.
-- key: hub, destination, year, classification, product
-- method: S9
with
figure as ( -- kg: where it is known and not estimated
    select hub, destination, flow, partner, year, classification, product, value_usd, value_low_usd, value_high_usd,
        value_fob_low_usd, value_fob_usd, value_fob_high_usd,
        case when net_weight_kg > 0 and value_usd > 0 and not list_contains(flags, 'QTY_EST') then net_weight_kg end as kg
    from transformed.trade_flow join reference.hub on hub = reporter
    where length(product) = 6 and status <> 'incomplete'
),
sent as (
    select hub, destination, year, classification, product, value_usd, value_low_usd as low_usd, value_high_usd as high_usd, kg
    from figure where flow = 'X' and partner = destination
),
imported as (
    select hub, destination, year, classification, product, sum(value_usd) as value_usd,
        sum(value_usd) filter (kg is not null) as weighed_usd,
        sum(value_fob_low_usd) filter (kg is not null) as low_usd,
        sum(value_fob_usd) filter (kg is not null) as fob_usd,
        sum(value_fob_high_usd) filter (kg is not null) as high_usd,
        sum(kg) as kg
    from figure semi join (select code from reference.country where kind in ('country', 'bloc')) on code = partner
    where flow = 'M' and partner <> destination
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
