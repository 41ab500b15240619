-- Each source and year of a shipped profile gives the reporters and rows that reference.expected_rows says.
-- severity: ERROR
with
found as (
    select source, year, count(distinct reporter) as reporters, count(*) as rows
    from raw.trade_flow
    where source not in (select source from reference.source where is_reconciled)
    group by source, year
),
expected as (
    select source, year, reporters, rows from reference.expected_rows
    where profile = '{profile}'
        and year in (select cast(unnest(string_split('{years}', ',')) as smallint))
)
select source, year, expected.reporters as reporters_expected, found.reporters as reporters_found,
    expected.rows as rows_expected, found.rows as rows_found
from expected full join found using (source, year)
where exists (select 1 from reference.expected_rows where profile = '{profile}')
    and (expected.rows is distinct from found.rows or expected.reporters is distinct from found.reporters)
