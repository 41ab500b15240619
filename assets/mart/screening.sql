-- Products in order of priority for a closer look: how far trade through a hub outgrew that of civilian goods.
-- Not a finding: a high place says where to look first. Civilian goods are scored beside the rest, as placebos.
-- key: hub, destination, year, product
-- method: S7, S16
with
series as (
    select classification, product, case when comparable then family else product end as series,
        case when comparable then family end as family, comparable
    from mart.product_family where length(product) in (4, 6)
),
first_supplier as ( -- whose goods are the concern
    select distinct member as reporter from reference.country_group where country_group in ('COALITION', 'CHINA')
),
steady as ( -- exporters with a whole dataset in every year there is, so that growth is not a newcomer
    select reporter from transformed.dataset semi join first_supplier using (reporter)
    where flow = 'X' and absence_is_zero and year >= {baseline_from}
    group by reporter
    having count(*) = (select count(distinct year) from transformed.dataset where year >= {baseline_from})
),
figure as (
    select reporter, partner, flow, year, series, sum(value_usd) as usd, sum(value_fob_usd) as fob_usd
    from transformed.trade_flow join series using (classification, product)
    where status <> 'incomplete' and year >= {baseline_from}
    group by reporter, partner, flow, year, series
),
counted as (
    select hub, destination, year, series, 'onward' as measure, sum(usd) as usd
    from figure join reference.hub on hub = reporter and destination = partner
    where flow = 'X' group by hub, destination, year, series
    union all
    select hub, destination, year, series, 'inward', sum(usd)
    from figure semi join steady using (reporter) join reference.hub on hub = partner
    where flow = 'X' group by hub, destination, year, series
    union all
    select hub, destination, year, series, 'arrival', sum(fob_usd)
    from figure semi join steady on steady.reporter = partner join reference.hub on hub = figure.reporter
    where flow = 'M' group by hub, destination, year, series
),
span as ( -- years in which an absent row of the measure is a zero
    select hub, destination, year, case flow when 'X' then 'onward' else 'arrival' end as measure
    from reference.hub join transformed.dataset on reporter = hub and absence_is_zero
    where year >= {baseline_from}
    union all
    select hub, destination, year, 'inward'
    from reference.hub cross join (select distinct year from transformed.dataset where year >= {baseline_from})
    where (select count(*) from steady) > 0
),
whole as (
    select span.hub as hub, span.destination as destination, span.year as year, span.measure as measure,
        goods.series as series, comparable, coalesce(usd, 0) as usd
    from span cross join (select series, bool_and(comparable) as comparable from series group by series) as goods
    left join counted using (hub, destination, year, series, measure)
),
before as (
    select hub, destination, series, measure, median(usd) as base
    from whole where comparable and year <= {baseline_to} group by hub, destination, series, measure
),
placebo as (
    select series from mart.listed_series where is_placebo
),
grown as (
    select whole.*, base, placebo.series is not null as is_placebo,
        ln((usd + {smoothing_usd}) / (base + {smoothing_usd})) as growth
    from whole left join before using (hub, destination, series, measure) left join placebo using (series)
    where year > {baseline_to}
),
control as ( -- what civilian goods that are traded at all show
    select hub, destination, year, measure, quantile_cont(growth, 0.5) as middle,
        quantile_cont(growth, 0.05) as low, quantile_cont(growth, 0.95) as high
    from grown where is_placebo and usd + base > 0
    group by hub, destination, year, measure
    having count(*) >= {control_floor}
),
scored as (
    select grown.*, middle, low, high, (growth - middle) / nullif((high - low) / 3.29, 0) as z
    from grown left join control using (hub, destination, year, measure)
),
product_year as (
    select hub, destination, year, series, is_placebo, bool_and(comparable) as comparable,
        max(usd) filter (measure = 'onward') as onward, max(usd) filter (measure = 'inward') as inward,
        max(base) filter (measure = 'onward') as base, max(base) filter (measure = 'inward') as inward_base,
        max(middle) filter (measure = 'onward') as middle,
        max(low) filter (measure = 'onward') as low, max(high) filter (measure = 'onward') as high,
        max(z) filter (measure = 'onward') as z_onward, max(z) filter (measure = 'inward') as z_inward,
        bool_or(growth > high) filter (measure = 'onward') as onward_stands_out,
        bool_or(growth > high) filter (measure = 'inward') as inward_stands_out,
        max(growth) filter (measure = 'inward') - max(growth) filter (measure = 'arrival') as missing
    from scored group by hub, destination, year, series, is_placebo
),
traded as (
    select product_year.*, product, family,
        case when base + onward + inward_base + inward > 0 then z_onward + 0.5 * coalesce(z_inward, 0) end as score
    from product_year join series using (series)
    where classification = 'H6' and coalesce(onward, 0) + coalesce(inward, 0) > 0
),
missed as (
    select hub, destination, year, quantile_cont(missing, 0.95) as missing_high
    from traded where is_placebo group by hub, destination, year having count(missing) >= {control_floor}
),
ranked as ( -- placebos at least as high, among the other placebos
    select traded.*, missing_high,
        row_number() over (partition by hub, destination, year order by score is null, score desc, product) as place,
        count(*) filter (is_placebo and score is not null) over (partition by hub, destination, year)
            - case when is_placebo and score is not null then 1 else 0 end as others,
        count(*) filter (is_placebo and score is not null) over (
            partition by hub, destination, year order by score desc nulls last)
            - case when is_placebo and score is not null then 1 else 0 end as above
    from traded left join missed using (hub, destination, year)
),
judged as (
    select *, others >= {control_floor} and (1 + above) <= {placebo_share} * (1 + others) as stands_out,
        cast(onward - (base + {smoothing_usd}) * exp(high) + {smoothing_usd} as decimal(18, 2)) as excess_low,
        cast(onward - (base + {smoothing_usd}) * exp(middle) + {smoothing_usd} as decimal(18, 2)) as excess_central,
        cast(onward - (base + {smoothing_usd}) * exp(low) + {smoothing_usd} as decimal(18, 2)) as excess_high
    from ranked
)
select
    hub,
    destination,
    year,
    product,
    family,
    case when score is not null then place end as position, -- order; 1 = look first; NULL = cannot be ranked
    case when score is null then null when stands_out and excess_low > 0 then 1 when stands_out then 2 end
        as tier, -- 1 or 2; 1 = the whole interval lies above what civilian goods show, 2 = the score alone; NULL = neither
    is_placebo, -- true/false; civilian goods, outside every list of priority goods: a control
    excess_low as excess_low_usd, -- USD; beyond the growth that 95% of civilian goods stay under
    excess_central as excess_usd, -- USD; the hub's exports to the destination beyond the usual growth of civilian goods
    excess_high as excess_high_usd, -- USD; beyond the growth that 5% of civilian goods stay under
    score, -- score; growth of the hub's exports to the destination, and half that of exporters' shipments to the hub, in spreads of civilian goods
    z_inward as score_inward, -- score; the same from exporters' shipments to the hub alone, without the hub's own exports
    case when excess_central is null then null when excess_low = excess_high then 'none' else 'control' end as driver,
    case when score is not null then 'value' else 'not_measurable' end as status,
    list_filter([
        case when stands_out then 'scored above 95% of the other civilian goods' end,
        case when onward_stands_out then 'exports to the destination outgrew those of 95% of civilian goods' end,
        case when inward_stands_out
            then 'what the coalition and China ship to the hub outgrew that of 95% of civilian goods' end,
        case when missing > missing_high
            then 'more is missing from the hub''s imports than for 95% of civilian goods' end,
        case when not comparable
            then 'not ranked: the code is not known to hold the same goods before and after 2022' end,
        case when comparable and score is null then 'not ranked: too few civilian goods to compare with' end
    ], lambda word: word is not null) as reasons, -- text; in words
    case when comparable then [] else ['NOMEN_BREAK'] end as flags
from judged
