-- Whether a reporter's whole dataset reaches the total that another publisher prints for the same year.
-- key: source, reporter, flow, year
-- method: finding 10
-- partition: year
with
total as ( -- of several releases the largest, so that an early one does not pass for the whole
    select source, reporter, flow, year, max(value_usd) as total_usd
    from raw.trade_flow join reference.source using (source)
    where not is_reconciled and partner = 'W00' and product = 'TOTAL' and breakdown is null and value_usd is not null
    group by source, reporter, flow, year
),
independent as (
    select reporter, flow, year, max(total_usd) as independent_usd,
        arg_max(source, total_usd) as independent_source
    from total join reference.source using (source)
    where absence_means = 'unknown'
    group by reporter, flow, year
)
select
    source,
    reporter,
    flow,
    year,
    total_usd, -- USD; all goods with the World, as the dataset prints it
    independent_usd, -- USD; the same as another publisher prints it
    independent_source, -- code; that publisher
    total_usd / nullif(independent_usd, 0) as share, -- share; the dataset's total over the other
    total_usd >= {completeness_floor} * independent_usd
        as is_complete -- true/false; false keeps the reporter's year out of every statistic
from total
join reference.source using (source)
join independent using (reporter, flow, year)
where absence_means = 'zero'
