-- Both reports of every pair side by side: what the exporter sent, what the importer received, and the gap.
-- With X the exports (FOB) and F the imports brought to FOB: gap d = F - X, ratio s = d / ((F + X) / 2) in [-2, 2],
-- discrepancy D = |F - X| / (F + X) in [0, 1], log ratio g = ln(F / X). Positive = the importer shows more; the gap of
-- Fisman and Wei (2004), exporter's report less importer's, has the other sign. Low and high: the band of the CIF margin,
-- and the lowest and highest release or source of either report. One side absent: no gap, never a zero.
-- key: year, product, exporter, importer
-- method: S5, S6
-- partition: year
with
reported as (
    select flow, year, product, reporter, partner, classification, value_usd,
        value_fob_low_usd, value_fob_usd, value_fob_high_usd, value_low_usd, value_high_usd, flags
    from transformed.trade_flow
    semi join (select code from reference.country where kind in ('country', 'bloc')) on code = partner
    where status <> 'incomplete'
),
superseded as ( -- where a reporter files a year in two revisions, the newer counts
    select flow, year, product, reporter, partner, classification
    from reported semi join (select reporter, year, flow from transformed.dataset where vintages > 1)
        using (reporter, year, flow)
    qualify row_number() over (partition by flow, year, product, reporter, partner order by classification desc) > 1
),
report as (
    from reported anti join superseded using (flow, year, product, reporter, partner, classification)
),
pair as (
    select year, product, exporter, importer,
        sent.value_usd as exports_usd, sent.value_fob_low_usd as exports_low_usd,
        sent.value_fob_high_usd as exports_high_usd, sent.classification as x_classification, sent.flags as x_flags,
        received.value_usd as imports_cif_usd, received.value_fob_low_usd as imports_fob_low_usd,
        received.value_fob_usd as imports_fob_usd, received.value_fob_high_usd as imports_fob_high_usd,
        received.classification as m_classification, received.flags as m_flags,
        received.value_low_usd as imports_cif_low_usd, received.value_high_usd as imports_cif_high_usd
    from (select * rename (reporter as exporter, partner as importer) from report where flow = 'X') as sent
    full join (select * rename (partner as exporter, reporter as importer) from report where flow = 'M') as received
        using (year, product, exporter, importer)
),
bridge as ( -- codes that hold the same goods in two revisions
    select here.product as product, here.classification as x_classification, there.classification as m_classification
    from mart.product_family as here join mart.product_family as there using (family, product)
    where here.comparable and there.comparable and here.classification <> there.classification
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
        pair.x_classification <> pair.m_classification and bridge.product is null as vintages_differ
    from pair
    left join bridge using (product, x_classification, m_classification)
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
),
compared as (
    select *,
        case when not vintages_differ then exports_usd end as x,
        case when not vintages_differ then exports_low_usd end as x_low,
        case when not vintages_differ then exports_high_usd end as x_high,
        least(imports_fob_usd, case when not vintages_differ then exports_usd end) >= {floor_usd}
            and imports_fob_usd is not null and exports_usd is not null and not vintages_differ as above_floor,
        list_filter([
            case when imports_fob_usd + exports_usd is not null
                and least(imports_fob_usd, exports_usd) < {floor_usd} then 'BELOW_FLOOR' end,
            case when 'implied_zero' in (exports_status, imports_status) then 'IMPLIED_ZERO' end,
            case when 'incomplete' in (exports_status, imports_status) then 'INCOMPLETE' end,
            case when vintages_differ then 'NOMEN_BREAK' end,
            case when one_is_silent then 'NOT_REPORTED' end,
            case when exports_status <> imports_status then 'SINGLE_REPORT' end
        ], lambda code: code is not null) as own_flags
    from known
),
measured as (
    select *,
        (imports_fob_low_usd - x_high) / nullif(cast(imports_fob_low_usd + x_high as double) / 2, 0) as ratio_low,
        (imports_fob_usd - x) / nullif(cast(imports_fob_usd + x as double) / 2, 0) as ratio,
        (imports_fob_high_usd - x_low) / nullif(cast(imports_fob_high_usd + x_low as double) / 2, 0) as ratio_high,
        imports_fob_high_usd - imports_fob_low_usd + x_high - x_low as width,
        imports_cif_high_usd - imports_cif_low_usd + x_high - x_low as of_release
    from compared
),
third as (
    select year, exporter, importer, classification, product,
        value_usd as third_opinion_usd, release as third_opinion_release, flags as third_flags
    from transformed.third_opinion
)
select
    measured.year as year,
    measured.product as product,
    measured.exporter as exporter,
    measured.importer as importer,
    exports_low_usd, -- USD; lowest release or source of exports_usd
    exports_usd, -- USD; X(exporter, importer) as the exporter reports it, FOB
    exports_high_usd, -- USD; highest of them
    imports_cif_low_usd, -- USD; lowest release or source of imports_cif_usd
    imports_cif_usd, -- USD; M(importer, exporter) as the importer reports it, CIF
    imports_cif_high_usd, -- USD; highest of them
    imports_fob_low_usd, -- USD; imports brought to FOB: widest margin, lowest source
    imports_fob_usd, -- USD; imports brought to FOB: central margin, preferred source
    imports_fob_high_usd, -- USD; imports brought to FOB: narrowest margin, highest source
    imports_fob_low_usd - x_high as gap_low_usd, -- USD; gap at the low end
    imports_fob_usd - x as gap_usd, -- USD; imports brought to FOB minus exports
    imports_fob_high_usd - x_low as gap_high_usd, -- USD; gap at the high end
    ratio_low as gap_ratio_low, -- ratio, -2 to 2; gap_ratio at the low end
    ratio as gap_ratio, -- ratio, -2 to 2; the gap over the mean of both reports
    ratio_high as gap_ratio_high, -- ratio, -2 to 2; gap_ratio at the high end
    case when ratio_low <= 0 and ratio_high >= 0 then 0 else least(abs(ratio_low), abs(ratio_high)) / 2 end
        as discrepancy_low, -- ratio, 0 to 1; 0 where the range of the gap holds 0
    abs(ratio) / 2 as discrepancy, -- ratio, 0 to 1; |exports - imports brought to FOB| over their sum
    greatest(abs(ratio_low), abs(ratio_high)) / 2 as discrepancy_high, -- ratio, 0 to 1; discrepancy at the far end
    case when above_floor then ln(nullif(imports_fob_low_usd, 0) / nullif(x_high, 0)) end
        as log_ratio_low, -- log; log_ratio at the low end
    case when above_floor then ln(imports_fob_usd / x) end
        as log_ratio, -- log; ln(imports brought to FOB / exports), NULL below the floor of 50,000 USD
    case when above_floor then ln(imports_fob_high_usd / nullif(x_low, 0)) end
        as log_ratio_high, -- log; log_ratio at the high end
    third_opinion_usd, -- USD; BACI's reconciled value, FOB, on neither side of the gap; NULL where BACI was not loaded or has none
    third_opinion_release, -- text; BACI's release
    coalesce(third_flags, []) as third_opinion_flags, -- codes; PROVISIONAL, MIRROR_ONLY: what to know about the third opinion
    case
        when width is null then null
        when width = 0 then 'none'
        when of_release >= width - of_release then 'release_choice'
        else 'cif_margin'
    end as driver,
    case when exports_status = 'value' and imports_status = 'value' then 'value' else 'mirror_missing' end as status,
    case
        when 'incomplete' in (exports_status, imports_status) then 'no gap: a side''s dataset is incomplete'
        when exports_status = 'not_reported' then 'no gap: the exporter did not report'
        when imports_status = 'not_reported' then 'no gap: the importer did not report'
        when exports_status = 'implied_zero' then 'no gap: the exporter''s whole dataset holds no such row'
        when imports_status = 'implied_zero' then 'no gap: the importer''s whole dataset holds no such row'
        when vintages_differ then 'no gap: two revisions, in which the code does not hold the same goods'
        when not above_floor then 'no log ratio: one report is under 50,000 USD'
    end as reason, -- text; why a figure is NULL
    exports_status, -- code; value, implied_zero, incomplete or not_reported
    imports_status, -- code; value, implied_zero, incomplete or not_reported
    case
        when coalesce(len(x_flags), 0) + coalesce(len(m_flags), 0) = 0 then own_flags
        else list_sort(list_distinct(list_concat(x_flags, m_flags, own_flags)))
    end as flags
from measured
left join third
    on third.year = measured.year and third.exporter = measured.exporter and third.importer = measured.importer
    and third.product = measured.product
    and third.classification = greatest(x_classification, m_classification)
