"""The demonstration's savings that no receipt shows, a budget rate, and targets. All invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incentives import services
from qualification import services as qualification
from qualification.models import Case
from secondsource.accounts.models import Team
from secondsource.core import audit
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.people import Cast

#: The case with lines that no receipt shows, and one whose saving was entered and not signed yet.
_TOLD, _IDEA = "LDO", "AD 24 bit delta-sigma"


def build_savings(cases: dict[str, Case], cast: Cast, *, today: dt.date) -> None:
    """An avoidance and a shortage avoided last month, an idea; a team and its target."""
    services.plan_rate(year=today.year, currency="EUR", rate=Decimal("1.08"), actor=cast["finance"])
    _enter(cases[_TOLD], cast, add_months(today.replace(day=1), -1))
    qualification.change_business_case(
        case=cases[_IDEA], actor=cast["procurement"],
        values={"saving_per_year": Decimal(5400), "currency": "USD"},
    )  # fmt: skip
    team = audit.save_as(Team(code="POWER", name="Power and logic"), cast["admin"])
    people = (cast[role].user for role in ("engineer", "quality", "procurement"))
    team.members.set([person for person in people if person is not None])
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
