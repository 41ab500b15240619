-- Who reported 2022, and how to read a row that is not there.
select reporter_name, flow, figures, what_absence_means
from reported
where year = 2022
order by reporter_name, flow
