-- Where a hub's imports come from, by group of origin; the residual is what the printed partners leave open.
-- key: hub, year, classification, product, origin_group
-- method: S1
with
import as (
    select reporter as hub, year, classification, product, partner, value_usd, kind, flags
    from transformed.trade_flow
    join (select distinct hub from reference.hub) on hub = reporter
    join reference.country on code = partner
    where flow = 'M' and status <> 'incomplete'
),
origin as ( -- a bloc's own figure stands in for its members'
    select import.*,
        case
            when kind = 'world' then 'WORLD'
            when kind = 'area_nes' then 'AREAS_NES'
            when partner = 'E27' then 'COALITION'
            else coalesce(region.country_group, case when partner = 'UKR' then 'UKR' end, 'ROW')
        end as origin_group,
        european.member is not null as is_member,
        bool_or(partner = 'E27') over (partition by hub, year, classification, product) as has_bloc
    from import
    left join reference.country_group as region
        on region.member = partner and region.country_group in ('COALITION', 'CHINA', 'EAEU')
        and import.year between coalesce(region.valid_from, import.year) and coalesce(region.valid_to, import.year)
    left join reference.country_group as european
        on european.member = partner and european.country_group = 'E27'
),
grouped as (
    select hub, year, classification, product, origin_group,
        sum(value_usd) as value_usd, flatten(list(flags)) as flags
    from origin
    where not (is_member and has_bloc)
    group by hub, year, classification, product, origin_group
),
whole as (
    select hub, year, classification, product,
        max(value_usd) filter (origin_group = 'WORLD') as world_usd,
        sum(value_usd) filter (origin_group <> 'WORLD') as parts_usd,
        sum(value_usd) filter (origin_group = 'AREAS_NES') as nes_usd
    from grouped group by hub, year, classification, product
),
detailed as (
    select hub, year, classification, product, origin_group, value_usd, flags
    from grouped where origin_group <> 'WORLD'
    union all
    select hub, year, classification, product, 'RESIDUAL', world_usd - coalesce(parts_usd, 0), []
    from whole where world_usd is not null
)
select
    hub,
    detailed.year as year,
    product,
    classification,
    origin_group, -- code; COALITION, CHINA, EAEU, UKR, ROW, AREAS_NES, or RESIDUAL: World minus the printed partners
    cast(detailed.value_usd as decimal(18, 2))
        as value_usd, -- USD; imports from the group, CIF; a residual is below 0 where the partners sum to more than the World
    detailed.value_usd / nullif(coalesce(world_usd, parts_usd), 0)
        as share, -- share; of the hub's imports from everyone
    list_sort(list_distinct(list_filter(
        list_concat(flags, [
            case when origin_group = 'RESIDUAL' and abs(detailed.value_usd) > {residual_share} * world_usd
                then 'RESIDUAL' end,
            case when nes_usd > {areas_nes_share} * coalesce(world_usd, parts_usd) then 'AREAS_NES' end,
            case when origin_group = 'EAEU' and hub = 'KAZ' then 'SURVEY_SOURCE' end,
            case when world_usd is null then 'WORLD_SUMMED' end
        ]),
        lambda code: code is not null
    ))) as flags
from detailed join whole using (hub, year, classification, product)
