-- Each statistic that a stage moved is explained by rows, and sums to the cent by their value.
-- severity: ERROR
select hub, destination, year, product, statistic, raw, validated, transformed, refused_usd, explanation
from meta.stage_difference
where (raw is distinct from validated and coalesce(explanation, '') not like '%validation: %')
    or (validated is distinct from transformed and coalesce(explanation, '') not like '%transformation: %')
    or (refused_usd is not null and coalesce(raw, 0) - coalesce(validated, 0) <> refused_usd)
