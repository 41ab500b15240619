-- The codes below a total, chapter or heading never sum to more than it, beyond 1%.
-- severity: ERROR
select reporter, partner, flow, year, product, level, value_usd, below_usd, residual_usd
from transformed.product_residual
where residual_usd < -0.01 * value_usd
