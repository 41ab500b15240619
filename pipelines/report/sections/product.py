"""One product: both reports, the revisions it was reported in, its flags and its sources."""

import json
from typing import Any

from pipelines.report.parts import Absent, Section, Template
from pipelines.report.rows import Column, Marts, Rows, bounds, exact

MOST = 400
PRODUCTS = f"""
    select product from mart.pass_through
    left join (
        select product, min(position) as place from mart.screening
        where hub = 'KAZ' group by product
    ) using (product)
    where hub = 'KAZ' group by product, place
    order by product <> 'TOTAL', length(product) = 6, place nulls last, product limit {MOST}
"""
GOODS = """
    select product, max(goods) from mart.product_group where goods is not null group by product
    union all
    select product, any_value(description order by classification desc)
    from raw.product_code
    where product not in (select product from mart.product_group where goods is not null)
    group by product
"""
# Table, what it tells, columns, and which rows.
VIEWS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (
        "mart.mirror_gap",
        "Both reports: Kazakhstan's exports to Russia, Russia's imports from Kazakhstan",
        (
            *("year", "exports_usd", "imports_cif_usd", *bounds("gap_usd"), "log_ratio"),
            *("exports_status", "imports_status", "flags"),
        ),
        "exporter = 'KAZ' and importer = 'RUS'",
    ),
    (
        "mart.reconciled_flow",
        "One value from the reports there are",
        (
            *("year", "basis", *bounds("reconciled_usd"), "weight_of_exports", "driver"),
            "reason",
        ),
        "exporter = 'KAZ' and importer = 'RUS'",
    ),
    (
        "mart.pass_through",
        "Kazakhstan's exports to Russia against its own past and its imports",
        (
            *("year", "classification", "exports_usd", "imports_usd", "baseline_exports_usd"),
            *(*bounds("excess_exports_usd"), *bounds("ceiling_usd"), *bounds("growth")),
            *("status", "reason", "flags"),
        ),
        "hub = 'KAZ' and destination = 'RUS'",
    ),
    (
        "mart.lost_in_transit",
        "Sent to Kazakhstan, not found in its imports",
        (
            *("year", "exporter_group", "exports_usd", "imports_usd", *bounds("lost_share")),
            *("baseline_share", "status", "reason"),
        ),
        "importer = 'KAZ' and exporter_group in ('E27', 'COALITION', 'CHINA')",
    ),
    (
        "mart.screening",
        "Its place in the screening list",
        ("year", "position", "tier", "score", *bounds("excess_usd"), "reasons", "flags"),
        "hub = 'KAZ' and destination = 'RUS'",
    ),
    (
        "transformed.mirror_figure",
        "Where the figures come from, in which revision of the Harmonized System",
        (
            *("year", "reporter", "flow", "partner", "value_usd", "classification"),
            *("part", "source", "release", "flags"),
        ),
        "hub = 'KAZ' and destination = 'RUS' and part in "
        "('hub_exports_usd', 'hub_imports_usd', 'destination_imports_usd')",
    ),
    (
        "mart.product_family",
        "Whether the code holds the same goods in both revisions",
        ("classification", "family", "comparable", "codes_h6", "codes_h5", "reason"),
        "true",
    ),
)


def section(marts: Marts) -> Section:
    products = [product for (product,) in marts.connection.execute(PRODUCTS).fetchall()]
    goods = goods_of(marts)
    title = "One product"
    held = {
        "products": [[product, goods.get(product, "")] for product in products],
        "views": [_view(marts, *view, products) for view in VIEWS],
    }
    part = (
        Template("product.html.j2", {"held": held, "json": as_json(held)})
        if products
        else Absent(title, "This profile holds no product of Kazakhstan's exports to Russia.")
    )
    return Section(
        "product",
        title,
        "For the product you choose, the two reports stand side by side for each year, with what "
        "is unusual about it, with every warning on the data, and with the source of each figure.",
        "Who shipped it, what exactly it was, or where it was used: a code of the customs tariff "
        "holds many different goods, and small codes jump from year to year by themselves.",
        (part,),
    )


def goods_of(marts: Marts) -> dict[str, str]:
    """What a product is, in a few words, by code."""
    found = marts.connection.execute(GOODS).fetchall()
    named = {product: said.removeprefix(f"{product} - ") for product, said in found if said}
    return {"TOTAL": "all goods", **named}


def _view(
    marts: Marts, table: str, title: str, shown: tuple[str, ...], where: str, products: list[str]
) -> dict[str, Any]:
    listed = ", ".join(f"'{product}'" for product in products)
    rows = marts.rows(table, ["product", *shown], f"{where} and product in ({listed})")
    by_product: dict[str, list[list[str | None]]] = {}
    for product, *cells in rows.cells:
        texts = [None if cell is None else exact(cell) for cell in cells]
        by_product.setdefault(product, []).append(texts)
    return {
        "table": table,
        "title": title,
        "key": [name for name in rows.key if name in shown],
        "fixed": _fixed(rows),
        "columns": [_told(column) for column in rows.columns[1:]],
        "rows": by_product,
    }


def _fixed(rows: Rows) -> dict[str, str]:
    return {name: exact(value) for name, value in rows.fixed.items()}


def _told(column: Column) -> dict[str, Any]:
    return {"name": column.name, "label": column.head, "unit": column.unit}


def as_json(held: Any) -> str:
    """JSON that can stand inside a script element, whatever the texts hold."""
    said = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return said.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
