-- How much each stage moved a hub's statistics of one product, and which rows did it.
-- parameters: of_product := 'TOTAL', of_hub := 'KAZ'
-- example: from moved('TOTAL')
-- method: 1.2
select
    year,
    product,
    statistic,
    raw, -- unit of the statistic; on the rows as downloaded
    validated, -- unit of the statistic; on the rows that validation let through
    transformed, -- unit of the statistic; on the figures chosen for analysis
    explanation -- text; the rows behind each move
from meta.stage_difference
where hub = of_hub and product = cast(of_product as varchar)
    and (raw is distinct from validated or validated is distinct from transformed)
order by year, statistic
