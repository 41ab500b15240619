-- Who of a set of exporters says nothing of a year: no whole dataset of exports, and no figure of what the destination gets.
-- A bloc that reports does so for its members too.
-- key: destination, exporter_group, exporter, year
-- method: S4
with
destination as (
    select distinct destination from reference.hub
),
flow as (
    select importer as destination, exporter, year, exports_usd, imports_cif_usd
    from mart.reconciled_flow semi join destination on destination.destination = importer
),
reporting as (
    select reporter as exporter, year from transformed.dataset where flow = 'X' and absence_is_zero
    union
    select exporter, year from flow where exports_usd is not null
    union
    select member, year from flow join reference.country_group on country_group = 'E27'
    where exporter = 'E27' and exports_usd is not null
),
known_past as ( -- of whom the destination printed imports, or would have
    select destination, exporter from flow
    where imports_cif_usd is not null and year between {baseline_mean_from} and {baseline_to}
    union
    select destination, code from destination cross join reference.country
    semi join transformed.dataset as own on own.reporter = destination and flow = 'M' and absence_is_zero
        and own.year between {baseline_mean_from} and {baseline_to}
)
select
    destination.destination as destination,
    exporter_group, -- code; see mart.exporter_set
    exporter,
    years.year as year,
    is_bloc, -- true/false; the EU's own figure, in place of its members'
    known_past.exporter is not null as is_past_known -- true/false; the destination's reports tell what it sent in 2019-2021
from destination
cross join mart.exporter_set
cross join (select distinct year from transformed.dataset) as years
anti join reporting on reporting.exporter = exporter_set.exporter and reporting.year = years.year
left join known_past using (destination, exporter)
where exporter <> destination.destination
