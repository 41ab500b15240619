-- The chapters of a bulk file add up to its total, to 1%: where they do not, a part of the reporter's year is missing, and an absent product may not be a zero.
-- severity: WARN
select source, reporter, reporter_number, year, flow, release, total_usd, chapters, chapters_usd
from raw.bulk_file
where (abs(total_usd - chapters_usd) <= 0.01 * total_usd) is not true
