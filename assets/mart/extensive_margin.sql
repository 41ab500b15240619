-- How many products of a list an exporter sends to the destination at all: codes with at least 10,000 USD in the year.
-- Low and high count over the choice of release, and over codes the year's revision does not have: none or all of them.
-- The change since 2021 counts only codes that hold the same goods in both years. An absent row is a zero only in a
-- whole dataset of products; else nothing is counted.
-- key: exporter, destination, year, product_group, list_version, tier
-- method: S13
with
listed as ( -- a code that holds the same goods in both revisions is known by its family
    select distinct product_group, list_version, coalesce(tier, '-') as tier, listed.classification,
        case when comparable then family else product end as product, coalesce(comparable, false) as comparable
    from mart.product_group as listed
    left join mart.product_family using (classification, product)
    where length(product) = 6
),
tiered as (
    select product_group, list_version, tier, classification, product, comparable from listed where tier <> '-'
    union
    select product_group, list_version, 'all', classification, product, comparable from listed
),
exporter_year as (
    select reporter as exporter, year, vintage
    from transformed.dataset
    where flow = 'X' and absence_is_zero and vintage is not null
),
pair as (
    select exporter, destination, year, vintage
    from exporter_year cross join (select distinct destination from reference.hub)
    where exporter <> destination
),
sent as (
    select reporter as exporter, partner as destination, year,
        case when comparable then family.family else figure.product end as product,
        sum(value_fob_low_usd) as low_usd, sum(figure.value_usd) as value_usd, sum(value_fob_high_usd) as high_usd
    from transformed.trade_flow as figure
    semi join (select distinct destination from reference.hub) as bound on bound.destination = partner
    left join mart.product_family as family
        on family.classification = figure.classification and family.product = figure.product
    where flow = 'X' and status <> 'incomplete' and length(figure.product) = 6
    group by reporter, partner, year, case when comparable then family.family else figure.product end
),
code as ( -- a list of one revision reaches into another by its comparable codes alone
    select distinct pair.*, product_group, list_version, tier, tiered.product, comparable,
        comparable or max(case when tiered.classification = vintage then 1 else 0 end) over (
            partition by exporter, destination, pair.year, product_group, list_version, tier, tiered.product
        ) = 1 as has_code
    from pair cross join tiered
),
counted as (
    select code.exporter as exporter, code.destination as destination, code.year as year, vintage, product_group,
        list_version, tier, count(*) as codes,
        count(*) filter (not has_code) as without_code,
        count(*) filter (has_code and low_usd >= {extensive_floor_usd}) as low,
        count(*) filter (has_code and value_usd >= {extensive_floor_usd}) as central,
        count(*) filter (has_code and high_usd >= {extensive_floor_usd}) as high,
        count(*) filter (comparable) as comparable_codes,
        count(*) filter (comparable and low_usd >= {extensive_floor_usd}) as same_low,
        count(*) filter (comparable and value_usd >= {extensive_floor_usd}) as same,
        count(*) filter (comparable and high_usd >= {extensive_floor_usd}) as same_high
    from code
    left join sent
        on sent.exporter = code.exporter and sent.destination = code.destination and sent.year = code.year
        and sent.product = code.product
    group by code.exporter, code.destination, code.year, vintage, product_group, list_version, tier
),
known as (
    select counted.*, base.same_low as base_low, base.same as base, base.same_high as base_high
    from counted
    left join (select * from counted where year = {baseline_to}) as base
        using (exporter, destination, product_group, list_version, tier)
)
select
    exporter,
    destination,
    year,
    product_group,
    list_version,
    tier, -- code; tier of the list, all = the whole list
    vintage as classification,
    codes as codes_listed, -- codes; of six digits on the list
    without_code as codes_without, -- codes; of these, such as the year's revision does not have: unknown, not zero
    low as codes_flowing_low, -- codes; at the lowest release, none of the codes without
    central as codes_flowing, -- codes; with at least 10,000 USD, of those the revision has
    high + without_code as codes_flowing_high, -- codes; at the highest release, and every code without
    comparable_codes, -- codes; that hold the same goods before and after 2022
    same_low - base_high as codes_added_low, -- codes; codes_added at the low end
    same - base as codes_added, -- codes; of the comparable ones, flowing now minus flowing in 2021
    same_high - base_low as codes_added_high, -- codes; codes_added at the high end
    case
        when without_code > 0 and without_code >= high - low then 'code_bridge'
        when high > low then 'release_choice'
        else 'none'
    end as driver,
    case when without_code > 0 then 'no_code' else 'value' end as status,
    case
        when comparable_codes = 0 then 'no change: no code of the list holds the same goods before and after 2022'
        when base is null then 'no change: the exporter printed no products of 2021'
        when without_code > 0 then without_code || ' codes of the list are not in this revision: unknown, not zero'
    end as reason, -- text; why a figure is NULL, or what the range leaves open
    case when without_code > 0 then ['NOMEN_BREAK'] else [] end as flags
from known
