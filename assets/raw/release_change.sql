-- What the newest release of a data set changed: each figure that an older release gave otherwise, or that only one of the two has; and each figure of a data set that is listed no more.
-- key: source, reporter, partner, flow, year, classification, product, former_release
-- method: 1.4
with
dataset as ( -- of a file somebody gave, nobody knows the release
    select source, reporter, year, max(release) as newest
    from raw.trade_flow semi join raw.data_set using (source, reporter, year, release)
    group by source, reporter, year
    having min(release) < max(release)
),
printed as ( -- of copies in one release the first, as validation keeps it
    select source, reporter, partner, flow, year, classification, product, release,
        arg_min(value_usd, (file_sha256, file_row)) as value_usd
    from raw.trade_flow
    semi join dataset using (source, reporter, year)
    semi join raw.data_set using (source, reporter, year, release)
    where breakdown is null and value_usd is not null
    group by source, reporter, partner, flow, year, classification, product, release
),
asked as ( -- of each release: absence of what was never asked for says nothing
    select source, reporter, year, release, flow, product, bool_or(partners is null) as of_all,
        flatten(list(partners) filter (partners is not null)) as of_these
    from raw.asked semi join dataset using (source, reporter, year), unnest(flows) as f(flow),
        unnest(products) as p(product)
    group by source, reporter, year, release, flow, product
),
current as (
    select printed.* exclude (release), newest
    from printed join dataset using (source, reporter, year) where release = newest
),
former as (
    select printed.* exclude (release), printed.release as former_release, newest
    from printed join dataset using (source, reporter, year)
    join asked using (source, reporter, year, flow, product)
    where printed.release < newest and asked.release = newest
        and (of_all or list_contains(of_these, partner))
),
expected as (
    select current.*, release as former_release
    from current join asked using (source, reporter, year, flow, product)
    where release < newest and (of_all or list_contains(of_these, partner))
),
unlisted as (
    select source, reporter, partner, flow, year, classification, product, release as former_release,
        arg_min(value_usd, (file_sha256, file_row)) as former_value_usd
    from raw.trade_flow
    semi join (from raw.data_set where is_withdrawn) using (source, reporter, year, release)
    where breakdown is null and value_usd is not null
    group by source, reporter, partner, flow, year, classification, product, release
),
differing as (
    select source, reporter, partner, flow, year, classification, product, former_release,
        newest as release, former.value_usd as former_value_usd, expected.value_usd as value_usd,
        case
            when former.value_usd is null then 'added'
            when expected.value_usd is null then 'withdrawn'
            else 'revised'
        end as change
    from former
    full join expected
        using (source, reporter, partner, flow, year, classification, product, former_release, newest)
    where former.value_usd is distinct from expected.value_usd
    union all by name
    select *, 'unlisted' as change from unlisted
)
select
    source,
    reporter,
    partner,
    flow,
    year,
    classification,
    product,
    former_release, -- text; the older release
    release, -- text; the newest release, NULL = none, the data set is listed no more
    former_value_usd, -- USD; the figure in the older release, NULL = not in it
    value_usd,
    value_usd - former_value_usd as change_usd, -- USD; newest less older, NULL = only one has it
    change -- code; added, withdrawn or revised, told only of figures that both releases were asked for; unlisted = its data set is listed no more, and the figure still used
from differing
