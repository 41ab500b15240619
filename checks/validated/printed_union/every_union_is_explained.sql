-- A printed union equals its members, with or without the one that left, within 0.2%.
-- severity: WARN
select source, release, reporter, partner, flow, year, value_usd, members_usd, leaver_usd,
    value_usd / nullif(members_usd, 0) - 1 as over_members
from validated.printed_union
where holds = 'not explained'
order by all
