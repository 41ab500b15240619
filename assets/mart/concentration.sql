-- How concentrated an importer's origins and a destination's suppliers are: HHI = sum of squared shares, and the shares
-- of the first and the first three. By the importer's own report (origin); a destination's by its partners' exports too
-- (mirror).
-- Range: what no partner is named for (world minus partners, or the part of the mirror that reporters do not cover)
-- spread thin gives the low end, all of it with the first partner the high end; a printed EU row is one supplier, and
-- at the low end 27 equal ones. Change is against the median of 2017-2021. A small market is concentrated by chance.
-- key: importer, basis, year, product
-- method: S12
with
importer as (
    select distinct hub as importer from reference.hub
    union
    select destination from reference.hub
),
figure as (
    select reporter as importer, partner as source_of, 'origin' as basis, year, classification, product, value_usd, kind
    from transformed.trade_flow
    semi join importer on importer.importer = reporter
    join reference.country on code = partner
    where flow = 'M' and status <> 'incomplete' and kind in ('country', 'bloc', 'world')
    union all
    select partner, reporter, 'mirror', year, classification, product, value_usd, 'country'
    from transformed.trade_flow
    semi join reference.hub on destination = partner
    where flow = 'X' and status <> 'incomplete'
),
supplier as ( -- a bloc's own figure stands in for its members'
    select figure.*, european.member is not null as is_member,
        bool_or(source_of = 'E27') over (partition by importer, basis, year, product) as has_bloc
    from figure
    left join reference.country_group as european
        on european.country_group = 'E27' and european.member = source_of
),
counted as (
    select *, row_number() over (
        partition by importer, basis, year, product order by value_usd desc, source_of
    ) as place
    from supplier
    where kind <> 'world' and value_usd > 0 and not (is_member and has_bloc)
),
whole as (
    select importer, year, product, max(value_usd) as world_usd
    from figure where kind = 'world' group by importer, year, product
),
summed as (
    select importer, basis, counted.year as year, counted.product as product,
        max(counted.classification) as classification,
        count(*) as suppliers, sum(counted.value_usd) as partners_usd,
        sum(counted.value_usd) filter (place = 1) as first_usd,
        sum(counted.value_usd) filter (place <= 3) as first_three_usd,
        bool_or(source_of = 'E27') as has_bloc,
        any_value(coverage) as coverage
    from counted
    left join (
        select destination as importer, year, product, max(destination_partners_coverage) as coverage
        from transformed.mirror_statistics group by destination, year, product
    ) as covered using (importer, year, product)
    group by importer, basis, counted.year, counted.product
),
market as ( -- all that was imported: as printed, or the partners' exports over their coverage
    select summed.*,
        case basis
            when 'origin' then greatest(coalesce(world_usd, partners_usd), partners_usd)
            else case when coverage > 0 then partners_usd / least(coverage, 1) end
        end as market_usd,
        basis = 'origin' and world_usd is null as world_summed
    from summed left join whole using (importer, year, product)
),
squared as ( -- shares as decimals, so that their sum has one value
    select importer, basis, year, product, sum(square) as hhi,
        coalesce(sum(square) filter (source_of = 'E27'), 0) as square_of_bloc
    from (
        select importer, basis, year, product, source_of,
            cast(value_usd / partners_usd as decimal(15, 12)) * cast(value_usd / partners_usd as decimal(15, 12))
                as square
        from counted join market using (importer, basis, year, product)
    )
    group by importer, basis, year, product
),
measured as (
    select market.*, cast(hhi as double) as hhi,
        (cast(hhi as double) - 26 / 27.0 * cast(square_of_bloc as double)) * pow(partners_usd / market_usd, 2)
            as hhi_low,
        least(1, (cast(hhi as double) * pow(partners_usd, 2) - pow(first_usd, 2) -- 1 and a rounding is 1
            + pow(first_usd + market_usd - partners_usd, 2)) / pow(market_usd, 2)) as hhi_high,
        first_usd / partners_usd as top,
        case when has_bloc then 0 else first_usd / market_usd end as top_low,
        (first_usd + market_usd - partners_usd) / market_usd as top_high,
        first_three_usd / partners_usd as three,
        case when has_bloc then 0 else first_three_usd / market_usd end as three_low,
        (first_three_usd + market_usd - partners_usd) / market_usd as three_high,
        case when comparable then family else product end as series, coalesce(comparable, false) as comparable
    from market
    join squared using (importer, basis, year, product)
    left join mart.product_family using (classification, product)
),
before as (
    select importer, basis, series, median(hhi) as baseline_hhi, count(hhi) as baseline_years
    from measured
    where year between {baseline_from} and {baseline_to} and comparable and market_usd is not null
    group by importer, basis, series
),
known as (
    select measured.*, baseline_hhi, coalesce(baseline_years, 0) as baseline_years, market_usd is not null as holds
    from measured left join before using (importer, basis, series)
)
select
    importer,
    basis, -- code; origin = its own imports by partner, CIF; mirror = its partners' exports to it, FOB
    year,
    product,
    classification,
    suppliers, -- partners; how many stand behind it
    partners_usd, -- USD; sum over them
    cast(market_usd as decimal(18, 2)) as market_usd, -- USD; all imports: printed, or the partners' sum over its coverage
    case when holds then least(hhi_low, hhi) end as hhi_low, -- 0 to 1; the rest spread thin, a bloc as 27 equal suppliers
    case when holds then hhi end as hhi, -- 0 to 1; sum of squared shares among the partners named
    case when holds then greatest(hhi_high, hhi) end as hhi_high, -- 0 to 1; the rest all with the first supplier
    case when holds then least(top_low, top) end as top_share_low, -- share; top_share with the rest spread thin
    case when holds then top end as top_share, -- share; of the first supplier
    case when holds then greatest(top_high, top) end as top_share_high, -- share; top_share with the rest all its own
    case when holds then least(three_low, three) end as top_three_share_low, -- share; with the rest spread thin
    case when holds then three end as top_three_share, -- share; of the first three suppliers
    case when holds then greatest(three_high, three) end as top_three_share_high, -- share; with the rest all theirs
    baseline_hhi, -- 0 to 1; median hhi of the base years 2017-2021 there are
    baseline_years, -- years; how many base years the baseline rests on
    case when holds then least(hhi_low, hhi) - baseline_hhi end as hhi_change_low, -- -1 to 1; hhi_low minus the baseline
    case when holds then hhi - baseline_hhi end as hhi_change, -- -1 to 1; hhi minus the baseline
    case when holds then greatest(hhi_high, hhi) - baseline_hhi end as hhi_change_high, -- -1 to 1; hhi_high minus the baseline
    case
        when not holds then null
        when has_bloc then 'bloc_as_one'
        when market_usd > partners_usd and basis = 'mirror' then 'coverage'
        when market_usd > partners_usd then 'residual'
        else 'none'
    end as driver,
    case when holds then 'value' else 'not_reported' end as status,
    case
        when not holds then 'how much of the imports the reporting partners stand for is not known'
        when not comparable then 'no baseline: the code is not known to hold the same goods before and after 2022'
        when baseline_hhi is null then 'no baseline: no base year was printed'
    end as reason, -- text; why a figure is NULL
    list_filter([
        case when has_bloc then 'BLOC_AS_ONE' end,
        case when basis = 'mirror' and coalesce(coverage, 0) < {coverage_floor} then 'LOW_COVERAGE' end,
        case when not comparable then 'NOMEN_BREAK' end,
        case when basis = 'origin' and market_usd - partners_usd > {residual_share} * market_usd then 'RESIDUAL' end,
        case when world_summed then 'WORLD_SUMMED' end
    ], lambda code: code is not null) as flags
from known
