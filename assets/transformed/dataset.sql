-- Who published what: a reporter's year and flow, and whether a row absent from it means zero.
-- key: reporter, year, flow
-- method: 1.1
-- partition: year
select
    reporter,
    year,
    flow,
    max(classification) filter (classification <> 'NA') as vintage, -- code; revision the products were reported in, NULL = totals only
    count(distinct classification) filter (classification <> 'NA') as vintages, -- revisions; how many the products were reported in
    bool_or(absence_means = 'zero') and not bool_or(status = 'incomplete')
        as absence_is_zero, -- true/false; the dataset is whole, so an absent row is a zero
    bool_or(status = 'incomplete')
        as is_incomplete, -- true/false; the dataset falls short of an independent total and enters no statistic
    count(*) as figures -- rows; figures chosen for analysis
from transformed.trade_flow join reference.source using (source)
group by reporter, year, flow
