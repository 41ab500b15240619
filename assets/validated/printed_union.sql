-- Printed rows of a union of countries against the sum of its members: whom the row holds, and how far it stands off.
-- A union's row changes its members between editions, so it is refused and its members are summed; here is what it held.
-- key: source, release, reporter, partner, flow, year, classification, product
-- method: finding 5
-- partition: year
with
union_row as (
    select * from (values ('XEU', 'E27', 'GBR'), ('XEA', 'EAEU', null)) as listed(partner, country_group, leaver)
),
printed as (
    select source, release, reporter, partner, flow, year, classification, product, value_usd, country_group, leaver
    from quarantine.trade_flow join union_row using (partner)
    where reasons = ['group_row'] and value_usd > 0
),
member as (
    select country_group, member as partner, true as is_member from reference.country_group
    union all
    select country_group, leaver, false from union_row where leaver is not null
),
summed as (
    select source, release, reporter, flow, year, classification, product, country_group,
        sum(value_usd) filter (is_member) as members_usd,
        coalesce(sum(value_usd) filter (not is_member), 0) as leaver_usd
    from validated.trade_flow join member using (partner)
    group by source, release, reporter, flow, year, classification, product, country_group
),
compared as (
    select printed.*, members_usd, leaver_usd,
        abs(value_usd - members_usd) as off_without, abs(value_usd - members_usd - leaver_usd) as off_with,
        {union_share} * value_usd as tolerance
    from printed
    left join summed using (source, release, reporter, flow, year, classification, product, country_group)
)
select
    source,
    release,
    reporter,
    partner, -- ISO 3166-1 alpha-3; the union as printed
    flow,
    year,
    classification,
    product,
    value_usd, -- USD; the printed row
    members_usd, -- USD; sum of the members by their list
    leaver_usd, -- USD; the same partner's trade with the member that left, 0 where none did
    case
        when off_without <= tolerance and off_without <= off_with then 'members'
        when off_with <= tolerance then 'members and ' || leaver
        else 'not explained'
    end as holds, -- text; whom the printed row holds: the members, the members and the one that left, or not explained
    leaver_usd > 2 * tolerance as is_told -- true/false; trade with the member that left is large enough to tell whether it is in
from compared
