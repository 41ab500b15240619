-- One value for each flow from its two reports, with both, their weights and a range; from one report where there is one.
-- Both: weights are the other report's variance over the sum (mart.reporter_reliability, this very pair left out);
-- range 1.645 spreads of the mean, and up to both reports where they stand further apart than their spreads explain.
-- One: the value as reported. Its range is what ln(imports / exports) of the same pair and chapter showed in 2017-2021
-- (mart.past_gap). It is a lower bound: incentives changed in 2022.
-- Source: weights by variance as in Gaulier and Zignago (CEPII WP 2010-23, 2.4), here in logs.
-- key: year, product, exporter, importer
-- method: S15
-- partition: year
with
flow as (
    select mirror_gap.* exclude (flags, status), flags as own_flags,
        case when product = 'TOTAL' then product else left(product, 2) end as chapter
    from mart.mirror_gap
    where exports_usd is not null or imports_fob_usd is not null
),
weighed as (
    select flow.*, exporter_spread, importer_spread, past_cells, past_mean, past_spread,
        exporter_spread * exporter_spread + importer_spread * importer_spread as prior,
        case when exports_usd is not null and imports_fob_usd is not null
            then importer_spread * importer_spread / nullif(prior, 0) end as weight_of_exports,
        exporter_spread * importer_spread / nullif(sqrt(prior), 0) as spread_of_both,
        cast(exports_usd as double) as x, cast(imports_fob_usd as double) as m,
        'implied_zero' in (exports_status, imports_status) as one_is_zero
    from flow left join mart.past_gap using (exporter, importer, chapter)
),
valued as (
    select *,
        case when weight_of_exports is not null then weight_of_exports * x + (1 - weight_of_exports) * m
            else coalesce(x, m) end as central,
        x is not null and m is not null as has_both,
        abs(ln(nullif(m, 0) / nullif(x, 0))) > {z90} * sqrt(prior)
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
    past_cells, -- cells; product and year of the pair that both sides gave in 2017-2021
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
    case when not has_both and past_cells < {shrink_cells} then list_sort(list_append(own_flags, 'FEW_CELLS')) else own_flags end
        as flags
from ranged
