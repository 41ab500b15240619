-- Recorded as exports at origin, not recorded as imports at the hub: the level, and what came on top of the past.
-- Lost L = sum of X(exporter, hub) - sum of M(hub, exporter); share L / X; excess = L - usual share * X, with the median
-- share of 2017-2021; at the margin (dX - dM) / dX since 2021. Imports count as reported (CIF), which makes the loss
-- smallest; brought to FOB it is larger. Low: exports at their lowest release, imports at the larger of the reading as
-- reported and the narrowest margin; high: exports at their highest, imports at the widest margin.
-- Definition of recorded at origin and not at destination: Chupilkin, Javorcik, Plekhanov (CEPR DP20097, abstract).
-- By heading and list, positive and negative parts apart: mart.lost_in_transit_parts.
-- key: year, product, exporter_group, importer
-- method: S10
with
of_members as ( -- what an importer printed of every member, for where it prints no figure of the bloc
    select year, product, importer, 'E27' as exporter, sum(imports_cif_usd) as imports_usd,
        sum(imports_fob_low_usd) as fob_low_usd, sum(imports_fob_high_usd) as fob_high_usd,
        sum(imports_cif_low_usd) as cif_low_usd, sum(imports_cif_high_usd) as cif_high_usd
    from mart.mirror_gap join reference.country_group on country_group = 'E27' and member = exporter
    where imports_status = 'value' and importer in (select hub from reference.hub)
    group by year, product, importer
    having count(*) = (select count(*) from reference.country_group where country_group = 'E27')
),
pair as ( -- both reports of each exporter; an absent row counts as zero only where the dataset is whole
    select year, product, exporter, importer, exports_status, imports_status,
        coalesce(exports_usd, 0) as x, coalesce(exports_low_usd, 0) as x_low, coalesce(exports_high_usd, 0) as x_high,
        case when imports_status = 'value' then imports_cif_usd else coalesce(members.imports_usd, zero) end as m,
        case when imports_status = 'value' then imports_fob_low_usd else coalesce(members.fob_low_usd, zero) end
            as m_low,
        case when imports_status = 'value' then greatest(imports_cif_high_usd, imports_fob_high_usd)
            else coalesce(greatest(members.cif_high_usd, members.fob_high_usd), zero) end as m_high,
        case when imports_status = 'value' then imports_cif_high_usd - imports_cif_low_usd
            else coalesce(members.cif_high_usd - members.cif_low_usd, zero) end as of_release
    from (
        select *, case when imports_status = 'implied_zero' then 0 end as zero from mart.mirror_gap
        where importer in (select hub from reference.hub) and exports_status not in ('not_reported', 'incomplete')
    )
    left join of_members as members using (year, product, importer, exporter)
),
member as (
    select code as exporter_group, code as member, code as reported_by from reference.country
    where kind in ('country', 'bloc')
    union all
    select country_group, member, coalesce(reported_by, member) from reference.country_group
    where country_group in ('E27', 'COALITION', 'CHINA') -- E27 summed here wherever no bloc figure is printed
),
group_year as ( -- a group is summed only where each of its members reported exports that year
    select exporter_group, years.year as year,
        string_agg(member, ', ' order by member) filter (dataset.reporter is null) as missing
    from member
    cross join (select distinct year from transformed.dataset) as years
    left join transformed.dataset
        on dataset.reporter = reported_by and dataset.year = years.year and dataset.flow = 'X'
    where exporter_group in ('E27', 'COALITION', 'CHINA') and member <> exporter_group
    group by exporter_group, years.year
),
bloc_printed as (
    select distinct year, product, importer from pair where exporter = 'E27'
),
flow as (
    select pair.year as year, product, member.exporter_group as exporter_group, importer,
        sum(x) as x, sum(x_low) as x_low, sum(x_high) as x_high,
        case when count(m) = count(*) then sum(m) end as m,
        case when count(m) = count(*) then sum(m_low) end as m_low,
        case when count(m) = count(*) then sum(m_high) end as m_high,
        sum(of_release) + sum(x_high) - sum(x_low) as of_release,
        bool_or(imports_status = 'incomplete') as is_incomplete,
        any_value(missing) as missing
    from pair
    join member on member.member = pair.exporter
    left join group_year on group_year.exporter_group = member.exporter_group and group_year.year = pair.year
        and member.member <> member.exporter_group
    where not (member.exporter_group = 'E27' and exporter <> 'E27'
        and (pair.year, product, importer) in (select year, product, importer from bloc_printed))
    group by pair.year, product, member.exporter_group, importer
),
known as ( -- a group of which a member is missing has no figure
    select flow.year as year, flow.product as product, exporter_group, importer, missing, flow.is_incomplete as is_incomplete, of_release,
        family.comparable, coalesce(family.family, flow.product) as series,
        case when missing is null then x end as x, case when missing is null then x_low end as x_low,
        case when missing is null then x_high end as x_high, case when missing is null then m end as m,
        case when missing is null then m_low end as m_low, case when missing is null then m_high end as m_high
    from flow
    left join transformed.dataset as received
        on received.reporter = importer and received.year = flow.year and received.flow = 'M'
    left join mart.product_family as family
        on family.product = flow.product
        and family.classification = case when flow.product = 'TOTAL' then 'NA' else received.vintage end
),
share as (
    select *, (x - m) / nullif(x, 0) as lost_share, (x_low - m_high) / nullif(x_low, 0) as share_low,
        (x_high - m_low) / nullif(x_high, 0) as share_high
    from known
),
before as (
    select exporter_group, importer, series,
        median(lost_share) as baseline_share,
        median(share_low) as baseline_low,
        median(share_high) as baseline_high,
        count(lost_share) as baseline_years,
        max(x) filter (year = {baseline_to}) as base_x,
        max(x_low) filter (year = {baseline_to}) as base_x_low,
        max(x_high) filter (year = {baseline_to}) as base_x_high,
        max(m) filter (year = {baseline_to}) as base_m,
        max(m_low) filter (year = {baseline_to}) as base_m_low,
        max(m_high) filter (year = {baseline_to}) as base_m_high
    from share
    where year between {baseline_from} and {baseline_to} and comparable
    group by exporter_group, importer, series
),
beyond as ( -- against the past, with imports as reported and at both ends of the CIF band
    select share.*, before.baseline_share, coalesce(baseline_years, 0) as baseline_years, base_m,
        x - m - before.baseline_share * x as excess_raw,
        x_low - m_high - before.baseline_low * x_low as excess_narrow,
        x_high - m_low - before.baseline_high * x_high as excess_wide,
        case when year > {baseline_to} and x_low > base_x_high then x - base_x end as added_x,
        x_low - base_x_high as least_x,
        x_high - base_x_low as most_x,
        m - base_m as added_raw,
        least(m - base_m, m_low - base_m_low, m_high - base_m_high) as least_m,
        greatest(m - base_m, m_low - base_m_low, m_high - base_m_high) as most_m
    from share left join before using (exporter_group, importer, series)
)
select
    year,
    product,
    exporter_group, -- code; E27, COALITION, CHINA, or one exporter's code
    importer,
    x as exports_usd, -- USD; exports to the importer as the group's reporters report them, FOB
    m as imports_usd, -- USD; the importer's imports from them as reported, CIF: the conservative reading
    cast(x_low - m_high as decimal(18, 2)) as lost_low_usd, -- USD; at the lowest exports and the narrowest CIF margin
    cast(x - m as decimal(18, 2)) as lost_usd, -- USD; exports minus imports as reported
    cast(x_high - m_low as decimal(18, 2)) as lost_high_usd, -- USD; at the highest exports and the widest CIF margin
    case when x_low > 0 then share_low end as lost_share_low, -- share; lost_low_usd over the lowest exports
    case when x_low > 0 then lost_share end as lost_share, -- share; lost_usd over exports
    case when x_low > 0 then share_high end as lost_share_high, -- share; lost_high_usd over the highest exports
    baseline_share, -- share; median lost_share of the base years 2017-2021 there are
    baseline_years, -- years; how many base years the baseline rests on
    cast(least(excess_narrow, excess_raw, excess_wide) as decimal(18, 2))
        as excess_lost_low_usd, -- USD; excess_lost_usd at the low end of the CIF band
    cast(excess_raw as decimal(18, 2)) as excess_lost_usd, -- USD; lost beyond the share lost before
    cast(greatest(excess_narrow, excess_raw, excess_wide) as decimal(18, 2))
        as excess_lost_high_usd, -- USD; excess_lost_usd at the high end of the CIF band
    case when added_x > 0 then 1 - greatest(most_m / least_x, most_m / most_x) end
        as marginal_lost_share_low, -- share; marginal_lost_share at the low end of the CIF band
    case when added_x > 0 then 1 - added_raw / added_x end
        as marginal_lost_share, -- share; part of the exports added since 2021 that never arrived; NULL where none were added
    case when added_x > 0 then 1 - least(least_m / least_x, least_m / most_x) end
        as marginal_lost_share_high, -- share; marginal_lost_share at the high end of the CIF band
    case
        when x - m is null then null
        when x_high - m_low = x_low - m_high then 'none'
        when of_release >= m_high - m_low + x_high - x_low - of_release then 'release_choice'
        else 'cif_margin'
    end as driver,
    case
        when missing is not null then 'not_reported'
        when m is null then 'mirror_missing'
        else 'value'
    end as status,
    case
        when missing is not null then 'not all members reported: ' || missing
        when is_incomplete then 'the importer''s dataset is incomplete'
        when m is null then 'the importer printed no such figure'
        when x_low = 0 then 'no share: no exports were recorded'
        when not coalesce(comparable, false) then 'no baseline: the code is not known to hold the same goods before and after 2022'
        when baseline_years = 0 then 'no baseline: no base year has both reports'
        when year > {baseline_to} and base_m is null then 'no share at the margin: 2021 lacks a report'
        when year > {baseline_to} and added_x is null then 'no share at the margin: exports did not grow since 2021'
    end as reason, -- text; why a figure is NULL
    list_sort(list_filter([
        case when missing is not null then 'MEMBER_MISSING' end,
        case when importer = 'KAZ' and exporter_group in (
            select member from reference.country_group where country_group = 'EAEU') then 'SURVEY_SOURCE' end,
        case when missing is null and m is null then 'SINGLE_REPORT' end,
        case when is_incomplete then 'INCOMPLETE' end,
        case when not coalesce(comparable, false) then 'NOMEN_BREAK' end
    ], lambda code: code is not null)) as flags
from beyond
