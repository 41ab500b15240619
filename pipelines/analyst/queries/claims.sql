-- Published claims by verdict, and how many of each rest on another publisher than the claim's own.
select verdict, count(*) as claims, count(*) filter (is_independent) as independent
from claim_checked
group by verdict
order by verdict
