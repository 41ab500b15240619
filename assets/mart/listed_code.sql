-- The six-digit codes of each list, tier of a list, and heading, in every revision in which they hold the same goods.
-- A list of one revision reaches into another by its comparable codes alone; nothing is converted one to one.
-- key: product_list, classification, product
-- method: 1.5, 3
with
named as (
    select product_group as product_list, classification, product from mart.product_group where length(product) = 6
    union
    select product_group || ' ' || tier, classification, product from mart.product_group
    where length(product) = 6 and tier is not null
    union -- a list of several versions has each by its name
    select product_group || ' ' || list_version, classification, product from mart.product_group
    where length(product) = 6
)
select
    product_list, -- code; the list, the list and a tier or a version of it
    classification,
    product,
    bool_or(comparable) as comparable -- true/false; the code holds the same goods before and after 2022
from (
    select product_list, classification, product, coalesce(comparable, false) as comparable
    from named left join mart.product_family using (classification, product)
    union all
    select product_list, there.classification, there.product, true
    from named
    join mart.product_family as here using (classification, product)
    join mart.product_family as there using (family)
    where here.comparable and there.comparable and length(there.product) = 6
)
group by product_list, classification, product
