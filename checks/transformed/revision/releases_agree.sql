-- Sources and releases that give the same figure lie within 1% of each other.
-- severity: WARN
select reporter, partner, flow, year, product, source, release, value_usd, other_source, other_release, other_value_usd
from transformed.revision
where list_contains(flags, 'LATE_REVISION')
order by all
