-- What Kazakhstan says it sends to Russia and what Russia says it receives, in million USD.
-- log_ratio is ln(received / sent): 0 is agreement, and within 0.06 is 6%. From 2022 Russia is silent,
-- so there is one report and no gap: an empty cell, never 0.
select
    year,
    round(hub_exports_usd / 1e6, 1) as kazakhstan_says,
    round(destination_imports_usd / 1e6, 1) as russia_says,
    destination_report_status as russia_status,
    round(mirror_log_ratio, 3) as log_ratio
from corridor()
where year >= 2018
