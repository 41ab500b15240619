-- A publisher's row of a union holds the same members in every year and edition: where it does not, the rows are no series.
-- severity: WARN
select source, reporter, partner, flow, product, holds, min(year) as from_year, max(year) as to_year,
    list(distinct release order by release) as releases
from validated.printed_union
where holds <> 'not explained' and is_told
group by source, reporter, partner, flow, product, holds
qualify count(*) over (partition by source, reporter, partner, flow, product) > 1
order by all
