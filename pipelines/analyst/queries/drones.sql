-- Drones (8806): why there is no figure for 2021 and no growth. The code is new in 2022: no code is not zero.
select
    year,
    status,
    round(exports_usd / 1e6, 2) as sent_to_russia,
    growth,
    reason,
    flags
from mart.pass_through
where hub = 'KAZ' and destination = 'RUS' and product = '8806'
order by year
