"""Data of the part page, in a handful of statements for any number of sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from parts import usage
from parts.models import Part, PartUsage, Product
from qualification import credit
from qualification.credit import Credit
from qualification.models import Case
from qualification.models.cases import OPEN_STATES
from secondsource.core.chips import StateChip
from secondsource.core.formats import number, percent
from suppliers import price_facts, spec_sheet
from suppliers.models import Source
from suppliers.price_facts import PriceFact
from suppliers.views import chips

_SITES = ("fab", "assembly", "test")


@dataclass
class SourceColumn:
    """One source as the page shows it beside the others."""

    source: Source
    role: str
    colour: int
    price: PriceFact
    relative: Decimal | None
    case: Case | None
    credit: Credit | None = None

    @property
    def status(self) -> StateChip:
        """Its status as a chip."""
        return chips.status(self.source.status)

    @property
    def reasons(self) -> list[str]:
        """Reasons of its status, except the case, which the page links to."""
        shown_by_link = {"case", "ramp"}
        return [r["detail"] for r in self.source.reasons if r["code"] not in shown_by_link]

    @property
    def cap(self) -> str:
        """How much may be ordered: units left, or a share of the month's demand."""
        source = self.source
        if source.units_left is not None:
            return f"{number(source.units_left)} left" if source.quantity_cap else "0"
        if source.share_cap is None:
            return "no cap"
        return f"{percent(source.share_cap)} a month" if source.share_cap else "0"

    @property
    def is_incumbent(self) -> bool:
        """Whether the other sources are compared with it."""
        return self.source.role == Source.Role.INCUMBENT

    @property
    def is_legacy(self) -> bool:
        """Whether it is approved because it was in use, without a case."""
        approval = self.source.approval
        return bool(approval and approval.kind == "legacy" and self.source.status == "approved")

    @property
    def is_taken_over(self) -> bool:
        """Whether it is approved by take-over."""
        approval = self.source.approval
        return bool(approval and approval.kind == "takeover" and self.source.status == "approved")

    @property
    def approval_conditions(self) -> str:
        """The conditions of the approval that counts."""
        return self.source.approval.conditions if self.source.approval else ""

    @property
    def accepted_risks(self) -> str:
        """The risks that were accepted with it."""
        return self.source.approval.accepted_risks if self.source.approval else ""

    @property
    def scope(self) -> str:
        """``For DC-210 in BRNO``; '' for all products in all plants."""
        source: Any = self.source  # with the codes that PartSources adds
        said = [f"for {', '.join(source.product_codes)}"] if source.product_codes else []
        said += [f"in {', '.join(source.plant_codes)}"] if source.plant_codes else []
        text = " ".join(said)
        return text[:1].upper() + text[1:]

    @property
    def independence(self) -> StateChip | None:
        """Its independence of the approved sources; None for the incumbent."""
        return None if self.is_incumbent else chips.independence(self.source.independence)

    @property
    def case_adds_nothing(self) -> bool:
        """Whether a case is open that would not make the source count beside the others."""
        approved = self.source.status == Source.Status.APPROVED
        return self.case is not None and not approved and not self.source.would_count

    @property
    def made_at(self) -> str:
        """``Fab Crolles FR, assembly Muar MY``; '' when no site is on record."""
        found: dict[str, list[str]] = {}
        for link in self.source.manufacturer_part.part_sites.all():
            found.setdefault(link.site.activity, []).append(f"{link.site.name} {link.site.country}")
        said = [f"{kind} {', '.join(found[kind])}" for kind in _SITES if kind in found]
        text = ", ".join(said)
        return text[:1].upper() + text[1:]

    @property
    def may_open_case(self) -> bool:
        """Whether a case could begin on it."""
        return self.case is None and _may_be_qualified(self.source)

    @property
    def lacks_manufacturer(self) -> bool:
        """Whether only the missing name of the manufacturer keeps a case from beginning on it."""
        placeholder = self.source.manufacturer_part.manufacturer.placeholder
        return bool(placeholder) and self.case is None and not self.is_incumbent


def _may_be_qualified(source: Source) -> bool:
    """An alternate of a named manufacturer that is not approved."""
    waiting = {Source.Status.CANDIDATE, Source.Status.REQUALIFY}
    named = not source.manufacturer_part.manufacturer.placeholder
    return named and source.status in waiting and source.role != Source.Role.INCUMBENT


class PartSources:
    """The sources of a part with prices, cases and the comparison of their datasheets."""

    def __init__(self, part: Part, *, cases: Iterable[Case] = (), currency: str = "") -> None:
        self.part, self.currency = part, currency
        self.cases = {case.source_id: case for case in cases if case.state in OPEN_STATES}

    @cached_property
    def rows(self) -> list[Source]:
        """Incumbent first."""
        found = Source.objects.filter(part=self.part).with_sites_and_scope().in_order()
        return list(found.prefetch_related("manufacturer_part__parameters"))

    @property
    def to_qualify(self) -> list[Source]:
        """Alternates on which a case could begin."""
        return [row for row in self.rows if row.pk not in self.cases and _may_be_qualified(row)]

    @cached_property
    def incumbent(self) -> int | None:
        """Index of the incumbent."""
        roles = [source.role for source in self.rows]
        return roles.index(Source.Role.INCUMBENT) if Source.Role.INCUMBENT in roles else None

    @cached_property
    def columns(self) -> list[SourceColumn]:
        """The sources side by side; colours follow the place, not the status."""
        ids = [source.manufacturer_part_id for source in self.rows]
        facts = price_facts.of_manufacturer_parts(ids, currency=self.currency)
        credits_ = credit.of_sources([s.pk for s in self.rows if s.was_approved])
        reference = self._reference(facts)
        columns, alternates = [], 0
        for source in self.rows:
            incumbent = source.role == Source.Role.INCUMBENT
            alternates += not incumbent
            price = facts.get(source.manufacturer_part_id, PriceFact())
            columns.append(
                SourceColumn(
                    source=source,
                    role="Incumbent" if incumbent else f"Alternate {alternates}",
                    colour=1 if incumbent else min(alternates + 1, 5),
                    price=price,
                    relative=None if incumbent else price_facts.relative(price.price, reference),
                    case=self.cases.get(source.pk),
                    credit=credits_.get(source.pk),
                )
            )
        return columns

    def _reference(self, facts: dict[int, PriceFact]) -> Decimal | None:
        if self.incumbent is None:
            return None
        return facts.get(self.rows[self.incumbent].manufacturer_part_id, PriceFact()).price

    @cached_property
    def sheet(self) -> spec_sheet.SpecSheet:
        """Every parameter of every source against our requirements."""
        return spec_sheet.sheet(
            requirements=list(self.part.requirements.all()),
            sources=[source.manufacturer_part.parameters.all() for source in self.rows],
            incumbent=self.incumbent,
        )


@dataclass(frozen=True)
class Use:
    """A product that uses the part: pieces in one product, and a month."""

    product: Product
    quantity: Decimal
    level: int

    @property
    def per_month(self) -> Decimal | None:
        """Pieces of the part a month; None when the product's volume is not known."""
        volume = self.product.monthly_volume
        return None if volume is None else self.quantity * volume


def uses(part: Part, user: Any) -> list[Use]:
    """Products that use the part at any level and are visible, largest need first."""
    found = PartUsage.objects.filter(
        part=part, product__in=Product.objects.visible_to(user).values("pk")
    ).select_related("product")
    rows = [Use(row.product, row.quantity, row.level) for row in found]
    return sorted(rows, key=lambda use: (-(use.per_month or 0), use.product.code))


@dataclass(frozen=True)
class Path:
    """One way from the part up to a product, with the pieces along it."""

    products: list[Product | None]
    quantity: Decimal
    level: int
    designators: list[str]

    @property
    def top(self) -> Product | None:
        """The product at the end of the way."""
        return self.products[-1]

    @property
    def per_month(self) -> Decimal | None:
        """Pieces a month along this way."""
        volume = self.top.monthly_volume if self.top else None
        return None if volume is None else self.quantity * volume


def paths(part: Part, user: Any) -> list[Path]:
    """Every way up through the levels that ends at a product the reader may see.

    A product on the way that the reader may not see is None.
    """
    found = usage.where_used(part.pk)
    seen = Product.objects.visible_to(user).in_bulk({pk for row in found for pk in row["path"]})
    return [
        Path([seen.get(pk) for pk in row["path"]], row["quantity"], row["level"],
             row["designators"])
        for row in found
        if row["product_id"] in seen
    ]  # fmt: skip


def total_per_month(rows: Iterable[Use]) -> Decimal | None:
    """Pieces a month of all uses whose volume is known; None when none is."""
    known = [use.per_month for use in rows if use.per_month is not None]
    return sum(known, Decimal(0)) if known else None
