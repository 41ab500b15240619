-- What a group ships to a hub and the hub's imports do not show, beyond what the same pair and product left out before.
-- Cell: an exporter, a hub, a product of six digits. Expected ratio of imports to exports: the cell's own of 2017-2021,
-- shrunk to its pair; moved by what civilian goods of the hub and year show. Missing = exports - imports / expected ratio,
-- summed over cells that both sides print; what no row of the hub shows at all stands in absent_usd and in the high end.
-- Spread of a cell: its pair's past spread times what civilian goods scatter by; years of one cell add up as if they
-- erred alike. Civilian goods that are missing from the hub's rows tell that its imports are incomplete: not measurable.
-- key: hub, exporter_group, product_group, product, from_year, year
-- method: S10, S16
with
supplier as (
    select exporter_group, exporter from mart.exporter_set where exporter_group in ('COALITION', 'CHINA') and not is_bloc
),
hub as (
    select distinct hub from reference.hub
),
vintage as (
    select year, max(vintage) as vintage from transformed.dataset group by year
),
series as (
    select product_family.*, case when comparable then family else product end as series
    from mart.product_family where length(product) = 6
),
placebo as (
    select series from mart.listed_series where is_placebo
),
cell as (
    select hub, flow.year as year, flow.exporter as exporter, exporter_group, series, comparable,
        cast(exports_usd as double) as x, past_mean, past_spread,
        case when arrival.absence_is_zero then cast(imports_fob_usd as double) end as m,
        case when arrival.absence_is_zero and least(exports_usd, imports_fob_usd) >= {floor_usd}
            then ln(imports_fob_usd / exports_usd) end as log_ratio
    from mart.reconciled_flow as flow
    join hub on hub.hub = importer
    join supplier on supplier.exporter = flow.exporter and supplier.exporter <> hub.hub
    join vintage on vintage.year = flow.year
    join series on series.product = flow.product and series.classification = vintage
    left join transformed.dataset as arrival
        on arrival.reporter = importer and arrival.year = flow.year and arrival.flow = 'M'
    where exports_usd is not null or arrival.absence_is_zero
),
past as (
    select hub, exporter, exporter_group, series, count(log_ratio) as cells,
        cast(sum(cast(log_ratio as decimal(12, 9))) as double) as logs,
        cast(sum(cast(x as decimal(18, 2))) as double)
            / (select count(distinct year) from vintage where year between {baseline_from} and {baseline_to}) as shipped
    from cell where comparable and year between {baseline_from} and {baseline_to}
    group by hub, exporter, exporter_group, series
),
expected as (
    select cell.*, placebo.series is not null as is_placebo,
        (coalesce(logs, 0) + {shrink_years} * coalesce(past_mean, 0)) / (coalesce(cells, 0) + {shrink_years}) as usual,
        coalesce(shipped, 0) as shipped_before, coalesce(cells, 0) = 0 as is_new
    from cell
    left join past using (hub, exporter, exporter_group, series)
    left join placebo using (series)
    where year > {baseline_to}
),
control as (
    select hub, year, exporter_group, count(log_ratio) as goods,
        median(log_ratio - usual) * count(log_ratio) / (count(log_ratio) + {shrink_cells}) as shift,
        (quantile_cont((log_ratio - usual) / past_spread, 0.95) - quantile_cont((log_ratio - usual) / past_spread, 0.05))
            / (2 * {z90}) as scatter,
        median(past_spread) as usual_spread,
        cast(count(*) filter (x >= {floor_usd} and m is null) as double) / nullif(count(*) filter (x >= {floor_usd}), 0) as absent
    from expected where is_placebo
    group by hub, year, exporter_group
),
hub_year as ( -- is the hub's year fit to be measured with this group?
    select hub.hub as hub, group_year.*, goods, shift, scatter, absent,
        1.25 * scatter * usual_spread / sqrt(goods) as shift_spread,
        case
            when missing is not null then 'not all members reported: ' || missing
            when arrival.reporter is null then 'the hub published no imports'
            when arrival.is_incomplete then 'the hub''s dataset is incomplete'
            when not arrival.absence_is_zero or arrival.vintage is null then 'the hub prints no whole dataset by product'
            when coalesce(goods, 0) < {control_floor} then 'too few civilian goods to compare with'
            when absent > 1 - {completeness_floor} then 'civilian goods are missing from the hub''s imports too: incomplete'
        end as reason
    from hub
    cross join (
        select exporter_group, years.year as year,
            string_agg(exporter, ', ' order by exporter) filter (dataset.reporter is null) as missing
        from supplier cross join (select distinct year from transformed.dataset where year > {baseline_to}) as years
        left join transformed.dataset on dataset.reporter = exporter and dataset.year = years.year and dataset.flow = 'X'
            and absence_is_zero
        group by exporter_group, years.year
    ) as group_year
    left join transformed.dataset as arrival on arrival.reporter = hub.hub and arrival.year = group_year.year and arrival.flow = 'M'
    left join control on control.hub = hub.hub and control.year = group_year.year
        and control.exporter_group = group_year.exporter_group
),
span as ( -- each year, and each run of years that can all be measured
    select last_year.hub as hub, last_year.exporter_group as exporter_group, first_year.year as from_year,
        last_year.year as year, any_value(last_year.reason) as reason, min(inside.goods) as goods,
        max(inside.absent) as absent_share,
        cast(sum(cast(inside.shift as decimal(12, 9))) as double) / count(*) as shift
    from hub_year as last_year
    join (select distinct year from hub_year) as first_year on first_year.year <= last_year.year
    join hub_year as inside on inside.hub = last_year.hub and inside.exporter_group = last_year.exporter_group
        and inside.year between first_year.year and last_year.year
    group by last_year.hub, last_year.exporter_group, first_year.year, last_year.year
    having first_year.year = last_year.year or count(inside.reason) = 0
),
measured as (
    select expected.hub as hub, expected.year as year, exporter, expected.exporter_group as exporter_group, series,
        coalesce(x, 0) as shipped, coalesce(m, 0) as arrived, coalesce(x, 0) - shipped_before as added,
        case when m is null then x else 0 end as absent,
        case when m is null then 0 else coalesce(x, 0) - m * exp(-usual - coalesce(shift, 0)) end as missing,
        case when m is null then 0 else
            greatest(coalesce(x, 0), m * exp(-usual - coalesce(shift, 0)))
                * sqrt(exp(pow(case when is_new then greatest(1, scatter) else coalesce(scatter, 1) end * past_spread, 2)) - 1) end as spread,
        coalesce(x, 0) * coalesce(shift_spread, 0) as shift_spread
    from expected join hub_year using (hub, year, exporter_group)
),
listed as (
    select '*' as product_group, series as product, series from (select distinct series from series)
    union all
    select distinct product_list, '*', series from mart.listed_series
),
of_cell as (
    select span.hub as hub, span.exporter_group as exporter_group, from_year, span.year as year, exporter, series,
        sum(cast(shipped as decimal(18, 2))) as shipped, sum(cast(arrived as decimal(18, 2))) as arrived,
        sum(cast(added as decimal(18, 2))) as added,
        sum(cast(absent as decimal(18, 2))) as absent, sum(cast(missing as decimal(18, 2))) as missing,
        sum(cast(spread as decimal(18, 2))) as spread, sum(cast(measured.shift_spread as decimal(18, 2))) as shift_spread
    from span join measured on measured.hub = span.hub and measured.exporter_group = span.exporter_group
        and measured.year between from_year and span.year
    group by span.hub, span.exporter_group, from_year, span.year, exporter, series
),
block as (
    select hub, exporter_group, product_group, product, from_year, year, count(*) as cells,
        sum(shipped) as shipped, sum(arrived) as arrived, sum(added) as added, sum(absent) as absent, sum(missing) as missing,
        pow(cast(sum(spread) as double), 2) / nullif(cast(sum(cast(spread as decimal(38, 2)) * spread) as double), 0) as weighty,
        sqrt(cast(sum(cast(spread as decimal(38, 2)) * spread) as double) + pow(cast(sum(shift_spread) as double), 2)) as spread
    from of_cell join listed using (series)
    where from_year = year or product_group <> '*'
    group by hub, exporter_group, product_group, product, from_year, year
)
select
    hub,
    exporter_group, -- code; COALITION or CHINA
    product_group, -- code; name of a list, or of a tier of it; * = any
    product, -- HS code; the product by its HS2022 code; * = the whole list
    from_year, -- year; first year counted
    year, -- year; last year counted
    cells, -- cells; pairs and products that either side printed
    shipped as shipped_usd, -- USD; exports to the hub as the group's members report them, FOB
    case when span.reason is null or span.reason not like 'the hub%' then arrived end
        as arrived_usd, -- USD; the hub's imports from them brought to FOB; NULL where its dataset is not whole
    case when span.reason is null or span.reason not like 'the hub%' then absent end
        as absent_usd, -- USD; shipped where the hub prints no row at all
    case when span.reason is null then cast(cast(missing as double) - {range_spreads} * spread as decimal(18, 2)) end
        as missing_low_usd, -- USD; missing_usd at the low end
    case when span.reason is null then missing end
        as missing_usd, -- USD; shipped, and short of what the hub would usually record of it; below 0 where more arrived
    case when span.reason is null then cast(cast(missing + absent as double) + {range_spreads} * spread as decimal(18, 2)) end
        as missing_high_usd, -- USD; missing_usd at the high end, with all that no row shows
    cast(greatest(0, least(cast(added as double),
        case when span.reason is null then cast(missing + absent as double) + {range_spreads} * spread end)) as decimal(18, 2))
        as unseen_most_usd, -- USD; the most that can have gone on unseen: what was shipped beyond the mean of 2017-2021, and no more than missing_high_usd where that is known
    case when span.reason is null then cast(missing as double) / nullif(spread, 0) end
        as signal, -- spreads; missing_usd over its spread
    weighty as effective_cells, -- cells; as many equal ones would scatter alike: few = a handful of large cells
    goods as control_cells, -- cells; civilian goods both sides printed, fewest of the years
    shift as control_shift, -- log; how far civilian goods moved off their own past, shrunk
    absent_share as control_absent_share, -- share; civilian shipments of which the hub prints no row, highest of the years
    case
        when span.reason is not null then null
        when absent = 0 and spread = 0 then 'none'
        when cast(absent as double) > {range_spreads} * spread then 'absent_rows'
        else 'past_gap'
    end as driver,
    case when span.reason is null then 'value' else 'not_measurable' end as status,
    span.reason as reason, -- text; why a figure is NULL
    list_filter([
        case when span.reason like '%incomplete' then 'INCOMPLETE' end,
        case when span.reason like 'not all%' then 'MEMBER_MISSING' end
    ], lambda code: code is not null) as flags
from block join span using (hub, exporter_group, from_year, year)
