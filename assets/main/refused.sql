-- Rows that validation refused: of one year and product, or of every year or product where NULL is given. Each with its reasons and where it stands.
-- parameters: of_year := null, of_product := null
-- example: from refused(2022, '8542')
-- method: 1.2
select
    reasons,
    source,
    release,
    year,
    reporter,
    partner,
    flow,
    product,
    value_usd,
    original,
    file_sha256,
    file_row
from quarantine.trade_flow
where (of_year is null or year = of_year) and (of_product is null or product = cast(of_product as varchar))
order by year, product, reporter, partner, flow, file_sha256, file_row
