-- Which published figure plays which part in the mirror statistic of a hub and its destination.
-- A part that ends in _usd is a statistic by itself; the others are summed over partners.
-- key: hub, destination, part, flow, reporter, partner
-- method: S1-S4
with
partner as (
    select code from reference.country where kind in ('country', 'bloc', 'area_nes')
),
destination as (
    select distinct destination from reference.hub
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
    select '*', destination, 'destination_received_world_usd', 'M', destination, 'W00'
    from destination
    union all
    select '*', destination, 'destination_imports_by_partner', 'M', destination, code
    from destination cross join partner where code <> destination
    union all
    select '*', destination, 'exports_to_destination', 'X', code, destination
    from destination cross join partner where code <> destination
),
bloc as (
    select member, country_group from reference.country_group where country_group = 'E27'
)
select
    part.hub as hub,
    part.destination as destination,
    part.part as part,
    part.flow as flow,
    part.reporter as reporter,
    part.partner as partner,
    united.member is not null as in_union,
    case
        when 'E27' in (part.partner, part.reporter) then 'E27' else bloc.country_group
    end as bloc, -- code; E27 on its members' figures and on its own, which stands in for theirs
    'E27' in (part.partner, part.reporter) as is_bloc -- true/false; the figure is the bloc's own
from part
left join reference.hub as hub on hub.hub = part.hub and hub.destination = part.destination
left join reference.country_group as united
    on united.country_group = hub.customs_union and united.member = part.partner
left join bloc
    on bloc.member = case when part.part = 'exports_to_destination' then part.reporter else part.partner end
