-- Published claims held against this profile's data: reproduced, not reproduced and by how much, or not computable and why.
-- The figure of the publisher the claim rests on is used where the profile has it, else the preferred one; the others
-- and the rounding of quoted figures widen the range. A claim checked on its own publisher tests our handling alone.
-- key: claim
-- method: 2
with
need as ( -- which reports, of which year, each statistic is made of
    select * from (values
        ('value', 'now', null), ('growth', 'now', null), ('growth', 'base', null),
        ('times', 'now', null), ('times', 'base', null), ('share', 'now', null), ('share', 'whole', null),
        ('missing', 'now', 'X'), ('missing', 'now', 'M'), ('missing_share', 'now', 'X'), ('missing_share', 'now', 'M'),
        ('added_lost_share', 'now', 'X'), ('added_lost_share', 'now', 'M'),
        ('added_lost_share', 'base', 'X'), ('added_lost_share', 'base', 'M')
    ) as listed (statistic, moment, side)
),
reality as ( -- a claim about the world is not held against a simulated one
    select coalesce(bool_or(source like 'simulated%'), false) as is_simulated from validated.trade_flow
),
part as (
    select claim.claim, moment, coalesce(side, claim.flow) as flow, claim.product, claim.basis,
        claim.importer as importers, case moment when 'base' then claim.base_year else claim.year end as year,
        unnest(string_split(case moment when 'whole' then 'W00' else claim.exporter end, ' ')) as exporter
    from reference.claim
    join need using (statistic)
    cross join reality
    where why_not is null and not is_simulated
),
pair as (
    select * exclude (importers), unnest(string_split(importers, ' ')) as importer from part
),
asked as ( -- each pair by itself, and a bloc's by its members
    select *, exporter as from_code, importer as to_code, false as by_member from pair
    union all
    select pair.*, coalesce(sender.member, exporter), coalesce(taker.member, importer), true
    from pair
    left join reference.country_group as sender on sender.country_group = exporter and exporter = 'E27'
    left join reference.country_group as taker on taker.country_group = importer and importer = 'E27'
    where 'E27' in (exporter, importer)
),
published as (
    select case flow when 'X' then reporter else partner end as from_code,
        case flow when 'X' then partner else reporter end as to_code,
        reporter, flow, year, product, source, release, preference, value_usd, flags,
        cast(case when is_quoted then pow(10, length(digits) - length(rtrim(digits, '0'))) / 2 else 0 end
            as decimal(18, 2)) as rounding
    from (select *, cast(cast(value_usd as bigint) as varchar) as digits from validated.trade_flow)
    join reference.source using (source)
    semi join (select distinct product from reference.claim) using (product)
    left join reference.reporter_silence as silence using (reporter)
    where not list_contains(flags, 'INCOMPLETE') and not is_reconciled
        and (silence.reporter is null or partner = 'W00' or year < from_year or year > coalesce(to_year, year))
),
whole_dataset as (
    select reporter, dataset.year, flow, absence_is_zero
    from transformed.dataset
    left join reference.reporter_silence as silence using (reporter)
    where absence_is_zero
        and (silence.reporter is null or dataset.year < from_year or dataset.year > coalesce(to_year, dataset.year))
),
figure as ( -- nothing is averaged; an absent row is a zero only in a whole dataset
    select claim, moment, asked.flow as flow, exporter, importer, by_member, asked.from_code, asked.to_code, asked.year,
        coalesce(
            arg_max(value_usd, (case when source = basis then 1 else 0 end, -preference, release)),
            case when bool_or(absence_is_zero) then 0 end
        ) as value_usd,
        coalesce(min(value_usd - rounding), case when bool_or(absence_is_zero) then 0 end) as low_usd,
        coalesce(max(value_usd + rounding), case when bool_or(absence_is_zero) then 0 end) as high_usd,
        arg_max(source, (case when source = basis then 1 else 0 end, -preference, release)) as source,
        arg_max(published.flags, (case when source = basis then 1 else 0 end, -preference, release)) as flags,
        coalesce(max(rounding), 0) as rounding
    from asked
    left join published using (flow, from_code, to_code, year, product)
    left join whole_dataset as dataset
        on dataset.reporter = case asked.flow when 'X' then asked.from_code else asked.to_code end
        and dataset.year = asked.year and dataset.flow = asked.flow
        and 'E27' not in (asked.from_code, asked.to_code) and 'W00' not in (asked.from_code, asked.to_code)
    group by claim, moment, asked.flow, exporter, importer, by_member, asked.from_code, asked.to_code, asked.year
),
whole as ( -- the bloc's own figure where it is printed, else the sum of all its members
    select claim, moment, flow, exporter, importer, by_member,
        case when count(value_usd) = count(*) then sum(value_usd) end as value_usd,
        case when count(value_usd) = count(*) then sum(low_usd) end as low_usd,
        case when count(value_usd) = count(*) then sum(high_usd) end as high_usd,
        list_sort(list_distinct(list(source))) as sources, flatten(list(flags)) as flags, max(rounding) as rounding,
        max(flow || ' of ' || exporter || ' to ' || importer || ' in ' || year) as said
    from figure
    group by claim, moment, flow, exporter, importer, by_member
),
chosen as (
    select * from whole
    qualify row_number() over (
        partition by claim, moment, flow, exporter, importer order by value_usd is null, by_member
    ) = 1
),
summed as (
    select claim, moment, flow,
        case when count(value_usd) = count(*) then sum(value_usd) end as value_usd,
        case when count(value_usd) = count(*) then sum(low_usd) end as low_usd,
        case when count(value_usd) = count(*) then sum(high_usd) end as high_usd
    from chosen group by claim, moment, flow
),
evidence as (
    select claim, list_sort(list_distinct(flatten(list(sources)))) as sources, flatten(list(flags)) as flags,
        max(rounding) as rounding,
        string_agg(said, '; ' order by said) filter (value_usd is null) as missing
    from chosen group by claim
),
side as ( -- in the claim's own currency
    select claim,
        sum(value_usd) filter (moment = 'now' and (flow = 'X' or one_side)) / any_value(rate) as now_x,
        sum(low_usd) filter (moment = 'now' and (flow = 'X' or one_side)) / any_value(rate) as now_x_low,
        sum(high_usd) filter (moment = 'now' and (flow = 'X' or one_side)) / any_value(rate) as now_x_high,
        sum(value_usd) filter (moment = 'now' and flow = 'M') as now_m,
        sum(low_usd) filter (moment = 'now' and flow = 'M') as now_m_low,
        sum(high_usd) filter (moment = 'now' and flow = 'M') as now_m_high,
        sum(value_usd) filter (moment <> 'now' and (flow = 'X' or one_side)) / any_value(base_rate) as base_x,
        sum(low_usd) filter (moment <> 'now' and (flow = 'X' or one_side)) / any_value(base_rate) as base_x_low,
        sum(high_usd) filter (moment <> 'now' and (flow = 'X' or one_side)) / any_value(base_rate) as base_x_high,
        sum(value_usd) filter (moment <> 'now' and flow = 'M') as base_m,
        sum(low_usd) filter (moment <> 'now' and flow = 'M') as base_m_low,
        sum(high_usd) filter (moment <> 'now' and flow = 'M') as base_m_high
    from (
        select summed.*, claim.flow is not null as one_side,
            case when unit like '%EUR' then present.usd_per_eur else 1 end as rate,
            case when unit like '%EUR' then past.usd_per_eur else 1 end as base_rate
        from summed
        join reference.claim using (claim)
        left join reference.eur_usd_annual as present on present.year = claim.year
        left join reference.eur_usd_annual as past on past.year = coalesce(claim.base_year, claim.year)
    )
    group by claim
),
statistic as (
    select claim.*, missing, sources, is_simulated, base_x, now_x, coalesce(evidence.flags, []) as flags, rounding,
        case when unit like 'million%' then 1000000 when unit like 'percent%' then 0.01 else 1 end as one,
        case statistic
            when 'value' then now_x when 'times' then now_x / nullif(base_x, 0)
            when 'growth' then now_x / nullif(base_x, 0) - 1 when 'share' then now_x / nullif(base_x, 0)
            when 'missing' then now_x - now_m when 'missing_share' then 1 - now_m / nullif(now_x, 0)
            when 'added_lost_share' then case when now_x > base_x then 1 - (now_m - base_m) / (now_x - base_x) end
        end as central,
        case statistic
            when 'value' then now_x_low when 'times' then now_x_low / nullif(base_x_high, 0)
            when 'growth' then now_x_low / nullif(base_x_high, 0) - 1 when 'share' then now_x_low / nullif(base_x_high, 0)
            when 'missing' then now_x_low - now_m_high when 'missing_share' then 1 - now_m_high / nullif(now_x_low, 0)
            when 'added_lost_share' then case when now_x > base_x then least(
                1 - (now_m_high - base_m_low) / nullif(now_x_low - base_x_high, 0), 1 - (now_m - base_m) / (now_x - base_x)) end
        end as low,
        case statistic
            when 'value' then now_x_high when 'times' then now_x_high / nullif(base_x_low, 0)
            when 'growth' then now_x_high / nullif(base_x_low, 0) - 1 when 'share' then now_x_high / nullif(base_x_low, 0)
            when 'missing' then now_x_high - now_m_low when 'missing_share' then 1 - now_m_low / nullif(now_x_high, 0)
            when 'added_lost_share' then case when now_x > base_x then greatest(
                1 - (now_m_low - base_m_high) / nullif(now_x_high - base_x_low, 0), 1 - (now_m - base_m) / (now_x - base_x)) end
        end as high
    from reference.claim
    cross join reality
    left join side using (claim)
    left join evidence using (claim)
),
held as (
    select *,
        central / one as computed,
        case tolerance_kind when 'absolute' then central / one - claimed else central / one / claimed - 1 end as deviation
    from statistic
),
judged as (
    select *,
        case
            when deviation is null then 'not_computable'
            when comparison = 'at_least' and deviation >= -tolerance then 'reproduced'
            when comparison = 'at_most' and deviation <= tolerance then 'reproduced'
            when comparison = 'equals' and abs(deviation) <= tolerance then 'reproduced'
            else 'not_reproduced'
        end as verdict
    from held
)
select
    claim,
    claimed_by,
    statement,
    statistic,
    flow, -- code; whose report is meant: X the exporter's, M the importer's, NULL = both
    exporter, -- codes; who exports, several parted by blanks; W00 = everyone
    importer, -- codes; who imports, several parted by blanks
    product, -- HS code; of what, or the name and version of a list; NULL where the claim names no codes
    year, -- year; the year claimed, NULL where the claim is of no single year
    base_year,
    claimed,
    unit,
    comparison,
    tolerance,
    tolerance_kind,
    low / one as computed_low, -- see unit; computed from the lowest of the sources, releases and roundings
    computed, -- see unit; computed from the publisher the claim rests on where the profile has it, else from the preferred one
    high / one as computed_high, -- see unit; computed from the highest of the sources, releases and roundings
    deviation, -- see tolerance_kind; computed over claimed less one, or computed minus claimed
    verdict, -- code; reproduced, not_reproduced or not_computable
    case
        when verdict = 'not_reproduced' and tolerance_kind = 'absolute' then 'off by ' || round(deviation, 2) || ' ' || unit
        when verdict = 'not_reproduced' then 'off by ' || round(100 * deviation, 1) || '%'
        when verdict = 'reproduced' then null
        when why_not is not null then why_not
        when is_simulated then 'the figures of this profile are simulated'
        when missing is not null then 'this profile holds no ' || missing
        when base_x = 0 then 'the base year is zero'
        when now_x <= base_x then 'nothing was added since the base year'
        else 'this profile holds no such figure'
    end as reason, -- text; by how much it is off, or why it cannot be computed
    array_to_string(sources, ', ') as computed_from, -- codes; whose figures it was computed from
    case when deviation is not null then not list_contains(sources, basis) or basis is null end
        as is_independent, -- true/false; false where the claim's own publisher is what it was computed from
    case
        when deviation is null then null
        when low is not distinct from high then 'none'
        when rounding > 0 then 'rounding'
        else 'release_choice'
    end as driver,
    case when deviation is null then 'not_reported' else 'value' end as status,
    list_sort(list_distinct(flags)) as flags,
    citation
from judged
