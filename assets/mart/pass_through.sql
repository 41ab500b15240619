-- How much of what a hub imports goes on to the destination: level, at the margin, and against the past.
-- key: hub, destination, year, product
-- method: S2, S7-S9
with
sent as ( -- the hub's exports with what rounding and other sources leave open
    select reporter as hub, partner as destination, year, classification, product,
        value_fob_low_usd as sent_low, value_fob_high_usd as sent_high
    from transformed.trade_flow where flow = 'X'
),
statistic as (
    select statistic.*, sent_low, sent_high, family.family, coalesce(family.comparable, false) as comparable,
        case when family.comparable then family.family else statistic.product end as series,
        coalesce(hub_imports_outside_union_usd, hub_imports_usd) as imports_usd,
        hub_imports_outside_union_usd is null and hub_imports_usd is not null as includes_union
    from transformed.mirror_statistics as statistic
    left join mart.product_family as family using (classification, product)
    left join sent using (hub, destination, year, classification, product)
),
series as ( -- every product, or family of one code each side of 2022, that the hub ever printed
    select distinct hub, destination, series from statistic
    where hub_imports_usd is not null or hub_exports_usd is not null
),
hub_year as ( -- the years the hub printed products, and the revision it printed them in
    select reporter as hub, year, max(vintage) as vintage,
        bool_or(absence_is_zero) filter (flow = 'X') as exports_whole,
        bool_or(absence_is_zero) filter (flow = 'M') as imports_whole
    from transformed.dataset
    group by reporter, year
),
code as ( -- which code a series has in a revision
    select case when comparable then family else product end as series, classification, product, family, comparable
    from mart.product_family
),
cell as (
    select series.hub, series.destination, hub_year.year, series.series,
        coalesce(statistic.product, code.product, series.series) as product,
        coalesce(statistic.classification, code.classification, hub_year.vintage) as classification,
        coalesce(statistic.family, code.family, any_family.family) as family,
        coalesce(statistic.comparable, code.comparable, false) as comparable,
        case
            when statistic.hub_exports_usd is not null then 'value'
            when code.product is null and any_family.family is not null then 'no_code'
            when hub_year.exports_whole then 'implied_zero'
            else 'not_reported'
        end as status,
        statistic.hub_exports_usd,
        statistic.sent_low,
        statistic.sent_high,
        statistic.imports_usd,
        statistic.includes_union,
        statistic.hub_imports_usd,
        statistic.pass_through,
        hub_year.imports_whole,
        coalesce(statistic.flags, []) as flags
    from series
    join hub_year using (hub)
    left join statistic
        on statistic.hub = series.hub and statistic.destination = series.destination
        and statistic.year = hub_year.year and statistic.series = series.series
        and (statistic.hub_imports_usd is not null or statistic.hub_exports_usd is not null)
    left join code
        on code.series = series.series
        and code.classification = case when series.series = 'TOTAL' then 'NA' else hub_year.vintage end
    left join (select distinct series, family from code) as any_family on any_family.series = series.series
    where statistic.hub is not null or (hub_year.vintage is not null and series.series <> 'TOTAL')
),
figure as (
    select *,
        case when status = 'implied_zero' then 0 else hub_exports_usd end as exports_usd,
        case when imports_usd is null and status <> 'no_code' and imports_whole then 0 else imports_usd end
            as imports_known
    from cell
),
before as (
    select hub, destination, series,
        median(exports_usd) as exports_median,
        avg(exports_usd) filter (year >= {baseline_mean_from}) as exports_mean,
        median(imports_known) as imports_median,
        avg(imports_known) filter (year >= {baseline_mean_from}) as imports_mean,
        mad(imports_known) as imports_mad,
        count(exports_usd) as baseline_years,
        max(exports_usd) filter (year = {baseline_to}) as growth_base,
        max(sent_low) filter (year = {baseline_to}) as growth_base_low,
        max(sent_high) filter (year = {baseline_to}) as growth_base_high
    from figure
    where year between {baseline_from} and {baseline_to} and comparable
    group by hub, destination, series
),
excess as (
    select figure.*, before.* exclude (hub, destination, series),
        exports_usd - greatest(exports_median, coalesce(exports_mean, exports_median)) as exports_low,
        exports_usd - exports_median as exports_central,
        exports_usd - least(exports_median, coalesce(exports_mean, exports_median)) as exports_high,
        imports_known - greatest(imports_median, coalesce(imports_mean, imports_median)) as imports_low,
        imports_known - imports_median as imports_central,
        imports_known - least(imports_median, coalesce(imports_mean, imports_median)) as imports_high
    from figure left join before using (hub, destination, series)
),
guarded as (
    select *,
        exports_low / nullif(imports_low, 0) as low_of_both,
        exports_low / nullif(imports_high, 0) as low_of_exports,
        exports_central / nullif(imports_central, 0) as middle,
        exports_high / nullif(imports_high, 0) as high_of_both,
        exports_high / nullif(imports_low, 0) as high_of_exports,
        year > {baseline_to} and growth_base >= {growth_floor_usd} and status = 'value' as growth_holds,
        year > {baseline_to} and imports_low >= {pass_through_floor_usd}
            and imports_low > {mad_factor} * imports_mad as margin_holds
    from excess
)
select
    hub,
    destination,
    year,
    product,
    classification,
    family,
    exports_usd, -- USD; X(hub, destination) as the hub reports it; 0 where its whole dataset holds no such row
    imports_usd, -- USD; the hub's imports from outside the customs union; from everyone where flagged WORLD_INCLUDES_UNION
    cast(exports_median as decimal(18, 2)) as baseline_exports_usd, -- USD; median of the base years 2017-2021 there are
    cast(imports_median as decimal(18, 2)) as baseline_imports_usd, -- USD; the same of imports_usd
    baseline_years, -- years; how many base years the baseline rests on
    cast(exports_low as decimal(18, 2)) as excess_exports_low_usd, -- USD; against the higher of median and mean 2019-2021
    cast(exports_central as decimal(18, 2)) as excess_exports_usd, -- USD; exports beyond the median baseline
    cast(exports_high as decimal(18, 2)) as excess_exports_high_usd, -- USD; against the lower of median and mean 2019-2021
    cast(imports_low as decimal(18, 2)) as excess_imports_low_usd, -- USD; against the higher of median and mean 2019-2021
    cast(imports_central as decimal(18, 2)) as excess_imports_usd, -- USD; imports beyond the median baseline
    cast(imports_high as decimal(18, 2)) as excess_imports_high_usd, -- USD; against the lower of median and mean 2019-2021
    cast(case when exports_low + imports_low is not null then greatest(0, least(exports_low, imports_low)) end as decimal(18, 2))
        as ceiling_low_usd, -- USD; ceiling_usd at the low end
    cast(case when exports_central + imports_central is not null then greatest(0, least(exports_central, imports_central)) end as decimal(18, 2))
        as ceiling_usd, -- USD; the most that added imports passed on can amount to: the lesser of both excesses
    cast(case when exports_high + imports_high is not null then greatest(0, least(exports_high, imports_high)) end as decimal(18, 2))
        as ceiling_high_usd, -- USD; ceiling_usd at the high end
    pass_through,
    case when margin_holds then least(low_of_both, low_of_exports, middle) end
        as marginal_pass_through_low, -- ratio; marginal_pass_through at the low end
    case when margin_holds then middle end
        as marginal_pass_through, -- ratio; added exports over added imports, NULL where the guard fails
    case when margin_holds then greatest(high_of_both, high_of_exports, middle) end
        as marginal_pass_through_high, -- ratio; marginal_pass_through at the high end
    case when growth_holds then sent_low / growth_base_high end
        as growth_low, -- ratio; growth at the low end of what rounding and other sources leave open
    case when growth_holds then exports_usd / growth_base end
        as growth, -- ratio; exports over those of 2021, NULL where 2021 was under 100,000 USD
    case when growth_holds then sent_high / growth_base_low end
        as growth_high, -- ratio; growth at the high end
    case when year > {baseline_to} then (exports_usd + {smoothing_usd}) / (growth_base + {smoothing_usd}) end
        as growth_smoothed, -- ratio; growth with 50,000 USD added to both sides
    case when year > {baseline_to}
        then ln((exports_usd + {smoothing_usd}) / (exports_median + {smoothing_usd})) end
        as log_excess, -- log; exports over the baseline with 50,000 USD added to both
    status,
    case
        when status = 'no_code' then 'no code before HS2022'
        when not comparable then 'no baseline: the code is not known to hold the same goods before and after 2022'
        when baseline_years is null or baseline_years = 0 then 'no baseline: no base year was printed'
        when year > {baseline_to} and growth_base < {growth_floor_usd}
            then 'growth from near zero: the base year is under 100,000 USD'
        when year > {baseline_to} and not coalesce(margin_holds, false)
            then 'no pass-through at the margin: imports did not grow beyond the guard'
    end as reason, -- text; why a figure is NULL
    list_sort(list_distinct(list_filter(
        list_concat(flags, [
            case when status = 'no_code' or not comparable then 'NOMEN_BREAK' end,
            case when status = 'implied_zero' then 'IMPLIED_ZERO' end,
            case when includes_union then 'WORLD_INCLUDES_UNION' end
        ]),
        lambda code: code is not null
    ))) as flags
from guarded
