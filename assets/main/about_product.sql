-- What is known of a code before its figures are read: the lists it is in, and whether its years can be compared.
-- parameters: of_product
-- example: from about_product('880622')
-- method: 1.5, 3
with
listed as (
    select classification, product, goods,
        product_group || ' ' || list_version || coalesce(', tier ' || tier, '') as list_name
    from mart.product_group
)
select
    family.product as product,
    family.classification as classification,
    min(goods) as goods, -- text; short name of the goods
    list_sort(list(distinct list_name) filter (list_name is not null)) as lists, -- text; lists the code is in, with version and tier
    family.family as family,
    any_value(comparable) as comparable, -- true/false; the code holds the same goods in both revisions
    any_value(comparable_as_sum) as comparable_as_sum, -- true/false; the codes of the family do so when summed
    any_value(reason) as reason -- text; why, or why not
from mart.product_family as family
left join listed using (classification, product)
where family.product = cast(of_product as varchar)
group by family.product, family.classification, family.family
order by classification
