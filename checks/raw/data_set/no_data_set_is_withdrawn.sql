-- No data set that UN Comtrade listed is listed no more: the last release of one that is gone is used still, with the flag WITHDRAWN.
-- severity: WARN
select source, reporter, reporter_number, year, classification, release, records, released
from raw.data_set
where is_withdrawn
