-- Lists of products an analyst asks about: the Common High Priority List by tier, drones, microchips, and a user's own.
-- key: product_group, list_version, classification, product
-- method: 3
select
    product_group,
    list_version,
    classification,
    product,
    tier, -- code; tier of the list, NULL where it has none
    goods, -- text; short name of the goods
    source as list_source -- text; who publishes the list
from reference.product_list
union all
select product_group, list_version, classification, product, tier, goods, 'a list given to the run'
from reference.own_list
