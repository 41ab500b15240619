-- Each row of an answer on bounds of unit values names product, year, flow and kilograms as they were asked for, and a range: one that does not bounds nothing.
-- severity: WARN
select reason, source, year, flow, classification, product, original, file_sha256, file_row
from raw.unit_value_bound
where reason is not null
