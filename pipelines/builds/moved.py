"""Printed figures that differ between two builds, as causes of what rests on them.

Here belongs finding, for a published figure, the printed figures that moved beneath it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.builds.differences import Pair

FIGURE = ("source", "reporter", "partner", "flow", "year", "classification", "product")


@dataclass(frozen=True, slots=True)
class Moved:
    """A printed figure with all its values, before and after, and where it stands."""

    year: str
    product: str
    text: str


def moved(pair: Pair) -> list[Moved]:
    """Printed figures of raw.trade_flow that joined, left or changed, by year and product."""
    by = ", ".join(FIGURE)
    sides = {
        side: f"(select {by}, string_agg(value_usd::varchar, ' and ' order by value_usd) as said, "
        "min(file_sha256 || ' ' || lpad(file_row::varchar, 12, '0')) as stands "
        f"from {side}.raw.trade_flow group by {by})"
        for side in ("before", "after")
    }
    on = " and ".join(f"b.{name} is not distinct from a.{name}" for name in FIGURE)
    either = ", ".join(f"coalesce(a.{name}, b.{name})::varchar" for name in FIGURE)
    found = pair.connection.execute(
        f"select {either}, b.said, a.said, coalesce(a.stands, b.stands), "
        "coalesce(fa.url, fb.url) "
        f"from {sides['before']} as b full join {sides['after']} as a on {on} "
        "left join (select sha256, min(url) as url from after.raw.source_file group by sha256) "
        "as fa on fa.sha256 = split_part(a.stands, ' ', 1) "
        "left join (select sha256, min(url) as url from before.raw.source_file group by sha256) "
        "as fb on fb.sha256 = split_part(b.stands, ' ', 1) "
        "where b.said is distinct from a.said order by all"
    ).fetchall()
    return [Moved(str(row[4]), str(row[6]), _told(row)) for row in found]


def named(key: Sequence[object]) -> str:
    """A figure in words, by the columns of FIGURE."""
    source, reporter, partner, flow, year, classification, product = key
    return f"{source}: {reporter} {flow} {partner} {year} {classification} {product}"


def _told(row: Sequence[str | None]) -> str:
    *key, old, new, stands, url = row
    place = f"{url} row {int((stands or ' 0').split()[1])}"
    return f"{named(key)}, {old or 'not there'} -> {new or 'not there'} USD ({place})"


def beneath(row: dict[str, str | None], found: Sequence[Moved]) -> list[Moved]:
    """Of the printed figures that moved, those of the row's year and product, else of its year."""
    of_year = [one for one in found if row.get("year") in (None, one.year)]
    of_both = [one for one in of_year if row.get("product") == one.product]
    return of_both or of_year
