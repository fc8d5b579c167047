"""Objects for the API's tests, made by the services that everybody uses."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from parts import services as catalogue
from parts.models import Category, Part, Product
from qualification import services as qualifying
from qualification.models import Case
from secondsource.accounts.models import User
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart, Offer, Source, Supplier
from tests.api.callers import SYSTEM, add_user

_numbers = itertools.count(1)


def a_category(path: str = "regulators") -> Category:
    found = Category.objects.filter(path=path).first()
    return found or catalogue.add_category(path=path, name=path.title(), actor=SYSTEM)


def a_part(ipn: str = "", **fields: Any) -> Part:
    return catalogue.add_part(
        category=a_category(), ipn=ipn or f"P-{next(_numbers):04d}", actor=SYSTEM, **fields
    )


def a_product(code: str = "PUMP", **fields: Any) -> Product:
    return catalogue.add_product(code=code, name=code.title(), actor=SYSTEM, **fields)


def a_manufacturer(name: str = "Texas Instruments", *aliases: str) -> Supplier:
    found = sourcing.find_manufacturer(name)
    return found or sourcing.add_supplier(name=name, aliases=aliases, actor=SYSTEM)


def a_manufacturers_part(
    mpn: str = "", manufacturer: str = "Texas Instruments"
) -> ManufacturerPart:
    return sourcing.add_manufacturer_part(
        manufacturer=a_manufacturer(manufacturer),
        mpn=mpn or f"TPS{next(_numbers):05d}",
        actor=SYSTEM,
    )


def a_source(
    part: Part | None = None, mpn: str = "", manufacturer: str = "Texas Instruments"
) -> Source:
    return sourcing.add_source(
        part=part or a_part(),
        manufacturer_part=a_manufacturers_part(mpn, manufacturer),
        actor=SYSTEM,
    )


def an_incumbent(part: Part | None = None, mpn: str = "") -> Source:
    return sourcing.approve_legacy(source=a_source(part, mpn), evidence_ref="in use", actor=SYSTEM)


def an_offer(part: ManufacturerPart | None = None) -> Offer:
    return sourcing.add_offer(
        manufacturer_part=part or a_manufacturers_part(),
        supplier=a_manufacturer("Mouser"),
        currency="USD",
        price_breaks=[(1, Decimal("1.25"))],
        actor=SYSTEM,
    )


def a_bom(product: Product, *parts: Part, quantity: int = 2) -> Any:
    lines = [catalogue.NewLine(part_id=part.pk, quantity=Decimal(quantity)) for part in parts]
    return catalogue.add_revision(product=product, lines=lines, actor=SYSTEM, origin="test")


def a_case(lead: User | None = None, **fields: Any) -> Case:
    lead = lead or User.objects.filter(roles=["engineer"]).first() or add_user("engineer")
    return qualifying.open_case(source=a_source(), lead=lead, actor=SYSTEM, **fields)
