-- What a total, a chapter or a heading holds beyond the codes below it, at every level below: a positive residual is a part that was suppressed.
-- Held against a level only where the dataset has it whole, so that nothing below was left out by us: every code the publisher lists stands in that year, or a product list names them all.
-- key: reporter, partner, flow, year, classification, product, level
-- method: 1.1
-- partition: year
with
dataset as ( -- one release of a reporter's year is used; where it was joined from two, sums of both would mix them
    select figure.*, case when product = 'TOTAL' then '' else product end as stem
    from transformed.trade_flow as figure
    join reference.source using (source)
    where absence_means = 'zero' and status <> 'incomplete'
),
above as (
    select unnest([0, 2, 4]) as digits
),
listed as (
    select classification, left(product, digits) as stem, length(product) as level, count(*) as codes
    from raw.product_code join above on digits < length(product)
    group by classification, left(product, digits), length(product)
),
held as (
    select source, year, classification, left(product, digits) as stem, length(product) as level,
        count(distinct product) as codes
    from dataset join above on digits < length(product)
    where product <> 'TOTAL' and (classification, product) in (select classification, product from raw.product_code)
    group by source, year, classification, left(product, digits), length(product)
),
whole as (
    select source, year, classification, stem, level
    from held join listed using (classification, stem, level, codes)
    union
    select source, year, parent.classification, parent.product, 6
    from mart.product_group as parent
    join mart.product_group as child
        on child.product_group = parent.product_group and child.list_version = parent.list_version
        and child.classification = parent.classification
    join (select distinct source, year, classification from dataset) as used
        on used.classification = parent.classification
    where length(parent.product) = 4 and length(child.product) = 6 and left(child.product, 4) = parent.product
),
below as (
    select source, release, reporter, partner, flow, year, figure.classification as classification,
        left(product, digits) as stem, length(product) as level, sum(value_usd) as below_usd
    from dataset as figure join above on digits < length(product)
    where product <> 'TOTAL'
    group by all
),
compared as (
    select figure.reporter, figure.partner, figure.flow, figure.year, whole.classification as classification,
        figure.product, whole.level as level, figure.value_usd, coalesce(below_usd, 0) as below_usd
    from dataset as figure
    join whole
        on whole.source = figure.source and whole.year = figure.year and whole.stem = figure.stem
        and figure.classification in ('NA', whole.classification)
    left join below
        on below.source = figure.source and below.release = figure.release
        and below.reporter = figure.reporter and below.partner = figure.partner
        and below.flow = figure.flow and below.year = figure.year
        and below.classification = whole.classification
        and below.stem = figure.stem and below.level = whole.level
    where figure.product <> 'TOTAL' or below_usd is not null -- a reporter may use another revision of that year
)
select
    reporter,
    partner,
    flow,
    year,
    classification,
    product,
    level, -- digits; of the codes that are summed
    value_usd,
    below_usd, -- USD; sum of the codes of that level below it
    value_usd - below_usd as residual_usd, -- USD; what it holds beyond them
    case when value_usd - below_usd > {residual_of_heading} * value_usd then 'suppressed' else 'value' end as status,
    case when abs(value_usd - below_usd) > {residual_of_heading} * value_usd then ['RESIDUAL'] else [] end as flags
from compared
