-- A printed row of the European Union equals its 27 members, with or without the United Kingdom, within 0.2%.
-- severity: WARN
with
printed as (
    select source, release, reporter, flow, year, product, value_usd
    from quarantine.trade_flow where partner = 'XEU' and value_usd > 0 and reasons = ['group_row']
),
members as (
    select source, release, reporter, flow, year, product,
        sum(value_usd) filter (member is not null) as members_usd,
        coalesce(sum(value_usd) filter (partner = 'GBR'), 0) as kingdom_usd
    from validated.trade_flow
    left join (select member from reference.country_group where country_group = 'E27') as bloc on member = partner
    group by source, release, reporter, flow, year, product
)
select *, value_usd / nullif(members_usd, 0) - 1 as over_members
from printed left join members using (source, release, reporter, flow, year, product)
where members_usd is null
    or (abs(value_usd - members_usd) > 0.002 * value_usd
        and abs(value_usd - members_usd - kingdom_usd) > 0.002 * value_usd)
