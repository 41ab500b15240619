-- How much of what a hub imports goes on to the destination: level, at the margin, and against the past.
-- Baseline B: median of 2017-2021; the mean of 2019-2021 is the other reading of the past and an end of every range.
-- Excess E = V - B; growth V / V(2021) where 2021 reached 100,000 USD; level X(hub, destination) / M(hub, all others);
-- at the margin E of exports / E of imports from outside the union, where the latter reaches 500,000 USD and twice the
-- median absolute deviation of the base years; ceiling = the lesser of both excesses, at least 0. A ratio above 1 is
-- kept: stocks, mark-up, misclassification, imports not recorded. Ranges: releases, roundings, and choice of baseline.
-- key: hub, destination, year, product
-- method: S2, S7-S9
with
sent as ( -- the hub's exports with what rounding and other sources leave open
    select reporter as hub, partner as destination, year, classification, product,
        value_low_usd as sent_low, value_high_usd as sent_high, is_quoted
    from transformed.trade_flow join reference.source using (source)
    where flow = 'X' and status <> 'incomplete' and reporter in (select hub from reference.hub)
),
world as ( -- and its imports, as shares of the figure used
    select reporter as hub, year, classification, product,
        coalesce(value_low_usd / nullif(value_usd, 0), 1) as down, coalesce(value_high_usd / nullif(value_usd, 0), 1) as up
    from transformed.trade_flow
    where flow = 'M' and partner = 'W00' and status <> 'incomplete' and reporter in (select hub from reference.hub)
),
statistic as (
    select statistic.*, sent_low, sent_high, is_quoted, coalesce(down, 1) as down, coalesce(up, 1) as up, family.family, coalesce(family.comparable, false) as comparable,
        case when family.comparable then family.family else statistic.product end as series,
        coalesce(hub_imports_outside_union_usd, hub_imports_usd) as imports_usd,
        hub_imports_outside_union_usd is null and hub_imports_usd is not null as includes_union
    from transformed.mirror_statistics as statistic
    left join mart.product_family as family using (classification, product)
    left join sent using (hub, destination, year, classification, product)
    left join world using (hub, year, classification, product)
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
        statistic.is_quoted,
        statistic.down,
        statistic.up,
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
        case when status = 'implied_zero' then 0 else sent_low end as exports_least,
        case when status = 'implied_zero' then 0 else sent_high end as exports_most,
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
        max(exports_least) filter (year = {baseline_to}) as growth_base_low,
        max(exports_most) filter (year = {baseline_to}) as growth_base_high
    from figure
    where year between {baseline_from} and {baseline_to} and comparable
    group by hub, destination, series
),
excess as ( -- against both readings of the past
    select figure.*, before.* exclude (hub, destination, series),
        cast(least(exports_median, coalesce(exports_mean, exports_median)) as double) as past_low,
        cast(exports_median as double) as past,
        cast(greatest(exports_median, coalesce(exports_mean, exports_median)) as double) as past_high,
        exports_least - greatest(exports_median, coalesce(exports_mean, exports_median)) as exports_low,
        exports_usd - exports_median as exports_central,
        exports_most - least(exports_median, coalesce(exports_mean, exports_median)) as exports_high,
        imports_known * coalesce(down, 1) - greatest(imports_median, coalesce(imports_mean, imports_median)) as imports_low,
        imports_known - imports_median as imports_central,
        imports_known * coalesce(up, 1) - least(imports_median, coalesce(imports_mean, imports_median)) as imports_high,
        coalesce(abs(exports_median - coalesce(exports_mean, exports_median)), 0)
            + coalesce(abs(imports_median - coalesce(imports_mean, imports_median)), 0) as of_baseline,
        coalesce(exports_most - exports_least, 0) + coalesce(imports_known * (up - down), 0) as of_release
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
    exports_least as exports_low_usd, -- USD; lowest release or rounding of exports_usd
    exports_usd, -- USD; X(hub, destination) as the hub reports it; 0 where its whole dataset holds no such row
    exports_most as exports_high_usd, -- USD; highest of them
    cast(imports_known * coalesce(down, 1) as decimal(18, 2)) as imports_low_usd, -- USD; lowest release of imports_usd
    imports_known as imports_usd, -- USD; the hub's imports from outside the customs union; from everyone where flagged WORLD_INCLUDES_UNION; 0 where its whole dataset holds no such row
    cast(imports_known * coalesce(up, 1) as decimal(18, 2)) as imports_high_usd, -- USD; highest release of imports_usd
    cast(exports_median as decimal(18, 2)) as baseline_exports_usd, -- USD; median of the base years 2017-2021 there are
    cast(imports_median as decimal(18, 2)) as baseline_imports_usd, -- USD; the same of imports_usd
    cast(exports_mean as decimal(18, 2)) as baseline_exports_mean_usd, -- USD; the alternative: mean of 2019-2021
    cast(imports_mean as decimal(18, 2)) as baseline_imports_mean_usd, -- USD; the same of imports_usd
    baseline_years, -- years; how many base years the baseline rests on
    cast(exports_low as decimal(18, 2)) as excess_exports_low_usd, -- USD; lowest release, against the higher of median and mean 2019-2021
    cast(exports_central as decimal(18, 2)) as excess_exports_usd, -- USD; exports beyond the median baseline
    cast(exports_high as decimal(18, 2)) as excess_exports_high_usd, -- USD; highest release, against the lower of median and mean 2019-2021
    cast(imports_low as decimal(18, 2)) as excess_imports_low_usd, -- USD; against the higher of median and mean 2019-2021
    cast(imports_central as decimal(18, 2)) as excess_imports_usd, -- USD; imports beyond the median baseline
    cast(imports_high as decimal(18, 2)) as excess_imports_high_usd, -- USD; against the lower of median and mean 2019-2021
    cast(case when exports_low + imports_low is not null then greatest(0, least(exports_low, imports_low)) end as decimal(18, 2))
        as ceiling_low_usd, -- USD; ceiling_usd at the low end
    cast(case when exports_central + imports_central is not null then greatest(0, least(exports_central, imports_central)) end as decimal(18, 2))
        as ceiling_usd, -- USD; the most that added imports passed on can amount to: the lesser of both excesses
    cast(case when exports_high + imports_high is not null then greatest(0, least(exports_high, imports_high)) end as decimal(18, 2))
        as ceiling_high_usd, -- USD; ceiling_usd at the high end
    pass_through * (sent_low / nullif(hub_exports_usd, 0) / up) as pass_through_low, -- ratio; pass_through at the low end
    pass_through,
    pass_through * (sent_high / nullif(hub_exports_usd, 0) / nullif(down, 0)) as pass_through_high, -- ratio; at the high end
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
    case when year > {baseline_to} then (exports_least + {smoothing_usd}) / (growth_base_high + {smoothing_usd}) end
        as growth_smoothed_low, -- ratio; growth_smoothed at the low end
    case when year > {baseline_to} then (exports_usd + {smoothing_usd}) / (growth_base + {smoothing_usd}) end
        as growth_smoothed, -- ratio; growth with 50,000 USD added to both sides
    case when year > {baseline_to} then (exports_most + {smoothing_usd}) / (growth_base_low + {smoothing_usd}) end
        as growth_smoothed_high, -- ratio; growth_smoothed at the high end
    case when year > {baseline_to} then ln((exports_least + {smoothing_usd})
        / (past_high + {smoothing_usd})) end
        as log_excess_low, -- log; lowest release over the higher of both baselines
    case when year > {baseline_to}
        then ln((exports_usd + {smoothing_usd}) / (past + {smoothing_usd})) end
        as log_excess, -- log; exports over the baseline with 50,000 USD added to both
    case when year > {baseline_to} then ln((exports_most + {smoothing_usd})
        / (past_low + {smoothing_usd})) end
        as log_excess_high, -- log; highest release over the lower of both baselines
    case
        when exports_usd is null and imports_known is null then null
        when of_baseline = 0 and of_release = 0 then 'none'
        when of_baseline >= of_release then 'baseline_choice'
        when is_quoted then 'rounding'
        else 'release_choice'
    end as driver,
    status,
    case
        when status = 'no_code' then 'no code before HS2022'
        when not comparable then 'no baseline: the code is not known to hold the same goods before and after 2022'
        when baseline_years is null or baseline_years = 0 then 'no baseline: no base year was printed'
        else nullif(concat_ws('; ',
            case when pass_through is null
                then 'no level: imports from elsewhere are under 500,000 USD or not known' end,
            case when year > {baseline_to} and growth_base < {growth_floor_usd}
                then 'growth from near zero: the base year is under 100,000 USD' end,
            case when year > {baseline_to} and growth_base is null then 'no growth: 2021 was not printed' end,
            case when year > {baseline_to} and not coalesce(margin_holds, false)
                then 'no pass-through at the margin: imports did not grow beyond the guard' end
        ), '')
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
