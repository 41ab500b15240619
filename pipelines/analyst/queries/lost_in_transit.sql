-- What the EU says it sends to Kazakhstan and Kazakhstan does not record, as a share of what was sent.
-- low and high are what the unknown freight and insurance leave open. Read it against baseline, the
-- share that was missing before the war: a gap alone shows nothing.
select
    year,
    round(exports_usd / 1e6, 1) as eu_says,
    round(imports_usd / 1e6, 1) as kazakhstan_says,
    round(lost_share_low, 3) as low,
    round(lost_share, 3) as lost_share,
    round(lost_share_high, 3) as high,
    round(baseline_share, 3) as baseline
from lost('E27')
