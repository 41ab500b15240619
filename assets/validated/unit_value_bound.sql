-- Bounds of unit values that UN Comtrade sets (getSUV), one a product, flow, year and revision, each as its own row names it.
-- key: year, flow, classification, product
-- method: 1.4
select
    source,
    year,
    flow,
    classification,
    product,
    lowest_usd_per_kg,
    standard_usd_per_kg,
    highest_usd_per_kg,
    is_unimodal,
    file_sha256,
    file_row
from raw.unit_value_bound
where reason is null
