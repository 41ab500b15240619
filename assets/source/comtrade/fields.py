"""The 47 fields of a Comtrade row, and what they mean as columns of raw.trade_flow.

Here belongs the one SELECT that types rows of any Comtrade form (API, Plus CSV,
legacy CSV), each field still the text that was sent. Reading a form (parse,
files) does not. Nothing is judged: what cannot be read becomes NULL and the row
is kept in `original`.
"""

NAMES = """
typeCode freqCode refPeriodId refYear refMonth period reporterCode reporterISO reporterDesc
flowCode flowDesc partnerCode partnerISO partnerDesc partner2Code partner2ISO partner2Desc
classificationCode classificationSearchCode isOriginalClassification cmdCode cmdDesc aggrLevel
isLeaf customsCode customsDesc mosCode motCode motDesc qtyUnitCode qtyUnitAbbr qty
isQtyEstimated altQtyUnitCode altQtyUnitAbbr altQty isAltQtyEstimated netWgt isNetWgtEstimated
grossWgt isGrossWgtEstimated cifvalue fobvalue primaryValue legacyEstimationFlag isReported
isAggregate
"""
FIELDS = NAMES.split()

# What each field is read as; a text that is none of these is a fault of the row.
TYPES = {
    "refYear": "SMALLINT",
    "reporterCode": "INTEGER",
    "partnerCode": "INTEGER",
    "primaryValue": "DECIMAL(18,2)",
    "cifvalue": "DECIMAL(18,2)",
    "fobvalue": "DECIMAL(18,2)",
    "netWgt": "DECIMAL(18,3)",
    "qty": "DECIMAL(18,3)",
    "qtyUnitCode": "INTEGER",
    "legacyEstimationFlag": "INTEGER",
    "isReported": "BOOLEAN",
    "isOriginalClassification": "BOOLEAN",
    "isNetWgtEstimated": "BOOLEAN",
}
EAEU = ("RUS", "BLR", "KAZ", "KGZ", "ARM")
# The commoner units, as Comtrade abbreviates them; another keeps its printed code.
UNITS = {2: "m²", 3: "1000 kWh", 4: "m", 5: "u", 6: "2u", 7: "l", 8: "kg", 9: "1000u"} | {
    10: "U (jeu/pack)",
    11: "12u",
    12: "m³",
    13: "carat",
    14: "km",
    15: "g",
}


def typed(rows: str, source: str) -> str:
    """SQL of raw.trade_flow over `rows`: SQL with FIELDS as text, release, file_sha256, file_row.

    Needs reference.country(code, m49). Numbers go from text to DECIMAL directly.
    """
    casts = ", ".join(f"{_cast(name, kind)} AS {name}_" for name, kind in TYPES.items())
    faulty = " OR ".join(f"({name} IS NOT NULL AND {name}_ IS NULL)" for name in TYPES)
    units = ", ".join(f"({number}, '{name}')" for number, name in UNITS.items())
    record = ", ".join(f"'{name}': {name}" for name in FIELDS)
    return f"""
WITH row_text AS ({rows}),
area AS (  -- one code a number, so that no join multiplies a row
    SELECT TRY_CAST(m49 AS INTEGER) AS number, min(code) AS code
    FROM reference.country
    GROUP BY number
),
row_typed AS (SELECT *, {casts} FROM row_text),
row_named AS (
    SELECT
        row_typed.*,
        coalesce(reporters.code, reporterCode) AS reporter,
        coalesce(partners.code, partnerCode) AS partner,
        CASE WHEN qtyUnitCode_ = -1 THEN NULL ELSE nullif(qty_, 0) END AS quantity
    FROM row_typed
    LEFT JOIN area AS reporters ON reporters.number = reporterCode_
    LEFT JOIN area AS partners ON partners.number = partnerCode_
)
SELECT
    '{source}' AS source,
    release,
    refYear_ AS year,
    reporter,
    partner,
    flowCode AS flow,
    CASE WHEN cmdCode = 'TOTAL' THEN 'NA' ELSE classificationCode END AS classification,
    cmdCode AS product,
    primaryValue_ AS value_usd,
    CASE WHEN flowCode LIKE '%X%' THEN 'FOB' WHEN flowCode LIKE '%M%' THEN 'CIF' END AS valuation,
    nullif(netWgt_, 0) AS net_weight_kg,
    quantity,
    CASE WHEN qtyUnitCode_ <> -1 THEN coalesce(unit.name, qtyUnitAbbr, qtyUnitCode) END
        AS quantity_unit,
    CASE
        WHEN reporter IN {EAEU} AND partner IN {EAEU} THEN 'unknown'
        WHEN flowCode LIKE '%X%' THEN 'last_known_destination'
        WHEN flowCode LIKE '%M%' THEN 'origin'
        ELSE 'unknown'
    END AS partner_basis,
    isReported_ AS is_reported,
    CASE WHEN fobvalue_ > 0 THEN nullif(cifvalue_, 0) END AS cif_usd,
    CASE WHEN cifvalue_ > 0 THEN nullif(fobvalue_, 0) END AS fob_usd,
    list_filter([
        CASE WHEN NOT isOriginalClassification_ THEN 'CONVERTED' END,
        CASE WHEN legacyEstimationFlag_ IN (2, 4, 6) OR isNetWgtEstimated_ THEN 'QTY_EST' END,
        CASE WHEN qtyUnitCode_ = -1 THEN 'QTY_MISMATCH' END
    ], lambda flag: flag IS NOT NULL) AS flags,
    nullif(concat_ws(' ',
        CASE WHEN length(period) <> 4 THEN 'period=' || period END,
        CASE WHEN partner2Code <> '0' THEN 'partner2=' || partner2Code END,
        CASE WHEN customsCode <> 'C00' THEN 'customs=' || customsCode END,
        CASE WHEN motCode <> '0' THEN 'mot=' || motCode END,
        CASE WHEN trim(mosCode) NOT IN ('0', '-1') THEN 'mos=' || mosCode END
    ), '') AS breakdown,
    CASE WHEN {faulty} THEN CAST(to_json({{{record}}}) AS VARCHAR) END AS original,
    file_sha256,
    CAST(file_row AS BIGINT) AS file_row
FROM row_named
LEFT JOIN (VALUES {units}) AS unit (number, name) ON unit.number = qtyUnitCode_
"""


def _cast(name: str, kind: str) -> str:
    """The cast of a text, NULL for what a cast would round or guess: 2021.7, 1_000, 0x10."""
    number = r"\s*[-+]?\d+(\.\d*)?([eE][-+]?\d+)?\s*"
    whole = r"\s*[-+]?\d+(\.0*)?\s*"
    if kind == "BOOLEAN":
        return f"TRY_CAST({name} AS BOOLEAN)"
    shape = number if kind.startswith("DECIMAL") else whole
    return f"CASE WHEN regexp_full_match({name}, '{shape}') THEN TRY_CAST({name} AS {kind}) END"
