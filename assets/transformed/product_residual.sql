-- What a heading holds beyond the codes below it: a positive residual is a part that was suppressed.
-- Only headings of which a product list names every code, so that none below was left out by us.
-- key: reporter, partner, flow, year, classification, product
-- method: 1.1
-- partition: year
with
heading as (
    select distinct parent.classification, parent.product as heading, child.product
    from mart.product_group as parent
    join mart.product_group as child
        on child.product_group = parent.product_group and child.list_version = parent.list_version
        and child.classification = parent.classification
    where length(parent.product) = 4 and length(child.product) = 6 and left(child.product, 4) = parent.product
),
below as (
    select reporter, partner, flow, year, figure.classification as classification, heading,
        sum(value_usd) as below_usd
    from transformed.trade_flow as figure
    join heading on heading.classification = figure.classification and heading.product = figure.product
    group by reporter, partner, flow, year, figure.classification, heading
)
select
    figure.reporter as reporter,
    figure.partner as partner,
    figure.flow as flow,
    figure.year as year,
    figure.classification as classification,
    figure.product as product,
    figure.value_usd as value_usd,
    coalesce(below_usd, 0) as below_usd, -- USD; sum of the six-digit codes of the heading
    figure.value_usd - coalesce(below_usd, 0) as residual_usd, -- USD; what the heading holds beyond them
    case
        when figure.value_usd - coalesce(below_usd, 0) > {residual_of_heading} * figure.value_usd then 'suppressed'
        else 'value'
    end as status,
    case
        when abs(figure.value_usd - coalesce(below_usd, 0)) > {residual_of_heading} * figure.value_usd then ['RESIDUAL']
        else []
    end as flags
from transformed.trade_flow as figure
join reference.source using (source)
left join below
    on below.reporter = figure.reporter and below.partner = figure.partner and below.flow = figure.flow
    and below.year = figure.year and below.classification = figure.classification
    and below.heading = figure.product
where absence_means = 'zero'
    and (figure.classification, figure.product) in (select classification, heading from heading)
