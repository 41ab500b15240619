-- By which route it reached the destination: direct; recorded by a hub on its way; shipped to a hub and never recorded there.
-- direct: senders' exports under the destination's name, less what hubs re-export. recorded: a hub's exports beyond
-- the usual (mart.hub_onward). unrecorded: what the coalition shipped to a hub and its imports do not show beyond the
-- usual (mart.hub_inflow), published where the signal is strong and civilian goods do not show the same. Every hub on
-- one definition, so that none is read alone. Nothing here shows that goods crossed a border.
-- key: destination, route, hub, exporter_group, product_group, product, from_year, year
-- method: S4, S9, S10, S16
with
own_goods as ( -- hubs whose exports are their own goods: a sender, no way round
    select member as hub from reference.country_group where country_group = 'CHINA'
),
sent as (
    select *, cast(received_usd - received_low_usd as double) as down,
        sqrt(greatest(0, pow(cast(received_high_usd - received_usd as double), 2) - pow(cast(unseen_most_usd as double), 2))) as up
    from mart.receipt
    where basis = 'mirror' and year > {baseline_to} and exporter_group in ('W00', 'E27', 'COALITION', 'CHINA')
),
passed_on as (
    select destination, product_group, product, year, sum(beyond_usd) as usd, count(*) - count(beyond_usd) as unknown,
        sum(cast(beyond_usd - beyond_low_usd as decimal(38, 2)) * (beyond_usd - beyond_low_usd)) as narrow,
        sum(cast(beyond_high_usd - beyond_usd as decimal(38, 2)) * (beyond_high_usd - beyond_usd)) as wide
    from mart.hub_onward anti join own_goods using (hub)
    group by destination, product_group, product, year
),
direct as (
    select destination, 'direct' as route, '*' as hub, exporter_group, product_group, product, year as from_year, year,
        cast(received_usd as double) - case when exporter_group = 'W00' then coalesce(cast(usd as double), 0) else 0 end as central,
        sqrt(down * down + case when exporter_group = 'W00' then coalesce(cast(wide as double), 0) else 0 end) as down,
        sqrt(up * up + case when exporter_group = 'W00' then coalesce(cast(narrow as double), 0) else 0 end) as up,
        case when driver = 'unseen_route' then 'past_gap' else driver end as driver,
        case
            when received_usd is null then reason
            when exporter_group = 'W00' and (unknown is null or unknown > 0)
                then 'what hubs passed on cannot be told from their own goods'
        end as reason,
        flags
    from sent left join passed_on using (destination, product_group, product, year)
),
recorded as (
    select destination, 'recorded' as route, hub, 'W00' as exporter_group, product_group, product, year as from_year, year,
        beyond_low_usd as low, beyond_usd as usd, beyond_high_usd as high, driver, reason, flags
    from mart.hub_onward
),
placebo as (
    select hub, exporter_group, from_year, year, signal as placebo_signal from mart.hub_inflow where product_group = 'civilian'
),
unrecorded as (
    select destination, 'unrecorded' as route, inflow.*, own_goods.hub is not null as is_sender,
        case
            when inflow.exporter_group <> 'COALITION'
                then 'of China''s shipments a large part was missing from hubs'' records before 2022 too: what is missing now cannot be told from it'
            when inflow.product_group = '*' then 'a single product: the noise of its cells is as large as what is looked for'
            when inflow.reason is not null then inflow.reason
            when abs(placebo_signal) >= {placebo_signal} or placebo_signal is null then 'civilian goods of the hub and year are off their past too'
            when coalesce(effective_cells, 0) < {block_cells} then 'a handful of cells: the noise of each is as large as what is looked for'
            when signal < {signal_floor} or signal is null then 'too weak: within what reports scatter by'
        end as why_not
    from mart.hub_inflow as inflow
    join reference.hub using (hub)
    left join placebo using (hub, exporter_group, from_year, year)
    left join own_goods using (hub)
    where inflow.product_group <> 'civilian'
),
every as (
    select destination, route, hub, exporter_group, product_group, product, from_year, year,
        cast(greatest(0, central - down) as decimal(18, 2)) as low, cast(greatest(0, central) as decimal(18, 2)) as usd,
        cast(greatest(0, central + up) as decimal(18, 2)) as high, null as signal, driver, reason, flags
    from direct
    union all
    select destination, route, hub, exporter_group, product_group, product, from_year, year, low, usd, high, null, driver, reason, flags
    from recorded
    union all
    select destination, route, hub, exporter_group, product_group, product, from_year, year, missing_low_usd, missing_usd,
        missing_high_usd, signal, driver,
        why_not, flags
    from unrecorded
)
select
    destination,
    route, -- code; direct, recorded or unrecorded
    hub,
    exporter_group, -- code; W00 = everyone, E27, COALITION, CHINA
    product_group, -- code; name of a list, or of a tier of it; * = any
    product, -- HS code; the product by its HS2022 code; * = the whole list
    from_year, -- year; first year counted
    year, -- year; last year counted
    case when reason is null then low end as received_low_usd, -- USD; received_usd at the low end
    case when reason is null then usd end as received_usd, -- USD; what reached the destination by this route, FOB
    case when reason is null then high end as received_high_usd, -- USD; received_usd at the high end
    signal, -- spreads; how far an unrecorded route stands off what reports scatter by; NULL for the others
    case when reason is null then driver end as driver,
    case when reason is null then 'value' else 'not_measurable' end as status,
    reason, -- text; why the route cannot be measured
    flags
from every
