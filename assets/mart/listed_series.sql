-- Six-digit goods as series that hold the same goods before and after 2022, and the lists, tiers and controls they are in.
-- key: product_list, series
-- method: 1.5, 3
with
series as ( -- a code under its family where years can be compared, else under its own name
    select classification, product, case when comparable then family else product end as series, comparable
    from mart.product_family where length(product) = 6
),
listed as (
    select product_group as product_list, product_group, classification, product from mart.product_group
    union all
    select product_group || ' ' || tier, product_group, classification, product from mart.product_group
    where tier is not null
)
select
    product_list, -- code; name of the list, or of the list and a tier of it
    series, -- code; the family where years can be compared, else the code
    bool_and(comparable) as comparable, -- true/false; the series holds the same goods before and after 2022
    product_group = 'civilian' as is_placebo -- true/false; civilian goods, outside every list of priority goods: a control
from listed join series using (classification, product)
where product_group <> 'civilian' or comparable
group by product_list, product_group, series
