-- What a hub's recorded exports to the destination hold beyond what they would have been anyway: the recorded route.
-- Expected anyway: median of 2017-2021, grown as the hub's civilian exports to the destination grew (those of all hubs
-- where the hub has too few). Range: the hub's report over its pair's past spread, the scatter of civilian growth, and
-- goods that went through the hub before 2022 too: they may have fallen as the first suppliers' own exports did.
-- The origin of a re-exported unit cannot be told: these are goods of everyone.
-- key: hub, destination, product_group, product, year
-- method: S7, S9, S16
with
series as (
    select classification, product, case when comparable then family else product end as series, comparable
    from mart.product_family where length(product) in (4, 6)
),
supplier as (
    select distinct exporter from mart.exporter_set where exporter_group in ('COALITION', 'CHINA') and not is_bloc
),
destination as (
    select distinct destination from reference.hub
),
flow as (
    select exporter, importer as destination, flow.year as year, series, comparable, flow.product as product,
        cast(reconciled_low_usd as double) as low, cast(reconciled_usd as double) as usd,
        cast(reconciled_high_usd as double) as high, cast(exports_usd as double) as x
    from mart.reconciled_flow as flow
    join destination on destination.destination = importer
    join transformed.dataset as sent on sent.reporter = exporter and sent.year = flow.year and sent.flow = 'X'
    join series on series.product = flow.product and series.classification = sent.vintage
    where exports_usd is not null and flow.year >= {baseline_from}
),
reporting as ( -- years in which a hub's absent row is a zero
    select hub, destination, year from reference.hub
    join transformed.dataset on reporter = hub and flow = 'X' and absence_is_zero
    where year >= {baseline_from}
),
goods as (
    select destination, series, bool_and(comparable) as comparable, length(series) as digits
    from flow group by destination, series
),
cell as (
    select reporting.hub as hub, reporting.destination as destination, reporting.year as year, goods.series as series,
        goods.comparable as comparable, digits, coalesce(usd, 0) as usd, coalesce(low, 0) as low, coalesce(high, 0) as high,
        coalesce(x, 0) as x
    from reporting
    join goods using (destination)
    left join flow on exporter = hub and flow.destination = reporting.destination and flow.year = reporting.year
        and flow.series = goods.series
),
before as (
    select hub, destination, series, median(x) as base
    from cell where comparable and year <= {baseline_to} group by hub, destination, series
),
direct as ( -- what the first suppliers' own exports fell to, against their past
    select destination, series, year, cast(sum(cast(x as decimal(18, 2))) as double) as x
    from flow semi join supplier using (exporter) where comparable group by destination, series, year
),
direct_before as (
    select destination, series, median(x) as base from direct where year <= {baseline_to} group by destination, series
),
fallen as (
    select direct.destination as destination, series, year, x / nullif(base, 0) as share
    from direct join direct_before using (destination, series) where year > {baseline_to}
),
grown as (
    select cell.*, base, ln((cell.x + {smoothing_usd}) / (base + {smoothing_usd})) as growth
    from cell left join before using (hub, destination, series)
    where year > {baseline_to}
),
civilian as (
    select grown.* from grown
    semi join (select series from mart.listed_series where is_placebo) as placebo using (series)
    where digits = 6 and x + base > 2 * {smoothing_usd}
),
control as (
    select destination, hub, year, count(*) as goods, quantile_cont(growth, 0.5) as middle,
        (quantile_cont(growth, 0.95) - quantile_cont(growth, 0.05)) / (2 * {z90}) as scatter
    from civilian group by grouping sets ((destination, hub, year), (destination, year))
),
expected as (
    select grown.*, coalesce(own.goods, pooled.goods) as goods, own.goods is null as is_pooled,
        coalesce(own.middle, pooled.middle) as middle, coalesce(own.scatter, pooled.scatter) as scatter,
        base * exp(coalesce(own.middle, pooled.middle)) as usual, fallen.share as fallen
    from grown
    left join control as own on own.hub = grown.hub and own.destination = grown.destination and own.year = grown.year
        and own.goods >= {control_floor}
    left join control as pooled on pooled.hub is null and pooled.destination = grown.destination
        and pooled.year = grown.year and pooled.goods >= {control_floor}
    left join fallen on fallen.destination = grown.destination and fallen.series = grown.series and fallen.year = grown.year
),
ranged as ( -- usual_low: goods of the first suppliers that used to pass through may have stopped with their own
    select *, usual * sqrt(exp(scatter * scatter) - 1) * {z90} as usual_wide,
        usual * 1.25 * scatter / sqrt(goods) * {z90} as shared_wide,
        usual - base * least(exp(middle), coalesce(fallen, exp(middle))) as maybe_stopped
    from expected
),
listed as (
    select '*' as product_group, series as product, series from (select distinct series from goods)
    union all
    select distinct product_list, '*', series from mart.listed_series where product_list <> 'civilian'
),
summed as ( -- codes that cannot be compared with their past: all of them may be re-exported, or none
    select hub, destination, product_group, listed.product as product, year, bool_or(comparable) as any_comparable,
        bool_and(comparable) as all_comparable, any_value(is_pooled) as is_pooled, any_value(goods) as goods,
        any_value(middle) as middle,
        sum(cast(usd as decimal(18, 2))) as onward,
        sum(cast(case when comparable then usd end as decimal(18, 2))) as compared,
        sum(cast(usual as decimal(18, 2))) as usual,
        sum(cast(maybe_stopped as decimal(18, 2))) as maybe_stopped,
        sum(cast(shared_wide as decimal(18, 2))) as shared_wide,
        sum(cast(pow(usd - low, 2) + pow(coalesce(usual_wide, 0), 2) as decimal(38, 2))) as narrow,
        sum(cast(pow(high - usd, 2) + pow(coalesce(usual_wide, 0), 2) as decimal(38, 2))) as wide
    from ranged join listed using (series)
    group by hub, destination, product_group, listed.product, year
),
beyond as (
    select *, cast(coalesce(compared, 0) - usual as double) as excess,
        cast(onward - coalesce(compared, 0) as double) as unknown,
        case when compared > 0 then greatest(0, cast(compared - usual as double)) / cast(compared as double) else 0 end as share,
        sqrt(cast(narrow as double) + pow(cast(shared_wide as double), 2)) as down,
        sqrt(cast(wide as double) + pow(cast(shared_wide as double), 2)) + cast(maybe_stopped as double) as up,
        case
            when not any_comparable then 'no baseline: the code is not known to hold the same goods before and after 2022'
            when usual is null then 'too few civilian goods to compare with'
        end as reason
    from summed
)
select
    hub,
    destination,
    product_group, -- code; name of a list, or of a tier of it; * = any
    product, -- HS code; the product by its HS2022 code; * = the whole list
    year,
    onward as onward_usd, -- USD; the hub's exports to the destination, FOB
    usual as usual_usd, -- USD; what they would have been anyway: their median of 2017-2021, grown as civilian goods did
    case when reason is null then cast(greatest(0, excess - down) as decimal(18, 2)) end
        as beyond_low_usd, -- USD; beyond_usd at the low end, none of the codes without a past
    case when reason is null then cast(greatest(0, excess) + unknown * share as decimal(18, 2)) end
        as beyond_usd, -- USD; exports beyond the usual; of codes without a past the share that the others show
    case when reason is null then cast(greatest(0, excess + up) + unknown as decimal(18, 2)) end
        as beyond_high_usd, -- USD; beyond_usd at the high end, all of the codes without a past
    goods as control_goods, -- goods; civilian goods whose growth is the measure
    middle as control_growth, -- log; their growth over the median of 2017-2021
    case
        when reason is not null then null
        when up = 0 and down = 0 and unknown = 0 then 'none'
        when unknown > up and unknown > down then 'code_bridge'
        when cast(maybe_stopped as double) > up / 2 then 'baseline_choice'
        when cast(shared_wide as double) > down / 2 then 'control'
        else 'past_gap'
    end as driver,
    case when reason is null then 'value' when any_comparable then 'not_measurable' else 'no_code' end as status,
    reason, -- text; why a figure is NULL
    list_filter([
        case when not all_comparable then 'NOMEN_BREAK' end,
        case when is_pooled then 'POOLED_CONTROL' end,
        case when hub in (select member from reference.country_group where country_group = 'EAEU') then 'SURVEY_SOURCE' end
    ], lambda code: code is not null) as flags
from beyond
