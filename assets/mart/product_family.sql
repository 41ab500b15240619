-- Product families: connected parts of the correlation between revisions, for the codes of interest.
-- key: classification, product
-- method: 1.5
with recursive
correlation as ( -- what a user's list says of a code counts only where the project says nothing of either
    select hs2022, hs2017, closed, note from reference.hs_correlation
    union all
    select distinct product, hs2017, true, 'said by the list given to the run' from reference.own_list
    where hs2017 is not null and product not in (select hs2022 from reference.hs_correlation)
        and hs2017 not in (select hs2017 from reference.hs_correlation where hs2017 is not null)
),
node as (
    select 'H6' as classification, hs2022 as product from correlation
    union
    select 'H5', hs2017 from correlation where hs2017 is not null
),
link as (
    select 'H6' as classification, hs2022 as product, 'H5' as other_classification, hs2017 as other_product
    from correlation where hs2017 is not null
    union
    select 'H5', hs2017, 'H6', hs2022 from correlation where hs2017 is not null
),
reach(classification, product, root_classification, root) as (
    select classification, product, classification, product from node
    union
    select link.other_classification, link.other_product, reach.root_classification, reach.root
    from reach join link on link.classification = reach.classification and link.product = reach.product
),
component as ( -- named after its smallest HS2022 code
    select classification, product, min(root) filter (root_classification = 'H6') as family
    from reach group by classification, product
),
closed as (
    select component.family, bool_and(correlation.closed) as closed,
        arg_min(note, (correlation.closed, hs2022, hs2017)) as note
    from correlation
    join component on component.classification = 'H6' and component.product = correlation.hs2022
    group by component.family
),
size as (
    select family,
        count(*) filter (classification = 'H6') as codes_h6,
        count(*) filter (classification = 'H5') as codes_h5
    from component group by family
),
known as (
    select component.classification, component.product, component.family, codes_h6, codes_h5,
        closed.note, closed.closed and codes_h6 = 1 and codes_h5 = 1 as comparable,
        closed.closed and codes_h5 >= 1 as comparable_as_sum
    from component join closed using (family) join size using (family)
)
select
    case when product = 'TOTAL' then 'NA' else classification end as classification,
    product,
    family,
    comparable, -- true/false; the code holds the same goods in both revisions
    comparable_as_sum, -- true/false; the codes of the family do so when summed
    codes_h6, -- codes; how many HS2022 codes the family has
    codes_h5, -- codes; how many HS2017 codes, 0 = the goods had no code of their own
    note as reason -- text; why, or why not
from known
where product <> 'TOTAL' or classification = 'H6'
