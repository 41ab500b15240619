"""mart.import_origin by plain pandas: where a hub's imports come from, by group of origin.

I(g) = sum of M(hub, p) over the partners p of group g, over M(hub, World); the residual is what the
printed partners leave open. High: what no partner is named for is counted to the group.
"""

import pandas as pd
import pyarrow.compute as pc

from tests.benchmarks.plain.steps import (
    FIGURES,
    Read,
    beside,
    first_that,
    flagged,
    flags_of,
    hubs,
    is_in,
    members,
    thresholds,
    with_groups,
)

CELL = ["hub", "year", "classification", "product"]
VALUES = ["value_usd", "low_usd", "high_usd"]


def import_origin(read: Read) -> pd.DataFrame:
    """One row a hub, year, product and group of origin, and one of the residual."""
    group = grouped(read)
    whole = totals(group)
    parts = group[group["origin_group"] != "WORLD"]
    table = pd.concat([parts, residual(whole)], ignore_index=True)
    table = with_groups(table, whole[["world_usd", "parts_usd", "nes_usd"]], CELL)
    return ranged(table, thresholds(read))


def imports(read: Read) -> pd.DataFrame:
    """The hubs' own imports by partner, without members of a bloc that is printed itself."""
    columns = ["reporter", "year", "classification", "product", "partner", "status", "flags"]
    ends = {"value_low_usd": "low_usd", "value_high_usd": "high_usd"}
    own = (pc.field("flow") == "M") & pc.field("reporter").isin(hubs(read))
    table = read(FIGURES, [*columns, "value_usd", *ends], own)
    table = table[table["status"] != "incomplete"].rename(columns={"reporter": "hub", **ends})
    is_member = table["partner"].isin(members(read, "E27")["member"])
    has_bloc = is_in(table, table[table["partner"] == "E27"], CELL)
    return table[~(is_member & has_bloc)]


def grouped(read: Read) -> pd.DataFrame:
    """Sums by group of origin, and the flags of the figures in them."""
    table = imports(read)
    table["origin_group"] = origin_group(read, table)
    table = table[table["origin_group"].notna()]
    by = [*CELL, "origin_group"]
    return table.groupby(by)[VALUES].sum().round(2).join(flags_of(table, by)).reset_index()


def origin_group(read: Read, table: pd.DataFrame) -> pd.Categorical:
    """The group a partner was in that year; nothing for what is neither country nor total."""
    country = read("reference.country", ["code", "kind"]).rename(columns={"code": "partner"})
    kind = beside(table[["partner"]], country, ["partner"])["kind"].set_axis(table.index)
    region = region_of(read, table)
    return first_that(
        (kind == "world", "WORLD"),
        (kind == "area_nes", "AREAS_NES"),
        (table["partner"] == "E27", "COALITION"),
        *((region == name, name) for name in ("COALITION", "CHINA", "EAEU")),
        (table["partner"] == "UKR", "UKR"),
        (kind.notna(), "ROW"),
    )


def region_of(read: Read, table: pd.DataFrame) -> pd.Series:
    """Group of each partner and year; a member counts from its first to its last year."""
    group = members(read, "COALITION", "CHINA", "EAEU")
    each = group.merge(pd.DataFrame({"year": table["year"].unique()}), how="cross")
    begins, ends = (each[name].fillna(each["year"]) for name in ("valid_from", "valid_to"))
    each = each[each["year"].between(begins, ends)].rename(columns={"member": "partner"})
    key = ["partner", "year"]
    return beside(table[key], each[[*key, "country_group"]], key)["country_group"].set_axis(
        table.index
    )


def totals(group: pd.DataFrame) -> pd.DataFrame:
    """By cell: the World as printed, the sum of all groups, and what is with areas nes."""
    is_world = group["origin_group"] == "WORLD"
    world = group[is_world].set_index(CELL)[VALUES].add_prefix("world_")
    parts = group[~is_world].groupby(CELL)[VALUES].sum().round(2).add_prefix("parts_")
    nes = group[group["origin_group"] == "AREAS_NES"].set_index(CELL)["value_usd"]
    whole = world.join(parts, how="outer").join(nes.rename("nes_usd"))
    whole = whole.rename(columns=lambda name: name.replace("_value", ""))
    filled = [name for name in whole if not name.startswith("world")]
    return whole.fillna(dict.fromkeys(filled, 0.0))


def residual(whole: pd.DataFrame) -> pd.DataFrame:
    """What the printed partners leave open of a printed World, lowest against highest."""
    left = whole.dropna(subset="world_usd")
    return pd.DataFrame(
        {
            "value_usd": left["world_usd"] - left["parts_usd"],
            "low_usd": left["world_low_usd"] - left["parts_high_usd"],
            "high_usd": left["world_high_usd"] - left["parts_low_usd"],
            "origin_group": "RESIDUAL",
        }
    ).reset_index()


def ranged(table: pd.DataFrame, threshold: dict[str, float]) -> pd.DataFrame:
    """Values and shares with their ranges, what drives them, and what to know."""
    group, value, world = table["origin_group"], table["value_usd"], table["world_usd"]
    everything = world.fillna(table["parts_usd"])
    left = (world - table["parts_usd"]).fillna(0).clip(lower=0)
    unnamed = (table["nes_usd"] + left).mask(group.isin(["RESIDUAL", "AREAS_NES"]), 0).round(2)
    of_release = (table["high_usd"] - table["low_usd"]).round(2)
    high, over = table["high_usd"] + unnamed, everything.where(everything != 0)
    own = flagged(
        ((group == "RESIDUAL") & (value.abs() > threshold["residual_share"] * world), "RESIDUAL"),
        (table["nes_usd"] > threshold["areas_nes_share"] * everything, "AREAS_NES"),
        ((group == "EAEU") & (table["hub"] == "KAZ"), "SURVEY_SOURCE"),
        (world.isna(), "WORLD_SUMMED"),
    )
    return table.assign(
        value_low_usd=table["low_usd"],
        value_high_usd=high,
        share_low=table["low_usd"] / over,
        share=value / over,
        share_high=high / over,
        driver=first_that(
            ((of_release == 0) & (unnamed == 0), "none"),
            (unnamed >= of_release, "residual"),
            otherwise="release_choice",
        ),
        status="value",
        reason=first_that((everything == 0, "no share: nothing was imported")),
        flags=table["flags"].fillna(0).astype(int) | own,
    )
