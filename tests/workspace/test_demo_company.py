"""The demonstration: a case at every gate, all bases of spend, one point due today."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Max, Min

from incentives.models import Baseline, BonusPool, SavingLine
from parts.models import Part, PartFigures, Product
from qualification import services as qualification
from qualification.figures import conversions
from qualification.models import (
    Case,
    ChecklistItem,
    HoldPoint,
    Measurement,
    PilotPlan,
    TriggerBreach,
)
from qualification.pilot_verdicts import results_of
from qualification.receipt_tasks import first_receipts
from qualification.workflow import CASE_FLOW
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.models import Event
from secondsource.workspace.demo import PASSWORD
from suppliers.models import Approval, OrderLine, Receipt, Supplier
from suppliers.resolve import resolve_slices
from tests import factories
from tests.application_role import owner
from tests.suppliers.test_resolve import empty_and_resolve, stored

pytestmark = pytest.mark.django_db


def test_it_holds_what_the_walk_needs() -> None:
    with owner():
        call_command("bring_up_to_date", stdout=StringIO())
    states = Counter(Case.objects.values_list("state", flat=True))
    assert set(states) >= {
        "draft", "business_case", "spec_review", "fmea", "pilot_build", "approval", "transition",
        "closed", "on_hold", "rejected", "withdrawn", "rolled_back",
    }  # fmt: skip
    assert states.total() == 30
    due = HoldPoint.objects.get(verdict="", due__lte=clock.business_day())
    assert due.due == max(point.due for point in due.case.hold_points.all())
    assert not due.case.sign_offs.filter(gate="transition").exists()
    assert conversions().count() == 1
    waiting = Case.objects.awaiting_receipt().get()
    tasks = [task.key for task in first_receipts(waiting.team.get(function="procurement").user)]
    assert tasks == [f"receipt-{waiting.number}"]
    bases = set(PartFigures.objects.values_list("spend_basis", flat=True))
    assert bases == {"receipts", "offer", "standard", "missing"}
    assert not Event.objects.filter(at__gt=clock.now()).exists()

    stock = Part.objects.filter(stock_qty__isnull=False).values_list("stock_as_of", flat=True)
    assert set(stock) == {clock.business_day() - dt.timedelta(days=1)}
    assert PartFigures.objects.earliest("computed_at").computed_at.date() == clock.business_day()

    before = stored()
    assert resolve_slices(None, actor=factories.JOB) == 0
    empty_and_resolve()
    assert stored() == before

    assert_it_is_a_whole_company()

    rehearsed = ChecklistItem.objects.filter(link="rollback_plan", met_at__isnull=False)
    assert rehearsed
    assert not rehearsed.filter(case__rollback_plan__rehearsed_on=None).exists()

    people = {
        role: Actor(User.objects.get(email=f"{role}@demo.example"))
        for role in ("engineer", "quality", "procurement")
    }
    qualification.judge_hold_point(hold_point=due, verdict="pass", note="", actor=people["quality"])
    for function in ("quality", "procurement"):
        qualification.sign(case=due.case, function=function, actor=people[function])
    assert CASE_FLOW.fire(due.case.pk, "close", actor=people["engineer"]).state == "closed"

    breach = TriggerBreach.objects.get(ended_at=None)
    assert breach.in_words.startswith("DPPM above 1,000 within 30 days: ")
    assert breach.case.state == "transition"
    assert breach.case.share_today is not None

    late = ChecklistItem.objects.filter(case__state="closed", done_at__gt=F("case__closed_at"))
    assert not late.exists()

    out = StringIO()
    call_command("demo_logins", stdout=out)
    lines = out.getvalue().splitlines()
    assert sorted(line.split()[0] for line in lines) == sorted(Role.values)
    assert all(line.endswith(PASSWORD) for line in lines)

    with pytest.raises(CommandError):
        call_command("demo_company")


def assert_it_is_a_whole_company() -> None:
    """Its size, two years of receipts, and lists taken over by two persons."""
    assert 280 <= Part.objects.count() <= 320
    assert (Product.objects.count(), Supplier.objects.companies().count()) == (6, 40)
    days = Receipt.objects.aggregate(first=Min("received_date"), last=Max("received_date"))
    assert (days["last"] - days["first"]).days > 700
    assert Receipt.objects.filter(received_qty__lt=0).exists()
    assert not OrderLine.objects.filter(ordered_on__gt=clock.business_day()).exists()
    taken_over = Approval.objects.filter(kind=Approval.Kind.TAKEOVER)
    assert taken_over.filter(source__status="approved").count() > 80
    again = PilotPlan.objects.get(number=2)
    assert [again.models.count(), results_of(again).verdict] == [3, "pass"]
    assert Measurement.objects.filter(batch__plan__case=again.case, arm="alternate").exists()
    stages = SavingLine.objects.order_by().values_list("stage", flat=True).distinct()
    assert set(stages) == set(SavingLine.Stage.values)
    assert Baseline.objects.filter(index__isnull=False, superseded_at=None).exists()
    pools = BonusPool.objects.order_by("number", "pk").values_list("state", flat=True)
    assert sorted(pools) == ["held", "paid"]
    figures = PartFigures.objects.filter(supply__in=("single", "several"))
    assert figures.filter(cover_wk__gt=52).count() == 0
    assert figures.filter(spend_12m=None).count() < 5


def test_it_is_built_into_an_empty_database_only() -> None:
    factories.person()
    with pytest.raises(CommandError, match="people in this database"):
        call_command("demo_company")
    assert User.objects.count() == 1
