-- What the register of corrections did to this data: each correction with the figure it met, before and after.
-- key: correction
with
met as (
    select correction, count(*) as rows, max(raw.value_usd) as published_usd, max(file_sha256) as file_sha256,
        max(file_row) as file_row
    from reference.correction
    join raw.trade_flow as raw using (source, release, reporter, partner, flow, year, classification, product)
    where breakdown is null
    group by correction
),
used as (
    select correction, max(figure.value_usd) as used_usd, bool_or(list_contains(figure.flags, 'CORRECTED')) as marked
    from reference.correction
    join transformed.trade_flow as figure
        using (source, release, reporter, partner, flow, year, classification, product)
    group by correction
)
select
    correction, -- number; number of the correction in reference.correction
    action, -- code; drop, override, scale or flag
    reason, -- text; why
    basis, -- text; where this is read
    decided_on, -- date; when it was decided
    case
        when met.rows is null then 'no such figure in this data'
        when published_usd is distinct from printed_usd then 'the publisher has changed the figure'
        else 'applied'
    end as state, -- text; what became of it
    printed_usd, -- USD; the value the correction expects
    published_usd, -- USD; the value in this data
    used_usd, -- USD; the value used for analysis, NULL where the row was dropped
    met.file_sha256 as file_sha256,
    met.file_row as file_row
from reference.correction
left join met using (correction)
left join used using (correction)
