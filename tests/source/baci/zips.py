"""Small zips as CEPII makes them, for tests to damage."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

RELEASE = "V202601"
HEADER = "t,i,j,k,v,q"
COUNTRIES = """country_code,country_name,country_iso2,country_iso3
58,Belgium-Luxembourg (...1998),BE,BEL
156,China,CN,CHN
251,France,FR,FRA
398,Kazakhstan,KZ,KAZ
490,"Other Asia, nes",N/A,N/A
643,Russian Federation,RU,RUS
842,USA,US,USA
"""
PRODUCTS = 'code,description\n010420,Goats\n854231,"Processors, controllers"\n'
ROWS = {
    2022: ("2022,156,398,854231,1000.000,2.500", "2022,398,643,854231,17.500,"),
    2023: ("2023,156,398,010420,30.250,0.100", "2023,398,643,854231,200.125,0.000"),
}


def text(rows: Sequence[str], header: str = HEADER, end: str = "\r\n") -> str:
    return end.join([header, *rows]) + end


def members(
    years: dict[int, Sequence[str]] | None = None, vintage: str = "HS22", release: str = RELEASE
) -> dict[str, str]:
    """Names and texts of what is in a zip."""
    return {
        **{
            f"BACI_{vintage}_Y{year}_{release}.csv": text(rows)
            for year, rows in (years or ROWS).items()
        },
        f"country_codes_{release}.csv": COUNTRIES,
        f"product_codes_{vintage}_{release}.csv": PRODUCTS,
    }


def packed(path: Path, content: dict[str, str]) -> Path:
    """A zip of these members."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, said in content.items():
            file.writestr(
                zipfile.ZipInfo(name, (2026, 1, 22, 0, 0, 0)), said.encode(), zipfile.ZIP_DEFLATED
            )
    return path


def baci(folder: Path, vintage: str = "HS22", release: str = RELEASE, **more: object) -> Path:
    """BACI_<vintage>_<release>.zip in a folder."""
    content = members(vintage=vintage, release=release, **more)  # type: ignore[arg-type]
    return packed(folder / f"BACI_{vintage}_{release}.zip", content)
