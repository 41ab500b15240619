-- How much of what the destination used to import from a set of exporters came from those who report in a year.
-- Coverage = mean imports of 2019-2021 from exporters that report, over those from all of them, as the destination printed
-- them: over its printed world total where that is more. Only codes that hold the same goods in all years.
-- key: destination, exporter_group, product_group, product, year
-- method: S4
with
destination as (
    select distinct destination from reference.hub
),
printed as (
    select importer as destination, exporter, year, product, imports_cif_usd as usd from mart.reconciled_flow
    semi join destination on destination.destination = importer
    where imports_cif_usd is not null
),
world as ( -- the destination's own total over all partners
    select reporter as destination, year, product, value_usd as usd
    from transformed.trade_flow semi join destination on destination.destination = reporter
    where flow = 'M' and partner = 'W00' and status <> 'incomplete'
),
own_years as ( -- years of 2019-2021 for which the destination printed imports
    select destination, count(distinct year) as years
    from (select destination, year from world union select destination, year from printed)
    where year between {baseline_mean_from} and {baseline_to} group by destination
),
counted as ( -- where the bloc's figure is printed, its members' are in it
    select * from printed anti join (
        select destination, year, product, member as exporter
        from printed join (select distinct member from reference.country_group where country_group = 'E27') on exporter = 'E27'
    ) as inside using (destination, year, product, exporter)
),
before as (
    select destination, exporter, product_group, named.product as product,
        cast(sum(usd) as double) / any_value(years) as usd
    from counted join own_years using (destination)
    join mart.product_series as named on of_product = counted.product and named.year = counted.year
    where comparable and counted.year between {baseline_mean_from} and {baseline_to}
    group by destination, exporter, product_group, named.product
),
world_before as (
    select destination, product_group, named.product as product, cast(sum(usd) as double) / any_value(years) as usd
    from world join own_years using (destination)
    join mart.product_series as named on of_product = world.product and named.year = world.year
    where comparable and world.year between {baseline_mean_from} and {baseline_to}
    group by destination, product_group, named.product
),
covered as (
    select before.destination as destination, exporter_group, product_group, before.product as product, years.year as year,
        sum(cast(usd as decimal(18, 2))) as usd,
        sum(cast(case when silent.exporter is null then usd else 0 end as decimal(18, 2))) as covered_usd
    from before
    join mart.exporter_set using (exporter)
    cross join (select distinct year from transformed.dataset) as years
    left join mart.silent_exporter as silent using (destination, exporter_group, exporter, year)
    group by before.destination, exporter_group, product_group, before.product, years.year
)
select
    destination,
    exporter_group, -- code; see mart.exporter_set
    product_group, -- code; name of a list, or of a tier of it; * = any
    product, -- HS code; the product by its HS2022 code, TOTAL; * = the whole list
    year,
    cast(greatest(covered.usd, case when exporter_group = 'W00' then world_before.usd end) as decimal(18, 2))
        as past_usd, -- USD; mean imports of 2019-2021 from the set, CIF; from everyone as printed, if that is more
    cast(covered_usd as decimal(18, 2)) as covered_usd, -- USD; of these, from exporters that report in the year
    exporter_group = 'W00' and world_before.usd is not null as has_world -- true/false; the printed world total is known
from covered left join world_before using (destination, product_group, product)
