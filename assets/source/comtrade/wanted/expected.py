"""How many rows a request is expected to return, told from the published sizes of data sets.

Here belongs the estimate alone. It decides how many calls a plan takes, never what is asked for:
an answer that proves too long is asked for again in halves.
"""

from collections.abc import Mapping

from assets.source.comtrade.wanted.demand import Demand

Sizes = Mapping[tuple[int, int], int]  # (reporter, year) -> records in its data set

ALL_PARTNERS = 240
# A data set's records, all products and both flows, per partner of a usual product and flow.
RECORDS_PER_PARTNER = 6_000
# Where a data set is small: rather too few than too many, since a request that proves too
# large costs one call more, and one that proves half empty costs one call more as well.
FEWEST_PARTNERS = 8
LISTED_SHARE = 0.1


def expected_rows(box: Demand, reporter: int, sizes: Sizes) -> float:
    """Rows expected of one reporter for one product, over the flows and years of the box."""
    partners = 0.0
    for year in box.years:
        if (reporter, year) not in sizes:
            continue
        # To the power of two below: a small revision must not move every later address.
        records = 1 << max(0, sizes[reporter, year].bit_length() - 1)
        usual = min(ALL_PARTNERS, max(FEWEST_PARTNERS, records / RECORDS_PER_PARTNER))
        # The partners someone lists are likelier ones than the average partner: twice.
        listed = min(1.0, max(LISTED_SHARE, 2 * usual / ALL_PARTNERS))
        partners += usual if box.partners is None else listed * len(box.partners)
    return partners * len(box.flows)
