-- Direct exports that stopped against what the hubs gained: how much of the loss the indirect route can have made up for.
-- Direct loss = baseline of X(group, destination) - X(group, destination); indirect gain = X(hub, destination) - its
-- baseline; offset = gain / loss, where the loss reaches 1,000,000 USD; limited by what the group sent the hub beyond
-- the past (feedstock). Baseline: median of 2017-2021, the mean of 2019-2021 gives the other end. Line own_goods is
-- China with Hong Kong (hub CHINA): goods of its own, no route of the group's. A gain is no proof of transit.
-- key: destination, year, product, exporter_group, line, hub
-- method: S11
with
sender as ( -- whose reports make up a group, or are a hub's own
    select exporter_group as sender, exporter as reporter from mart.exporter_set
    where not is_bloc and (exporter_group in ('E27', 'COALITION') or exporter_group in (select hub from reference.hub))
    union all
    select 'E27 as printed', 'E27'
    union all
    select 'CHINA', code from reference.country where code in ('CHN', 'HKG')
),
receiver as (
    select distinct destination as receiver from reference.hub
    union
    select hub from reference.hub
),
published as ( -- in families of one code each side of 2022, so that years can be compared
    select reporter, partner as receiver, year,
        case when comparable then product_family.family else product end as product,
        coalesce(comparable, false) as comparable,
        value_fob_low_usd as low_usd, value_usd, value_fob_high_usd as high_usd
    from transformed.trade_flow
    semi join receiver on receiver.receiver = partner
    left join mart.product_family using (classification, product)
    where flow = 'X' and status <> 'incomplete'
),
dataset as ( -- a silent reporter is in no year
    select sender, dataset.year as year, dataset.reporter, absence_is_zero
    from sender
    join transformed.dataset on dataset.reporter = sender.reporter and dataset.flow = 'X' and not is_incomplete
),
sender_year as (
    select sender, years.year as year, count(distinct sender.reporter) as reporters,
        count(distinct dataset.reporter) filter (absence_is_zero) as whole,
        string_agg(distinct sender.reporter, ', ' order by sender.reporter) filter (dataset.reporter is null) as missing
    from sender
    cross join (select distinct year from transformed.dataset) as years
    left join dataset using (sender, reporter, year)
    group by sender, years.year
),
summed as ( -- an absent row is a zero only in a whole dataset; else each member must have printed its own
    select sender, receiver, year, product, bool_and(comparable) as comparable,
        sum(low_usd) as low_usd, sum(value_usd) as value_usd, sum(high_usd) as high_usd,
        count(*) filter (not absence_is_zero) as printed
    from published join dataset using (reporter, year)
    group by sender, receiver, year, product
),
series as (
    select receiver, product, bool_and(comparable) as comparable from published group by receiver, product
),
cell as (
    select sender, series.receiver as receiver, sender_year.year as year, series.product as product,
        series.comparable as comparable, missing,
        case when coalesce(printed, 0) + whole = reporters then coalesce(value_usd, 0) end as value_usd,
        case when coalesce(printed, 0) + whole = reporters then coalesce(low_usd, 0) end as low_usd,
        case when coalesce(printed, 0) + whole = reporters then coalesce(high_usd, 0) end as high_usd
    from series
    cross join sender_year
    left join summed using (sender, receiver, year, product)
    where sender <> series.receiver -- hubs among each other are in no line
        and (series.receiver in (select destination from reference.hub) or sender in ('E27', 'COALITION', 'E27 as printed'))
),
flow as ( -- the bloc's own figure where it is printed
    select cell.sender as sender, receiver, year, product, comparable,
        case when printed.value_usd is null then missing end as missing,
        coalesce(printed.value_usd, cell.value_usd) as value_usd,
        coalesce(printed.low_usd, cell.low_usd) as low_usd,
        coalesce(printed.high_usd, cell.high_usd) as high_usd
    from cell
    left join (
        select 'E27' as sender, receiver, year, product, value_usd, low_usd, high_usd
        from cell where sender = 'E27 as printed'
    ) as printed using (sender, receiver, year, product)
    where cell.sender <> 'E27 as printed'
),
before as (
    select sender, receiver, product, median(value_usd) as usual,
        coalesce(avg(value_usd) filter (year >= {baseline_mean_from}), median(value_usd)) as other,
        count(value_usd) as years
    from flow
    where year between {baseline_from} and {baseline_to} and comparable
    group by sender, receiver, product
),
beyond as ( -- what goes beyond the past, over the choice of baseline and of release
    select flow.*,
        cast(low_usd - greatest(usual, other) as decimal(18, 2)) as excess_low,
        cast(value_usd - usual as decimal(18, 2)) as excess,
        cast(high_usd - least(usual, other) as decimal(18, 2)) as excess_high,
        coalesce(years, 0) as years, abs(usual - other) as of_baseline, high_usd - low_usd as of_release
    from flow left join before using (sender, receiver, product)
    where year > {baseline_to}
),
known as (
    select hub.destination as destination, direct.year as year, direct.product as product, direct.sender as exporter_group,
        hub.line as line, hub.hub as hub, direct.comparable as comparable, direct.missing as missing,
        -direct.excess_high as loss_low, -direct.excess as loss, -direct.excess_low as loss_high,
        gain.excess_low as gain_low, gain.excess as gain, gain.excess_high as gain_high,
        feed.excess_low as feed_low, feed.excess as feed, feed.excess_high as feed_high,
        direct.value_usd is null as group_is_missing, gain.value_usd is null as hub_is_missing,
        direct.of_baseline + gain.of_baseline as of_baseline, direct.of_release + gain.of_release as of_release,
        direct.excess is null or gain.excess is null as no_baseline, least(direct.years, gain.years) as years
    from (
        select hub, destination, 'hub' as line from reference.hub
        union all
        select distinct 'CHINA', destination, 'own_goods' from reference.hub
    ) as hub
    join beyond as direct on direct.receiver = hub.destination and direct.sender in ('E27', 'COALITION')
    left join beyond as gain
        on gain.sender = hub.hub and gain.receiver = hub.destination and gain.year = direct.year
        and gain.product = direct.product
    left join beyond as feed
        on feed.sender = direct.sender and feed.receiver = hub.hub and feed.year = direct.year
        and feed.product = direct.product
),
limited as (
    select *,
        case when gain_low + feed_low is not null then greatest(0, least(gain_low, feed_low)) end as limited_low,
        case when gain + feed is not null then greatest(0, least(gain, feed)) end as limited,
        case when gain_high + feed_high is not null then greatest(0, least(gain_high, feed_high)) end as limited_high,
        loss_low >= {substitution_floor_usd} and gain is not null as holds
    from known
)
select
    destination,
    year,
    product, -- HS code; the code or heading, HS2022 where it was renamed; TOTAL
    exporter_group, -- code; E27 or COALITION
    line, -- code; hub = goods of the group may go through it; own_goods = China's own, a separate line
    hub, -- code; the hub, ISO 3166-1 alpha-3; on line own_goods the group that sends its own
    loss_low as direct_loss_low_usd, -- USD; against the lower of median and mean 2019-2021, exports at the highest release
    loss as direct_loss_usd, -- USD; median baseline of the group's exports to the destination, minus those exports, FOB
    loss_high as direct_loss_high_usd, -- USD; against the higher of median and mean 2019-2021
    gain_low as indirect_gain_low_usd, -- USD; against the higher of median and mean 2019-2021
    gain as indirect_gain_usd, -- USD; the hub's exports to the destination beyond their median baseline, FOB
    gain_high as indirect_gain_high_usd, -- USD; against the lower of median and mean 2019-2021
    feed_low as feedstock_low_usd, -- USD; against the higher of median and mean 2019-2021
    feed as feedstock_usd, -- USD; the group's exports to the hub beyond their median baseline; NULL on line own_goods
    feed_high as feedstock_high_usd, -- USD; against the lower of median and mean 2019-2021
    limited_low as limited_gain_low_usd, -- USD; limited_gain_usd at the low end
    limited as limited_gain_usd, -- USD; the lesser of gain and feedstock, at least 0: the most of the group's goods it can hold
    limited_high as limited_gain_high_usd, -- USD; limited_gain_usd at the high end
    years as baseline_years, -- years; fewest base years either baseline rests on
    case when holds then least(gain_low / loss_low, gain_low / loss_high) end
        as offset_share_low, -- share; offset_share at the low end
    case when holds then gain / loss end
        as offset_share, -- share; gain over loss, NULL where the loss is under 1,000,000 USD even at its low end
    case when holds then greatest(gain_high / loss_low, gain_high / loss_high) end
        as offset_share_high, -- share; offset_share at the high end
    case when holds then limited_low / loss_high end
        as limited_share_low, -- share; limited_share at the low end
    case when holds then limited / loss end
        as limited_share, -- share; limited gain over loss
    case when holds then limited_high / loss_low end
        as limited_share_high, -- share; limited_share at the high end
    case
        when no_baseline then null
        when of_baseline = 0 and of_release = 0 then 'none'
        when of_baseline >= of_release then 'baseline_choice'
        else 'release_choice'
    end as driver,
    case
        when not comparable then 'no_code'
        when group_is_missing or hub_is_missing then 'not_reported'
        else 'value'
    end as status,
    case
        when not comparable then 'no baseline: the code is not known to hold the same goods before and after 2022'
        when group_is_missing then 'not all members reported' || coalesce(': ' || missing, '')
        when hub_is_missing then 'the hub did not report'
        when no_baseline then 'no baseline: no base year was printed'
        when not holds then 'the direct loss is under 1,000,000 USD, or there is none'
    end as reason, -- text; why a figure is NULL
    list_filter([
        case when group_is_missing then 'MEMBER_MISSING' end,
        case when not comparable then 'NOMEN_BREAK' end,
        case when hub_is_missing then 'NOT_REPORTED' end,
        case when loss < 0 then 'NO_LOSS' end,
        case when hub in (select member from reference.country_group where country_group = 'EAEU')
            then 'SURVEY_SOURCE' end
    ], lambda code: code is not null) as flags
from limited
