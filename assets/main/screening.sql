-- Products of a year in order of priority for a closer look, with their names and the reasons in words. A place says where to look first, not what is found.
-- parameters: of_year, of_hub := 'KAZ'
-- example: from screening(2023)
-- method: S7-S9
with
named as (
    select classification, product, min(goods) as goods from mart.product_group group by classification, product
),
name as ( -- the newest revision's name
    select product, arg_max(goods, classification) as goods from named group by product
)
select
    position, -- order; 1 = look first; NULL = cannot be ranked
    tier, -- 1 or 2; 1 = the whole interval lies above what civilian goods show, 2 = the score alone; NULL = neither
    year,
    product,
    goods, -- text; short name of the goods
    is_placebo, -- true/false; civilian goods, outside every list of priority goods: a control
    excess_low_usd, -- USD; beyond the growth that 95% of civilian goods stay under
    excess_usd, -- USD; the hub's exports to the destination beyond the usual growth of civilian goods
    excess_high_usd, -- USD; beyond the growth that 5% of civilian goods stay under
    score, -- score; how far trade through the hub outgrew that of civilian goods, in spreads
    reasons, -- text; in words
    status,
    flags
from mart.screening
left join name using (product)
where destination = 'RUS' and hub = of_hub and year = of_year
order by position nulls last, product
