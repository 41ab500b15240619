-- What is known of a pair and chapter before a flow of it is valued: how far each reporter usually stands off the true
-- value, this very pair left out, and what ln(imports / exports) of the pair showed in 2017-2021 while both sides reported.
-- Shrunk: pair and chapter -> pair -> both reporters' spreads. A lower bound for later years: incentives changed in 2022.
-- key: exporter, importer, chapter
-- method: S15
with
spread as ( -- the level without a row of its own takes that of all codes, the reporter that of all reporters
    select side, reporter, chapter, partner, spread from mart.reporter_reliability where spread is not null
),
pair as (
    select distinct exporter, importer,
        case when product = 'TOTAL' then product else left(product, 2) end as chapter,
        case when product = 'TOTAL' then product else '*' end as level
    from mart.mirror_gap
    where exports_usd is not null or imports_fob_usd is not null
),
spreads as ( -- both sides' own, this pair's cells left out where there are any
    select pair.exporter as exporter, pair.importer as importer, pair.chapter as chapter,
        coalesce(x1.spread, x2.spread, x3.spread, x4.spread, x5.spread) as exporter_spread,
        coalesce(m1.spread, m2.spread, m3.spread, m4.spread, m5.spread) as importer_spread,
        x5.spread * x5.spread + m5.spread * m5.spread as of_everyone
    from pair
    left join spread as x1 on x1.side = 'X' and x1.reporter = exporter and x1.chapter = pair.chapter and x1.partner = importer
    left join spread as x2 on x2.side = 'X' and x2.reporter = exporter and x2.chapter = level and x2.partner = importer
    left join spread as x3 on x3.side = 'X' and x3.reporter = exporter and x3.chapter = pair.chapter and x3.partner = '*'
    left join spread as x4 on x4.side = 'X' and x4.reporter = exporter and x4.chapter = level and x4.partner = '*'
    left join spread as x5 on x5.side = 'X' and x5.reporter = '*' and x5.chapter = level and x5.partner = '*'
    left join spread as m1 on m1.side = 'M' and m1.reporter = importer and m1.chapter = pair.chapter and m1.partner = exporter
    left join spread as m2 on m2.side = 'M' and m2.reporter = importer and m2.chapter = level and m2.partner = exporter
    left join spread as m3 on m3.side = 'M' and m3.reporter = importer and m3.chapter = pair.chapter and m3.partner = '*'
    left join spread as m4 on m4.side = 'M' and m4.reporter = importer and m4.chapter = level and m4.partner = '*'
    left join spread as m5 on m5.side = 'M' and m5.reporter = '*' and m5.chapter = level and m5.partner = '*'
),
past as ( -- decimals, so that sums do not depend on their order
    select exporter, importer, case when product = 'TOTAL' then product else left(product, 2) end as chapter,
        case when product = 'TOTAL' then product else '*' end as level, count(*) as cells,
        sum(cast(log_ratio as decimal(12, 9))) as logs,
        sum(cast(log_ratio * log_ratio as decimal(12, 9))) as squares
    from mart.mirror_gap
    where log_ratio is not null and year between {baseline_from} and {baseline_to} and length(product) in (5, 6)
    group by exporter, importer, chapter, level
),
past_pair as (
    select exporter, importer, level, sum(cells) as cells, sum(logs) as logs, sum(squares) as squares
    from past group by exporter, importer, level
),
usual as (
    select pair.exporter as exporter, pair.importer as importer, pair.chapter as chapter,
        exporter_spread, importer_spread, coalesce(past.cells, 0) as cells, coalesce(past_pair.cells, 0) as pair_cells,
        exporter_spread * exporter_spread + importer_spread * importer_spread as prior,
        greatest(prior, of_everyone) as cautious, -- no pair is taken to be better than usual before it has shown it
        coalesce(cast(past.logs as double), 0) as logs, coalesce(cast(past.squares as double), 0) as squares,
        coalesce(cast(past_pair.logs as double), 0) / (pair_cells + {shrink_cells}) as pair_mean,
        (coalesce(cast(past_pair.squares as double), 0) + {shrink_cells} * cautious) / (pair_cells + {shrink_cells}) as pair_square
    from pair
    join spreads using (exporter, importer, chapter)
    left join past using (exporter, importer, chapter)
    left join past_pair on past_pair.exporter = pair.exporter and past_pair.importer = pair.importer
        and past_pair.level = pair.level
),
learned as (
    select *, (logs + {shrink_cells} * pair_mean) / (cells + {shrink_cells}) as past_mean,
        (squares + {shrink_cells} * pair_square) / (cells + {shrink_cells}) as past_square
    from usual
)
select
    exporter,
    importer,
    chapter, -- HS chapter; 2 digits, or TOTAL
    exporter_spread, -- log; usual distance of the exporter's report from the true value, this pair left out
    importer_spread, -- log; the same of the importer's report
    past_mean, -- log; ln(imports / exports) of the pair and chapter in 2017-2021, shrunk
    sqrt(greatest(past_square - past_mean * past_mean, {reliability_floor} * prior))
        as past_spread, -- log; its spread, shrunk
    cast(pair_cells as bigint) as past_cells -- cells; product and year of the pair that both sides gave in 2017-2021
from learned
