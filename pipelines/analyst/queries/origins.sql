-- Where Kazakhstan's imports come from, as shares. residual is what the printed partners leave open.
select
    year,
    round(coalition, 3) as coalition,
    round(china, 3) as china,
    round(eaeu, 3) as customs_union,
    round(rest_of_world, 3) as rest_of_world,
    round(residual, 3) as residual,
    flags
from origins()
