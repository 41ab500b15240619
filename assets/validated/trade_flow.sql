-- Figures that passed every row check: one row a published figure, no breakdowns, no copies, no group rows.
-- key: source, release, reporter, partner, flow, year, classification, product
-- method: 1.2
-- partition: year
select
    {trade_flow}
from judged
where fault_mask = 0
