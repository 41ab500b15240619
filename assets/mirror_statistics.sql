-- What a hub imports against what its destination receives, on one stage's data.
-- key: hub, destination, year, product, classification
-- method: S1-S6, S9
-- partition: year
-- reads: all years
with
figure as ( -- rows of one source and release that give the same figure add up: only in raw are there several
    select reporter, partner, flow, year, product, classification, source, release,
        sum(value_usd) as value_usd, max(flags) as flags
    from {stage}.trade_flow
    semi join reference.mirror_part using (flow, reporter, partner)
    where value_usd is not null
    group by reporter, partner, flow, year, product, classification, source, release
),
chosen as ( -- of several sources the preferred one, of its releases the newest; nothing is averaged
    select reporter, partner, flow, year, product, classification,
        arg_max(value_usd, (-preference, release)) as value_usd,
        list_concat(
            arg_max(flags, (-preference, release)),
            case when max(value_usd) > (1 + {late_revision_share}) * min(value_usd)
                then ['LATE_REVISION'] else [] end
        ) as flags
    from figure
    join reference.source using (source)
    left join reference.reporter_silence as silence
        using (reporter)
    where silence.reporter is null or partner = 'W00' or year < from_year or year > coalesce(to_year, year)
    group by reporter, partner, flow, year, product, classification
),
dataset as ( -- who published a whole dataset for the year, so that an absent row means zero
    select distinct reporter, year, flow
    from {stage}.trade_flow join reference.source using (source)
    where absence_means = 'zero'
),
side as (
    select hub, destination, year, product, classification,
        max(value_usd) filter (part = 'hub_imports_usd') as hub_imports_world,
        count(*) filter (part = 'hub_imports_by_partner') as hub_partners,
        sum(value_usd) filter (part = 'hub_imports_by_partner' and bloc is null) as hub_imports_other,
        sum(value_usd) filter (part = 'hub_imports_by_partner' and is_bloc) as hub_imports_bloc,
        sum(value_usd) filter (part = 'hub_imports_by_partner' and bloc is not null and not is_bloc)
            as hub_imports_members,
        sum(value_usd) filter (part = 'hub_imports_by_partner' and in_union) as hub_imports_union,
        max(value_usd) filter (part = 'hub_imports_by_partner' and partner = destination)
            as hub_imports_destination,
        max(value_usd) filter (part = 'hub_exports_usd') as hub_exports_usd,
        max(value_usd) filter (part = 'destination_imports_usd') as destination_imports_usd,
        max(value_usd) filter (part = 'destination_received_world_usd') as reported_world,
        sum(value_usd) filter (part = 'exports_to_destination' and bloc is null) as mirror_other,
        sum(value_usd) filter (part = 'exports_to_destination' and is_bloc) as mirror_bloc,
        sum(value_usd) filter (part = 'exports_to_destination' and bloc is not null and not is_bloc)
            as mirror_members,
        flatten(list(flags) filter (part like '%\_usd' escape '\')) as flags
    from chosen join reference.mirror_part using (flow, reporter, partner)
    group by hub, destination, year, product, classification
),
received_before as ( -- the destination's own imports by partner in 2019-2021, by comparable family
    select reporter as destination, family, partner, sum(value_usd) as value_usd
    from chosen join mart.product_family using (classification, product)
    where flow = 'M' and comparable and year between {baseline_mean_from} and {baseline_to}
        and reporter in (select destination from reference.hub)
    group by reporter, family, partner
),
received_before_world as (
    select destination, family,
        coalesce(sum(value_usd) filter (partner = 'W00'), sum(value_usd)) as value_usd
    from received_before group by destination, family
),
exporting as ( -- who reports exports in a year: a whole dataset, or at least this figure
    select reporter, year, null as family from dataset where flow = 'X'
    union
    select reporter, year, family
    from chosen join mart.product_family using (classification, product)
    where flow = 'X' and partner in (select destination from reference.hub)
),
covered as (
    select destination, year, family, sum(value_usd) as value_usd
    from (
        select distinct before.destination, exporting.year, before.family, before.partner, before.value_usd
        from received_before as before
        left join reference.country_group as bloc
            on bloc.country_group = 'E27' and bloc.member = before.partner
        join exporting
            on (exporting.reporter = before.partner or exporting.reporter = bloc.country_group)
            and (exporting.family is null or exporting.family = before.family)
    )
    group by destination, year, family
),
margin as ( -- the central CIF margin of the pair; 0 for totals of land neighbours stands in reference.cif_margin
    select hub, destination, product, arg_min(central, priority) as central
    from (select distinct hub, destination, product from side)
    join reference.cif_margin as band
        on (band.exporter = hub or band.exporter = '*') and (band.importer = destination or band.importer = '*')
        and band.chapter in ('*', case when product = 'TOTAL' then product else left(product, 2) end)
    group by hub, destination, product
),
joined as (
    select side.*,
        coalesce(hub_imports_world,
            coalesce(hub_imports_other, 0) + coalesce(hub_imports_bloc, hub_imports_members, 0)) as imports_any,
        coalesce(mirror_other, 0) + coalesce(mirror_bloc, mirror_members, 0) as mirror_world,
        destination_imports_usd / (1 + central) as imports_fob,
        hub_data.reporter is not null as hub_absence_is_zero,
        destination_data.reporter is not null as destination_absence_is_zero,
        silence.reporter is not null as destination_silent,
        covered.value_usd / nullif(received_before_world.value_usd, 0) as coverage
    from side
    join margin using (hub, destination, product)
    left join mart.product_family as family
        on family.product = side.product and family.classification = side.classification
    left join covered
        on covered.destination = side.destination and covered.year = side.year
        and covered.family = family.family
    left join received_before_world
        on received_before_world.destination = side.destination
        and received_before_world.family = family.family
    left join dataset as hub_data
        on hub_data.reporter = side.hub and hub_data.year = side.year and hub_data.flow = 'M'
    left join dataset as destination_data
        on destination_data.reporter = side.destination and destination_data.year = side.year
        and destination_data.flow = 'M'
    left join reference.reporter_silence as silence
        on silence.reporter = side.destination
        and side.year between from_year and coalesce(to_year, side.year)
),
imports as (
    select *,
        case when imports_fob + hub_exports_usd is not null
            then least(imports_fob, hub_exports_usd) >= {floor_usd} end as above_floor,
        case when hub_imports_world is not null or hub_partners > 0 then imports_any end as hub_imports_usd,
        case when hub_partners > 0 then imports_any - coalesce(hub_imports_union, 0) end
            as hub_imports_outside_union_usd,
        case when hub_partners > 0 and (hub_imports_destination is not null or hub_absence_is_zero)
            then imports_any - coalesce(hub_imports_destination, 0) end as hub_imports_elsewhere
    from joined
)
select
    hub,
    destination,
    year,
    product,
    classification,
    hub_imports_usd,
    hub_imports_outside_union_usd,
    hub_exports_usd,
    destination_imports_usd,
    case
        when destination_imports_usd is not null then 'value'
        when destination_absence_is_zero and not destination_silent then 'implied_zero'
        else 'not_reported'
    end as destination_report_status,
    coalesce(destination_imports_usd, hub_exports_usd) as destination_received_usd,
    case
        when destination_imports_usd is not null then 'reported'
        when hub_exports_usd is not null then 'mirror'
    end as destination_received_basis,
    coalesce(reported_world, nullif(mirror_world, 0)) as destination_received_world_usd,
    case
        when reported_world is not null then 'reported'
        when mirror_world > 0 then 'mirror'
    end as destination_received_world_basis,
    case
        when reported_world is not null then 1
        when mirror_world > 0 then coverage
    end as destination_received_coverage,
    imports_fob - hub_exports_usd as mirror_gap_usd,
    (imports_fob - hub_exports_usd) / nullif((imports_fob + hub_exports_usd) / 2, 0) as mirror_gap_ratio,
    case when above_floor then ln(imports_fob / hub_exports_usd) end
        as mirror_log_ratio,
    case when hub_imports_elsewhere >= {pass_through_floor_usd} then hub_exports_usd / hub_imports_elsewhere end
        as pass_through,
    list_sort(list_distinct(list_filter(
        list_concat(flags, [
            case when destination_silent then 'NOT_REPORTED' end,
            case when (destination_imports_usd is null) <> (hub_exports_usd is null) then 'SINGLE_REPORT' end,
            case when not above_floor then 'BELOW_FLOOR' end,
            case when hub_imports_world is null and hub_partners > 0 then 'WORLD_SUMMED' end,
            case when reported_world is null and mirror_world > 0 and coalesce(coverage, 0) < {coverage_floor}
                then 'LOW_COVERAGE' end
        ]),
        lambda code: code is not null
    ))) as flags
from imports
join reference.hub using (hub, destination)
where position = 1 -- the corridor always, other hubs where the data has them
    or hub_imports_usd is not null or hub_exports_usd is not null or destination_imports_usd is not null
