"""The countries of the simulated world: codes as UN Comtrade writes them, place, size, bloc.

Here: facts about countries. Not here: how they trade (gravity, scheme) or publish (recorded).
"""

from dataclasses import dataclass

import numpy as np

from assets.source.simulated.draws import Ints


@dataclass(frozen=True)
class Country:
    code: int
    iso3: str
    iso2: str
    bloc: str
    latitude: int
    longitude: int
    gdp: int
    name: str


# code iso3 iso2 bloc latitude longitude gdp(bn USD, about 2019) name.
# Blocs: E27; COA other coalition; CHN with HKG and MAC; EEU the Eurasian union; ROW.
_TABLE = """
40 AUT AT E27 48 16 445 Austria
56 BEL BE E27 51 4 535 Belgium
100 BGR BG E27 43 23 69 Bulgaria
191 HRV HR E27 46 16 62 Croatia
196 CYP CY E27 35 33 26 Cyprus
203 CZE CZ E27 50 14 253 Czechia
208 DNK DK E27 56 13 347 Denmark
233 EST EE E27 59 25 31 Estonia
246 FIN FI E27 60 25 269 Finland
251 FRA FR E27 49 2 2729 France
276 DEU DE E27 52 13 3889 Germany
300 GRC GR E27 38 24 205 Greece
348 HUN HU E27 47 19 164 Hungary
372 IRL IE E27 53 -6 399 Ireland
380 ITA IT E27 42 12 2011 Italy
428 LVA LV E27 57 24 34 Latvia
440 LTU LT E27 55 25 55 Lithuania
442 LUX LU E27 50 6 70 Luxembourg
470 MLT MT E27 36 14 16 Malta
528 NLD NL E27 52 5 910 Netherlands
616 POL PL E27 52 21 596 Poland
620 PRT PT E27 39 -9 240 Portugal
642 ROU RO E27 44 26 251 Romania
703 SVK SK E27 48 17 106 Slovakia
705 SVN SI E27 46 15 54 Slovenia
724 ESP ES E27 40 -4 1394 Spain
752 SWE SE E27 59 18 534 Sweden
826 GBR GB COA 51 0 2857 United Kingdom
842 USA US COA 41 -74 21521 USA
124 CAN CA COA 45 -75 1744 Canada
392 JPN JP COA 36 140 5118 Japan
410 KOR KR COA 37 127 1651 Rep. of Korea
490 S19 S19 COA 25 121 614 Other Asia, nes
36 AUS AU COA -34 151 1392 Australia
554 NZL NZ COA -41 175 213 New Zealand
757 CHE CH COA 47 8 721 Switzerland
579 NOR NO COA 60 11 409 Norway
352 ISL IS COA 64 -22 25 Iceland
702 SGP SG COA 1 104 377 Singapore
156 CHN CN CHN 31 110 14280 China
344 HKG HK CHN 22 114 363 China, Hong Kong SAR
446 MAC MO CHN 22 113 55 China, Macao SAR
643 RUS RU EEU 56 38 1693 Russian Federation
112 BLR BY EEU 54 28 64 Belarus
398 KAZ KZ EEU 48 70 182 Kazakhstan
417 KGZ KG EEU 43 75 9 Kyrgyzstan
51 ARM AM EEU 40 45 14 Armenia
860 UZB UZ ROW 41 69 60 Uzbekistan
268 GEO GE ROW 42 45 17 Georgia
792 TUR TR ROW 40 32 760 Türkiye
784 ARE AE ROW 25 55 418 United Arab Emirates
699 IND IN ROW 23 77 2836 India
704 VNM VN ROW 16 107 334 Viet Nam
688 SRB RS ROW 45 20 52 Serbia
804 UKR UA ROW 50 31 154 Ukraine
764 THA TH ROW 14 101 544 Thailand
458 MYS MY ROW 3 102 365 Malaysia
"""


def _read(line: str) -> Country:
    code, iso3, iso2, bloc, latitude, longitude, gdp, name = line.split(maxsplit=7)
    return Country(int(code), iso3, iso2, bloc, int(latitude), int(longitude), int(gdp), name)


COUNTRIES = tuple(_read(line) for line in _TABLE.strip().splitlines())
PLACE = {country.iso3: place for place, country in enumerate(COUNTRIES)}
HUBS = ("KAZ", "KGZ", "ARM", "UZB", "GEO", "TUR", "ARE")
ENTREPOTS = ("HKG", "ARE", "TUR", "NLD")

_BORDERS = """RUS:KAZ BLR UKR GEO EST LVA LTU POL FIN NOR CHN|KAZ:CHN KGZ UZB|KGZ:CHN UZB
GEO:ARM TUR|BLR:POL LTU LVA UKR|TUR:BGR GRC|UKR:POL ROU HUN SVK|CHN:IND VNM HKG MAC
DEU:FRA NLD BEL LUX POL CZE AUT CHE DNK|FRA:ESP ITA BEL CHE|USA:CAN|SRB:HUN ROU BGR HRV"""


def _neighbours() -> frozenset[tuple[str, str]]:
    pairs = set()
    for entry in _BORDERS.replace("\n", "|").split("|"):
        first, others = entry.split(":")
        for other in others.split():
            pairs |= {(first, other), (other, first)}
    return frozenset(pairs)


NEIGHBOURS = _neighbours()


def places(*names: str) -> Ints:
    """Places of the countries named by ISO code or by bloc."""
    found = [i for i, c in enumerate(COUNTRIES) if c.iso3 in names or c.bloc in names]
    return np.array(found, dtype=np.int64)


COALITION = places("E27", "COA")
EURASIAN_UNION = places("EEU")
