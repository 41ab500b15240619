-- One value for each flow from its two reports, with both, their weights and a range; from one report where there is one.
-- Both: weights are the other report's variance over the sum (mart.reporter_reliability, this very pair left out);
-- range 1.645 spreads of the mean, and up to both reports where they stand further apart than their spreads explain.
-- One: the value as reported. Its range is what ln(imports / exports) of the same pair and chapter showed in 2017-2021,
-- shrunk: pair and chapter -> pair -> both reporters' spreads. It is a lower bound: incentives changed in 2022.
-- Source: weights by variance as in Gaulier and Zignago (CEPII WP 2010-23, 2.4), here in logs.
-- key: year, product, exporter, importer
-- method: S15
with
spread as ( -- the level without a row of its own takes that of all codes, the reporter that of all reporters
    select side, reporter, chapter, partner, spread from mart.reporter_reliability where spread is not null
),
flow as (
    select mirror_gap.* exclude (flags, status), flags as own_flags,
        case when product = 'TOTAL' then product else left(product, 2) end as chapter,
        case when product = 'TOTAL' then product else '*' end as level
    from mart.mirror_gap
    where exports_usd is not null or imports_fob_usd is not null
),
pair as (
    select distinct exporter, importer, chapter, level from flow
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
past as ( -- what the pair showed while both sides reported; decimals, so that sums do not depend on their order
    select exporter, importer, chapter, level, count(*) as cells,
        sum(cast(log_ratio as decimal(12, 9))) as logs,
        sum(cast(log_ratio * log_ratio as decimal(12, 9))) as squares
    from flow
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
),
weighed as (
    select flow.*, exporter_spread, importer_spread, pair_cells, past_mean,
        sqrt(greatest(past_square - past_mean * past_mean, {reliability_floor} * prior)) as past_spread,
        case when exports_usd is not null and imports_fob_usd is not null
            then importer_spread * importer_spread / nullif(prior, 0) end as weight_of_exports,
        exporter_spread * importer_spread / nullif(sqrt(prior), 0) as spread_of_both,
        cast(exports_usd as double) as x, cast(imports_fob_usd as double) as m,
        'implied_zero' in (exports_status, imports_status) as one_is_zero
    from flow left join learned using (exporter, importer, chapter)
),
valued as (
    select *,
        case when weight_of_exports is not null then weight_of_exports * x + (1 - weight_of_exports) * m
            else coalesce(x, m) end as central,
        x is not null and m is not null as has_both,
        abs(ln(nullif(m, 0) / nullif(x, 0))) > {z90} * sqrt(exporter_spread * exporter_spread + importer_spread * importer_spread)
            as is_apart,
        case when x is null then -past_mean else past_mean end as shift
    from weighed
),
ranged as (
    select *,
        case
            when has_both then least(central * exp(-{z90} * spread_of_both), case when is_apart then least(x, m) end,
                weight_of_exports * cast(exports_low_usd as double) + (1 - weight_of_exports) * cast(imports_fob_low_usd as double))
            when past_spread is null then null
            when one_is_zero then 0
            else central * exp(least(0, shift - {z90} * past_spread))
        end as low,
        case
            when has_both then greatest(central * exp({z90} * spread_of_both), case when is_apart then greatest(x, m) end,
                weight_of_exports * cast(exports_high_usd as double) + (1 - weight_of_exports) * cast(imports_fob_high_usd as double))
            when past_spread is not null then central * exp(greatest(0, shift + {z90} * past_spread))
        end as high
    from valued
)
select
    year,
    product,
    exporter,
    importer,
    exports_usd, -- USD; X(exporter, importer) as the exporter reports it, FOB
    imports_cif_usd, -- USD; M(importer, exporter) as the importer reports it, CIF
    imports_fob_usd, -- USD; imports brought to FOB with the central margin
    case when has_both then 'both' when x is not null then 'exports' else 'imports' end
        as basis, -- code; both, exports (the exporter's report alone) or imports (the importer's alone)
    weight_of_exports, -- share; weight of the exporter's report, the rest is the importer's; NULL where there is one report
    exporter_spread, -- log; usual distance of the exporter's report from the true value, this pair left out
    importer_spread, -- log; the same of the importer's report
    past_mean, -- log; ln(imports / exports) of the pair and chapter in 2017-2021, shrunk
    past_spread, -- log; its spread, shrunk
    cast(pair_cells as bigint) as past_cells, -- cells; product and year of the pair that both sides gave in 2017-2021
    cast(low as decimal(18, 2)) as reconciled_low_usd, -- USD; reconciled_usd at the low end
    cast(case when low is not null then central end as decimal(18, 2))
        as reconciled_usd, -- USD; the weighted mean of both reports, FOB; the one report where there is one; NULL without a range
    cast(high as decimal(18, 2)) as reconciled_high_usd, -- USD; reconciled_usd at the high end
    case when low is null then null when low = high then 'none' when not has_both then 'past_gap' when is_apart then 'reporter_choice'
        else 'reporter_spread' end as driver,
    case when has_both then 'value' else 'single_report' end as status,
    case
        when has_both and is_apart then 'the reports stand further apart than their spreads explain: the range holds both'
        when has_both and weight_of_exports is null then 'no spread of either reporter is known'
        when has_both then 'both reports, each by what the other side''s spread is worth'
        when one_is_zero then 'single report: the other side''s whole dataset holds no such row, so the range begins at 0'
        when past_spread is null then 'single report, and no spread of either reporter is known: no range'
        else 'single report: the range is what this pair showed in 2017-2021, a lower bound on the uncertainty'
    end as reason, -- text; how the value was chosen
    list_sort(list_distinct(list_filter(
        list_concat(own_flags, [
            case when not has_both then 'SINGLE_REPORT' end,
            case when not has_both and pair_cells < {shrink_cells} then 'FEW_CELLS' end
        ]),
        lambda code: code is not null
    ))) as flags
from ranged
