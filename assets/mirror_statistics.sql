-- What a hub imports against what its destination receives, on one stage's data.
-- key: hub, destination, year, product, classification
-- method: S1-S6, S9
-- partition: year
-- reads: all years
with
published as (
    select reporter, year, flow, bool_or(absence_means = 'zero') as is_whole,
        bool_or(list_contains(flags, 'INCOMPLETE')) as is_incomplete
    from {stage}.trade_flow join reference.source using (source)
    where not is_reconciled
    group by reporter, year, flow
),
dataset as ( -- who published a whole dataset for the year, so that an absent row means zero
    select reporter, year, flow from published where is_whole and not is_incomplete
),
counted as (
    select * from {stage}.mirror_figure where is_counted
),
of_destination as (
    select destination, year, product, classification,
        max(value_usd) filter (part = 'destination_received_world_usd') as reported_world,
        sum(value_usd) filter (part = 'exports_to_destination') as mirror_world,
        flatten(list(flags) filter (part = 'destination_received_world_usd')) as flags
    from counted where hub = '*'
    group by destination, year, product, classification
),
of_hub as (
    select hub, destination, year, product, classification,
        max(value_usd) filter (part = 'hub_imports_usd') as hub_imports_world,
        sum(value_usd) filter (part = 'hub_imports_by_partner') as hub_imports_summed,
        sum(value_usd) filter (part = 'hub_imports_by_partner' and in_union) as hub_imports_union,
        count(*) filter (part = 'hub_imports_by_partner' and in_union) as union_partners,
        max(value_usd) filter (part = 'hub_imports_by_partner' and partner = destination)
            as hub_imports_destination,
        max(value_usd) filter (part = 'hub_exports_usd') as hub_exports_usd,
        max(value_usd) filter (part = 'destination_imports_usd') as destination_imports_usd,
        flatten(list(flags) filter (part <> 'hub_imports_by_partner')) as flags
    from counted where hub <> '*'
    group by hub, destination, year, product, classification
),
cell as ( -- the corridor always, other hubs where the data has them
    select hub, destination, year, product, classification from of_hub
    union
    select hub, destination, year, product, classification
    from of_destination join reference.hub using (destination)
    where position = 1
),
side as (
    select hub, destination, year, product, classification,
        of_hub.* exclude (hub, destination, year, product, classification, flags),
        reported_world, mirror_world,
        list_concat(coalesce(of_hub.flags, []), coalesce(of_destination.flags, [])) as flags
    from cell
    left join of_hub using (hub, destination, year, product, classification)
    left join of_destination using (destination, year, product, classification)
),
received_before as ( -- the destination's own imports by partner in 2019-2021, by comparable family
    select destination, family, partner, sum(value_usd) as value_usd
    from counted join mart.product_family using (classification, product)
    where part in ('destination_imports_by_partner', 'destination_received_world_usd') and comparable
        and year between {baseline_mean_from} and {baseline_to}
    group by destination, family, partner
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
    from counted join mart.product_family using (classification, product)
    where part = 'exports_to_destination'
),
covering as ( -- a bloc reports for its members, and they for it once all of them do
    select reporter as partner, year, family from exporting
    union
    select member, year, family
    from exporting join reference.country_group on country_group = reporter
    union
    select country_group, year, family
    from exporting join reference.country_group on member = reporter and country_group = 'E27'
    group by country_group, year, family
    having count(distinct member) = (select count(*) from reference.country_group where country_group = 'E27')
),
covered as (
    select destination, year, family, sum(value_usd) as value_usd
    from (
        select distinct before.destination, covering.year, before.family, before.partner, before.value_usd
        from received_before as before
        join covering
            on covering.partner = before.partner
            and (covering.family is null or covering.family = before.family)
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
        coalesce(hub_imports_world, hub_imports_summed) as hub_imports_usd,
        destination_imports_usd / (1 + central) as imports_fob,
        hub_data.reporter is not null as hub_absence_is_zero,
        destination_data.reporter is not null as destination_absence_is_zero,
        silence.reporter is not null as destination_silent,
        short.reporter is not null as hub_incomplete,
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
    left join (select reporter, year, flow from published where is_incomplete) as short
        on short.reporter = side.hub and short.year = side.year and short.flow = 'M'
    left join reference.reporter_silence as silence
        on silence.reporter = side.destination
        and side.year between from_year and coalesce(to_year, side.year)
),
imports as ( -- an absent row is a zero only in a whole dataset
    select *,
        case when imports_fob + hub_exports_usd is not null
            then least(imports_fob, hub_exports_usd) >= {floor_usd} end as above_floor,
        case when hub_imports_summed is not null
                and (hub_absence_is_zero or coalesce(union_partners, 0) = union_size)
            then hub_imports_usd - coalesce(hub_imports_union, 0) end as hub_imports_outside_union_usd,
        case when hub_imports_summed is not null
                and (hub_absence_is_zero or hub_imports_destination is not null)
            then hub_imports_usd - coalesce(hub_imports_destination, 0) end as hub_imports_elsewhere
    from joined
    left join (
        select hub.hub, hub.destination, count(member) as union_size
        from reference.hub as hub
        left join reference.country_group as united
            on united.country_group = hub.customs_union and united.member <> hub.hub
        group by hub.hub, hub.destination
    ) as shared using (hub, destination)
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
    coalesce(reported_world, mirror_world) as destination_received_world_usd,
    case
        when reported_world is not null then 'reported'
        when mirror_world is not null then 'mirror'
    end as destination_received_world_basis,
    case
        when reported_world is not null then 1
        when mirror_world is not null then coverage
    end as destination_received_coverage,
    mirror_world as destination_partners_usd,
    case when mirror_world is not null then coverage end as destination_partners_coverage,
    imports_fob - hub_exports_usd as mirror_gap_usd,
    (imports_fob - hub_exports_usd) / nullif((imports_fob + hub_exports_usd) / 2, 0) as mirror_gap_ratio,
    case when above_floor then ln(imports_fob / hub_exports_usd) end
        as mirror_log_ratio,
    case when hub_imports_elsewhere >= {pass_through_floor_usd} then hub_exports_usd / hub_imports_elsewhere end
        as pass_through,
    list_sort(list_distinct(list_filter(
        list_concat(flags, [
            case when destination_silent then 'NOT_REPORTED' end,
            case when hub_incomplete then 'INCOMPLETE' end,
            case when (destination_imports_usd is null) <> (hub_exports_usd is null) then 'SINGLE_REPORT' end,
            case when not above_floor then 'BELOW_FLOOR' end,
            case when hub_imports_elsewhere >= {pass_through_floor_usd} and hub_exports_usd > hub_imports_elsewhere
                then 'ABOVE_ONE' end,
            case when hub_imports_world is null and hub_imports_summed is not null then 'WORLD_SUMMED' end,
            case when reported_world is null and mirror_world is not null and coalesce(coverage, 0) < {coverage_floor}
                then 'LOW_COVERAGE' end
        ]),
        lambda code: code is not null
    ))) as flags
from imports
