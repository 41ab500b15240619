-- Reconciled values (BACI) of every pair that touches a hub or a destination, at each level of the Harmonized System: a third opinion beside both reports, one side of no mirror.
-- Sums leave out what BACI leaves out: flows under 1,000 USD, and goods or partners not specified. Where several revisions hold a year, its total is that of the newest.
-- key: year, exporter, importer, classification, product
-- method: 4.2
-- partition: year
with
corridor as (
    select hub as code from reference.hub union select destination from reference.hub
),
reconciled as (
    select year, reporter as exporter, partner as importer, classification, product, release,
        value_usd, net_weight_kg, flags
    from validated.trade_flow
    where source in (select source from reference.source where is_reconciled)
        and (reporter in (select code from corridor) or partner in (select code from corridor))
),
member as (
    select member from reference.country_group where country_group = 'E27'
),
sided as ( -- the EU-27 as one side too, since some of its partners are compared with it as one
    select * from reconciled
    union all
    select * replace ('E27' as exporter) from reconciled semi join member on member = exporter
    union all
    select * replace ('E27' as importer) from reconciled semi join member on member = importer
),
newest as (
    select year, max(classification) as revision from reconciled group by year
),
levelled as (
    select sided.* replace (
        case level when 0 then 'NA' else classification end as classification,
        case level when 0 then 'TOTAL' else left(product, level) end as product
    )
    from sided join newest using (year) cross join (select unnest([0, 2, 4, 6]) as level)
    where level > 0 or classification = revision
),
summed as (
    select year, exporter, importer, classification, product, release,
        sum(value_usd) as value_usd,
        case when count(net_weight_kg) = count(*) then cast(sum(net_weight_kg) as decimal(18, 3)) end as net_weight_kg,
        bool_or(list_contains(flags, 'PROVISIONAL')) as is_provisional
    from levelled
    group by year, exporter, importer, classification, product, release
),
beside as (
    select summed.*,
        sent.reporter is not null as is_sent,
        received.reporter is not null as is_received,
        exists (
            select 1 from reference.reporter_silence as silence
            where silence.reporter in (exporter, importer)
                and summed.year between from_year and coalesce(to_year, summed.year)
        ) as is_silent
    from summed
    left join transformed.trade_flow as sent
        on sent.flow = 'X' and sent.reporter = exporter and sent.partner = importer
        and sent.year = summed.year and sent.classification = summed.classification
        and sent.product = summed.product
    left join transformed.trade_flow as received
        on received.flow = 'M' and received.reporter = importer and received.partner = exporter
        and received.year = summed.year and received.classification = summed.classification
        and received.product = summed.product
)
select
    year,
    exporter,
    importer,
    classification,
    product,
    release,
    value_usd,
    net_weight_kg, -- kg; net weight, NULL where that of any code below is not known
    case when is_provisional then 'provisional' else 'value' end as status,
    case
        when is_sent and is_received then 'both'
        when is_sent then 'exporter'
        when is_received then 'importer'
        else 'none'
    end as reported_by, -- code; whose own report of the figure this profile holds: both, exporter, importer or none
    case
        when not is_sent and not is_received
            then 'no mirror: this profile holds neither side''s own report, and a reconciled value is none'
        when not is_sent then 'no mirror: this profile holds no report of the exporter'
        when not is_received then 'no mirror: this profile holds no report of the importer'
    end as reason, -- text; why no mirror statistic stands beside it, NULL where both sides report
    list_filter([
        case when is_silent then 'MIRROR_ONLY' end,
        case when is_provisional then 'PROVISIONAL' end
    ], lambda code: code is not null) as flags
from beside
