"""The products of the simulated world: 50 priority codes, drones, civilian placebo codes.

Here: which codes there are and where each stood in HS2017. Not here: how much of each is
traded, or which of them the scheme uses.

Kinds: `chpl` the Common High Priority List of 23 February 2024; `drone` heading 8806;
`chip_parts` the rest of 8542; `civilian` placebo codes with one-to-one links between
HS2017 and HS2022; `household` civilian codes of chapters 84, 85 and 90, unchanged apart
from e-waste; `recoded` neighbours that shared an HS2017 code with a listed one.
"""

from dataclasses import dataclass

import numpy as np

LISTED_KINDS = ("chpl", "drone", "chip_parts")
TECHNICAL_KINDS = (*LISTED_KINDS, "household", "recoded")


@dataclass(frozen=True)
class Product:
    hs2022: str
    hs2017: str
    kind: str
    name: str


# hs2022 hs2017 kind name. Drones and 854151/59 go where UN's own conversion puts them:
# into cameras, aeroplanes and phones, which is the trap a pipeline must not fall into.
_TABLE = """
854231 854231 chpl processors, controllers
854232 854232 chpl memories
854233 854233 chpl amplifiers
854239 854239 chpl other ICs
851762 851762 chpl data/voice transmission, routers
852691 852691 chpl radio navigation
853221 853221 chpl tantalum capacitors
853224 853224 chpl multilayer ceramic capacitors
854800 854890 chpl electrical parts n.e.s.
847150 847150 chpl processing units
850440 850440 chpl static converters
851769 851769 chpl other communication apparatus
852589 852580 chpl other TV/digital cameras
852910 852910 chpl antennas
852990 852990 chpl parts for 8524-8528
853669 853669 chpl plugs, sockets
853690 853690 chpl connection apparatus
854110 854110 chpl diodes
854121 854121 chpl transistors <1 W
854129 854129 chpl other transistors
854130 854130 chpl thyristors
854149 854140 chpl other photosensitive devices
854151 851712 chpl semiconductor transducers
854159 851712 chpl other semiconductor devices
854160 854160 chpl piezo crystals
848210 848210 chpl ball bearings
848220 848220 chpl tapered roller bearings
848230 848230 chpl spherical roller bearings
848250 848250 chpl cylindrical roller bearings
880730 880330 chpl aircraft/UAV parts
901310 901310 chpl telescopic sights
901380 901380 chpl other optical devices
901420 901420 chpl aeronautical navigation
901480 901480 chpl other navigation
847180 847180 chpl other ADP units
848610 848610 chpl wafer machines
848620 848620 chpl semiconductor machines
848640 848640 chpl 8486 note 11(C) machines
853400 853400 chpl printed circuits
854320 854320 chpl signal generators
902750 902750 chpl optical-radiation instruments
903020 903020 chpl oscilloscopes
903032 903032 chpl multimeters, recording
903039 903039 chpl other, recording
903082 903082 chpl wafer testers
845710 845710 chpl machining centres
845811 845811 chpl CNC horizontal lathes
845891 845891 chpl other CNC lathes
845961 845961 chpl CNC milling
846693 846693 chpl parts for 8456-8461
880610 880240 drone drones, passengers
880621 852580 drone drones, remote-controlled, to 250 g
880622 852580 drone drones, remote-controlled, to 7 kg
880623 852580 drone drones, remote-controlled, to 25 kg
880624 852580 drone drones, remote-controlled, to 150 kg
880629 880240 drone drones, remote-controlled, heavier
880691 852580 drone drones, other, to 250 g
880692 852580 drone drones, other, to 7 kg
880693 852580 drone drones, other, to 25 kg
880694 852580 drone drones, other, to 150 kg
880699 880240 drone drones, other, heavier
854290 854290 chip_parts parts of integrated circuits
020230 020230 civilian beef
040210 040210 civilian milk powder
040690 040690 civilian cheese
080810 080810 civilian apples
090240 090240 civilian black tea
100199 100199 civilian wheat
110100 110100 civilian wheat flour
120600 120600 civilian sunflower seed
151211 151211 civilian sunflower oil
170199 170199 civilian white sugar
190531 190531 civilian sweet biscuits
200990 200990 civilian mixed juices
210111 210111 civilian coffee extract
220300 220300 civilian beer
220421 220421 civilian bottled wine
240220 240220 civilian cigarettes
252329 252329 civilian cement
260300 260300 civilian copper ore
270900 270900 civilian crude oil
271121 271121 civilian natural gas
280120 280120 civilian iodine
284410 284410 civilian natural uranium
310210 310210 civilian urea
330300 330300 civilian perfume
330510 330510 civilian shampoo
390110 390110 civilian light polyethylene
390120 390120 civilian heavy polyethylene
392310 392310 civilian plastic boxes
401110 401110 civilian car tyres
401120 401120 civilian lorry tyres
401693 401693 civilian rubber gaskets
420292 420292 civilian bags
480100 480100 civilian newsprint
480256 480256 civilian office paper
481910 481910 civilian cartons
490199 490199 civilian books
520100 520100 civilian cotton
610910 610910 civilian T-shirts
630260 630260 civilian terry towels
640399 640399 civilian leather shoes
690721 690721 civilian ceramic tiles
701090 701090 civilian glass bottles
711319 711319 civilian jewellery
720712 720712 civilian steel billets
720839 720839 civilian hot-rolled coil
721420 721420 civilian steel bars
730890 730890 civilian steel structures
732690 732690 civilian steel articles
740311 740311 civilian copper cathodes
760110 760110 civilian aluminium
830140 830140 civilian locks
870322 870322 civilian small cars
870323 870323 civilian medium cars
870130 870130 civilian track tractors
871120 871120 civilian motorcycles
871200 871200 civilian bicycles
940161 940161 civilian wooden seats
940171 940171 civilian metal seats
940350 940350 civilian bedroom furniture
961900 961900 civilian nappies
841510 841510 household air conditioners
841810 841810 household fridge-freezers
845011 845011 household washing machines
850811 850811 household vacuum cleaners
851650 851650 household microwave ovens
851660 851660 household electric ovens
852872 852872 household television sets
900410 900410 household sunglasses
851713 851712 recoded smartphones
851714 851712 recoded other phones
852581 852580 recoded high-speed cameras
854142 854140 recoded solar cells
854143 854140 recoded solar panels
880240 880240 recoded aeroplanes above 15 t
"""

_FORMER = {
    "851712": "mobile phones",
    "852580": "cameras",
    "854140": "photosensitive devices, solar cells",
    "854890": "electrical parts n.e.s.",
    "880330": "aircraft parts",
}


def _read(line: str) -> Product:
    hs2022, hs2017, kind, name = line.split(maxsplit=3)
    return Product(hs2022, hs2017, kind, name)


PRODUCTS = tuple(_read(line) for line in _TABLE.strip().splitlines())
LISTED = np.array([p.kind in LISTED_KINDS for p in PRODUCTS])
TECHNICAL = np.array([p.kind in TECHNICAL_KINDS for p in PRODUCTS])
NAMES_2022 = {p.hs2022: p.name for p in PRODUCTS}
NAMES_2017 = {p.hs2017: _FORMER.get(p.hs2017) or NAMES_2022[p.hs2017] for p in PRODUCTS}
