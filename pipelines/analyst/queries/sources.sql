-- Where the figures on microchips in 2022 stand: file, row, publisher. period 'base' is what growth is counted from.
-- The file itself is warehouse/<archived_at>.
select
    role,
    period,
    year,
    reporter || case flow when 'X' then ' exports to ' else ' imports from ' end || partner as what,
    printed_usd,
    source,
    release,
    url,
    file_row
from sources_of(2022, '8542')
