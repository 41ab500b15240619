-- Who reported and who did not: a reporter's year, with what its silence means.
-- example: from reported where year = 2022 and reporter in ('KAZ', 'RUS')
-- method: 1.1
with
asked as ( -- those that fell silent too
    select reporter, year, flow from transformed.dataset
    union
    select reporter, year, flow
    from reference.reporter_silence
    cross join (select distinct year, flow from transformed.dataset)
    where year between from_year and coalesce(to_year, year)
)
select
    asked.reporter as reporter,
    name as reporter_name, -- text; short English name
    asked.year as year,
    asked.flow as flow,
    coalesce(figures, 0) as figures, -- rows; figures chosen for analysis
    vintage, -- code; revision the products were reported in, NULL = totals only
    case
        when silence.reporter is not null then 'not by partner: ' || silence.reason
        when is_incomplete then 'incomplete: falls short of an independent total, enters no statistic'
        when absence_is_zero then 'whole: an absent row is a zero'
        else 'printed figures only: an absent row is unknown'
    end as what_absence_means -- text; how to read a row that is not there
from asked
left join transformed.dataset as dataset using (reporter, year, flow)
left join reference.country on code = asked.reporter
left join reference.reporter_silence as silence
    on silence.reporter = asked.reporter and asked.year between from_year and coalesce(to_year, asked.year)
