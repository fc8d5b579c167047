"""One object of every kind, and where each address of the product leads with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from parts import services as catalogue
from qualification import fmea_sheet
from qualification import services as qualification
from qualification.models import (
    ComponentTest,
    Disposition,
    FmeaAction,
    InspectionLot,
    IpClearance,
    PpapElement,
    Sample,
)
from qualification.models.cases import State
from secondsource.accounts import services as accounts
from secondsource.accounts.models import Plant, ProductLine, Team
from secondsource.accounts.rights import Role
from secondsource.core import attachments, clock, discussion, jobs
from secondsource.core.actors import Actor
from secondsource.core.models import Outbox, PolicyVersion
from secondsource.exchange import services as exchange
from suppliers import services as sourcing
from suppliers.serializers import receipt_id
from tests import case_work, factories, rfq_work
from tests.approval_work import approval_rows
from tests.datasheet_work import datasheet_rows
from tests.factories import JOB
from tests.introduction_work import introduction_rows
from tests.negotiation_work import negotiation_rows
from tests.pool_work import pool_rows
from tests.rollback_work import rollback_rows
from tests.saving_work import saving_rows

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BOM = b"Reference,Quantity,MPN,Manufacturer\nC1,1,GRM188,Murata\n"


@jobs.runs("test.every_url")
def _nothing(progress: Any) -> dict[str, Any]:
    return {}


class World:
    """The objects, by the names that addresses give them."""

    def __init__(self) -> None:
        self.people = {role: factories.person(role) for role in Role.values}
        team = factories.Team()
        team.jump_to(State.TRANSITION)
        self.case, part = team.case, team.source.part
        product = factories.product("PUMP", uses={part: 2})
        factories.bom(product, {part: 3})
        supplier = team.source.manufacturer_part.manufacturer
        offer = sourcing.add_offer(
            manufacturer_part=team.source.manufacturer_part, supplier=supplier, currency="USD",
            price_breaks=[(1, 2)], actor=JOB,
        )  # fmt: skip
        site = sourcing.add_site(
            supplier=supplier, name="Plant", activity="fab", country="DE", actor=JOB
        )
        rate = catalogue.record_rate(
            currency="EUR", quote="USD", rate=Decimal("1.1"), as_of=clock.business_day(),
            publisher="ECB", actor=JOB,
        )  # fmt: skip
        takeover = sourcing.propose_takeover(
            document="AML", actor=team.lead, products=[product],
            plants=[Plant.objects.get_or_create(code="NORTH", name="North")[0]],
            proposals=[
                sourcing.Proposal(part, factories.manufacturer_part(), products=[product])
            ],
        )  # fmt: skip
        today = clock.business_day()
        test = ComponentTest.objects.create(
            case=self.case, position=1, code="HTOL", name="Life", standard="JESD47"
        )
        sample = Sample.objects.create(
            case=self.case, lot="A", quantity=1, received_on=today, purpose="pilot"
        )
        lot = InspectionLot.objects.create(
            case=self.case, source=team.source, lot="A", size=9, aql="1.0", level="normal",
            sample_size=9, accept_number=0, defects=1, result="rejected", inspected_on=today,
            inspected_by=self.people["quality"],
        )  # fmt: skip
        element = PpapElement.objects.create(case=self.case, number=1, status="pending")
        receipt = factories.receipt(team.source, 5)
        order_line = factories.order_line(team.source, 5)
        item = self.case.checklist.filter(gate=State.TRANSITION).first()
        evidence = attachments.attach(subject=item, upload=factories.text_file(), actor=team.lead)
        cost = qualification.log_cost(
            case=self.case, kind="lab", amount=Decimal(90), day=clock.business_day(),
            actor=team.lead, upload=factories.text_file("invoice.txt"),
        )  # fmt: skip
        planned = self.case.planned_costs.get()
        on_part = attachments.attach(subject=part, upload=factories.text_file(), actor=team.lead)
        with transaction.atomic():
            fmea_sheet.freeze(self.case, team.lead)
        mode = self.case.fmea.rows.get()
        action = FmeaAction.objects.create(row=mode, description="Port the driver")
        action.evidence = attachments.attach(
            subject=action, upload=factories.text_file(), actor=team.lead
        )
        action.save()
        comment = discussion.say(subject=self.case, text="Seen.", actor=team.lead)
        imported = exchange.upload(
            file=factories.text_file("bom.csv", BOM.decode()), actor=team.lead, product_code="PUMP"
        )
        for model in (Plant, ProductLine, Team):
            model.objects.get_or_create(code="NORTH", name="North")
        job = jobs.start("test.every_url", actor=Actor(user=self.people["engineer"]), payload={})
        export = exchange.exports.start(
            list_name="part_list", query="", file_format="csv",
            actor=Actor(user=self.people["engineer"]),
        )  # fmt: skip
        PolicyVersion.objects.create(name="spend", number=1, values={"months": 6})
        token, _ = accounts.issue_token(
            user=self.people["engineer"], scopes=["read"], days=1, actor=JOB
        )
        build = case_work.pilot_rows(self.case, product, self.people["quality"])
        disposition = Disposition.objects.create(
            case=self.case, parameter="Current", verdict="unknown", required="5 A", basis={},
            decision="reject", reason="why", decided_by=team.lead.user, decided_at=clock.now(),
        )  # fmt: skip
        declaration = sourcing.declare(
            manufacturer_part=team.source.manufacturer_part, scheme="rohs", actor=JOB,
            values={"status": "compliant", "document": "D-1"},
        )  # fmt: skip
        sheets = datasheet_rows(team.source.manufacturer_part, Actor(user=self.people["engineer"]))
        clearance = IpClearance.objects.create(
            case=self.case, kind="claim", subject="EP 1", searched_in="Espacenet",
            searched_by=team.lead.user, searched_on=clock.business_day(),
        )  # fmt: skip
        signature = self.case.sign_offs.first()
        sop = qualification.draft_sop(risk_class="medium", reason="a gap", actor=team.lead)
        step = sop.items.first()
        rows = approval_rows(self.case, team.lead)
        back = rollback_rows(self.case, team.lead)
        back |= introduction_rows(self.case, product, team.lead)
        asked = rfq_work.rfq_rows(team.source)
        paid = pool_rows(self.case, self.people["engineer"])
        deal = negotiation_rows(self.case, self.people["procurement"])
        money = saving_rows(self.case, team.source)
        lesson = qualification.write_lesson(
            case=self.case, gate="fmea", text="Samples came late.", actor=team.lead
        )
        point = self.case.hold_points.first()
        codes = {"savings": "CU", "suppliers": supplier.code, "products": "PUMP", "plants": "NORTH",
                 "product-lines": "NORTH", "teams": "NORTH"}  # fmt: skip
        ids = {
            "categories": str(part.category.public_id), "sites": site.key, "offers": offer.key,
            "manufacturer-parts": team.source.manufacturer_part.key, "sources": team.source.key,
            "receipts": receipt_id(receipt.pk), "order-lines": order_line.key,
            "orders": order_line.key,
            "imports": imported.key, "exports": str(export.public_id), "checklist": item.key,
            "evidence": str(evidence.public_id), "sign-offs": signature.key,
            "dispositions": disposition.key, "clearances": clearance.key,
            "declarations": declaration.key,
            "discussion": str(comment.public_id), "checkpoints": point.key,
            "pilot-plans": build.plan.key, "pilot-builds": build.key, **rows, **back, **asked,
            "exchange-rates": rate.key, "aml-takeovers": takeover.key,
            "fmea": mode.key, "fmea-actions": action.key,
            "component-tests": test.key, "samples": sample.key, "inspections": lot.key,
            "elements": element.key,
            "sops": sop.key, "items": step.key, "lessons": lesson.key,
            "planned-costs": planned.key, "cost-entries": cost.key, **paid, **money,
            "rounds": deal["round"], "splits": deal["split"], **sheets,
            "people": str(self.people["viewer"].public_id), "tokens": str(token.public_id),
        }  # fmt: skip
        self.values = {
            "ipn": part.ipn, "case": self.case.key, "key": self.case.key,
            "batch": takeover.key, "number": self.case.key, "source": team.source.key,
            "item": item.key, "site": site.key, "sop": sop.key, "step": step.key,
            "mode": mode.key, "action": action.key, "version": "1", "extension": "csv",
            "point": point.key, "build": build.key, "lesson": lesson.key,
            "disposition": disposition.key, "clearance": clearance.key, "scheme": "rohs",
            "part": team.source.manufacturer_part.key, "public_id": imported.key,
            "cost": planned.key, "entry": cost.key,
            "test": test.key, "rows": "component-tests", "row": test.key,
            "sample": sample.key, "lot": lot.key,
            **{name: back[name] for name in ("trigger", "way", "breach", "done", "built")},
            **deal,
            "invitation": asked["invitations"], "asked": asked["lines"],
            "person": str(self.people["viewer"].public_id), "token": str(token.public_id),
            "export": str(export.public_id), "pk": str(job.pk), "act": "csv",
            "notification": "1", "watch": "1", "year": "2026", "pool": paid["pool"],
            "share": paid["share"],
            "task": str(Outbox.objects.latest("pk").pk),
            "line": money["savings"], "team": "NORTH", "sheet": sheets["datasheets"],
            "datasheet_line": sheets["datasheet-lines"],
            "move": "close", "function": "quality", "name": "npv", "uidb36": "1", "kind": "stock",
        }  # fmt: skip
        self.codes, self.ids = codes, ids
        self.files = {"parts": on_part.key, "q": evidence.key, "costs": attachments.of(cost)[0].key}

    def client(self, role: str) -> Client:
        """A signed-in browser of a role; a stranger's for ""."""
        client = Client(raise_request_exception=False)
        if role:
            client.force_login(self.people[role], backend=BACKEND)
        return client

    def address(self, route: str) -> str:
        """The address of a route with its objects in place."""
        path = route.replace("^", "").replace("$", "")
        steps = path.removeprefix("api/v1/").split("/")

        def value(match: re.Match[str]) -> str:
            return self._value(match[1], steps, match.string[: match.start()].split("/"))

        path = re.sub(r"\(\?P<(\w+)>[^()]*\)", value, path)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, path)

    def _value(self, name: str, steps: list[str], before: list[str]) -> str:
        if name == "code":
            return self.codes[steps[0]]
        if name == "file":
            return self.files["costs" if {"costs", "cost-entries"} & {*steps} else steps[0]]
        if "negotiations" in steps and name in ("key", "number"):
            return self.values["negotiation"]
        if "policies" in steps:
            return {"name": "spend", "number": "1"}[name]
        if name == "function" and "risks" in steps:
            return "engineering"
        if name in ("id", "risk", "dossier") or (name == "row" and "approval" in steps):
            return next(self.ids[step] for step in reversed(before) if step in self.ids)
        return "x" if name == "key" and "password" in steps else self.values[name]


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the product: its whole route and its pattern."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from routes(pattern.url_patterns, route)
