-- A year of BACI holds the rows that reference.baci_rows knows it to hold, where the whole world is loaded.
-- severity: ERROR
with
found as (
    select release, classification, year, count(*) as rows
    from raw.trade_flow
    where source = 'baci' and '{profile}' = 'baci'
    group by release, classification, year
)
select release, classification, year, known.rows as rows_known, found.rows as rows_found
from found join reference.baci_rows as known using (release, classification, year)
where found.rows <> known.rows
