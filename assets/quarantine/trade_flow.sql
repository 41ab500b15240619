-- Figures that validation refused, each with every reason, so that raw = validated + quarantine.
-- key: file_sha256, file_row, partner, flow, year, breakdown
-- method: 1.2
-- partition: year
select
    {trade_flow},
    breakdown,
    original,
    {reasons} as reasons,
    'validated' as stage
from judged
where fault_mask <> 0
