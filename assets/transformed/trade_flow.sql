-- One row a figure: of several sources the preferred, of its releases the newest, brought to FOB with a band.
-- key: reporter, partner, flow, year, classification, product
-- method: S6, 1.5
-- partition: year
with
several as ( -- only where a reporter's year comes from more than one source or release is there a choice
    select reporter, year from validated.trade_flow
    group by reporter, year having count(distinct (source, release)) > 1
),
printed as ( -- a figure quoted in a text is rounded: half a unit of its last digit that is not 0
    select trade_flow.*, preference, list_contains(flags, 'INCOMPLETE') as is_short,
        case when is_quoted then pow(10, length(digits) - length(rtrim(digits, '0'))) / 2 else 0 end as rounding
    from (select *, cast(cast(value_usd as bigint) as varchar) as digits from validated.trade_flow) as trade_flow
    join reference.source using (source)
),
single as (
    select * exclude (digits, preference, is_short, rounding),
        value_usd - rounding as lowest_usd, value_usd + rounding as highest_usd, false as is_revised
    from printed anti join several using (reporter, year)
),
chosen as ( -- a figure of an incomplete dataset is used, and widens a range, only where there is no other
    select * exclude (digits, preference, is_short, rounding),
        coalesce(min(value_usd - rounding) filter (not is_short) over figure, value_usd - rounding) as lowest_usd,
        coalesce(max(value_usd + rounding) filter (not is_short) over figure, value_usd + rounding) as highest_usd,
        max(value_usd) over figure > (1 + {late_revision_share}) * min(value_usd) over figure as is_revised
    from printed semi join several using (reporter, year)
    window figure as (partition by reporter, partner, flow, year, classification, product)
    qualify row_number() over (
        partition by reporter, partner, flow, year, classification, product
        order by is_short, preference, release desc, file_sha256, file_row
    ) = 1
),
selected as (
    select * from single union all select * from chosen
),
correction as ( -- at most one override or scale a figure; validated keeps the value as printed
    select source, release, reporter, partner, flow, year, classification, product,
        max(corrected_usd) as corrected_usd, coalesce(max(cast(factor as decimal(12, 6))), 1) as factor, list(flag) as added
    from reference.correction where action <> 'drop'
    group by source, release, reporter, partner, flow, year, classification, product
),
corrected as (
    select selected.* exclude (value_usd, lowest_usd, highest_usd, flags),
        coalesce(corrected_usd, cast(value_usd as decimal(24, 2)) * coalesce(factor, 1)) as value_usd,
        coalesce(corrected_usd, lowest_usd * coalesce(factor, 1)) as lowest_usd,
        coalesce(corrected_usd, highest_usd * coalesce(factor, 1)) as highest_usd,
        list_concat(flags, coalesce(added, []), case when corrected_usd is not null or factor <> 1
            then ['CORRECTED'] else [] end) as flags
    from selected
    left join correction using (source, release, reporter, partner, flow, year, classification, product)
),
unit_value as ( -- only where the weight is known
    select flow, classification, product, ln(value_usd / net_weight_kg) as uv
    from corrected
    where net_weight_kg > 0 and value_usd > 0 and length(product) = 6 and partner <> 'W00'
),
usual as (
    select flow, classification, product, median(uv) as uv_median, mad(uv) as uv_mad
    from unit_value group by flow, classification, product
    having count(*) >= {uv_outlier_cells}
),
figure as (
    select corrected.* exclude (flags),
        list_sort(list_distinct(list_concat(flags,
            case when is_revised then ['LATE_REVISION'] else [] end,
            case when net_weight_kg > 0 and value_usd > 0 and partner <> 'W00' and uv_mad > 0
                    and abs(0.6745 * (ln(value_usd / net_weight_kg) - uv_median)) > {uv_outlier_score} * uv_mad
                then ['UV_OUTLIER'] else [] end
        ))) as flags
    from corrected left join usual using (flow, classification, product)
),
pair as (
    select distinct partner as exporter, reporter as importer,
        case when product = 'TOTAL' then product else left(product, 2) end as chapter
    from figure where valuation = 'CIF'
),
margin as (
    select pair.exporter as exporter, pair.importer as importer, pair.chapter as chapter,
        arg_min(low, priority) as low, arg_min(central, priority) as central, arg_min(high, priority) as high
    from pair
    join reference.cif_margin as band
        on band.exporter in (pair.exporter, '*') and band.importer in (pair.importer, '*')
        and band.chapter in (pair.chapter, '*')
    group by pair.exporter, pair.importer, pair.chapter
)
select
    figure.source as source,
    figure.release as release,
    figure.year as year,
    figure.reporter as reporter,
    figure.partner as partner,
    figure.flow as flow,
    figure.classification as classification,
    figure.product as product,
    figure.value_usd as value_usd,
    figure.valuation as valuation,
    figure.net_weight_kg as net_weight_kg,
    figure.quantity as quantity,
    figure.quantity_unit as quantity_unit,
    figure.partner_basis as partner_basis,
    figure.is_reported as is_reported,
    figure.exchange_rate as exchange_rate,
    figure.flags as flags,
    figure.file_sha256 as file_sha256,
    figure.file_row as file_row,
    cast(lowest_usd / (1 + coalesce(high, 0)) as decimal(18, 2))
        as value_fob_low_usd, -- USD; FOB value with the widest margin, from the lowest of the sources
    cast(figure.value_usd / (1 + coalesce(central, 0)) as decimal(18, 2))
        as value_fob_usd, -- USD; FOB value with the central margin, from the preferred source
    cast(highest_usd / (1 + coalesce(low, 0)) as decimal(18, 2))
        as value_fob_high_usd, -- USD; FOB value with the narrowest margin, from the highest of the sources
    case when comparable or comparable_as_sum then product_family.family end as family,
    case
        when list_contains(figure.flags, 'INCOMPLETE') then 'incomplete'
        when figure.product like '9999%' or figure.product = '99' then 'suppressed'
        else 'value'
    end as status
from figure
left join margin
    on figure.valuation = 'CIF' and margin.exporter = figure.partner and margin.importer = figure.reporter
    and margin.chapter = case when figure.product = 'TOTAL' then 'TOTAL' else left(figure.product, 2) end
left join mart.product_family
    on product_family.classification = figure.classification and product_family.product = figure.product
