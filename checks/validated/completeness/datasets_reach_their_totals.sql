-- Each dataset reaches the total another publisher prints: where one falls short it is kept out of the statistics.
-- severity: WARN
select source, reporter, flow, year, total_usd, independent_usd, independent_source, share
from validated.completeness
where not is_complete
