-- Both reports of every pair side by side: what the exporter sent, what the importer received, and the gap.
-- key: year, product, exporter, importer
-- method: S5, S6
with
report as (
    select year, product, flow,
        case flow when 'X' then reporter else partner end as exporter,
        case flow when 'X' then partner else reporter end as importer,
        arg_max(value_usd, classification) as value_usd,
        arg_max(value_fob_low_usd, classification) as low_usd,
        arg_max(value_fob_usd, classification) as fob_usd,
        arg_max(value_fob_high_usd, classification) as high_usd,
        max(classification) as classification,
        arg_max(flags, classification) as flags
    from transformed.trade_flow
    semi join (select code from reference.country where kind in ('country', 'bloc')) on code = partner
    where status <> 'incomplete'
    group by all
),
pair as (
    select year, product, exporter, importer,
        max(value_usd) filter (flow = 'X') as exports_usd,
        max(low_usd) filter (flow = 'X') as exports_low_usd,
        max(high_usd) filter (flow = 'X') as exports_high_usd,
        max(value_usd) filter (flow = 'M') as imports_cif_usd,
        max(low_usd) filter (flow = 'M') as imports_fob_low_usd,
        max(fob_usd) filter (flow = 'M') as imports_fob_usd,
        max(high_usd) filter (flow = 'M') as imports_fob_high_usd,
        min(classification) <> max(classification) as vintages_differ,
        flatten(list(flags)) as flags
    from report
    group by year, product, exporter, importer
),
known as (
    select pair.*,
        case
            when exports_usd is not null then 'value'
            when sent.is_incomplete then 'incomplete'
            when sent.absence_is_zero and quiet.reporter is null then 'implied_zero'
            else 'not_reported'
        end as exports_status,
        case
            when imports_cif_usd is not null then 'value'
            when received.is_incomplete then 'incomplete'
            when received.absence_is_zero and silence.reporter is null then 'implied_zero'
            else 'not_reported'
        end as imports_status,
        silence.reporter is not null or quiet.reporter is not null as one_is_silent,
        case when not vintages_differ then exports_usd end as x,
        case when not vintages_differ then exports_low_usd end as x_low,
        case when not vintages_differ then exports_high_usd end as x_high,
        case when imports_fob_usd + exports_usd is not null
            then least(imports_fob_usd, exports_usd) >= {floor_usd} end as above_floor
    from pair
    left join transformed.dataset as sent
        on sent.reporter = exporter and sent.year = pair.year and sent.flow = 'X'
    left join transformed.dataset as received
        on received.reporter = importer and received.year = pair.year and received.flow = 'M'
    left join reference.reporter_silence as silence
        on silence.reporter = importer
        and pair.year between silence.from_year and coalesce(silence.to_year, pair.year)
    left join reference.reporter_silence as quiet
        on quiet.reporter = exporter
        and pair.year between quiet.from_year and coalesce(quiet.to_year, pair.year)
)
select
    year,
    product,
    exporter,
    importer,
    exports_usd, -- USD; X(exporter, importer) as the exporter reports it, FOB
    exports_low_usd, -- USD; exports at the lowest of the sources
    exports_high_usd, -- USD; exports at the highest of the sources
    imports_cif_usd, -- USD; M(importer, exporter) as the importer reports it, CIF
    imports_fob_low_usd, -- USD; imports brought to FOB: widest margin, lowest source
    imports_fob_usd, -- USD; imports brought to FOB: central margin, preferred source
    imports_fob_high_usd, -- USD; imports brought to FOB: narrowest margin, highest source
    imports_fob_low_usd - x_high as gap_low_usd, -- USD; gap at the low end
    imports_fob_usd - x as gap_usd, -- USD; imports brought to FOB minus exports
    imports_fob_high_usd - x_low as gap_high_usd, -- USD; gap at the high end
    (imports_fob_low_usd - x_high) / nullif((imports_fob_low_usd + x_high) / 2, 0)
        as gap_ratio_low, -- ratio, -2 to 2; gap_ratio at the low end
    (imports_fob_usd - x) / nullif((imports_fob_usd + x) / 2, 0)
        as gap_ratio, -- ratio, -2 to 2; the gap over the mean of both reports
    (imports_fob_high_usd - x_low) / nullif((imports_fob_high_usd + x_low) / 2, 0)
        as gap_ratio_high, -- ratio, -2 to 2; gap_ratio at the high end
    case when above_floor then ln(nullif(imports_fob_low_usd, 0) / nullif(x_high, 0)) end
        as log_ratio_low, -- log; log_ratio at the low end
    case when above_floor then ln(imports_fob_usd / x) end
        as log_ratio, -- log; ln(imports brought to FOB / exports), NULL below the floor of 50,000 USD
    case when above_floor then ln(imports_fob_high_usd / nullif(x_low, 0)) end
        as log_ratio_high, -- log; log_ratio at the high end
    cast(null as decimal(18, 2)) as third_opinion_usd, -- USD; BACI's reconciled value, NULL where BACI was not loaded
    case when exports_status = 'value' and imports_status = 'value' then 'value' else 'mirror_missing' end as status,
    exports_status, -- code; value, implied_zero, incomplete or not_reported
    imports_status, -- code; value, implied_zero, incomplete or not_reported
    list_sort(list_distinct(list_filter(
        list_concat(flags, [
            case when one_is_silent then 'NOT_REPORTED' end,
            case when exports_status <> imports_status then 'SINGLE_REPORT' end,
            case when 'incomplete' in (exports_status, imports_status) then 'INCOMPLETE' end,
            case when 'implied_zero' in (exports_status, imports_status) then 'IMPLIED_ZERO' end,
            case when not above_floor then 'BELOW_FLOOR' end,
            case when vintages_differ then 'NOMEN_BREAK' end
        ]),
        lambda code: code is not null
    ))) as flags
from known
