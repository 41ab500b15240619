"""Years out of monthly tables: the sum of a year's months, beside the months as they stand.

Here belongs adding up months of one file. A month is a part of its year, so validation refuses
it as any other part of a flow; the year it belongs to is the figure that counts.
"""

# Before any other release of a file in the order of text: a printed year is preferred.
RELEASE = "a sum of months in a file"


def with_years(rows: str) -> str:
    """SQL of the same rows of raw.trade_flow, and of a row a year for each cell of months.

    A reporter's year and flow that lacks one of the twelve months in the file is flagged
    PARTIAL_YEAR. A year of which a month cannot be read has no value.
    """
    return f"""
WITH given AS ({rows}),
month AS (SELECT * FROM given WHERE regexp_full_match(breakdown, 'period=[0-9]{{6}}')),
filed AS (
    SELECT file_sha256, reporter, flow, year, count(DISTINCT breakdown) AS months
    FROM month GROUP BY file_sha256, reporter, flow, year
)
SELECT * FROM given
UNION ALL BY NAME
SELECT
    source, '{RELEASE}' AS release, year, reporter, partner, flow, classification, product,
    CASE WHEN count(value_usd) = count(*) THEN sum(value_usd) END AS value_usd,
    valuation,
    CASE WHEN count(net_weight_kg) = count(*) THEN sum(net_weight_kg) END AS net_weight_kg,
    CASE WHEN count(cif_usd) = count(*) THEN sum(cif_usd) END AS cif_usd,
    CASE WHEN count(fob_usd) = count(*) THEN sum(fob_usd) END AS fob_usd,
    partner_basis,
    bool_and(is_reported) AS is_reported,
    list_sort(list_distinct(list_concat(
        flatten(list(flags)), ['MONTHS_SUMMED'],
        CASE WHEN months < 12 THEN ['PARTIAL_YEAR'] ELSE [] END
    ))) AS flags,
    file_sha256,
    min(file_row) AS file_row
FROM month JOIN filed USING (file_sha256, reporter, flow, year)
GROUP BY source, year, reporter, partner, flow, classification, product, valuation, partner_basis,
    file_sha256, months
"""
