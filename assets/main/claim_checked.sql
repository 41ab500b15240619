-- Published claims and what became of them, in a row each: who claims what, what this profile computes, and the verdict.
-- example: from claim_checked where verdict <> 'not_computable'
-- method: 2
select
    claim,
    claimed_by,
    statement,
    claimed,
    computed_low, -- see unit; at the low end
    computed, -- see unit; value computed from this profile
    computed_high, -- see unit; at the high end
    unit,
    verdict, -- code; reproduced, not_reproduced or not_computable
    is_independent, -- true/false; false where the claim's own publisher is what it was computed from
    reason, -- text; by how much it is off, or why it cannot be computed
    citation
from mart.claim
