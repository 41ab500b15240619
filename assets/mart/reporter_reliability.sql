-- How far a reporter's exports (side X) or imports (side M) usually stand off what its partners report.
-- Each gap counts as the square of gap_ratio, which no outlier takes above 4. A pair's squares hold both reporters'
-- errors; what the partner shows with everybody else is taken off, half of the usual square is put back: exporters
-- and importers are alike on the average. Shrunk: reporter and chapter -> reporter -> all reporters.
-- Row partner = * uses every partner; row partner = P leaves all cells with P out, for weighing that very corridor.
-- Row reporter = * is the prior, for a reporter of whom nothing is known.
-- Ranges: what n cells and the prior leave open when a cell's square scatters as those of all reporters do (spread,
-- weight), and when a cell's gap has the report's own variance and a usual partner's (bias).
-- Source: effects by exporter and importer as in Gaulier and Zignago (CEPII WP 2010-23, 2.4), here on squares.
-- key: side, reporter, chapter, partner
-- method: S15
with
cell as ( -- decimals, so that sums do not depend on their order
    select exporter, importer, case when product = 'TOTAL' then product else left(product, 2) end as chapter,
        case when product = 'TOTAL' then product else '*' end as level,
        cast(gap_ratio as decimal(12, 9)) as gap, cast(gap_ratio * gap_ratio as decimal(12, 9)) as square,
        cast(pow(gap_ratio, 4) as decimal(12, 9)) as fourth
    from mart.mirror_gap
    where log_ratio is not null and length(product) in (5, 6) -- TOTAL and codes of six digits
),
own as ( -- each pair from both its sides; its gap is the own report less the other's
    select 'X' as side, 'M' as other_side, exporter as reporter, importer as partner, level, chapter,
        count(*) as cells, -sum(gap) as gaps, sum(square) as squares, sum(fourth) as fourths
    from cell group by exporter, importer, level, chapter
    union all
    select 'M', 'X', importer, exporter, level, chapter, count(*), sum(gap), sum(square), sum(fourth)
    from cell group by importer, exporter, level, chapter
),
pair as (
    select side, other_side, reporter, partner, level, sum(cells) as cells, sum(gaps) as gaps, sum(squares) as squares,
        sum(fourths) as fourths
    from own group by side, other_side, reporter, partner, level
),
known as (
    select side, reporter, level, sum(cells) as cells, sum(squares) as squares, sum(fourths) as fourths
    from pair group by side, reporter, level
),
usual as (
    select side, level, sum(cells) as cells, sum(squares) as squares, sum(fourths) as fourths from known group by side, level
),
partner_level as ( -- the usual square of the partner with everybody else; of everybody where it has no one else
    select pair.side as side, pair.reporter as reporter, pair.partner as partner, pair.level as level,
        cast(coalesce(
            cast(known.squares - pair.squares as double) / nullif(known.cells - pair.cells, 0),
            cast(usual.squares - pair.squares as double) / nullif(usual.cells - pair.cells, 0)
        ) as decimal(12, 9)) as square,
        cast(usual.squares - pair.squares as double) / nullif(usual.cells - pair.cells, 0) as usual_without,
        case when usual.cells - pair.cells > 1
            then cast(usual.fourths - pair.fourths as double) / (usual.cells - pair.cells) - pow(usual_without, 2) end as scatter_without
    from pair
    join known on known.side = pair.other_side and known.reporter = pair.partner and known.level = pair.level
    join usual on usual.side = pair.side and usual.level = pair.level
),
beyond as ( -- squares beyond the partner's, by pair and chapter; chapter * or TOTAL = all of the level
    select own.side as side, own.reporter as reporter, own.partner as partner, own.level as level,
        own.chapter as chapter, cells, gaps, cast(squares - cells * square as decimal(24, 9)) as excess
    from own join partner_level using (side, reporter, partner, level)
    where chapter <> 'TOTAL' and square is not null
    union all
    select pair.side, pair.reporter, pair.partner, pair.level, pair.level, cells, gaps,
        cast(squares - cells * square as decimal(24, 9))
    from pair join partner_level using (side, reporter, partner, level)
    where square is not null
),
whole as (
    select side, reporter, level, chapter, sum(cells) as cells, sum(gaps) as gaps, sum(excess) as excess
    from beyond group by side, reporter, level, chapter
),
counted as ( -- once with every partner, once without each
    select whole.side as side, whole.reporter as reporter, '*' as partner, whole.level as level,
        whole.chapter as chapter, whole.cells as cells, whole.gaps as gaps, whole.excess as excess,
        cast(usual.squares as double) / usual.cells / 2 as prior,
        case when usual.cells > 1
            then cast(usual.fourths as double) / usual.cells - pow(cast(usual.squares as double) / usual.cells, 2) end as scatter
    from whole join usual using (side, level)
    union all
    select beyond.side, beyond.reporter, beyond.partner, beyond.level, beyond.chapter,
        whole.cells - beyond.cells, whole.gaps - beyond.gaps, whole.excess - beyond.excess, usual_without / 2,
        scatter_without
    from beyond
    join whole using (side, reporter, level, chapter)
    join partner_level on partner_level.side = beyond.side and partner_level.reporter = beyond.reporter
        and partner_level.partner = beyond.partner and partner_level.level = beyond.level
),
of_reporter as (
    select side, reporter, partner, level, cells, gaps, prior, scatter,
        prior + cast(excess as double) / (cells + {shrink_cells}) as variance
    from counted where chapter = level
),
shrunk as (
    select side, reporter, partner, chapter, cells, gaps, prior, variance, scatter, cells + {shrink_cells} as counts_as from
        (select *, level as chapter from of_reporter)
    union all
    select counted.side, counted.reporter, counted.partner, counted.chapter, counted.cells, counted.gaps,
        counted.prior,
        (cast(counted.excess as double) + counted.cells * counted.prior + {shrink_cells} * of_reporter.variance)
            / (counted.cells + {shrink_cells}),
        counted.scatter, counted.cells + {shrink_cells}
    from counted join of_reporter using (side, reporter, partner, level)
    where counted.chapter <> counted.level
    union all
    select side, '*', '*', level, cells, null, cast(squares as double) / cells / 2,
        cast(squares as double) / cells / 2,
        case when cells > 1 then cast(fourths as double) / cells - pow(cast(squares as double) / cells, 2) end, 4 * cells
    from usual
),
bounded as ( -- 4: squares of 0 to 4 cannot scatter by more
    select *, case when variance is not null then greatest(variance, {reliability_floor} * prior) end as kept,
        {z90} * sqrt(greatest(0, coalesce(scatter, 4)) / counts_as) as off,
        greatest(variance - off, {reliability_floor} * prior) as kept_low, greatest(variance + off, kept) as kept_high,
        cast(gaps as double) / nullif(cells, 0) as mean, {z90} * sqrt((kept + prior) / nullif(cells, 0)) as mean_off
    from shrunk
)
select
    side, -- code; X = its exports, M = its imports brought to FOB
    reporter,
    chapter, -- code; chapter of the Harmonized System; * = all codes of six digits; TOTAL = totals
    partner, -- code; the partner whose cells are left out; * = none is
    cast(cells as bigint) as cells, -- cells; product and year that both reports give, each at least 50,000 USD
    case when mean is not null then greatest(-2, mean - mean_off) end as bias_low, -- ratio, -2 to 2; bias at the low end
    mean as bias, -- ratio, -2 to 2; mean of own report less the partner's over the mean of both
    case when mean is not null then least(2, mean + mean_off) end as bias_high, -- ratio, -2 to 2; bias at the high end
    sqrt(kept_low) as spread_low, -- ratio; spread at the low end
    sqrt(kept) as spread, -- ratio; usual distance of this report alone from the true value, after shrinking
    sqrt(kept_high) as spread_high, -- ratio; spread at the high end
    prior / nullif(kept_high + prior, 0)
        as weight_of_own_low, -- share; weight_of_own at the low end
    prior / nullif(kept + prior, 0)
        as weight_of_own, -- share; its weight against a partner of whom nothing is known
    prior / nullif(kept_low + prior, 0)
        as weight_of_own_high, -- share; weight_of_own at the high end
    case when kept is not null then case when cells < {shrink_cells} then 'few_cells' else 'reporter_spread' end end as driver,
    case when kept is not null then 'value' else 'not_measurable' end as status,
    case
        when kept is null then 'no other pair gives both reports'
        when reporter = '*' then 'what is usual of all reporters'
        when cells < {shrink_cells} then 'fewer cells than what is usual counts as: mostly the prior'
        else 'its own cells, beyond what their partners show with everybody else'
    end as reason, -- text; what it rests on, or why it is NULL
    case when cells < {shrink_cells} and reporter <> '*' then ['FEW_CELLS'] else [] end as flags
from bounded
