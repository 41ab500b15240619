-- A list of products as one: what a hub imports and sends on of it, against its own past, and how much of the list can be compared.
-- Sums over the six-digit codes of mart.pass_through. Baseline, excess, ceiling and growth are of the codes that hold the
-- same goods before and after 2022; what the others amount to stands beside them. Ceiling = sum of the ceilings by code:
-- imports of one code are not sent on as another. Guards as there: growth where 2021 reached 100,000 USD, at the margin
-- where the imports added reach 500,000 USD.
-- key: hub, destination, year, product_list
-- method: S7-S9, 3
with
cell as (
    select hub, destination, year, product_list, listed.comparable as comparable, passed.*
        exclude (hub, destination, year, flags, driver, status, reason)
    from mart.pass_through as passed
    join mart.listed_code as listed using (classification, product)
),
summed as (
    select hub, destination, year, product_list, count(*) as codes,
        count(*) filter (comparable and excess_exports_usd is not null) as compared,
        sum(exports_low_usd) as x_low, sum(exports_usd) as x, sum(exports_high_usd) as x_high,
        sum(imports_low_usd) as m_low, sum(imports_usd) as m, sum(imports_high_usd) as m_high,
        sum(exports_usd) filter (not comparable or excess_exports_usd is null) as without_past,
        sum(exports_low_usd) filter (comparable and excess_exports_usd is not null) as same_low,
        sum(exports_usd) filter (comparable and excess_exports_usd is not null) as same,
        sum(exports_high_usd) filter (comparable and excess_exports_usd is not null) as same_high,
        sum(baseline_exports_usd) filter (comparable) as base,
        sum(excess_exports_low_usd) as over_low, sum(excess_exports_usd) as over, sum(excess_exports_high_usd) as over_high,
        sum(excess_imports_low_usd) as in_low, sum(excess_imports_usd) as in_over, sum(excess_imports_high_usd) as in_high,
        sum(ceiling_low_usd) as ceiling_low, sum(ceiling_usd) as ceiling, sum(ceiling_high_usd) as ceiling_high
    from cell group by hub, destination, year, product_list
),
known as (
    select summed.*, past.same as past, past.same_low as past_low, past.same_high as past_high,
        summed.year > {baseline_to} and past.same >= {growth_floor_usd} as growth_holds,
        summed.year > {baseline_to} and in_low >= {pass_through_floor_usd} as margin_holds
    from summed
    left join (
        select hub, destination, product_list, same, same_low, same_high from summed where year = {baseline_to}
    ) as past using (hub, destination, product_list)
)
select
    hub,
    destination,
    year,
    product_list, -- code; the list, or the list and a tier or a version of it
    codes, -- codes; six-digit codes with a row in mart.pass_through
    compared as codes_compared, -- codes; of these, such as hold the same goods before and after 2022 and have a past
    x_low as exports_low_usd, -- USD; exports_usd at the lowest releases
    x as exports_usd, -- USD; X(hub, destination), all codes
    x_high as exports_high_usd, -- USD; exports_usd at the highest releases
    m_low as imports_low_usd, -- USD; imports_usd at the lowest releases
    m as imports_usd, -- USD; the hub's imports from outside the union, all codes
    m_high as imports_high_usd, -- USD; imports_usd at the highest releases
    coalesce(without_past, 0) as exports_without_past_usd, -- USD; part of exports_usd that is in no comparison
    base as baseline_exports_usd, -- USD; sum of the median baselines
    over_low as excess_exports_low_usd, -- USD; excess_exports_usd at the low end
    over as excess_exports_usd, -- USD; exports of the comparable codes beyond their baselines
    over_high as excess_exports_high_usd, -- USD; excess_exports_usd at the high end
    ceiling_low as ceiling_low_usd, -- USD; ceiling_usd at the low end
    ceiling as ceiling_usd, -- USD; the most that added imports passed on can amount to, code by code
    ceiling_high as ceiling_high_usd, -- USD; ceiling_usd at the high end
    case when growth_holds then same_low / nullif(past_high, 0) end as growth_low, -- ratio; growth at the low end
    case when growth_holds then same / past end as growth, -- ratio; exports of the comparable codes over those of 2021
    case when growth_holds then same_high / nullif(past_low, 0) end as growth_high, -- ratio; growth at the high end
    case when margin_holds then least(over_low / in_low, over_low / in_high) end
        as marginal_pass_through_low, -- ratio; marginal_pass_through at the low end
    case when margin_holds then over / in_over end as marginal_pass_through, -- ratio; added exports over added imports
    case when margin_holds then greatest(over_high / in_low, over_high / in_high) end
        as marginal_pass_through_high, -- ratio; marginal_pass_through at the high end
    case
        when x is null and m is null then null
        when over is null and (x_low < x_high or m_low < m_high) then 'release_choice'
        when over is null then 'none'
        when over_low = over_high and in_low = in_high and x_low = x_high then 'none'
        when x_high - x_low > over_high - over_low - (x_high - x_low) then 'release_choice'
        else 'baseline_choice'
    end as driver,
    case when x is null and m is null then 'not_reported' else 'value' end as status,
    nullif(concat_ws('; ',
        case when compared = 0 then 'no baseline: no code of the list has a comparable past' end,
        case when compared < codes and compared > 0 then codes - compared || ' of ' || codes || ' codes are in no comparison' end,
        case when year > {baseline_to} and not coalesce(growth_holds, false)
            then 'growth from near zero, or 2021 not printed' end,
        case when year > {baseline_to} and not coalesce(margin_holds, false)
            then 'no pass-through at the margin: imports did not grow beyond the guard' end
    ), '') as reason, -- text; why a figure is NULL, or what it leaves out
    case when compared < codes then ['NOMEN_BREAK'] else cast([] as varchar[]) end as flags
from known
