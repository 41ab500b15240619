-- Where a hub's imports of one product come from: a row a year, a column an origin, as shares of all its imports.
-- parameters: of_product := 'TOTAL', of_hub := 'KAZ'
-- example: from origins()
-- method: S1
select
    year,
    product,
    max(share) filter (origin_group = 'COALITION') as coalition, -- share; EU-27, United Kingdom, United States, Japan and the others of the list
    max(share) filter (origin_group = 'CHINA') as china, -- share; China, Hong Kong and Macao
    max(share) filter (origin_group = 'EAEU') as eaeu, -- share; the customs union, from a survey
    max(share) filter (origin_group = 'UKR') as ukraine, -- share; Ukraine
    max(share) filter (origin_group = 'ROW') as rest_of_world, -- share; every other country printed
    max(share) filter (origin_group = 'AREAS_NES') as not_specified, -- share; areas not specified
    max(share) filter (origin_group = 'RESIDUAL') as residual, -- share; World minus the printed partners
    list_sort(list_distinct(flatten(list(flags)))) as flags
from mart.import_origin
where hub = of_hub and product = cast(of_product as varchar)
group by year, product, classification
order by year
