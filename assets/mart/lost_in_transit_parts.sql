-- Lost in transit by heading and by list: the six-digit codes below, positive and negative parts apart.
-- Goods filed under a neighbouring code at the other side make one code short and the next too long: the positive part
-- alone would count them as lost, the sum of both does not. So each heading, each list and all six-digit codes show
-- sum of max(L, 0), sum of min(L, 0), their sum, and for a heading L as reported at four digits.
-- key: year, exporter_group, importer, summed_over
-- method: S10
with
code as ( -- six-digit codes with both reports, at the smallest and largest reading
    select lost.year as year, exporter_group, importer, product, vintage as classification,
        lost_low_usd as low, lost_usd as lost, lost_high_usd as high, exports_usd
    from mart.lost_in_transit as lost
    left join transformed.dataset on reporter = importer and dataset.year = lost.year and dataset.flow = 'M'
    where length(product) = 6
),
placed as (
    select code.*, left(product, 4) as summed_over from code
    union all
    select code.*, 'ALL CODES' from code
    union all
    select code.*, product_list from code join mart.listed_code using (classification, product)
),
summed as (
    -- greatest and least pass over NULL: unknown codes are left out first
    select year, exporter_group, importer, summed_over,
        count(lost) as codes, count(*) - count(lost) as codes_unknown,
        sum(exports_usd) filter (lost is not null) as exports_usd,
        sum(greatest(low, 0)) filter (low is not null) as positive_low,
        sum(greatest(lost, 0)) filter (lost is not null) as positive,
        sum(greatest(high, 0)) filter (high is not null) as positive_high,
        sum(least(low, 0)) filter (low is not null) as negative_low,
        sum(least(lost, 0)) filter (lost is not null) as negative,
        sum(least(high, 0)) filter (high is not null) as negative_high,
        sum(low) as low, sum(lost) as lost, sum(high) as high
    from placed
    group by year, exporter_group, importer, summed_over
)
select
    summed.year as year,
    summed.exporter_group as exporter_group, -- code; E27, COALITION, CHINA, or one exporter's code
    summed.importer as importer,
    summed_over, -- code; a heading of four digits, the name of a list, a tier or a version of it, or ALL CODES
    codes, -- codes; six-digit codes with both reports
    codes_unknown, -- codes; six-digit codes of which one report is missing: in no sum
    summed.exports_usd as exports_usd, -- USD; exports of these codes, FOB
    positive_low as lost_part_low_usd, -- USD; lost_part_usd at the narrowest CIF margin
    positive as lost_part_usd, -- USD; sum over the codes of which less arrived than was sent
    positive_high as lost_part_high_usd, -- USD; lost_part_usd at the widest CIF margin
    negative_low as surplus_part_low_usd, -- USD; surplus_part_usd at the narrowest CIF margin
    negative as surplus_part_usd, -- USD; sum over the codes of which more arrived than was sent, below zero
    negative_high as surplus_part_high_usd, -- USD; surplus_part_usd at the widest CIF margin
    summed.low as net_lost_low_usd, -- USD; net_lost_usd at the narrowest CIF margin
    summed.lost as net_lost_usd, -- USD; both parts together
    summed.high as net_lost_high_usd, -- USD; net_lost_usd at the widest CIF margin
    heading.lost_low_usd as heading_lost_low_usd, -- USD; heading_lost_usd at the narrowest CIF margin
    heading.lost_usd as heading_lost_usd, -- USD; the same as reported at four digits; NULL where no heading was reported
    heading.lost_high_usd as heading_lost_high_usd, -- USD; heading_lost_usd at the widest CIF margin
    case when lost is null then null when summed.low = summed.high then 'none' else 'cif_margin' end as driver,
    case when codes = 0 then 'mirror_missing' else 'value' end as status,
    case
        when codes = 0 then 'no six-digit code of it has both reports'
        when codes_unknown > 0 then codes_unknown || ' codes of which one report is missing are in no sum'
    end as reason, -- text; why a figure is NULL, or what no sum holds
    case when codes_unknown > 0 then ['SINGLE_REPORT'] else cast([] as varchar[]) end as flags
from summed
left join mart.lost_in_transit as heading
    on heading.year = summed.year and heading.exporter_group = summed.exporter_group
    and heading.importer = summed.importer and heading.product = summed_over
