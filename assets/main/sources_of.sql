-- Every published figure behind the statistics of a year and product, with the archived file and the row it stands in.
-- Of the year: what is used, what widens the range, what is kept out, what was refused. Of the base years 2017-2021 too: baselines and growth rest on them, and on the codes of the same product family.
-- The product may be a code, TOTAL, the name of a list such as CHPL, or a beginning such as 85*; the year NULL means every year.
-- parameters: of_year, of_product := 'TOTAL'
-- example: from sources_of(2022, '8542')
-- method: S1-S16
with
asked as (
    select product from (
        select distinct product from raw.trade_flow where product is not null
        union select product from mart.product_family
        union select product from mart.product_group
    )
    where product like replace(cast(of_product as varchar), '*', '%')
    union
    select product from mart.product_group where product_group = cast(of_product as varchar)
),
related as ( -- the codes that hold the same goods in another revision
    select product from asked
    union
    select other.product
    from asked
    join mart.product_family as own using (product)
    join mart.product_family as other on other.family = own.family
),
moment as (
    select distinct year from raw.trade_flow
    where of_year is null or year = of_year or year between {baseline_from} and {baseline_to}
),
validated as (
    select * from validated.trade_flow
    where product in (select product from related) and year in (select year from moment)
),
refused as (
    select * exclude (stage, breakdown, original) from quarantine.trade_flow
    where product in (select product from related) and year in (select year from moment)
),
used as (
    select file_sha256, file_row, source, release, year, reporter, partner, flow, classification, product,
        value_usd as used_usd, status, flags as used_flags
    from transformed.trade_flow
    where product in (select product from related) and year in (select year from moment)
),
figure as (
    select validated.*, used_usd, status, used_flags
    from validated
    left join used
        using (file_sha256, file_row, source, release, year, reporter, partner, flow, classification, product)
    union all by name
    from refused
),
file as ( -- the same bytes may have come from several addresses
    select sha256, min(url) as url from raw.source_file group by sha256
)
select
    case
        when reasons is not null then 'refused'
        when status is null then 'range'
        when status = 'incomplete' then 'kept out'
        else 'used'
    end as role, -- code; used, range = another source or release that widens the range, kept out = of an incomplete dataset, refused
    case when figure.year = of_year or of_year is null then 'year' else 'base' end
        as period, -- code; year = the year asked for, base = a base year
    figure.year as year,
    figure.flow as flow,
    figure.reporter as reporter,
    figure.partner as partner,
    figure.classification as classification,
    figure.product as product,
    figure.value_usd as printed_usd, -- USD; the value as published, in dollars
    used_usd, -- USD; the value that enters the statistics, after corrections
    figure.exchange_rate as exchange_rate,
    figure.source as source,
    figure.release as release,
    reasons,
    coalesce(used_flags, figure.flags) as flags,
    figure.file_sha256 as file_sha256,
    figure.file_row as file_row,
    'archive/' || left(figure.file_sha256, 2) || '/' || figure.file_sha256
        as archived_at, -- path; the file as received, in the folder of the published file
    url, -- text; address the file came from, or path in the project
    citation
from figure
left join file on file.sha256 = figure.file_sha256
left join reference.source as publisher on publisher.source = figure.source
order by period = 'base', role <> 'used', role, figure.product, figure.flow, figure.reporter, figure.partner,
    figure.year, figure.file_sha256, figure.file_row
