-- Files of Comtrade that somebody gave and that hold exactly as many rows as one answer may: some rows may be missing. What was asked for here is known to be whole.
-- key: file_sha256
-- method: 1.4
select
    file_sha256,
    count(*) as rows -- rows; of all years in the file
from raw.trade_flow
where source = 'comtrade' and file_sha256 not in (select file_sha256 from raw.asked)
group by file_sha256
having count(*) in (500, 100000, 250000)
