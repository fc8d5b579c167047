"""The demonstration's parts, manufacturers, products, prices and receipts, as tables."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal

from parts import services as catalogue
from parts.models import Category, Part, Product
from secondsource.accounts.models import Plant, ProductLine
from secondsource.core import audit, clock
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.approvals import CUSTOMERS
from secondsource.workspace.demo.assortment import Item, build_assortment, lines_of
from secondsource.workspace.demo.datasheets import write_datasheets
from secondsource.workspace.demo.people import Cast
from suppliers import resolve
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart, Receipt, Site, Source, Supplier

SEED = 20_260_818

CATEGORIES = [
    ("mcu", "MCU and SoC", "MCU", "high"),
    ("power", "Power", "PWR", "medium"),
    ("memory", "Memory", "MEM", "medium"),
    ("interface", "Interface", "IFC", "medium"),
    ("passives", "Passives", "PAS", "low"),
    ("timing", "Timing", "TIM", "low"),
    ("connectors", "Connectors", "CON", "low"),
]

#: Categories whose parts have a die from a fab; the others are only assembled.
WITH_DIE = ("mcu", "power", "memory", "interface")
DIE_NOT_KNOWN = ("FE8720",)

#: code, name, country, fab (site, country), assembly (site, country)
MANUFACTURERS = [
    ("ALDER", "Alder Semiconductor", "FR", ("Alder 3", "FR"), ("Alder East", "MY")),
    ("BIRCH", "Birch Microelectronics", "CN", ("Birch 1", "CN"), ("Birch South", "CN")),
    ("CEDAR", "Cedar Devices", "TW", ("Cedar 12", "TW"), ("Cedar Harbour", "TW")),
    ("DOGWOOD", "Dogwood Circuits", "US", ("Dogwood Plains", "US"), ("Alder East", "MY")),
    ("ELM", "Elm Components", "JP", ("Elm Bay", "JP"), ("Elm Bay", "JP")),
    ("FIR", "Fir Electronics", "KR", ("Fir River", "KR"), ("Fir River", "KR")),
    ("GORSE", "Gorse Semiconductor", "TW", ("Cedar 12", "TW"), ("Gorse Delta", "VN")),
    ("HAZEL", "Hazel Connect", "DE", ("Hazel Mill", "DE"), ("Hazel Mill", "DE")),
]


#: Standings other than approved; the last one nobody has assessed yet.
STANDINGS = {"ALDER": "preferred", "BIRCH": "probation"}
NOT_ASSESSED = "HAZEL"


@dataclass(frozen=True)
class DemoPart:
    """A part: its sources (manufacturer, MPN, unit price), monthly receipts or basis of spend."""

    key: str
    category: str
    description: str
    sources: tuple[tuple[str, str, str], ...]
    per_product: tuple[tuple[str, int], ...]
    basis: str = "receipts"
    stock: int | None = None
    lead_days: int | None = None
    lifecycle: str = "mature"
    criticality: str = "b"


PARTS = (
    DemoPart("MCU-A", "mcu", "MCU 32 bit, 1 MB flash, LQFP-100",
             (("ALDER", "AS32F407VG", "8.40"), ("BIRCH", "BM32F407VG", "5.20"),
              ("CEDAR", "CD32F407VG", "4.60")),
             (("DC-210", 1), ("DC-340", 1)), stock=7860, lead_days=140, criticality="a"),
    DemoPart("MCU-B", "mcu", "MCU 32 bit, 256 KB flash, QFN-48",
             (("CEDAR", "CD32G031K8", "1.90"), ("GORSE", "GS32G031K8", "1.55")),
             (("DC-118", 1), ("DC-515", 1)), stock=3100, lead_days=112, criticality="a"),
    DemoPart("BUCK", "power", "Buck converter 3 A, 17 V, QFN-16",
             (("DOGWOOD", "DWB62130R", "1.34"), ("ALDER", "ASB3017Q", "1.02")),
             (("DC-210", 2), ("DC-340", 1), ("DC-118", 1)), stock=5200, lead_days=98),
    DemoPart("LDO", "power", "LDO 3.3 V, 500 mA, SOT-23-5",
             (("DOGWOOD", "DWL733A", "0.21"), ("BIRCH", "BM7333", "0.13")),
             (("DC-PSU", 2), ("DC-515", 3)), stock=41_000, lead_days=70),
    DemoPart("FLASH", "memory", "NOR flash 128 Mb, SOIC-8",
             (("FIR", "FN25Q128", "1.12"), ("GORSE", "GSQ128JV", "0.94")),
             (("DC-210", 1), ("DC-515", 1)), stock=9000, lead_days=84),
    DemoPart("EEPROM", "memory", "EEPROM 256 Kb, I²C, SO-8",
             (("ALDER", "AS24C256", "0.38"), ("DOGWOOD", "DW24LC256", "0.35")),
             (("DC-118", 1), ("DC-340", 1)), stock=8800, lead_days=56),
    DemoPart("CAN", "interface", "CAN transceiver, SO-8",
             (("ALDER", "AST1050", "0.74"), ("CEDAR", "CDT1051", "0.52")),
             (("DC-210", 2), ("DC-340", 2)), stock=6100, lead_days=112, lifecycle="last_time_buy"),
    DemoPart("RS485", "interface", "Isolated RS-485 transceiver, SO-20",
             (("DOGWOOD", "DWM2587", "4.85"), ("BIRCH", "BM2587I", "3.10")),
             (("DC-340", 1),), basis="offer", stock=900, lead_days=182, criticality="a"),
    DemoPart("PHY", "interface", "10/100 Ethernet PHY, QFN-24",
             (("CEDAR", "CD8720A", "0.98"), ("FIR", "FE8720", "0.91")),
             (("DC-340", 1),), basis="offer", stock=2600, lead_days=126, lifecycle="nrnd"),
    DemoPart("MLCC", "passives", "MLCC 100 nF, 16 V, X7R, 0603",
             (("ELM", "EM188R71C104", "0.0041"), ("FIR", "FC0603X104K", "0.0033")),
             (("DC-210", 42), ("DC-340", 58), ("DC-118", 24), ("DC-515", 31)),
             stock=690_000, lead_days=56, criticality="c"),
    DemoPart("RES", "passives", "Resistor 10 kΩ, 1 %, 0603",
             (("ELM", "ER0603F1002", "0.0009"), ("FIR", "FR0603-103F", "0.0008")),
             (("DC-210", 18), ("DC-118", 11)), stock=400_000, lead_days=42, criticality="c"),
    DemoPart("XTAL", "timing", "Crystal 25 MHz, 18 pF, 3225",
             (("ELM", "EX3225-25", "0.31"), ("HAZEL", "HX25M18", "0.27")),
             (("DC-340", 1), ("DC-515", 1)), basis="standard", stock=4400, lead_days=84),
    DemoPart("USB", "connectors", "USB-C receptacle, 16 pin",
             (("HAZEL", "HC-USBC16", "0.48"), ("ELM", "ECU16-R", "0.44")),
             (("DC-515", 1),), basis="missing", lead_days=None),
    DemoPart("TERM", "connectors", "Terminal block 3.5 mm, 4 way",
             (("HAZEL", "HT350-4", "0.62"),), (("DC-PSU", 1),), stock=5400, lead_days=35),
    DemoPart("SWITCH", "power", "Load switch 2 A, 5.5 V, SOT-23-6",
             (("DOGWOOD", "DWS2291", "0.29"), ("CEDAR", "CD2291S", "0.21")),
             (("DC-340", 2), ("DC-515", 1)), stock=12_400, lead_days=77),
)  # fmt: skip

#: code, name, phase, pieces a month, margin, yearly revenue, plant, line
PRODUCTS = [
    ("DC-210", "Motor drive", "mass_production", 3200, "61.00", "6144000", "TALLINN", "DRIVES"),
    ("DC-340", "Gateway", "mass_production", 1150, "48.00", "2760000", "BRNO", "NETWORK"),
    ("DC-118", "I/O module", "development", 420, "22.00", "403200", "BRNO", "NETWORK"),
    ("DC-515", "HMI panel", "pilot", 640, "35.00", "998400", "TALLINN", "PANELS"),
]
ASSEMBLY = ("DC-PSU", "Power supply board")
ASSEMBLY_USE = (("DC-210", 1), ("DC-340", 1), ("DC-118", 1))


@dataclass
class Shelf:
    """The rows that were built, by key."""

    parts: dict[str, Part] = field(default_factory=dict)
    sources: dict[tuple[str, int], Source] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)


def build_catalogue(cast: Cast, *, today: dt.date) -> Shelf:
    """Manufacturers, parts, products, BOMs, offers; a year before today."""
    shelf = Shelf()
    with clock.at(add_months(today, -14)), audit.gathered(), resolve.together():
        categories = _categories(cast)
        manufacturers, sites = _manufacturers(cast)
        for number, demo in enumerate(PARTS, 1):
            _part(shelf, demo, number, categories[demo.category], manufacturers, sites, cast)
        shelf.items = build_assortment(cast, today=today)
        for item in shelf.items:
            shelf.parts[item.key] = item.part
            shelf.sources |= {(item.key, place): one for place, one in enumerate(item.sources)}
        _products(shelf, cast)
        _offers(shelf, cast, today)
        write_datasheets(shelf.parts, shelf.sources, cast)
        catalogue.record_rate(
            currency="EUR", quote="USD", rate=Decimal("1.10"), as_of=clock.business_day(),
            publisher="demonstration", actor=cast["finance"],
        )  # fmt: skip
    return shelf


def _categories(cast: Cast) -> dict[str, Category]:
    return {
        path: catalogue.add_category(
            path=path, name=name, ipn_prefix=prefix, risk_class=risk, actor=cast["engineer"]
        )
        for path, name, prefix, risk in CATEGORIES
    }


def _manufacturers(cast: Cast) -> tuple[dict[str, Supplier], dict[str, list[Site]]]:
    manufacturers: dict[str, Supplier] = {}
    sites: dict[str, list[Site]] = {}
    places: dict[tuple[str, str], Site] = {}
    for code, name, country, fab, assembly in MANUFACTURERS:
        manufacturers[code] = sourcing.add_supplier(
            code=code, name=name, country=country, actor=cast["quality"]
        )
        if code != NOT_ASSESSED:
            manufacturers[code] = sourcing.assess_supplier(
                supplier=manufacturers[code], actor=cast["quality"],
                standing=STANDINGS.get(code, "approved"), reason="audit of the demonstration",
            )  # fmt: skip
        sites[code] = []
        for activity, (place, where) in (("fab", fab), ("assembly", assembly)):
            if (activity, place) not in places:
                places[activity, place] = sourcing.add_site(
                    supplier=manufacturers[code], name=place, activity=activity, country=where,
                    actor=cast["quality"],
                )  # fmt: skip
            sites[code].append(places[activity, place])
    return manufacturers, sites


def _part(
    shelf: Shelf, demo: DemoPart, number: int, category: Category,
    manufacturers: dict[str, Supplier], sites: dict[str, list[Site]], cast: Cast,
) -> None:  # fmt: skip
    engineer = cast["engineer"]
    standard = Decimal(demo.sources[0][2]) if demo.basis == "standard" else None
    part = catalogue.add_part(
        category=category, ipn=f"{category.ipn_prefix}-{number:05d}", actor=engineer,
        description=demo.description, lifecycle=demo.lifecycle, criticality=demo.criticality,
        stock_qty=demo.stock, standard_cost=standard,
        standard_cost_currency="USD" if standard else "", owner=engineer.user,
    )  # fmt: skip
    shelf.parts[demo.key] = part
    for index, (manufacturer, mpn, _) in enumerate(demo.sources):
        made_at = sites[manufacturer] if demo.category in WITH_DIE else sites[manufacturer][1:]
        die = f"{manufacturer}-{mpn[-4:]}" if demo.category in WITH_DIE else ""
        number_of_manufacturer = sourcing.add_manufacturer_part(
            manufacturer=manufacturers[manufacturer], mpn=mpn, actor=engineer,
            sites=made_at, die="" if mpn in DIE_NOT_KNOWN else die,
            description=demo.description, lifecycle=demo.lifecycle,
            lifecycle_as_of=clock.business_day(), lifecycle_source="demonstration",
        )  # fmt: skip
        source = sourcing.add_source(
            part=part,
            manufacturer_part=number_of_manufacturer,
            actor=engineer,
            origin="demonstration",
        )
        if index == 0:
            source = sourcing.approve_legacy(
                source=source, evidence_ref="in use since before this system", actor=engineer
            )
        shelf.sources[demo.key, index] = source


def _products(shelf: Shelf, cast: Cast) -> None:
    plants = {
        code: Plant.objects.create(code=code, name=f"Demo plant {code.title()}", country=country)
        for code, country in (("TALLINN", "EE"), ("BRNO", "CZ"))
    }
    lines = {
        code: ProductLine.objects.create(code=code, name=code.title())
        for code in ("DRIVES", "NETWORK", "PANELS")
    }
    engineer = cast["engineer"]
    for code, name, phase, volume, margin, revenue, plant, line in PRODUCTS:
        shelf.products[code] = catalogue.add_product(
            code=code, name=name, phase=phase, monthly_volume=volume, unit_margin=Decimal(margin),
            annual_revenue=Decimal(revenue), currency="USD", plants=[plants[plant]],
            product_line=lines[line], customer_approval=code in CUSTOMERS, actor=engineer,
        )  # fmt: skip
    board = catalogue.add_part(
        category=Category.objects.get(path="power"), ipn="ASM-00001", description=ASSEMBLY[1],
        actor=engineer,
    )  # fmt: skip
    shelf.products[ASSEMBLY[0]] = catalogue.add_product(
        code=ASSEMBLY[0], name=ASSEMBLY[1], part=board, actor=engineer
    )
    for code, product in shelf.products.items():
        catalogue.add_revision(
            product=product, lines=_lines(shelf, code, board), actor=engineer,
            origin="demonstration", label="A",
        )  # fmt: skip


def _lines(shelf: Shelf, code: str, board: Part) -> list[catalogue.NewLine]:
    lines = []
    for demo in PARTS:
        for product, quantity in demo.per_product:
            if product == code:
                lines.append(_line(shelf.parts[demo.key], quantity, demo))
    lines += [
        catalogue.NewLine(part_id=board.pk, quantity=Decimal(quantity), designators=("A1",))
        for product, quantity in ASSEMBLY_USE
        if product == code
    ]
    return [*lines, *lines_of(shelf.items, code)]


def _line(part: Part, quantity: int, demo: DemoPart) -> catalogue.NewLine:
    letter = {"passives": "C", "connectors": "J", "timing": "Y"}.get(demo.category, "U")
    return catalogue.NewLine(
        part_id=part.pk,
        quantity=Decimal(quantity),
        designators=tuple(f"{letter}{part.pk}{i:02d}" for i in range(1, quantity + 1)),
        mpn=demo.sources[0][1],
        manufacturer=demo.sources[0][0].title(),
    )


#: Parts whose alternates are offered duty paid as well; of others the freight is not known.
_DELIVERED = ("LDO", "CAN", "MLCC")


def _offers(shelf: Shelf, cast: Cast, today: dt.date) -> None:
    for demo in PARTS:
        if demo.basis == "missing" or demo.lead_days is None:
            continue
        for index, (_, _, price) in enumerate(demo.sources):
            number: ManufacturerPart = shelf.sources[demo.key, index].manufacturer_part
            days = demo.lead_days if index == 0 else demo.lead_days // 2
            unit = Decimal(price)
            sourcing.add_offer(
                manufacturer_part=number, supplier=number.manufacturer, currency="USD",
                price_breaks=[(1, unit * 2), (1000, unit * Decimal("1.1")), (10_000, unit)]
                if demo.basis != "standard"
                else [(100_000_000, unit)],
                lead_time_days_min=days - 7, lead_time_days_max=days,
                incoterm="DDP" if index == 0 or demo.key in _DELIVERED else "FCA",
                valid_to=add_months(today, 4), actor=cast["procurement"],
            )  # fmt: skip


def build_receipts(shelf: Shelf, cast: Cast, *, today: dt.date) -> None:
    """A lot a month of each incumbent over the last two years, priced within two per cent.

    One lot has no price, so that a page shows a sum with a receipt left out.
    """
    dice = random.Random(SEED)
    rows: list[Receipt] = []
    for demo in PARTS:
        if demo.basis != "receipts":
            continue
        source = shelf.sources[demo.key, 0]
        month = source.part.figures.month_demand or Decimal(1000)
        for back in range(24, 0, -1):
            day = add_months(today, -back) + dt.timedelta(days=dice.randint(3, 20))
            price = Decimal(demo.sources[0][2]) * Decimal(dice.randint(98, 102)) / 100
            quantity = (month * Decimal(dice.randint(85, 110)) / 100).quantize(Decimal(1))
            rows.append(
                Receipt(
                    source=source, supplier=source.manufacturer_part.manufacturer,
                    po=f"PO-{4000 + len(rows)}", received_date=min(day, today),
                    received_qty=quantity, rejected_qty=dice.choice([0, 0, 0, 2]),
                    lot=f"{demo.key}-{day:%y%W}", date_code=f"{day:%y%W}",
                    unit_price=price.quantize(Decimal("0.000001")), currency="USD",
                )
            )  # fmt: skip
    terminal = shelf.sources["TERM", 0]
    rows.append(
        Receipt(
            source=terminal, supplier=terminal.manufacturer_part.manufacturer, po="PO-4900",
            received_date=today - dt.timedelta(days=8), received_qty=Decimal(900),
            lot="TERM-SAMPLE",
        )
    )  # fmt: skip
    sourcing.record_receipts(receipts=rows, actor=cast["procurement"])


#: part, units, days until the agreed date (negative: late), what is still open of it
ORDERS = (
    ("MCU-A", 4000, 21, None), ("MCU-A", 4400, 52, None), ("BUCK", 9000, -6, 2500),
    ("CAN", 8000, 14, None), ("RS485", 1200, 40, None), ("MLCC", 400_000, 9, 400_000),
)  # fmt: skip


@resolve.together()
def build_order_lines(shelf: Shelf, cast: Cast, *, today: dt.date) -> None:
    """Open orders of the incumbents; one line is late and partly delivered."""
    for number, (key, quantity, days, still_open) in enumerate(ORDERS, 1):
        demo = next(one for one in PARTS if one.key == key)
        sourcing.add_order_line(
            source=shelf.sources[key, 0], po=f"PO-{4200 + number}", line="10",
            ordered_on=add_months(today, -3), ordered_qty=Decimal(quantity),
            agreed_date=today + dt.timedelta(days=days),
            open_given=None if still_open is None else Decimal(still_open),
            unit_price=Decimal(demo.sources[0][2]), currency="USD", actor=cast["procurement"],
        )  # fmt: skip
