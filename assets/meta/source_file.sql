-- Where everything comes from: each archived file with its terms, and how many figures it gave.
-- key: source, url, release
with
counted as (
    select file_sha256, count(*) as rows from raw.trade_flow group by file_sha256
)
select
    source,
    url, -- text; address without secrets, or path in the project
    file.sha256 as sha256,
    bytes, -- bytes; size as received
    retrieved_at, -- UTC; when the bytes were received, by the server's clock
    release,
    licence,
    citation,
    coalesce(counted.rows, 0) as rows -- rows; figures read from the file
from raw.source_file as file
left join counted on counted.file_sha256 = file.sha256
