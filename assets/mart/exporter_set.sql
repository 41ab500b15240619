-- Whose exports make up a set of exporters: everyone's, those of a group of countries, those of one hub.
-- The EU is in a set as a bloc too: where it prints a figure itself, that stands for its members.
-- key: exporter_group, exporter
-- method: 1.1, S4
select
    exporter_group, -- code; W00 = everyone, a group of reference.country_group, or one hub
    exporter,
    exporter = 'E27' as is_bloc -- true/false; the EU's own figure, in place of its members'
from (
    select 'W00' as exporter_group, code as exporter from reference.country where kind in ('country', 'bloc')
    union
    select country_group, coalesce(reported_by, member) from reference.country_group
    union
    select * from (values ('E27', 'E27'), ('COALITION', 'E27'))
    union
    select hub, hub from reference.hub
)
