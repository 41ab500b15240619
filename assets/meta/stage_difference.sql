-- How much each stage moved each statistic of the mirror, and which rows did it.
-- key: hub, destination, year, product, classification, statistic
-- method: 1.2
with
measured as (
    select 'raw' as stage, * from raw.mirror_statistics
    union all select 'validated', * from validated.mirror_statistics
    union all select 'transformed', * from transformed.mirror_statistics
),
entry as (
    select stage, hub, destination, year, product, classification, flags, destination_received_world_basis,
        unnest([
            struct_pack(statistic := 'hub_imports_usd', value := cast(hub_imports_usd as decimal(28, 8))),
            struct_pack(statistic := 'hub_imports_outside_union_usd',
                value := cast(hub_imports_outside_union_usd as decimal(28, 8))),
            struct_pack(statistic := 'hub_exports_usd', value := cast(hub_exports_usd as decimal(28, 8))),
            struct_pack(statistic := 'destination_imports_usd',
                value := cast(destination_imports_usd as decimal(28, 8))),
            struct_pack(statistic := 'destination_received_usd',
                value := cast(destination_received_usd as decimal(28, 8))),
            struct_pack(statistic := 'destination_received_world_usd',
                value := cast(destination_received_world_usd as decimal(28, 8))),
            struct_pack(statistic := 'destination_received_coverage',
                value := cast(destination_received_coverage as decimal(28, 8))),
            struct_pack(statistic := 'mirror_gap_usd', value := cast(mirror_gap_usd as decimal(28, 8))),
            struct_pack(statistic := 'mirror_gap_ratio', value := cast(mirror_gap_ratio as decimal(28, 8))),
            struct_pack(statistic := 'mirror_log_ratio', value := cast(mirror_log_ratio as decimal(28, 8))),
            struct_pack(statistic := 'pass_through', value := cast(pass_through as decimal(28, 8)))
        ]) as entry
    from measured
),
compared as (
    select hub, destination, year, product, classification, entry.statistic as statistic,
        max(entry.value) filter (stage = 'raw') as raw,
        max(entry.value) filter (stage = 'validated') as validated,
        max(entry.value) filter (stage = 'transformed') as transformed,
        bool_or(stage = 'raw' and list_contains(flags, 'WORLD_SUMMED')) as world_summed,
        bool_or(stage = 'raw' and destination_received_world_basis = 'mirror') as world_mirrored
    from entry
    group by hub, destination, year, product, classification, entry.statistic
    having count(entry.value) > 0
),
enters(statistic, part) as (
    values
        ('hub_imports_usd', 'hub_imports_usd'),
        ('hub_imports_usd', 'hub_imports_by_partner'),
        ('hub_imports_outside_union_usd', 'hub_imports_usd'),
        ('hub_imports_outside_union_usd', 'hub_imports_by_partner'),
        ('hub_exports_usd', 'hub_exports_usd'),
        ('destination_imports_usd', 'destination_imports_usd'),
        ('destination_received_usd', 'destination_imports_usd'),
        ('destination_received_usd', 'hub_exports_usd'),
        ('destination_received_world_usd', 'destination_received_world_usd'),
        ('destination_received_world_usd', 'exports_to_destination'),
        ('destination_received_coverage', 'destination_received_world_usd'),
        ('destination_received_coverage', 'exports_to_destination'),
        ('mirror_gap_usd', 'destination_imports_usd'),
        ('mirror_gap_usd', 'hub_exports_usd'),
        ('mirror_gap_ratio', 'destination_imports_usd'),
        ('mirror_gap_ratio', 'hub_exports_usd'),
        ('mirror_log_ratio', 'destination_imports_usd'),
        ('mirror_log_ratio', 'hub_exports_usd'),
        ('pass_through', 'hub_exports_usd'),
        ('pass_through', 'hub_imports_usd'),
        ('pass_through', 'hub_imports_by_partner')
),
refused as ( -- a row refused for several reasons is told under all of them, and counted once
    select hub, destination, part, refused.year as year, product, classification,
        array_to_string(reasons, '+') as reasons, count(*) as refused_rows, sum(value_usd) as refused_usd
    from quarantine.trade_flow as refused
    join reference.mirror_part using (flow, reporter, partner)
    where value_usd is not null
    group by hub, destination, part, refused.year, product, classification, reasons
),
refusal as (
    select hub, destination, statistic, year, product, classification,
        string_agg(
            part || ': ' || refused_rows || ' refused as ' || reasons || ', ' || refused_usd || ' USD', '; '
            order by part, reasons
        ) as told,
        sum(refused_usd) filter (part = statistic) as whole_usd,
        sum(refused_usd) filter (part <> statistic) as parts_usd
    from refused join enters using (part)
    group by hub, destination, statistic, year, product, classification
),
passed_over as ( -- figures that another source or release gives, and that stage 3 did not choose
    select hub, destination, statistic, year, product, classification, count(*) as figures
    from (
        select flow, reporter, partner, year, product, classification, source, release from validated.trade_flow
        except
        select flow, reporter, partner, year, product, classification, source, release from transformed.trade_flow
    )
    join reference.mirror_part using (flow, reporter, partner)
    join enters using (part)
    group by hub, destination, statistic, year, product, classification
)
select
    hub,
    destination,
    year,
    product,
    classification,
    statistic, -- code; column of mirror_statistics
    raw, -- unit of the statistic; on the rows as downloaded
    validated, -- unit of the statistic; on the rows that validation let through
    transformed, -- unit of the statistic; on the figures chosen for analysis
    case
        when statistic not in (
            'hub_imports_usd', 'hub_exports_usd', 'destination_imports_usd', 'destination_received_world_usd') then null
        when (statistic = 'hub_imports_usd' and world_summed)
            or (statistic = 'destination_received_world_usd' and world_mirrored) then coalesce(parts_usd, 0)
        else coalesce(whole_usd, 0)
    end as refused_usd, -- USD; value of the refused rows that raw counted; NULL for statistics that are no sums
    concat_ws('; ',
        case
            when raw is not distinct from validated then 'validation left it as it was'
            when told is not null then 'validation: ' || told
            when statistic = 'destination_received_coverage' then 'validation: rows refused in the base years 2019-2021'
        end,
        case
            when validated is not distinct from transformed then 'transformation left it as it was'
            when figures is not null
                then 'transformation: ' || figures || ' figures of another source or release not used'
            when statistic = 'destination_received_coverage' then 'transformation: figures chosen in the base years 2019-2021'
        end
    ) as explanation -- text; the rows behind each move
from compared
left join refusal using (hub, destination, statistic, year, product, classification)
left join passed_over using (hub, destination, statistic, year, product, classification)
