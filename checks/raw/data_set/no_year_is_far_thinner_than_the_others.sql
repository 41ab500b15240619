-- A reporter's data set holds at least half as many rows as it usually has: a thinner one may be incomplete, where no independent total can tell.
-- severity: WARN
with
size as (
    select source, reporter, reporter_number, year, sum(records) as records
    from raw.data_set
    where is_newest
    group by source, reporter, reporter_number, year
)
select size.source, size.reporter, size.reporter_number, size.year, any_value(size.records) as records,
    median(other.records) as usual_records
from size
join size as other
    on other.source = size.source and other.reporter_number = size.reporter_number and other.year <> size.year
group by size.source, size.reporter, size.reporter_number, size.year
having count(*) >= 2 and 2 * any_value(size.records) < median(other.records)
