-- Whose goods a hub can have sent on, if they went on in the proportions it imports them in: an ASSUMPTION, no finding.
-- Part of group g = re-export ceiling * I(g) / sum of I over all groups but the customs union, with the ceiling of
-- mart.pass_through and I of mart.import_origin. The origin of a re-exported unit is known to nobody here.
-- Low and high: those of the ceiling, and of the share, by counting what no partner is named for to others or to g.
-- key: hub, destination, year, product, origin_group
-- method: S9
with
outside as (
    select hub, year, classification, product, origin_group, value_usd,
        sum(value_usd) over cell as named_usd,
        max(value_high_usd - value_usd) over cell as unnamed_usd
    from mart.import_origin
    where origin_group not in ('EAEU', 'RESIDUAL', 'AREAS_NES')
    window cell as (partition by hub, year, classification, product)
),
shared as (
    select *, value_usd / nullif(named_usd, 0) as share,
        value_usd / nullif(named_usd + unnamed_usd, 0) as share_low,
        (value_usd + unnamed_usd) / nullif(named_usd + unnamed_usd, 0) as share_high
    from outside
)
select
    hub,
    destination,
    passed.year as year,
    passed.product as product,
    classification,
    origin_group, -- code; group of origin outside the customs union
    least(share_low, share) as share_low, -- share; share at the low end: what no partner is named for is of others
    share, -- share; of the hub's imports from named partners outside the customs union
    greatest(share_high, share) as share_high, -- share; share at the high end: it is all of this group
    cast(ceiling_low_usd * least(share_low, share) as decimal(18, 2)) as attributed_low_usd, -- USD; attributed_usd at the low end
    cast(ceiling_usd * share as decimal(18, 2)) as attributed_usd, -- USD; part of the re-export ceiling, by assumption
    cast(ceiling_high_usd * greatest(share_high, share) as decimal(18, 2)) as attributed_high_usd, -- USD; at the high end
    case
        when ceiling_usd is null or share is null then null
        when unnamed_usd = 0 and ceiling_low_usd = ceiling_high_usd then 'none'
        when (share_high - share_low) * ceiling_usd >= (ceiling_high_usd - ceiling_low_usd) * share then 'residual'
        else passed.driver
    end as driver,
    case when ceiling_usd is null or share is null then 'not_measurable' else 'value' end as status,
    case
        when ceiling_usd is null then coalesce(passed.reason, 'no ceiling: exports or imports are not known')
        when share is null then 'no imports from outside the customs union'
        else 'assumption: goods go on in the proportions they are imported in'
    end as reason, -- text; why a figure is NULL, or that it rests on an assumption
    passed.flags as flags
from mart.pass_through as passed join shared using (hub, year, classification, product)
where passed.year > {baseline_to}
