-- Figures that several sources or releases give: the one that is used, each other, and how far apart they are.
-- key: reporter, partner, flow, year, classification, product, other_source, other_release
-- method: 1.4
-- partition: year
with
several as (
    select reporter, year from validated.trade_flow
    where source not in (select source from reference.source where is_reconciled)
    group by reporter, year having count(distinct (source, release)) > 1
)
select
    chosen.reporter as reporter,
    chosen.partner as partner,
    chosen.flow as flow,
    chosen.year as year,
    chosen.classification as classification,
    chosen.product as product,
    chosen.source as source,
    chosen.release as release,
    published.value_usd as value_usd,
    other.source as other_source, -- code; publisher of the figure that is not used
    other.release as other_release, -- text; its version
    other.value_usd as other_value_usd, -- USD; its value
    published.value_usd / nullif(other.value_usd, 0) - 1 as change, -- share; the figure used over the other, less one
    case
        when abs(published.value_usd - other.value_usd)
            > {late_revision_share} * least(published.value_usd, other.value_usd) then ['LATE_REVISION']
        else []
    end as flags
from transformed.trade_flow as chosen
semi join several using (reporter, year)
join validated.trade_flow as published
    using (source, release, reporter, partner, flow, year, classification, product)
join validated.trade_flow as other
    on other.reporter = chosen.reporter and other.partner = chosen.partner and other.flow = chosen.flow
    and other.year = chosen.year and other.classification = chosen.classification
    and other.product = chosen.product
    and other.source not in (select source from reference.source where is_reconciled)
    and (other.source <> chosen.source or other.release <> chosen.release)
