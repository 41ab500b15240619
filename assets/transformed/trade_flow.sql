-- One row a figure: of several sources the preferred, of its releases the newest, brought to FOB with a band.
-- FOB = CIF / (1 + tau), thrice: tau from CIF and FOB value of the very row; else from a table of published margins by
-- pair and heading, where one is given; else from the bands of reference.cif_margin.
-- key: reporter, partner, flow, year, classification, product
-- method: S6, 1.5
-- partition: year
with
several as ( -- only where a reporter's year comes from more than one source or release is there a choice
    select reporter, year from validated.trade_flow
    where source not in (select source from reference.source where is_reconciled)
    group by reporter, year having count(distinct (source, release)) > 1
),
printed as ( -- a figure quoted in a text is rounded: half a unit of its last digit that is not 0
    select trade_flow.*, preference, list_contains(flags, 'INCOMPLETE') as is_short,
        case when is_quoted then pow(10, length(digits) - length(rtrim(digits, '0'))) / 2 else 0 end as rounding
    from (select *, cast(cast(value_usd as bigint) as varchar) as digits from validated.trade_flow) as trade_flow
    join reference.source using (source)
    where not is_reconciled -- a third opinion, in transformed.third_opinion
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
correction as ( -- of the figure as it was printed: one the publisher has changed since is not corrected, and the run stops
    select source, release, reporter, partner, flow, year, classification, product, printed_usd as value_usd,
        max(corrected_usd) as corrected_usd, coalesce(max(cast(factor as decimal(12, 6))), 1) as factor, list(flag) as added
    from reference.correction where action <> 'drop' -- at most one override or scale a figure
    group by source, release, reporter, partner, flow, year, classification, product, printed_usd
),
corrected as (
    select selected.* exclude (value_usd, lowest_usd, highest_usd, flags),
        coalesce(corrected_usd, cast(value_usd as decimal(24, 2)) * coalesce(factor, 1)) as value_usd,
        coalesce(corrected_usd, lowest_usd * coalesce(factor, 1)) as lowest_usd,
        coalesce(corrected_usd, highest_usd * coalesce(factor, 1)) as highest_usd,
        list_concat(flags, coalesce(added, []), case when corrected_usd is not null or factor <> 1
            then ['CORRECTED'] else [] end) as flags
    from selected
    left join correction using (source, release, reporter, partner, flow, year, classification, product, value_usd)
),
unit_value as ( -- only where the weight is known; the World is a sum, some of its parts without weight
    select flow, classification, product, ln(value_usd / net_weight_kg) as uv
    from corrected
    where net_weight_kg > 0 and value_usd > 0 and length(product) = 6 and partner <> 'W00'
),
usual as (
    select flow, classification, product, median(uv) as uv_median, mad(uv) as uv_mad
    from unit_value group by flow, classification, product
    having count(*) >= {uv_outlier_cells}
),
bounded as ( -- UN Comtrade's own bounds, exactly: no quotient. One around several prices (not is_unimodal) is
    -- the wider for it, and what is outside is outside of each of them: the method exempts none
    select corrected.*, cast(value_usd as decimal(18, 2)) -- 20 digits, since 18 times 18 digits overflow
        not between lowest_usd_per_kg * cast(net_weight_kg as decimal(20, 3))
            and highest_usd_per_kg * cast(net_weight_kg as decimal(20, 3)) as is_out_of_bounds
    from corrected left join validated.unit_value_bound using (year, flow, classification, product)
),
figure as (
    select bounded.* exclude (flags, is_out_of_bounds),
        list_sort(list_distinct(list_concat(flags,
            case when is_revised then ['LATE_REVISION'] else [] end,
            case when net_weight_kg > 0 and value_usd > 0 and partner <> 'W00' and (
                    (uv_mad > 0
                        and abs(0.6745 * (ln(value_usd / net_weight_kg) - uv_median)) > {uv_outlier_score} * uv_mad)
                    or is_out_of_bounds)
                then ['UV_OUTLIER'] else [] end
        ))) as flags
    from bounded left join usual using (flow, classification, product)
),
pair as (
    select distinct partner as exporter, reporter as importer,
        case when product = 'TOTAL' then product else left(product, 2) end as chapter
    from figure where valuation = 'CIF'
),
band as ( -- c) the bands of reference.cif_margin, the first that fits
    select pair.exporter as exporter, pair.importer as importer, pair.chapter as chapter,
        arg_min(low, priority) as low, arg_min(central, priority) as central, arg_min(high, priority) as high
    from pair
    join reference.cif_margin as stated
        on stated.exporter in (pair.exporter, '*') and stated.importer in (pair.importer, '*')
        and stated.chapter in (pair.chapter, '*')
    group by pair.exporter, pair.importer, pair.chapter
),
published as ( -- b) a margin published for pair and heading, of the nearest year; of two as near the earlier
    select wanted.year as year, exporter, importer, heading,
        arg_min(margin, (abs(given.year - wanted.year), given.year)) as margin
    from reference.published_margin as given
    cross join (select distinct year from figure) as wanted
    group by wanted.year, exporter, importer, heading
),
valued as ( -- a) before both: CIF and FOB value of the very row
    select figure.*, published.margin as published, band.low as low, band.central as central, band.high as high,
        case when figure.valuation = 'CIF' and fob_usd > 0 and cif_usd >= fob_usd then cif_usd / fob_usd - 1 end as own
    from figure
    left join band
        on figure.valuation = 'CIF' and band.exporter = figure.partner and band.importer = figure.reporter
        and band.chapter = case when figure.product = 'TOTAL' then 'TOTAL' else left(figure.product, 2) end
    left join published
        on figure.valuation = 'CIF' and published.exporter = figure.partner
        and published.importer = figure.reporter and published.year = figure.year
        and published.heading = case when figure.product = 'TOTAL' then 'TOTAL' else left(figure.product, 4) end
),
freed as ( -- a published margin is mostly modelled, so the band still bounds it
    select *,
        coalesce(own, least(published, low), low, 0) as margin_low,
        coalesce(own, published, central, 0) as margin,
        coalesce(own, greatest(published, high), high, 0) as margin_high
    from valued
)
select
    freed.source as source,
    freed.release as release,
    freed.year as year,
    freed.reporter as reporter,
    freed.partner as partner,
    freed.flow as flow,
    freed.classification as classification,
    freed.product as product,
    freed.value_usd as value_usd,
    freed.valuation as valuation,
    freed.net_weight_kg as net_weight_kg,
    freed.quantity as quantity,
    freed.quantity_unit as quantity_unit,
    freed.partner_basis as partner_basis,
    freed.is_reported as is_reported,
    freed.cif_usd as cif_usd,
    freed.fob_usd as fob_usd,
    freed.exchange_rate as exchange_rate,
    freed.flags as flags,
    freed.file_sha256 as file_sha256,
    freed.file_row as file_row,
    cast(lowest_usd as decimal(18, 2)) as value_low_usd, -- USD; lowest of the sources, releases and roundings, as reported
    cast(highest_usd as decimal(18, 2)) as value_high_usd, -- USD; highest of them
    cast(lowest_usd / (1 + margin_high) as decimal(18, 2))
        as value_fob_low_usd, -- USD; FOB value with the widest margin, from the lowest of the sources
    cast(freed.value_usd / (1 + margin) as decimal(18, 2))
        as value_fob_usd, -- USD; FOB value with the central margin, from the preferred source
    cast(highest_usd / (1 + margin_low) as decimal(18, 2))
        as value_fob_high_usd, -- USD; FOB value with the narrowest margin, from the highest of the sources
    case when freed.valuation = 'CIF' then cast(margin as double) end
        as cif_margin, -- ratio; central margin of CIF over FOB, tau in FOB = CIF / (1 + tau); NULL for FOB values
    case
        when freed.valuation <> 'CIF' then null
        when own is not null then 'row'
        when published is not null then 'published'
        else 'band'
    end as cif_margin_basis, -- code; row = CIF and FOB of the very row, published = a table of pair and heading, band = reference.cif_margin
    case when comparable or comparable_as_sum then product_family.family end as family,
    case
        when list_contains(freed.flags, 'INCOMPLETE') then 'incomplete'
        when freed.product like '9999%' or freed.product = '99' then 'suppressed'
        else 'value'
    end as status
from freed
left join mart.product_family
    on product_family.classification = freed.classification and product_family.product = freed.product
