"""What tests stand on, made through the services that the product uses.

Every function takes what matters to the test and fills in the rest; names count upwards.
"""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from parts import services as catalogue
from parts.models import Category, Part, Product
from qualification import facts, figures
from qualification import services as qualification
from qualification.guards import UNTIL_APPROVAL, missing_signatures, open_items, required_functions
from qualification.models import Case, ChecklistItem, GatePassage, SignOff, StepKind
from qualification.models.cases import GATES, State
from qualification.workflow import CASE_FLOW
from secondsource.accounts.models import User
from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import ManufacturerPart, OrderLine, Receipt, Source, Supplier
from suppliers.signals import sources_changed
from tests.case_work import BULK, FINISH

_numbers = itertools.count(1)
JOB = Actor.named_job("tests")
PASSWORD = "long enough for a test"


def person(*roles: str, name: str = "", email: str = "", **fields: Any) -> User:
    """Somebody with these roles; an engineer when none is named."""
    number = next(_numbers)
    return User.objects.create_user(
        email or f"person{number}@test.example",
        PASSWORD,
        name=name or f"Person {number}",
        roles=list(roles or ("engineer",)),
        **fields,
    )


def actor(*roles: str, origin: str = "web") -> Actor:
    """A new person as an actor."""
    return Actor(user=person(*roles), origin=origin)


def category(path: str = "", risk_class: str = "medium", prefix: str = "") -> Category:
    """A category; the same path gives the same one."""
    path = path or f"category{next(_numbers)}"
    found = Category.objects.filter(path=path).first()
    return found or catalogue.add_category(
        path=path, name=path.title(), risk_class=risk_class, ipn_prefix=prefix, actor=JOB
    )


def part(*, risk_class: str = "medium", **fields: Any) -> Part:
    """A part without sources."""
    where = fields.pop("category", None) or category(f"risk-{risk_class}", risk_class)
    return catalogue.add_part(category=where, actor=JOB, **fields)


def manufacturer(name: str = "", **fields: Any) -> Supplier:
    """A manufacturer."""
    return sourcing.add_supplier(name=name or f"Manufacturer {next(_numbers)}", actor=JOB, **fields)


def manufacturer_part(mpn: str = "", **fields: Any) -> ManufacturerPart:
    """A manufacturer part of a manufacturer of its own, unless one is given."""
    who = fields.pop("manufacturer", None) or manufacturer()
    return sourcing.add_manufacturer_part(
        manufacturer=who, mpn=mpn or f"MPN-{next(_numbers)}", actor=JOB, **fields
    )


def standing(company: Supplier, word: str) -> None:
    """The company's standing, and what it makes of its sources."""
    Supplier.objects.filter(pk=company.pk).update(standing=word)
    parts = Source.objects.filter(manufacturer_part__manufacturer=company).values_list("part_id")
    sources_changed.send(sender=Supplier, part_ids={pk for (pk,) in parts}, actor=JOB)


def alternate(of: Part, mpn: str = "", **fields: Any) -> Source:
    """A candidate source of the part."""
    number = fields.pop("manufacturer_part", None) or manufacturer_part(mpn, **fields)
    return sourcing.add_source(part=of, manufacturer_part=number, actor=JOB)


def incumbent(of: Part, mpn: str = "", **fields: Any) -> Source:
    """The part's first source, approved as legacy."""
    return sourcing.approve_legacy(
        source=alternate(of, mpn, **fields), evidence_ref="in use", actor=JOB
    )


def approved(of: Part, mpn: str = "", **fields: Any) -> Source:
    """A further approved source, by a case that the test does not care about."""
    return sourcing.approve_source(
        source=alternate(of, mpn, **fields), kind="case", evidence_ref="SSQ-9999", actor=JOB
    )


def product(
    code: str = "", *, uses: dict[Part, int] | None = None, plants: Any = (), **fields: Any
) -> Product:
    """A product with a BOM of the given parts and quantities."""
    code = code or f"PRODUCT-{next(_numbers)}"
    fields.setdefault("phase", "development")
    made = catalogue.add_product(code=code, name=code.title(), actor=JOB, plants=plants, **fields)
    if uses:
        bom(made, uses)
    return made


def bom(of: Product, uses: dict[Part, int]) -> Any:
    """A new current revision of the product's BOM."""
    lines = [catalogue.NewLine(part_id=p.pk, quantity=Decimal(n)) for p, n in uses.items()]
    return catalogue.add_revision(product=of, lines=lines, actor=JOB, origin="tests")


def receipt(of: Source, quantity: int = 100, price: str | None = None, **fields: Any) -> Receipt:
    """A production receipt of a lot of its own, or a return of no lot; today by default."""
    fields.setdefault("lot", f"LOT-{next(_numbers)}" if quantity > 0 else "")
    money = {"unit_price": Decimal(price), "currency": "USD"} if price else {}
    fields.setdefault("received_date", clock.business_day())
    return sourcing.record_receipt(
        source=of, received_qty=Decimal(quantity), actor=JOB, confirmed=True, **money, **fields
    )


def order_line(
    of: Source, quantity: int = 100, price: str | None = None, **fields: Any
) -> OrderLine:
    """A line of an order of its own."""
    money = {"unit_price": Decimal(price), "currency": "USD"} if price else {}
    fields = {"po": f"PO-{next(_numbers)}", "line": "10"} | fields
    return sourcing.add_order_line(
        source=of, ordered_qty=Decimal(quantity), actor=JOB, **money, **fields
    )


class Team:
    """The people of a case and the case itself, walked from gate to gate."""

    def __init__(
        self, source: Source | None = None, *, people: dict[str, User] | None = None, **fields: Any
    ) -> None:
        self.people = people or {
            key: person(role)
            for key, role in (
                ("engineering", "engineer"),
                ("quality", "quality"),
                ("procurement", "procurement"),
                ("sponsor", "executive"),
            )
        }
        if source is None:
            of = part()
            incumbent(of)
            source = alternate(of)
        self.source = source
        self.case = qualification.open_case(source=source, actor=self.lead, **fields)
        pairs = [(self.people[f], f) for f in ("engineering", "quality", "procurement")]
        qualification.set_team(case=self.case, members=pairs, actor=self.lead)
        self.reload()
        self.plan(sponsor=self.people["sponsor"], pilot_quantity=500,
                  transition_share=Decimal("0.4"), rollback_hours=Decimal(48), rollback_stock=900,
                  rollback_rehearsed_on=clock.business_day())  # fmt: skip

    @classmethod
    def of(cls, case: Case, people: dict[str, User]) -> Team:
        """The people, by function, of a case that is there already."""
        team = cls.__new__(cls)
        team.case, team.source, team.people = case, case.source, people
        return team

    def __getitem__(self, function: str) -> Actor:
        return Actor(user=self.people[function])

    @property
    def lead(self) -> Actor:
        """The case's lead, an engineer."""
        return self["engineering"]

    def reload(self) -> Case:
        """The case as the database has it."""
        self.case = Case.objects.get(pk=self.case.pk)
        self.source.refresh_from_db()
        return self.case

    def plan(self, **values: Any) -> Case:
        """Set fields of the plan."""
        qualification.change_case(case=self.case, values=values, actor=self.lead)
        return self.reload()

    def fire(self, move: str, by: str = "engineering", **fields: Any) -> Case:
        """Fire a move; the source is re-read too."""
        CASE_FLOW.fire(self.case.pk, move, actor=self[by], **fields)
        return self.reload()

    def do_items(self, *, ticks: bool = True) -> None:
        """Do every open item of the gate: a tick, a value within its limits, a file, other work."""
        for item in open_items(self.reload(), self.case.state):
            if item.link:
                FINISH[item.link](self)
                continue
            if item.kind == StepKind.TICK and not ticks:
                continue
            is_document = item.kind == StepKind.DOCUMENT
            if (item.evidence_required or is_document) and not item.has_evidence:
                qualification.add_evidence(item=item, upload=text_file(), actor=self.lead)
            if item.kind == StepKind.VALUE:
                good = next((limit for limit in (item.lower, item.upper) if limit), Decimal(1))
                qualification.set_value(item=item, value=good, actor=self.lead)
            elif not is_document:
                qualification.set_item(item=item, done=True, actor=self.lead)
        self.reload()

    def with_steps(self, count: int) -> list[ChecklistItem]:
        """At the business case, its own work done, with open steps to tick."""
        self.fire("submit")
        self.do_items()
        return [
            qualification.add_item(
                case=self.case, gate=State.BUSINESS_CASE, text=f"Step {n}", actor=self.lead
            )
            for n in range(1, count + 1)
        ]

    def sign(self) -> None:
        """Every missing signature of the gate."""
        for function in missing_signatures(self.reload(), State(self.case.state)):
            qualification.sign(case=self.case, function=function, actor=self[function])

    def pass_gate(self) -> Case:
        """Do the gate's work and pass it."""
        self.do_items()
        self.sign()
        return self.fire("pass")

    def go_to(self, state: str) -> Case:
        """Walk from the draft to a gate."""
        if self.case.state == State.DRAFT and state != State.DRAFT:
            self.fire("submit")
        while self.case.state != state:
            self.pass_gate()
        return self.case

    @transaction.atomic
    def jump_to(self, state: str, *, onward: bool = False) -> Case:
        """As ``go_to`` where the way is not the point: the gates before are done in bulk.

        ``onward``: the case passes approval later on, which asks for work of earlier gates.
        """
        if state == State.DRAFT:
            return self.case
        gates = [str(gate) for gate in GATES]
        before, now = gates[: gates.index(state)], clock.now()
        done = self.case.checklist.filter(gate__in=before)
        for link in set(done.filter(link__in=BULK).values_list("link", flat=True)):
            BULK[link](self.case)
        done.filter(link="").update(done_at=now, done_by=self.people["engineering"])
        if onward or state == State.APPROVAL:
            for item in done.filter(met_at=None, link__in=UNTIL_APPROVAL):
                FINISH[item.link](self)
            self.reload()
        done.exclude(link="").update(met_at=now)
        SignOff.objects.bulk_create(
            SignOff(case=self.case, gate=gate, function=function, signed_at=now,
                    signed_by=self.people[function])
            for gate in before for function in required_functions(self.case, gate)
        )  # fmt: skip
        GatePassage.objects.bulk_create(
            GatePassage(case=self.case, gate=gate, entered_at=now, passed=gate in before,
                        left_at=now if gate in before else None)
            for gate in [*before, state]
        )  # fmt: skip
        self.case.state = state
        facts.write(self.case, self.lead)
        self.case.save()
        facts.resolve_source(self.case, self.lead)
        figures.refresh_case_columns([self.case.part_id])
        return self.reload()

    def finish_transition(self) -> Case:
        """Let three months pass and close."""
        last = max(point.due for point in self.case.hold_points.all())
        with clock.at(last):
            for point in self.case.hold_points.all():
                qualification.judge_hold_point(
                    hold_point=point, verdict="pass", note="good", actor=self["quality"]
                )
            self.do_items()
            self.sign()
            return self.fire("close")


def text_file(name: str = "evidence.txt", content: str = "measured") -> SimpleUploadedFile:
    """A small harmless file."""
    return SimpleUploadedFile(name, content.encode(), content_type="text/plain")


def days_ago(days: int) -> dt.date:
    """A date before today."""
    return clock.business_day() - dt.timedelta(days=days)
