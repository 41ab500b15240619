-- Under which name a product of a year is followed over time: its family where years can be compared, else itself; and
-- the lists that hold it, each as one.
-- key: product_group, product, year, of_product
-- method: 1.5, S4
with
vintage as (
    select year, max(vintage) as vintage from transformed.dataset group by year
),
destination as (
    select distinct destination from reference.hub
),
found as (
    select product, year from mart.reconciled_flow semi join destination on destination = importer
    union
    select product, year from transformed.trade_flow semi join destination on destination = reporter
    where flow = 'M' and partner = 'W00' and status <> 'incomplete'
),
item as (
    select found.product as of_product, found.year as year, coalesce(comparable, false) as comparable,
        case when comparable then family else found.product end as series
    from found
    left join vintage using (year)
    left join mart.product_family as own on own.product = found.product
        and own.classification = case when found.product = 'TOTAL' then 'NA' else vintage end
)
select
    '*' as product_group, -- code; name of a list, or of a tier of it; * = any
    series as product, -- HS code; the name it is followed under; * = the whole list
    of_product, -- HS code; the code as it was reported
    year,
    comparable -- true/false; it holds the same goods before and after 2022
from item
union all
select product_list, '*', of_product, year, item.comparable
from item join mart.listed_series using (series) where length(of_product) = 6
