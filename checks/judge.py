"""Row faults and cell flags, rendered into one SQL pass over a year of raw rows.

Here belongs which rows are refused and why, and which flags the others carry. The lines of
name and predicate stand in row_faults.toml and cell_flags.toml; constraints of single words
stand in the dictionary, and Great Expectations attests the same constraints (suite.py).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from warehouse import dictionary
from warehouse.dictionary import Limits

DUPLICATE = "duplicate_key"
KEY = ("source", "release", "reporter", "partner", "flow", "year", "classification", "product")


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason of the dictionary to refuse a row, and the SQL predicate that finds it."""

    name: str
    when: str


@cache
def faults() -> tuple[Fault, ...]:
    """Every reason in the order of its bit; the duplicate, decided among the faultless, is last."""
    listed = [Fault(name, when) for name, when in _lines("row_faults.toml").items()]
    return (*listed, *_word_faults(), Fault(DUPLICATE, "false"))


@cache
def flags() -> dict[str, str]:
    """Flag codes and the predicates that add them."""
    return _lines("cell_flags.toml")


def _lines(name: str) -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _word_faults() -> list[Fault]:
    columns = [dictionary.words()[name] for name in dictionary.record("trade_flow")]
    own = [Fault(word.fault, broken(word.name, word.limits)) for word in columns if word.fault]
    return [*own, Fault("not_of_its_source", _broken_by_source())]


def _broken_by_source() -> str:
    """Predicate that holds where a row breaks what its publisher's rows satisfy.

    A value that could not be read has no rate either, and is refused for what it is.
    """
    broken_rows = " or ".join(
        f"source = '{source}' and ({broken(column, limits)})"
        for source, columns in dictionary.sources().items()
        for column, limits in columns.items()
    )
    return f"value_usd is not null and ({broken_rows})"


def broken(name: str, limits: Limits) -> str:
    """Predicate that holds where a column breaks its limits."""
    column = f'"{name}"'
    parts = [f"{column} is null"] if limits.required else []
    if limits.one_of is not None:
        parts.append(f"{column} not in ({', '.join(repr(value) for value in limits.one_of)})")
    if limits.matches is not None:
        parts.append(f"not regexp_full_match({column}, '{limits.matches}')")
    for limit, sign in ((limits.at_least, "<"), (limits.at_most, ">"), (limits.more_than, "<=")):
        if limit is not None:
            parts.append(f"{column} {sign} {limit}")
    return " or ".join(parts)


def predicates() -> str:
    """Every predicate as one SELECT, from which the tables it reads can be found."""
    whens = [fault.when for fault in faults()] + list(flags().values())
    return "select " + ", ".join(f"({when})" for when in whens)


def marked(raw: str, neighbours: str | None = None) -> str:
    """SQL of the rows of `raw` that are refused or flagged as the first of differing copies.

    Columns: `file_row_number`, `fault_mask` (a bit a reason), `differs`. `neighbours` holds the
    years before and after; where it is not given, `raw` does. The SQL has thresholds by name in
    braces, for the caller to fill. Only masks and hashes are kept of a row, or a year of the
    world would stand in memory twice. Copies are looked for only among faultless rows whose key
    hash is seen twice, and the first by (file_sha256, file_row) stays, so no tie is left to the
    order of reading.
    """
    bits = " | ".join(
        f"case when {fault.when} then {1 << bit} else 0 end"
        for bit, fault in enumerate(faults())
        if fault.name != DUPLICATE
    )
    key, last_bit = ", ".join(KEY), 1 << (len(faults()) - 1)
    return f"""
        with beyond as ({_beyond(raw, neighbours or raw)}),
        masked as materialized (
            select file_row_number, ({bits})::bigint as fault_mask, hash({key}) as key_hash
            from {raw}
        ),
        suspect as (
            select file_row_number from masked
            where fault_mask = 0 and key_hash in (
                select key_hash from masked where fault_mask = 0
                group by key_hash having count(*) > 1
            )
        ),
        repeated as (
            select file_row_number,
                row_number() over (
                    partition by {key} order by file_sha256, file_row, file_row_number
                ) as copy,
                min(value_usd) over figure <> max(value_usd) over figure as differs
            from {raw} semi join suspect using (file_row_number)
            window figure as (partition by {key})
        )
        select file_row_number, fault_mask, false as differs from masked where fault_mask <> 0
        union all
        select file_row_number, case when copy > 1 then {last_bit} else 0 end, differs
        from repeated where copy > 1 or differs
    """


def judged(raw: str, marks: str) -> str:
    """SQL of `judged`: rows of `raw` with their `fault_mask`, 0 for none, and their flags."""
    holds = ", ".join(f'({when}) as "is {name}"' for name, when in flags().items())
    raised = " or ".join(f'"is {name}"' for name in flags())
    added = ", ".join(f"case when \"is {name}\" then '{name}' end" for name in flags())
    names = ", ".join(f'"is {name}"' for name in flags())
    return f"""
        select * exclude (file_row_number, flags, fault_mask, differs, {names}),
            case when len(flags) > 0 or differs or {raised}
                then list_sort(list_distinct(list_filter(
                    list_concat(flags, [
                        {added},
                        case when differs and coalesce(fault_mask, 0) = 0 then 'DUP_KEY' end
                    ]),
                    lambda code: code is not null
                )))
                else []
            end as flags,
            coalesce(fault_mask, 0) as fault_mask
        from (
            select raw_row.*, fault_mask, differs, {holds}
            from {raw} as raw_row left join {marks} using (file_row_number)
        )
    """


def _beyond(raw: str, neighbours: str) -> str:
    """Select of large reported figures far above the same figure in both neighbouring years."""
    figure = "reporter, partner, flow, classification, product"
    return f"""
        select {figure}, large.value_usd
        from {raw} as large
        join {neighbours} as beside using ({figure})
        where large.value_usd >= {{magnitude_floor_usd}} and large.breakdown is null
            and beside.breakdown is null and beside.year in (large.year - 1, large.year + 1)
            and large.source not in (select source from reference.source where is_reconciled)
            and beside.source not in (select source from reference.source where is_reconciled)
        group by {figure}, large.value_usd
        having count(distinct beside.year) = 2
            and large.value_usd > {{magnitude_factor}} * max(beside.value_usd)
    """


def reasons() -> str:
    """SQL of the list of reasons that a `fault_mask` stands for, sorted by name."""
    named = sorted((fault.name, bit) for bit, fault in enumerate(faults()))
    cases = ", ".join(
        f"case when fault_mask & {1 << bit} <> 0 then '{name}' end" for name, bit in named
    )
    return f"list_filter([{cases}], lambda reason: reason is not null)"
