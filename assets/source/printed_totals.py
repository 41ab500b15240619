"""Whether the countries a table prints add up to the total it prints.

Here belongs the arithmetic inside one printed table. Comparing tables, sources and
years is validation and stands in checks/.
"""

from decimal import Decimal

from warehouse.errors import InputError

TOLERANCE = Decimal("0.002")


def must_add_up(total: Decimal, parts: list[Decimal], place: str, step: Decimal) -> None:
    """InputError at `place` unless `parts` add up to `total` within 0.2%.

    `step` is the last digit printed; half of it a part is allowed for rounding.
    """
    difference = sum(parts, Decimal()) - total
    if abs(difference) > max(TOLERANCE * abs(total), step * len(parts) / 2):
        raise InputError(place, _finding(total, difference), _REMEDY)


def must_not_exceed(total: Decimal, parts: list[Decimal], place: str) -> None:
    """InputError at `place` when a selection of countries is larger than the total."""
    difference = sum(parts, Decimal()) - total
    if difference > TOLERANCE * abs(total):
        raise InputError(place, _finding(total, difference), _REMEDY)


def _finding(total: Decimal, difference: Decimal) -> str:
    return f"the total {total} does not add up: countries sum to {total + difference}"


_REMEDY = "Compare the sheet with the publisher's file; a row or a digit may be lost"
