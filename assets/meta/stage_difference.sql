-- How much each stage moved each statistic of the mirror, and which rows did it.
-- key: hub, destination, year, product, classification, statistic
-- method: 1.2
-- partition: year
with
measured as (
    select 'raw' as stage, * from raw.mirror_statistics
    union all select 'validated', * from validated.mirror_statistics
    union all select 'transformed', * from transformed.mirror_statistics
),
entry as (
    select stage, hub, destination, year, product, classification,
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
        bool_or(stage = 'validated') as is_left
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
figure as (
    select 'raw' as stage, * from raw.mirror_figure where is_counted
    union all select 'validated', * from validated.mirror_figure where is_counted
    union all select 'transformed', * from transformed.mirror_figure where is_counted
),
sum_of as ( -- the part a sum is made of: the printed total, or the partners where none is printed
    select stage, hub, destination, year, product, classification, statistic, part,
        row_number() over (
            partition by stage, hub, destination, year, product, classification, statistic
            order by part <> statistic
        ) = 1 as is_used
    from (select distinct stage, hub, destination, year, product, classification, part from figure)
    join enters using (part)
    where statistic in (
        'hub_imports_usd', 'hub_exports_usd', 'destination_imports_usd', 'destination_received_world_usd')
),
entered as ( -- what each figure adds to a sum, stage by stage
    select hub, destination, year, product, classification, statistic, part, flow, reporter, partner,
        max(value_usd) filter (stage = 'raw') as raw,
        max(value_usd) filter (stage = 'validated') as validated,
        max(value_usd) filter (stage = 'transformed') as transformed,
        max(source || ' ' || release) filter (stage = 'raw') as raw_source,
        max(source || ' ' || release) filter (stage = 'validated') as validated_source
    from figure
    join sum_of using (stage, hub, destination, year, product, classification, part)
    where is_used
    group by hub, destination, year, product, classification, statistic, part, flow, reporter, partner
),
moved as (
    select hub, destination, year, product, classification, statistic,
        sum(coalesce(raw, 0) - coalesce(validated, 0)) as refused_usd,
        count(*) filter (raw is not null and validated is null) as gone,
        count(*) filter (raw is null and validated is not null) as stepped_in,
        count(*) filter (raw_source <> validated_source) as replaced
    from entered
    group by hub, destination, year, product, classification, statistic
),
refused as ( -- a row refused for several reasons is told under all of them, and counted once
    select hub, destination, part, refused.year as year, product, classification,
        array_to_string(reasons, '+') as reasons, count(*) as refused_rows, sum(value_usd) as value_usd
    from quarantine.trade_flow as refused
    join reference.mirror_part using (flow, reporter, partner)
    where value_usd is not null and source not in (select source from reference.source where is_reconciled)
    group by hub, destination, part, refused.year, product, classification, reasons
),
refusal as (
    select hub, destination, statistic, year, product, classification,
        string_agg(
            part || ': ' || refused_rows || ' refused as ' || reasons || ', ' || value_usd || ' USD', '; '
            order by part, reasons
        ) as told
    from refused join enters using (part)
    group by hub, destination, statistic, year, product, classification
),
kept_out as ( -- figures that stay in validated, flagged, and enter no statistic
    select hub, destination, statistic, kept.year as year, product, classification,
        part || ': ' || count(*) || ' of an incomplete dataset kept out, ' || sum(value_usd) || ' USD' as told
    from validated.trade_flow as kept
    join reference.mirror_part using (flow, reporter, partner)
    join enters using (part)
    where list_contains(kept.flags, 'INCOMPLETE')
    group by hub, destination, statistic, kept.year, product, classification, part
),
told_of as ( -- refusals of the hub's own figures, and of the destination's, which all hubs share
    select hub, destination, statistic, year, product, classification, string_agg(told, '; ' order by told) as told
    from (
        select hub.hub as hub, destination, statistic, year, product, classification, told
        from (select * from refusal union all select * from kept_out) as move
        join reference.hub as hub using (destination)
        where move.hub in (hub.hub, '*')
    )
    group by hub, destination, statistic, year, product, classification
),
passed_over as ( -- figures that another source or release gives, and that stage 3 did not choose
    select hub, destination, statistic, year, product, classification, count(*) as figures
    from (
        select flow, reporter, partner, year, product, classification, source, release from validated.trade_flow
        where source not in (select source from reference.source where is_reconciled)
        except
        select flow, reporter, partner, year, product, classification, source, release from transformed.trade_flow
    )
    join reference.mirror_part using (flow, reporter, partner)
    join enters using (part)
    group by hub, destination, statistic, year, product, classification
),
corrected as ( -- figures to which the register of corrections gave another value
    select hub.hub as hub, destination, statistic, figure.year as year, product, classification, count(*) as figures
    from transformed.trade_flow as figure
    join reference.mirror_part as mirror using (flow, reporter, partner)
    join enters using (part)
    join reference.hub as hub using (destination)
    where list_contains(figure.flags, 'CORRECTED') and mirror.hub in (hub.hub, '*')
    group by hub.hub, destination, statistic, figure.year, product, classification
)
select
    compared.hub as hub,
    compared.destination as destination,
    compared.year as year,
    compared.product as product,
    compared.classification as classification,
    compared.statistic as statistic, -- code; column of mirror_statistics
    compared.raw as raw, -- unit of the statistic; on the rows as downloaded
    compared.validated as validated, -- unit of the statistic; on the rows that validation let through
    compared.transformed as transformed, -- unit of the statistic; on the figures chosen for analysis
    case
        when compared.statistic in (
            'hub_imports_usd', 'hub_exports_usd', 'destination_imports_usd', 'destination_received_world_usd')
            then case when is_left then coalesce(refused_usd, 0) else coalesce(compared.raw, 0) end
    end as refused_usd, -- USD; what raw counted and validation kept out, less what took its place, figure by figure; NULL for statistics that are no sums
    concat_ws('; ',
        case
            when compared.raw is not distinct from compared.validated then 'validation left it as it was'
            when told is not null then 'validation: ' || concat_ws('; ', told,
                case when not is_left then 'no figure of the hub is left to stand beside it' end,
                case when stepped_in + replaced > 0
                    then (stepped_in + replaced) || ' figures of another source or release used instead' end)
            when compared.statistic = 'destination_received_coverage'
                then 'validation: rows refused in the base years 2019-2021'
        end,
        case
            when compared.validated is not distinct from compared.transformed
                then 'transformation left it as it was'
            when passed_over.figures is not null or corrected.figures is not null
                then 'transformation: ' || concat_ws('; ',
                    passed_over.figures || ' figures of another source or release not used',
                    corrected.figures || ' figures corrected by the register')
            when compared.statistic = 'destination_received_coverage'
                then 'transformation: figures chosen in the base years 2019-2021'
        end
    ) as explanation -- text; the rows behind each move
from compared
left join moved
    on moved.hub in (compared.hub, '*') and moved.destination = compared.destination
    and moved.year = compared.year and moved.product = compared.product
    and moved.classification = compared.classification and moved.statistic = compared.statistic
left join told_of
    on told_of.hub = compared.hub and told_of.destination = compared.destination
    and told_of.year = compared.year and told_of.product = compared.product
    and told_of.classification = compared.classification and told_of.statistic = compared.statistic
left join passed_over
    on passed_over.hub = compared.hub and passed_over.destination = compared.destination
    and passed_over.year = compared.year and passed_over.product = compared.product
    and passed_over.classification = compared.classification and passed_over.statistic = compared.statistic
left join corrected
    on corrected.hub = compared.hub and corrected.destination = compared.destination
    and corrected.year = compared.year and corrected.product = compared.product
    and corrected.classification = compared.classification and corrected.statistic = compared.statistic
