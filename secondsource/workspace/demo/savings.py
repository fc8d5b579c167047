"""The demonstration's savings that no receipt shows, a budget rate, and targets. All invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incentives import services
from qualification.models import Case
from secondsource.accounts.models import Team
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.people import Cast

#: The case with lines that no receipt shows.
_TOLD = "LDO"


def build_savings(cases: dict[str, Case], cast: Cast, *, today: dt.date) -> None:
<<<<<<< HEAD
    """An avoidance and a shortage avoided last month, before its closing; a target a team."""
    services.plan_rate(
        year=today.year, currency="EUR", rate=Decimal("1.08"), actor=cast["finance"]
    )
    _enter(cases[_TOLD], cast, add_months(today.replace(day=1), -1))
=======
    """Lines of all stages: what is older than last month is closed, most of it validated."""
    month = today.replace(day=1)
    services.plan_rate(year=today.year, currency="EUR", rate=Decimal("1.08"), actor=cast["finance"])
    services.freeze_baselines(actor=_JOB)
    services.recompute_realised(actor=_JOB)
    _enter(cases[_TOLD], cast, add_months(month, -1))
    services.recompute_foreseen(actor=_JOB)
    with clock.at(today - dt.timedelta(days=14)):
        until = add_months(month, -2)
        earned = SavingLine.objects.filter(month__lte=until).order_by("month")
        for closed in earned.values_list("month", flat=True).distinct():
            services.close_month(
                month=closed, note="Receipts checked against the ERP", actor=cast["finance"]
            )
        _validate(cast, until)
>>>>>>> 2cd3713a (Close every month of the demonstration that is over)
    for team in Team.objects.order_by("pk"):
        services.set_target(
            team=team, year=today.year, conversions=3, cost_reduction_pct=Decimal(5),
            actor=cast["executive"],
        )  # fmt: skip


def _enter(case: Case, cast: Cast, month: dt.date) -> None:
    """An increase that was refused, and an expedite that was not needed."""
    incumbent = case.part.sources.filter(role="incumbent").get()
    services.enter_avoidance(
        case=case, source=incumbent, month=month, offered=Decimal("0.330"),
        paid=Decimal("0.310"), quantity=Decimal(18000), currency="USD",
        reason="Increase refused", evidence="Letter of the manufacturer, answered by e-mail",
        actor=cast["procurement"],
    )  # fmt: skip
    services.enter_shortage_avoidance(
        case=case, month=month, amount=Decimal(6200), currency="USD",
        reason="Air freight that was not needed", evidence="Quote EX-771 of the forwarder",
        actor=cast["procurement"],
    )  # fmt: skip
