"""The demonstration's savings that no receipt shows, a budget rate, and targets. All invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incentives import services
from incentives.models import Baseline, IndexValue
from qualification import services as qualification
from qualification.models import Case
from secondsource.accounts.models import Team
from secondsource.core import audit
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.people import Cast

#: The case with lines that no receipt shows, and one whose saving was entered and not signed yet.
_TOLD, _IDEA = "LDO", "AD 24 bit delta-sigma"
#: The case whose baseline follows an index, of so many months.
_LINKED, _MONTHS = "NF 64 Mb", 26


def build_savings(cases: dict[str, Case], cast: Cast, *, today: dt.date) -> None:
    """An avoidance and a shortage avoided last month, an idea; a team and its target."""
    services.plan_rate(year=today.year, currency="EUR", rate=Decimal("1.08"), actor=cast["finance"])
    _enter(cases[_TOLD], cast, add_months(today.replace(day=1), -1))
    _follow_index(cases[_LINKED], cast, today=today)
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


def _follow_index(case: Case, cast: Cast, *, today: dt.date) -> None:
    """An index of memory that fell for two years, and the baseline of the flash that follows it."""
    index = services.add_index(
        code="NOR-64", name="NOR flash, 64 Mb, spot", publisher="Memory Bulletin (invented)",
        unit="USD", actor=cast["finance"],
    )  # fmt: skip
    months = [add_months(today.replace(day=1), -ago) for ago in range(_MONTHS, -1, -1)]
    values = [
        IndexValue(
            index=index, day=day, value=Decimal("1.240") - Decimal("0.009") * place,
            evidence=f"Memory Bulletin, {day:%B %Y}", entered_by=cast["finance"].user,
        )
        for place, day in enumerate(months)
    ]  # fmt: skip
    audit.bulk_create_as(IndexValue, values, cast["finance"], "from the bulletins")
    paid = Baseline.objects.get(case=case, superseded_at=None)
    services.enter_baseline(
        case=case, source=paid.source, price=paid.price, currency=paid.currency,
        price_on=paid.price_on, volume=paid.volume, index=index, linked_share=Decimal("0.4"),
        evidence=f"{paid.evidence} Frame contract 2210, annex C: 40 % by the index."[:500],
        actor=cast["procurement"],
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
