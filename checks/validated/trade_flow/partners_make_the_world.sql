-- In a whole dataset the partners of a reporter sum to its printed total with the World, within 0.5%.
-- severity: WARN
with
side as (
    select source, release, reporter, flow, year, product,
        max(value_usd) filter (partner = 'W00') as world_usd,
        sum(value_usd) filter (partner <> 'W00') as partners_usd
    from validated.trade_flow
    where reporter in (select hub from reference.hub union select destination from reference.hub)
        and source in (select source from reference.source where absence_means = 'zero')
        and product = 'TOTAL'
    group by source, release, reporter, flow, year, product
)
select *, world_usd - partners_usd as residual_usd
from side
where world_usd > 0 and partners_usd is not null and abs(world_usd - partners_usd) > 0.005 * world_usd
order by residual_usd desc
