-- Where a hub's imports come from, by group of origin; the residual is what the printed partners leave open.
-- I(g) = sum of M(hub, p) over the partners p of group g; share = I(g) / M(hub, World); residual = M(hub, World) - sum of
-- all groups, flagged beyond 0.5%. Origin is the hub's own attribution (UN, IMTS 2010: imports by country of origin).
-- Low: the lowest releases. High: the highest, and all that no partner is named for (areas not specified, a positive
-- residual) counted to the group: no two groups can reach their high ends together.
-- key: hub, year, classification, product, origin_group
-- method: S1
with
import as (
    select reporter as hub, year, classification, product, partner, value_usd, value_low_usd, value_high_usd, kind, flags
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
        european.member is not null as is_member
    from import
    left join reference.country_group as region
        on region.member = partner and region.country_group in ('COALITION', 'CHINA', 'EAEU')
        and import.year between coalesce(region.valid_from, import.year) and coalesce(region.valid_to, import.year)
    left join reference.country_group as european
        on european.member = partner and european.country_group = 'E27'
),
bloc_printed as (
    select distinct hub, year, classification, product from import where partner = 'E27'
),
grouped as (
    select hub, year, classification, product, origin_group,
        sum(value_usd) as value_usd, sum(value_low_usd) as low_usd, sum(value_high_usd) as high_usd,
        flatten(list(flags) filter (len(flags) > 0)) as flags
    from origin left join (select *, true as has_bloc from bloc_printed) using (hub, year, classification, product)
    where not (is_member and coalesce(has_bloc, false))
    group by hub, year, classification, product, origin_group
),
whole as (
    select hub, year, classification, product,
        max(value_usd) filter (origin_group = 'WORLD') as world_usd,
        max(low_usd) filter (origin_group = 'WORLD') as world_low_usd,
        max(high_usd) filter (origin_group = 'WORLD') as world_high_usd,
        coalesce(sum(value_usd) filter (origin_group <> 'WORLD'), 0) as parts_usd,
        coalesce(sum(low_usd) filter (origin_group <> 'WORLD'), 0) as parts_low_usd,
        coalesce(sum(high_usd) filter (origin_group <> 'WORLD'), 0) as parts_high_usd,
        coalesce(sum(value_usd) filter (origin_group = 'AREAS_NES'), 0) as nes_usd
    from grouped group by hub, year, classification, product
),
detailed as (
    select hub, year, classification, product, origin_group, value_usd, low_usd, high_usd, flags
    from grouped where origin_group <> 'WORLD'
    union all
    select hub, year, classification, product, 'RESIDUAL', world_usd - parts_usd, world_low_usd - parts_high_usd,
        world_high_usd - parts_low_usd, []
    from whole where world_usd is not null
),
ranged as (
    select detailed.*, world_usd, nes_usd, coalesce(world_usd, parts_usd) as all_usd,
        case when origin_group in ('RESIDUAL', 'AREAS_NES') then 0
            else nes_usd + greatest(coalesce(world_usd - parts_usd, 0), 0) end as unnamed_usd
    from detailed join whole using (hub, year, classification, product)
)
select
    hub,
    year,
    product,
    classification,
    origin_group, -- code; COALITION, CHINA, EAEU, UKR, ROW, AREAS_NES, or RESIDUAL: World minus the printed partners
    cast(low_usd as decimal(18, 2)) as value_low_usd, -- USD; lowest releases
    cast(value_usd as decimal(18, 2))
        as value_usd, -- USD; imports from the group, CIF; a residual is below 0 where the partners sum to more than the World
    cast(high_usd + unnamed_usd as decimal(18, 2)) as value_high_usd, -- USD; highest releases, and all that no partner is named for
    low_usd / nullif(all_usd, 0) as share_low, -- share; value_low_usd over the hub's imports from everyone
    value_usd / nullif(all_usd, 0) as share, -- share; of the hub's imports from everyone
    (high_usd + unnamed_usd) / nullif(all_usd, 0) as share_high, -- share; value_high_usd over them
    case
        when high_usd = low_usd and unnamed_usd = 0 then 'none'
        when unnamed_usd >= high_usd - low_usd then 'residual'
        else 'release_choice'
    end as driver,
    'value' as status,
    case when all_usd = 0 then 'no share: nothing was imported' end as reason, -- text; why a figure is NULL
    list_sort(list_distinct(list_filter(
        list_concat(coalesce(flags, []), [
            case when origin_group = 'RESIDUAL' and abs(value_usd) > {residual_share} * world_usd
                then 'RESIDUAL' end,
            case when nes_usd > {areas_nes_share} * all_usd then 'AREAS_NES' end,
            case when origin_group = 'EAEU' and hub = 'KAZ' then 'SURVEY_SOURCE' end,
            case when world_usd is null then 'WORLD_SUMMED' end
        ]),
        lambda code: code is not null
    ))) as flags
from ranged
