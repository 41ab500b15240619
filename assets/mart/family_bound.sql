-- What a code of HS2022 without a past of its own can have amounted to before it: at most all of its HS2017 codes.
-- An upper bound and never an estimate: for drones it holds cameras and aeroplanes too, and cannot separate them. Refused where
-- a code shares goods with codes that the correlation table here does not name, since then no sum is a bound.
-- key: hub, destination, year, product
-- method: 1.5
with
wanted as ( -- HS2022 codes of interest without one HS2017 code of the same goods
    select hs2022 as product, hs2017, coalesce(further_links, 0) > 0 or hs2017 is null as is_refused, note
    from reference.hs_correlation
    join mart.product_family on classification = 'H6' and product = hs2022
    where not comparable and length(hs2022) = 6
),
hub_year as (
    select hub, destination, dataset.year as year, max(vintage) as vintage,
        bool_or(absence_is_zero) filter (flow = 'X') as exports_whole, bool_or(absence_is_zero) filter (flow = 'M') as imports_whole
    from reference.hub join transformed.dataset on reporter = hub
    where vintage = 'H5'
    group by hub, destination, dataset.year
),
asked as (
    select hub, destination, hub_year.year as year, exports_whole, imports_whole, wanted.product as product, hs2017,
        is_refused, note
    from hub_year cross join wanted
),
summed as (
    select asked.hub as hub, asked.destination as destination, asked.year as year, asked.product as product,
        string_agg(hs2017, ' ' order by hs2017) as codes, bool_or(is_refused) as is_refused, any_value(note) as note,
        case when bool_or(exports_whole) or count(exports_usd) = count(hs2017) then coalesce(sum(exports_usd), 0) end as x,
        case when bool_or(imports_whole) or count(imports_usd) = count(hs2017) then coalesce(sum(imports_usd), 0) end as m
    from asked
    left join mart.pass_through as passed
        on passed.hub = asked.hub and passed.destination = asked.destination and passed.year = asked.year
        and passed.product = hs2017 and passed.classification = 'H5'
    group by asked.hub, asked.destination, asked.year, asked.product
)
select
    hub,
    destination,
    year,
    product, -- HS code; of HS2022
    codes as hs2017_codes, -- HS codes; of HS2017 that hold its goods, parted by blanks
    case when not is_refused then x end as exports_at_most_usd, -- USD; X(hub, destination) of these codes: upper bound
    case when not is_refused then m end as imports_at_most_usd, -- USD; the hub's imports of them from outside the union: upper bound
    case when is_refused then 'no_code' when x is null and m is null then 'not_reported' else 'value' end as status,
    case when is_refused then note else 'upper bound: these codes hold other goods too (' || note || ')' end
        as reason, -- text; what the bound holds, or why there is none
    ['NOMEN_BREAK'] as flags
from summed
