-- Which published figure plays which part in the mirror statistic of a hub and its destination.
-- A part that ends in _usd is a statistic by itself; the others are summed over partners.
-- key: hub, destination, part, flow, reporter, partner
-- method: S1-S4
with
partner as (
    select code, kind from reference.country where kind in ('country', 'bloc', 'area_nes')
),
bloc as (
    select member, country_group from reference.country_group where country_group = 'E27'
),
part as (
    select hub, destination, 'hub_imports_usd' as part, 'M' as flow, hub as reporter, 'W00' as partner
    from reference.hub
    union all
    select hub, destination, 'hub_imports_by_partner', 'M', hub, code
    from reference.hub cross join partner where code <> hub
    union all
    select hub, destination, 'hub_exports_usd', 'X', hub, destination
    from reference.hub
    union all
    select hub, destination, 'destination_imports_usd', 'M', destination, hub
    from reference.hub
    union all
    select hub, destination, 'destination_received_world_usd', 'M', destination, 'W00'
    from reference.hub
    union all
    select hub, destination, 'destination_imports_by_partner', 'M', destination, code
    from reference.hub cross join partner where code <> destination
    union all
    select hub, destination, 'exports_to_destination', 'X', code, destination
    from reference.hub cross join partner where code <> destination
)
select
    part.hub as hub,
    part.destination as destination,
    part.part as part, -- code; the statistic, or the sum, that the figure enters
    part.flow as flow,
    part.reporter as reporter,
    part.partner as partner,
    united.member is not null as in_union, -- true/false; partner is in the customs union of hub and destination
    coalesce(
        bloc.country_group,
        case when part.partner = 'E27' or part.reporter = 'E27' then 'E27' end
    ) as bloc, -- code; E27 on its members' figures and on its own, which stands in for theirs
    part.partner = 'E27' or part.reporter = 'E27' as is_bloc -- true/false; the figure is the bloc's own
from part
join reference.hub using (hub, destination)
left join reference.country_group as united
    on united.country_group = hub.customs_union and united.member = part.partner
left join bloc
    on bloc.member = case when part.part = 'exports_to_destination' then part.reporter else part.partner end
