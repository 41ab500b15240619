-- What the destination receives, by product or list and by who sends: its own report, or the sum of the senders' (mirror).
-- Reported: its imports brought to FOB; the range is the CIF band and, where the senders that report stand for 90% of
-- 2019-2021 or more, their sum over its coverage. Mirror: the sum of what senders
-- report, no mark-up; range: each report over its pair's past spread, as if they erred independently, a little wider
-- since a few large reports make the sum; senders that do not report, at their past level, as much as the fastest
-- tenth of the others grew; for everyone also what was shipped to hubs and shows in no record. Under 90%, and too few
-- reports to tell that growth from: no value, for the silent may have sent anything. scenario_usd is the sum over its
-- coverage: a scenario, no estimate. The EU's own figure stands for its members on the side that prints it.
-- key: destination, product_group, product, exporter_group, year
-- method: S4, S15, S16
with
destination as (
    select distinct destination from reference.hub
),
flow as (
    select importer as destination, exporter, year, product, imports_fob_usd, imports_cif_usd, exports_usd,
        reconciled_usd - reconciled_low_usd as down, reconciled_high_usd - reconciled_usd as up,
        exporter = 'E27' as is_bloc, of_union.member is not null as is_member,
        is_member and bool_or(is_bloc and exports_usd is not null) over alike as is_sent_by_bloc,
        is_member and bool_or(is_bloc and imports_cif_usd is not null) over alike as is_received_from_bloc
    from mart.reconciled_flow semi join destination on destination.destination = importer
    left join (select distinct member from reference.country_group where country_group = 'E27') as of_union on member = exporter
    window alike as (partition by importer, year, product)
),
band as (
    select importer as destination, exporter, year, product, imports_fob_low_usd, imports_fob_high_usd
    from mart.mirror_gap semi join destination on destination.destination = importer
),
world as ( -- the destination's own total over all partners
    select reporter as destination, year, product, value_usd, value_fob_low_usd, value_fob_usd, value_fob_high_usd
    from transformed.trade_flow semi join destination on destination.destination = reporter
    where flow = 'M' and partner = 'W00' and status <> 'incomplete'
),
silent as ( -- members without a report, and those of them whose past nobody knows
    select destination, exporter_group, year, count(*) as members, count(*) filter (not is_past_known) as of_unknown_past
    from mart.silent_exporter where not is_bloc
    group by destination, exporter_group, year
),
growth as ( -- of those who report, the fastest tenth
    select destination, year, quantile_cont(usd / before_usd, 0.9) as fastest
    from (
        select destination, exporter, year, cast(exports_usd as double) as usd,
            cast(sum(exports_usd) filter (year between {baseline_mean_from} and {baseline_to}) over sender as double)
                / nullif(count(exports_usd) filter (year between {baseline_mean_from} and {baseline_to}) over sender, 0)
                as before_usd
        from flow where product = 'TOTAL'
        window sender as (partition by destination, exporter)
    )
    where before_usd >= {growth_floor_usd}
    group by destination, year having count(*) >= {control_floor}
),
summed as ( -- each side over the rows that side prints: a bloc's figure in place of its members', or theirs in place of its
    select flow.destination as destination, exporter_group, product_group, named.product as product, flow.year as year,
        bool_and(comparable) as comparable, sum(imports_cif_usd) filter (not is_received_from_bloc) as reported,
        sum(imports_fob_usd) filter (not is_received_from_bloc) as fob,
        sum(imports_fob_low_usd) filter (not is_received_from_bloc) as fob_low,
        sum(imports_fob_high_usd) filter (not is_received_from_bloc) as fob_high,
        count(distinct exporter) filter (imports_cif_usd is not null and not is_received_from_bloc) as reported_members,
        sum(exports_usd) filter (not is_sent_by_bloc) as mirror,
        sum(cast(down as decimal(38, 2)) * down) filter (not is_sent_by_bloc) as narrow,
        sum(cast(up as decimal(38, 2)) * up) filter (not is_sent_by_bloc) as wide,
        sum(cast(down as decimal(38, 2)) * down) filter (is_on_own_side) as own_narrow,
        sum(cast(up as decimal(38, 2)) * up) filter (is_on_own_side) as own_wide
    from (select *, not is_received_from_bloc and (not is_bloc or imports_cif_usd is not null) as is_on_own_side from flow) as flow
    join mart.product_series as named on of_product = flow.product and named.year = flow.year
    join mart.exporter_set using (exporter)
    left join band on band.destination = flow.destination and band.exporter = flow.exporter and band.year = flow.year
        and band.product = flow.product
    group by flow.destination, exporter_group, product_group, named.product, flow.year
),
of_world as (
    select destination, 'W00' as exporter_group, product_group, named.product as product, world.year as year,
        bool_and(comparable) as comparable, sum(value_usd) as reported,
        sum(value_fob_usd) as fob, sum(value_fob_low_usd) as fob_low, sum(value_fob_high_usd) as fob_high
    from world join mart.product_series as named on of_product = world.product and named.year = world.year
    group by destination, product_group, named.product, world.year
),
unseen as ( -- what is missing by each hub adds up, what may be missing beyond it adds up as if hubs erred independently
    select destination, product_group, product, year,
        cast(sum(missing) as double) + sqrt(cast(sum(cast(most - missing as decimal(38, 2)) * (most - missing)) as double)) as usd
    from (
        select hub.destination as destination, product_group, product, year, unseen_most_usd as most,
            least(greatest(coalesce(missing_usd, 0), 0), unseen_most_usd) as missing
        from mart.hub_inflow join reference.hub as hub on hub.hub = hub_inflow.hub
        where from_year = year and hub.hub not in (select member from reference.country_group where country_group = 'CHINA')
    )
    group by destination, product_group, product, year
),
known as (
    select coalesce(summed.destination, of_world.destination) as destination,
        coalesce(summed.exporter_group, of_world.exporter_group) as exporter_group,
        coalesce(summed.product_group, of_world.product_group) as product_group,
        coalesce(summed.product, of_world.product) as product, coalesce(summed.year, of_world.year) as year,
        coalesce(summed.comparable, of_world.comparable) as comparable, summed.mirror as mirror, narrow, wide, own_narrow, own_wide,
        own.absence_is_zero or members = reported_members as reports_all, silence.reporter is not null as is_silent,
        coalesce(of_world.reported, case when reports_all and not is_silent then summed.reported end) as reported,
        coalesce(of_world.fob, case when reports_all and not is_silent then summed.fob end) as fob,
        coalesce(of_world.fob_low, case when reports_all and not is_silent then summed.fob_low end) as fob_low,
        coalesce(of_world.fob_high, case when reports_all and not is_silent then summed.fob_high end) as fob_high
    from summed
    full join of_world on of_world.destination = summed.destination and of_world.exporter_group = summed.exporter_group
        and of_world.product_group = summed.product_group and of_world.product = summed.product
        and of_world.year = summed.year
    left join (select exporter_group, count(*) as members from mart.exporter_set where not is_bloc group by exporter_group) as size
        on size.exporter_group = summed.exporter_group
    left join transformed.dataset as own
        on own.reporter = summed.destination and own.year = summed.year and own.flow = 'M'
    left join reference.reporter_silence as silence
        on silence.reporter = summed.destination and summed.year between from_year and coalesce(to_year, summed.year)
),
ranged as (
    select known.*, fastest,
        coalesce(has_world, false) or coalesce(of_unknown_past, 0) = 0 as is_past_known,
        case when is_past_known then cast(covered_usd as double) / nullif(past_usd, 0) end as share,
        sqrt(cast(case when reported is null then narrow else own_narrow end as double)) * {range_spreads} / {z90} as down,
        sqrt(cast(case when reported is null then wide else own_wide end as double)) * {range_spreads} / {z90} as up,
        greatest(0, cast(past_usd as double) - coalesce(cast(covered_usd as double), 0)) * coalesce(fastest, 1) as not_reporting,
        case when known.exporter_group = 'W00' then coalesce(unseen.usd, 0) else 0 end as unseen,
        coalesce(share, case when silent.members is null then 1 else 0 end) >= {coverage_floor} as is_covered,
        case when reported is null or is_covered then mirror / nullif(share, 0) end as scaled
    from known
    left join mart.exporter_coverage using (destination, exporter_group, product_group, product, year)
    left join silent using (destination, exporter_group, year)
    left join growth using (destination, year)
    left join unseen using (destination, product_group, product, year)
),
bounded as (
    select *,
        case when reported is not null then fob when up is not null and (is_covered or is_past_known and fastest is not null) then mirror end as central,
        cast(case when central is null then null
        when reported is not null then greatest(0, least(fob_low, scaled, cast(fob as double) - down))
        else greatest(0, mirror - down) end as decimal(18, 2)) as low,
        cast(case when central is null then null
        when reported is not null then greatest(fob_high, scaled, cast(fob as double) + up)
        else greatest(mirror + sqrt(up * up + not_reporting * not_reporting + unseen * unseen), scaled) end as decimal(18, 2)) as high,
        low is not null and central is not null and high is not null as has_range
    from ranged
)
select
    destination,
    product_group, -- code; name of a list, or of a tier of it; * = any
    product, -- HS code; the product by its HS2022 code, TOTAL; * = the whole list
    exporter_group, -- code; W00 = everyone, E27, COALITION, CHINA, EAEU, or one hub
    year,
    case when reported is not null then 'reported' when mirror is not null then 'mirror' end
        as basis, -- code; reported = the destination's own imports, mirror = the senders' exports
    reported as reported_usd, -- USD; the destination's imports as it prints them, CIF
    mirror as mirror_usd, -- USD; the sum of the exports to it that senders report, FOB, no mark-up
    share as coverage, -- share; of the destination's imports of 2019-2021 from the group, what came from senders that report; NULL where it printed none, or not of all who are silent
    cast(mirror as double) / nullif(fob_high, 0)
        as mirror_share_of_reported_low, -- ratio; mirror_share_of_reported at the low end of the CIF band
    cast(mirror as double) / nullif(fob, 0)
        as mirror_share_of_reported, -- ratio; mirror over the destination's own total brought to FOB: the coverage as observed
    cast(mirror as double) / nullif(fob_low, 0)
        as mirror_share_of_reported_high, -- ratio; mirror_share_of_reported at the high end of the CIF band
    case when has_range then low end
        as received_low_usd, -- USD; received_usd at the low end
    case when has_range then central end
        as received_usd, -- USD; what the destination receives, FOB; NULL without a range
    case when has_range then high end
        as received_high_usd, -- USD; received_usd at the high end
    cast(case when reported is null then unseen end as decimal(18, 2))
        as unseen_most_usd, -- USD; the most that can have gone through hubs unseen; part of the high end for everyone
    cast(case when reported is null then cast(mirror as double) / nullif(share, 0) end as decimal(18, 2))
        as scenario_usd, -- USD; the mirror over its coverage, as if senders that are silent grew like the rest: a scenario
    case
        when reported is not null and scaled not between fob_low and fob_high then 'reporter_choice'
        when reported is not null and cast(fob_high - fob as double) < up then 'reporter_spread'
        when reported is not null then 'cif_margin'
        when not has_range then null
        when unseen > greatest(not_reporting, up) then 'unseen_route'
        when not_reporting > up then 'coverage'
        else 'past_gap'
    end as driver,
    case
        when coalesce(fob, mirror) is null then 'not_reported'
        when not has_range then 'not_measurable'
        else 'value'
    end as status,
    case
        when reported is not null and mirror is null then 'as the destination reports it; the range is its CIF band, since no sender reports'
        when reported is not null and is_covered
            then 'as the destination reports it; the range holds its CIF band and the senders'' sum over its coverage'
        when reported is not null then 'as the destination reports it; the range holds its CIF band, not the senders'' sum: they stood for under 90% of 2019-2021'
        when mirror is null then 'neither the destination nor any sender reports'
        when up is null then 'senders'' reports, summed in mirror_usd: how far they are off is not known, so there is no range'
        when not has_range and share is null then 'senders'' reports, summed in mirror_usd: nobody can tell how much of the imports they stand for, so there is no range'
        when not has_range then 'senders'' reports, summed in mirror_usd: they stood for under 90% of 2019-2021, and too few report to tell how those that are silent fared, so there is no range'
        when share is null and is_covered then 'senders'' reports; every member reports'
        when share is null then 'senders'' reports; nobody can tell how much of the imports they stand for'
        when share < {coverage_floor} then 'senders'' reports: they stood for under 90% of 2019-2021, a lower bound'
        else 'senders'' reports'
    end as reason, -- text; where the figure is from, or why it is NULL
    list_filter([
        case when reported is null and not is_covered then 'LOW_COVERAGE' end,
        case when not comparable then 'NOMEN_BREAK' end,
        case when reported is null and is_silent then 'NOT_REPORTED' end
    ], lambda code: code is not null) as flags
from bounded
