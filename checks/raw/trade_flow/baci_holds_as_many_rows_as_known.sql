-- A year of BACI holds the rows that reference.baci_rows knows it to hold, and of them the share without a quantity to the last digit printed, where the whole world is loaded.
-- severity: ERROR
with
found as ( -- a quantity printed as 0.000 t is kept as one, and is no blank; nor is one that cannot be read
    select release, classification, year, count(*) as rows,
        count(*) filter (net_weight_kg is null and quantity is null and original is null) as blanks
    from raw.trade_flow
    where source = 'baci' and '{profile}' = 'baci'
    group by release, classification, year
)
select release, classification, year, known.rows as rows_known, found.rows as rows_found,
    known.blank_percent as blank_percent_known, round(100 * found.blanks / found.rows, 3) as blank_percent_found
from found join reference.baci_rows as known using (release, classification, year)
where found.rows <> known.rows or abs(100 * found.blanks - known.blank_percent * found.rows) > 0.0005 * found.rows
