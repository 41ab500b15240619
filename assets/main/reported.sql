-- Who reported and who did not: a reporter's year, with what its silence means.
-- example: from reported where year = 2022 and reporter in ('KAZ', 'RUS')
-- method: 1.1
select
    dataset.reporter as reporter,
    name as reporter_name, -- text; short English name
    year,
    flow,
    figures, -- rows; figures chosen for analysis
    vintage, -- code; revision the products were reported in, NULL = totals only
    case
        when silence.reporter is not null then 'not by partner: ' || silence.reason
        when is_incomplete then 'incomplete: falls short of an independent total, enters no statistic'
        when absence_is_zero then 'whole: an absent row is a zero'
        else 'printed figures only: an absent row is unknown'
    end as what_absence_means -- text; how to read a row that is not there
from transformed.dataset
left join reference.country on code = dataset.reporter
left join reference.reporter_silence as silence
    on silence.reporter = dataset.reporter and year between from_year and coalesce(to_year, year)
