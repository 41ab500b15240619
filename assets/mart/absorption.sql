-- What stays in a hub: its imports from everyone less its exports to everyone, as it reports both.
-- Absorption = M(hub, World) - X(hub, World), imports CIF as reported. Low: imports brought to FOB at the widest margin
-- from the lowest release, exports at their highest; high: imports as reported at their highest, exports at their
-- lowest. Negative without output of its own means that imports are recorded too low, or stocks were sold.
-- key: hub, year, classification, product
-- method: S9
with
printed as (
    select reporter as hub, year, classification, product, flow, value_usd, value_low_usd, value_high_usd,
        value_fob_low_usd, partner, flags
    from transformed.trade_flow
    join reference.country on code = partner
    where reporter in (select hub from reference.hub) and status <> 'incomplete' and kind <> 'group'
),
world as ( -- the printed total over partners; in a whole dataset without one, the sum of the partners
    select hub, year, classification, product, flow,
        bool_or(partner = 'W00') as is_printed,
        coalesce(max(value_usd) filter (partner = 'W00'), sum(value_usd)) as value_usd,
        coalesce(max(value_low_usd) filter (partner = 'W00'), sum(value_low_usd)) as low_usd,
        coalesce(max(value_high_usd) filter (partner = 'W00'), sum(value_high_usd)) as high_usd,
        coalesce(max(value_fob_low_usd) filter (partner = 'W00'), sum(value_fob_low_usd)) as fob_low_usd,
        flatten(list(flags) filter (len(flags) > 0)) as flags
    from printed group by hub, year, classification, product, flow
),
cell as (
    select distinct hub, year, classification, product from world
),
side as ( -- an absent row is a zero only in a whole dataset
    select cell.hub as hub, cell.year as year, cell.classification as classification, cell.product as product,
        dataset.flow as flow, absence_is_zero,
        case
            when is_printed or absence_is_zero then coalesce(value_usd, 0)
        end as value_usd,
        case when is_printed or absence_is_zero then coalesce(low_usd, 0) end as low_usd,
        case when is_printed or absence_is_zero then coalesce(high_usd, 0) end as high_usd,
        case when is_printed or absence_is_zero then coalesce(fob_low_usd, 0) end as fob_low_usd,
        coalesce(is_printed, true) as is_printed, coalesce(flags, []) as flags
    from cell
    join transformed.dataset on dataset.reporter = cell.hub and dataset.year = cell.year
    left join world
        on world.hub = cell.hub and world.year = cell.year and world.classification = cell.classification
        and world.product = cell.product and world.flow = dataset.flow
    where not is_incomplete
),
known as (
    select hub, year, classification, product,
        max(value_usd) filter (flow = 'M') as m, max(low_usd) filter (flow = 'M') as m_low,
        max(high_usd) filter (flow = 'M') as m_high, max(fob_low_usd) filter (flow = 'M') as m_fob_low,
        max(value_usd) filter (flow = 'X') as x, max(low_usd) filter (flow = 'X') as x_low,
        max(high_usd) filter (flow = 'X') as x_high,
        bool_or(not is_printed) as is_summed, flatten(list(flags)) as flags
    from side group by hub, year, classification, product
)
select
    hub,
    year,
    classification,
    product,
    m as imports_usd, -- USD; M(hub, World) as the hub reports it, CIF
    x as exports_usd, -- USD; X(hub, World) as the hub reports it, FOB
    m_fob_low - x_high as absorption_low_usd, -- USD; at the widest CIF margin, the lowest imports and the highest exports
    m - x as absorption_usd, -- USD; imports minus exports as reported
    m_high - x_low as absorption_high_usd, -- USD; at the highest imports and the lowest exports
    case
        when m - x is null then null
        when m_high - x_low = m_fob_low - x_high then 'none'
        when m_high - m_low + x_high - x_low >= m_low - m_fob_low then 'release_choice'
        else 'cif_margin'
    end as driver,
    case when m - x is null then 'not_reported' else 'value' end as status,
    case
        when m is null then 'the hub''s imports from everyone were not printed'
        when x is null then 'the hub''s exports to everyone were not printed'
        when m < x then 'negative: made at home, sold from stock, or imports recorded too low'
    end as reason, -- text; why a figure is NULL, or below zero
    list_sort(list_distinct(list_concat(flags, case when is_summed then ['WORLD_SUMMED'] else [] end))) as flags
from known
