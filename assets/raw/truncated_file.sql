-- Files of Comtrade that hold exactly as many rows as one answer may: some rows may be missing.
-- key: file_sha256
-- method: 1.4
select
    file_sha256,
    count(*) as rows -- rows; of all years in the file
from raw.trade_flow
where source = 'comtrade'
group by file_sha256
having count(*) in (500, 100000, 250000)
