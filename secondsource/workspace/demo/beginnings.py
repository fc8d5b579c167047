"""Where the demonstration can begin: a product in development with low-risk single-source parts.

They are what *Start small* proposes and what *Design-in* lists. All of it is invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from parts import services as catalogue
from parts.models import Category, Part
from secondsource.accounts.models import Plant, ProductLine
from secondsource.core import clock
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.assortment import Item, lines_of
from secondsource.workspace.demo.people import Cast
from suppliers import resolve
from suppliers import services as sourcing
from suppliers.models import Supplier

CODE, NAME = "DC-620", "Sensor hub"


@dataclass(frozen=True)
class Beginning:
    """A part: the incumbent and, where one is known, the candidate; stock in pieces."""

    ipn: str
    category: str
    description: str
    incumbent: tuple[str, str, str]
    candidate: tuple[str, str, str] | None
    quantity: int
    stock: int | None
    lead_days: int
    lifecycle: str = "mature"


PARTS = (
    Beginning("PAS-00101", "passives", "MLCC 10 µF, 25 V, X5R, 0805",
              ("ELM", "EM0805R106", "0.031"), ("FIR", "FC0805R106", "0.024"), 12, 9_000, 70),
    Beginning("PAS-00102", "passives", "Chip resistor 100 mΩ, 1 %, 1206",
              ("ELM", "ER1206-0R1", "0.052"), ("FIR", "FR1206-R10", "0.043"), 4, 3_000, 56),
    Beginning("PAS-00103", "passives", "Power inductor 4.7 µH, 3 A", ("FIR", "FL4R7-3A", "0.210"),
              ("ELM", "EL4R7-30", "0.180"), 2, 1_100, 84),
    Beginning("TIM-00101", "timing", "Crystal 32.768 kHz, 12.5 pF", ("ELM", "EX327-12", "0.180"),
              ("HAZEL", "HX32K-12", "0.155"), 1, 500, 98),
    Beginning("CON-00101", "connectors", "Board-to-board header, 2 × 20",
              ("HAZEL", "HB2-20", "0.740"), ("ELM", "EB220-S", "0.690"), 1, 650, 42),
    Beginning("CON-00102", "connectors", "FFC connector, 24 way, 0.5 mm",
              ("HAZEL", "HF24-05", "0.360"), None, 1, 400, 49),
    Beginning("TIM-00102", "timing", "Oscillator 50 MHz, 3.3 V", ("FIR", "FO50M33", "0.890"),
              ("ELM", "EO50-33", "0.810"), 1, 300, 126, "nrnd"),
)  # fmt: skip


def build_beginnings(cast: Cast, items: list[Item], *, today: dt.date) -> None:
    """Parts with sources and offers, and their product; half a year before today."""
    with clock.at(add_months(today, -6)):
        with resolve.together():
            parts = [_part(one, cast, today) for one in PARTS]
        product = catalogue.add_product(
            code=CODE, name=NAME, phase="development", monthly_volume=900,
            unit_margin=Decimal("27.00"), annual_revenue=Decimal(972_000), currency="USD",
            plants=[Plant.objects.get(code="BRNO")],
            product_line=ProductLine.objects.get(code="NETWORK"), actor=cast["engineer"],
        )  # fmt: skip
        catalogue.add_revision(
            product=product, actor=cast["engineer"], origin="demonstration", label="A",
            lines=[
                catalogue.NewLine(part_id=part.pk, quantity=Decimal(one.quantity))
                for part, one in zip(parts, PARTS, strict=True)
            ] + list(lines_of(items, CODE)),
        )  # fmt: skip


def _part(one: Beginning, cast: Cast, today: dt.date) -> Part:
    engineer = cast["engineer"]
    part = catalogue.add_part(
        category=Category.objects.get(path=one.category), ipn=one.ipn, actor=engineer,
        description=one.description, lifecycle=one.lifecycle, stock_qty=one.stock,
        criticality="c", owner=engineer.user,
    )  # fmt: skip
    for place, made in enumerate(filter(None, (one.incumbent, one.candidate))):
        code, mpn, price = made
        manufacturer = Supplier.objects.get(code=code)
        number = sourcing.add_manufacturer_part(
            manufacturer=manufacturer, mpn=mpn, actor=engineer, description=one.description,
            lifecycle=one.lifecycle if place == 0 else "mature",
            lifecycle_as_of=clock.business_day(), lifecycle_source="demonstration",
        )  # fmt: skip
        source = sourcing.add_source(
            part=part, manufacturer_part=number, actor=engineer, origin="demonstration"
        )
        if place == 0:
            sourcing.approve_legacy(
                source=source, evidence_ref="chosen for the first samples", actor=engineer
            )
        sourcing.add_offer(
            manufacturer_part=number, supplier=manufacturer, currency="USD",
            price_breaks=[(1, Decimal(price) * 2), (100, Decimal(price))],
            lead_time_days_min=one.lead_days - 7, lead_time_days_max=one.lead_days,
            valid_to=add_months(today, 4), actor=cast["procurement"],
        )  # fmt: skip
    return part
