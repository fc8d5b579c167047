"""The demonstration's wider assortment: the parts of all series, written by a few statements.

They leave what the services leave: rows, field history and events; what follows from them is
resolved once. A share of the alternates was approved elsewhere and is taken over by two persons.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from parts import services as catalogue
from parts.models import Category, Part
from secondsource.core import audit, clock
from secondsource.core.bulk import insert_rows, take_ids
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.companies import add_companies
from secondsource.workspace.demo.people import Cast
from secondsource.workspace.demo.series import CATEGORIES, SERIES, Series
from suppliers import services as sourcing
from suppliers.models import (
    Approval,
    ManufacturerPart,
    ManufacturerPartSite,
    Offer,
    PriceBreak,
    Site,
    Source,
    Supplier,
)
from suppliers.names import normal_mpn
from suppliers.resolve import resolve
from suppliers.services.takeovers import Proposal, propose_takeover
from suppliers.workflow import TAKEOVER_FLOW

SEED = 7_411
#: Product → pieces a month, and the place on its board where these parts begin to be used.
VOLUMES = {"DC-210": 3200, "DC-340": 1150, "DC-118": 420, "DC-515": 640, "DC-PSU": 4770,
           "DC-620": 900}  # fmt: skip
#: Of the parts: fraction with an alternate, and of these fraction that was approved elsewhere.
WITH_ALTERNATE, TAKEN_OVER = 0.72, 0.55
#: Letters of designators by category, beside passives and integrated circuits.
_LETTERS = {"connectors": "J", "timing": "Y", "discrete": "Q", "opto": "D", "protection": "D",
            "relays": "K"}  # fmt: skip
#: First number of these parts in the series of each prefix.
FIRST = 1001


@dataclass
class Item:
    """A part of the assortment with what belongs to it; prices by place of its sources."""

    series: Series
    label: str
    place: int
    ipn: str
    uses: dict[str, int]
    prices: list[Decimal]
    part: Part = field(default_factory=Part)
    sources: list[Source] = field(default_factory=list)

    @property
    def key(self) -> str:
        """``GD half bridge 100 V``: how stories name the part."""
        return f"{self.series.number.partition('{')[0].rstrip('-')} {self.label}"

    @property
    def month(self) -> int:
        """The demand of a month."""
        return sum(VOLUMES[code] * quantity for code, quantity in self.uses.items())

    def number(self, place: int) -> str:
        """The manufacturer part number of a source: ``OLOA10MHZDUA``, for words ``KULG030``."""
        value = re.sub(r"\W", "", self.label.replace(".", "P").replace("µ", "U"))
        coded = value.replace("Ω", "R")[:8] if value[0].isdigit() else f"{self.place + 1:02}0"
        return f"{self.series.makers[place][:2]}{self.series.number.format(coded)}".upper()

    @property
    def letter(self) -> str:
        """The first letters of its designators."""
        if self.series.category == "passives":
            return {"F": "FB"}.get(self.series.number[0], self.series.number[0])
        return _LETTERS.get(self.series.category, "U")


def draw() -> list[Item]:
    """The assortment: for each value of each series products, quantities and prices."""
    dice, numbers, items = random.Random(SEED), dict[str, int](), []
    for series in SERIES:
        first, last = map(Decimal, series.price)
        steps = max(len(series.labels) - 1, 1)
        for place, label in enumerate(series.labels):
            number = numbers[series.category] = numbers.get(series.category, FIRST - 1) + 1
            price = first + (last - first) * place / steps
            cent = Decimal("0.0001" if price >= Decimal("0.05") else "0.00001")
            prices = [price.quantize(cent)]
            if dice.random() < WITH_ALTERNATE:
                cheaper = Decimal(78 + dice.randint(0, 23) * 19 // 23) / 100
                prices.append((price * cheaper).quantize(cent))
            codes = dice.sample(sorted(VOLUMES), dice.choice((1, 1, 2, 2, 3)))
            uses = {code: dice.randint(1, series.uses) for code in sorted(codes)}
            items.append(Item(series, label, place, f"{series.category}:{number}", uses, prices))
    return items


def build_assortment(cast: Cast, *, today: dt.date) -> list[Item]:
    """Companies, categories, parts, sources, approvals and offers of the assortment."""
    items = draw()
    companies, sites = add_companies(cast)
    _parts(items, _categories(cast), cast)
    _sources(items, companies, sites, cast)
    _approve_incumbents(items, cast)
    _offers(items, companies, cast, today)
    resolve([one.part.pk for one in items], actor=cast["engineer"], reason="first import")
    return items


def _born() -> dict[str, Any]:
    return {"created_at": clock.now(), "updated_at": clock.now()}


def _categories(cast: Cast) -> dict[str, Category]:
    for path, name, prefix, risk in CATEGORIES:
        catalogue.add_category(
            path=path, name=name, ipn_prefix=prefix, risk_class=risk, actor=cast["engineer"]
        )
    return {row.path: row for row in Category.objects.all()}


def _parts(items: list[Item], categories: dict[str, Category], cast: Cast) -> None:
    dice, engineer = random.Random(SEED + 1), cast["engineer"]
    owners = (cast.users["engineer"], cast.users["engineer2"])
    for one in items:
        category = categories[one.series.category]
        one.ipn = f"{category.ipn_prefix}-{int(one.ipn.rpartition(':')[2]):05d}"
        weeks = dice.choice((5, 7, 8, 10, 12, 14, 17, 21)) * dice.randint(82, 118) / 100
        one.part = Part(
            category=category, ipn=one.ipn, description=one.series.text.format(one.label),
            value=one.label, criticality=one.series.criticality,
            lifecycle=dice.choice(("mature",) * 12 + ("growth", "growth", "nrnd", "last_time_buy")),
            stock_qty=int(one.month * weeks * 12 / 52), stock_as_of=clock.business_day(),
            stock_source="ERP extract", owner=dice.choice(owners), **_born(),
        )  # fmt: skip
    made = audit.bulk_create_as(Part, [one.part for one in items], engineer, "first import")
    audit.record_all("parts.part.added", [(part, {}) for part in made], engineer)


def _sources(
    items: list[Item], companies: dict[str, Supplier], sites: dict[str, Site], cast: Cast
) -> None:
    engineer, numbers = cast["engineer"], []
    for one in items:
        for place in range(len(one.prices)):
            mpn, maker = one.number(place), one.series.makers[place]
            number = ManufacturerPart(
                manufacturer=companies[maker], mpn=mpn, mpn_normal=normal_mpn(mpn),
                description=one.part.description, lifecycle_source="demonstration",
                lifecycle=one.part.lifecycle if place == 0 else "mature",
                lifecycle_as_of=clock.business_day(), **_born(),
            )  # fmt: skip
            numbers.append(number)
            one.sources.append(
                Source(part=one.part, manufacturer_part=number, origin="first import",
                       role="alternate" if place else "incumbent", share_cap=0, quantity_cap=0,
                       **_born())
            )  # fmt: skip
    audit.bulk_create_as(ManufacturerPart, numbers, engineer, "first import")
    audit.record_all("suppliers.manufacturerpart.added", [(n, {}) for n in numbers], engineer)
    made_at = [
        (one.manufacturer_part.pk, sites[maker].pk)
        for item in items
        for one, maker in zip(item.sources, item.series.makers, strict=False)
    ]
    insert_rows(ManufacturerPartSite, ("manufacturer_part_id", "site_id"), made_at)
    rows = [source for item in items for source in item.sources]
    for source in rows:
        source.manufacturer_part = source.manufacturer_part  # its key is known by now
        source.part = source.part
    audit.bulk_create_as(Source, rows, engineer, "first import")
    audit.record_all("suppliers.source.added", [(one, {}) for one in rows], engineer)


def _approve_incumbents(items: list[Item], cast: Cast) -> None:
    pairs = zip(take_ids(Approval, len(items)), items, strict=True)
    sourcing.approve_as_legacy(
        [(pk, one.sources[0].pk) for pk, one in pairs],
        evidence_ref="in use since before this system", actor=cast["engineer"],
    )  # fmt: skip


def _offers(items: list[Item], companies: dict[str, Supplier], cast: Cast, today: dt.date) -> None:
    """An offer of each manufacturer, and of a distributor for every fifth part."""
    buyer, dice, offers, breaks = cast["procurement"], random.Random(SEED + 2), [], []
    for place, one in enumerate(items):
        for source, price in zip(one.sources, one.prices, strict=True):
            days = max(21, one.series.lead_days + dice.randint(-14, 14))
            sellers = [(source.manufacturer_part.manufacturer, "direct", Decimal(1))]
            if place % 5 == 0:
                broker = companies["THICKET" if place % 2 else "UNDERGROWTH"]
                sellers.append((broker, "franchised", Decimal("1.14")))
            for seller, channel, factor in sellers:
                offers.append(
                    Offer(manufacturer_part=source.manufacturer_part, supplier=seller,
                          currency="USD", channel=channel, lead_time_days_min=days - 7,
                          lead_time_days_max=days, valid_from=clock.business_day(),
                          valid_to=add_months(today, dice.choice((2, 4, 6, 9))), **_born())
                )  # fmt: skip
                breaks.append(price * factor)
    audit.bulk_create_as(Offer, offers, buyer, "price list")
    audit.record_all("suppliers.offer.added", [(one, {}) for one in offers], buyer)
    ladder = [
        (offer.pk, quantity, (price * factor).quantize(Decimal("0.000001")))
        for offer, price in zip(offers, breaks, strict=True)
        for quantity, factor in ((1, Decimal(2)), (1000, Decimal("1.12")), (10_000, Decimal(1)))
    ]
    insert_rows(PriceBreak, ("offer_id", "quantity", "price"), ladder)


def lines_of(items: list[Item], code: str) -> Iterator[catalogue.NewLine]:
    """The lines of the assortment in a product's BOM."""
    for one in items:
        quantity, mark = one.uses.get(code, 0), f"{one.letter}{one.part.pk}"
        if quantity:
            yield catalogue.NewLine(
                part_id=one.part.pk, quantity=Decimal(quantity), value=one.label, mpn=one.number(0),
                manufacturer=one.sources[0].manufacturer_part.manufacturer.name,
                designators=tuple(f"{mark}{i:02d}" for i in range(1, quantity + 1)),
            )  # fmt: skip


def take_over(items: list[Item], cast: Cast, *, but: Container[str]) -> None:
    """The alternates that a list of another system calls approved: confirmed, then approved.

    ``but`` names the parts whose alternates are qualified here.
    """
    dice = random.Random(SEED + 3)
    known = [one for one in items if len(one.sources) > 1 and dice.random() < TAKEN_OVER]
    chosen = [one for one in known if one.key not in but]
    batch = propose_takeover(
        document="AML of the former PLM", revision="C", dated=clock.business_day(),
        proposals=[
            Proposal(part=one.part, manufacturer_part=one.sources[1].manufacturer_part,
                     evidence=f"Release note RN-{400 + place}")
            for place, one in enumerate(chosen)
        ],
        actor=cast["engineer"], origin="aml-export.xlsx",
    )  # fmt: skip
    TAKEOVER_FLOW.fire(batch.pk, "confirm", actor=cast["quality"])
    TAKEOVER_FLOW.fire(batch.pk, "approve", actor=cast["engineer2"])
