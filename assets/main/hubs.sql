-- The hubs beside each other in one year: what each sends on to Russia, what it takes in, and how far both outgrew the past.
-- parameters: of_year, of_product := 'TOTAL'
-- example: from hubs(2022)
-- method: S7-S9
select
    hub,
    country.name as hub_name, -- text; short English name
    year,
    product,
    exports_usd, -- USD; X(hub, destination) as the hub reports it
    imports_usd, -- USD; the hub's imports from outside the customs union
    excess_exports_low_usd, -- USD; against the higher of median and mean 2019-2021
    excess_exports_usd, -- USD; exports beyond the median baseline
    excess_exports_high_usd, -- USD; against the lower of median and mean 2019-2021
    ceiling_low_usd, -- USD; ceiling_usd at the low end
    ceiling_usd, -- USD; the most that added imports passed on can amount to
    ceiling_high_usd, -- USD; ceiling_usd at the high end
    pass_through,
    status,
    reason, -- text; why a figure is NULL
    flags
from mart.pass_through
join reference.country on code = hub
where destination = 'RUS' and year = of_year and product = cast(of_product as varchar)
order by exports_usd desc nulls last, hub
