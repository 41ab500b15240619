-- Rows and value of raw equal those of validated and quarantine together, for each file.
-- severity: ERROR
with
kept as (
    select file_sha256, value_usd, 1 as validated_rows, 0 as quarantined_rows from validated.trade_flow
    union all
    select file_sha256, value_usd, 0, 1 from quarantine.trade_flow
),
kept_file as (
    select file_sha256, sum(validated_rows) as validated_rows, sum(quarantined_rows) as quarantined_rows,
        sum(value_usd) as kept_usd
    from kept group by file_sha256
),
raw_file as (
    select file_sha256, count(*) as raw_rows, sum(value_usd) as raw_usd from raw.trade_flow group by file_sha256
)
select file_sha256, raw_rows, validated_rows, quarantined_rows, raw_usd, kept_usd
from raw_file full join kept_file using (file_sha256)
where raw_rows is distinct from validated_rows + quarantined_rows or raw_usd is distinct from kept_usd
