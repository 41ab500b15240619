-- Which published figure enters the mirror statistic, and in which part, on one stage's data.
-- key: hub, destination, part, flow, reporter, partner, year, product, classification
-- method: S1-S4
-- partition: year
with
figure as ( -- rows of one source and release that give the same figure add up: only in raw are there several
    select reporter, partner, flow, year, product, classification, source, release,
        sum(value_usd) as value_usd, max(flags) as flags
    from {stage}.trade_flow
    semi join reference.mirror_part using (flow, reporter, partner)
    where value_usd is not null and not list_contains(flags, 'INCOMPLETE')
        and source not in (select source from reference.source where is_reconciled)
    group by reporter, partner, flow, year, product, classification, source, release
),
chosen as ( -- of several sources the preferred one, of its releases the newest; nothing is averaged
    select reporter, partner, flow, year, product, classification,
        arg_max(value_usd, (-preference, release)) as value_usd,
        arg_max(source, (-preference, release)) as source,
        arg_max(release, (-preference, release)) as release,
        list_concat(
            arg_max(flags, (-preference, release)),
            case when max(value_usd) > (1 + {late_revision_share}) * min(value_usd)
                then ['LATE_REVISION'] else [] end
        ) as flags
    from figure
    join reference.source using (source)
    left join reference.reporter_silence as silence
        using (reporter)
    where silence.reporter is null or partner = 'W00' or year < from_year or year > coalesce(to_year, year)
    group by reporter, partner, flow, year, product, classification
)
select
    hub,
    destination,
    part,
    flow,
    reporter,
    partner,
    year,
    product,
    classification,
    source,
    release,
    value_usd,
    in_union,
    bloc is null or is_bloc or not bool_or(is_bloc) over (
        partition by hub, destination, part, year, product, classification
    ) as is_counted, -- true/false; false for a member where its bloc's own figure stands in for it
    flags
from chosen join reference.mirror_part using (flow, reporter, partner)
