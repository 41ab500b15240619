"""Which revision of the Harmonized System codes of a year follow.

Here belongs the calendar of the revisions, as the classification codes of UN Comtrade.
Bridges between revisions stand in reference.
"""

REVISIONS = ((2022, "H6"), (2017, "H5"), (2012, "H4"), (2007, "H3"), (2002, "H2"), (1996, "H1"))


def hs_vintage(year: int) -> str:
    """H6 for codes of 2022 and later, H5 for 2017 to 2021, and so on back to H0."""
    return next((code for since, code in REVISIONS if year >= since), "H0")
