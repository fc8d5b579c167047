"""My work of somebody with 500 open items, and a reminder run over 5,000."""

from __future__ import annotations

import time

from qualification.models import Case, ChecklistItem, RequiredSignature, TeamMember
from qualification.models.cases import OPEN_STATES, State
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function, Role
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.models import Counter
from secondsource.workspace.notifications import cases as reminders
from suppliers.models import Source
from tests.bench import measure
from tests.bench.measure import Table
from tests.bench.server import Client

#: Cases, open steps of each, and how many of the cases the reader of My work leads.
CASES, STEPS, LED = 250, 20, 25
ACTOR = Actor.named_job("bench")
FUNCTIONS = (Function.ENGINEERING, Function.QUALITY, Function.PROCUREMENT)
_ROLES = {Function.ENGINEERING: Role.ENGINEER, Function.QUALITY: Role.QUALITY,
          Function.PROCUREMENT: Role.PROCUREMENT}  # fmt: skip


def measure_work(table: Table, page: Client, reader: User) -> None:
    """The page in server time; the cases stay, as facts do."""
    open_cases(reader)
    name = f"My work with {LED * STEPS} open items"
    table.add(measure.requests(name, page, ["/work/"]), p95=100)
    items = f"{CASES * STEPS:,} open items"
    table.add(measure.of_runs(f"reminders of {items}, s", [[remind()]]), most=5)
    table.add(measure.of_runs("the same again, nothing new, s", [[remind()]]), most=5)


def remind() -> float:
    """Seconds of a run."""
    began = time.perf_counter()
    reminders.follow_days()
    return time.perf_counter() - began


def open_cases(reader: User) -> None:
    """Cases with a team of three and steps that are due today, unless an earlier run made them."""
    if Case.objects.open().filter(lead=reader, state=State.BUSINESS_CASE).exists():
        return
    free = Source.objects.filter(role=Source.Role.ALTERNATE)
    sources = list(free.exclude(cases__state__in=OPEN_STATES).order_by("pk")[:CASES])
    people = [_person(f"bench-work-{n}", _ROLES[f]) for n, f in enumerate(FUNCTIONS)]
    made = audit.bulk_create_as(
        Case,
        [
            Case(number=number, part_id=source.part_id, source=source, state=State.BUSINESS_CASE,
                 lead=reader if place < LED else people[0])
            for place, (number, source) in enumerate(
                zip(Counter.take("case", len(sources)), sources, strict=True)
            )
        ],
        ACTOR, "bench",
    )  # fmt: skip
    today = clock.business_day()
    steps = [
        ChecklistItem(case=case, gate=State.BUSINESS_CASE, position=n, text=f"Step {n}",
                      owner=None if case.lead_id == reader.pk else people[n % 3], due_date=today)
        for case in made for n in range(STEPS)
    ]  # fmt: skip
    audit.bulk_create_as(ChecklistItem, steps, ACTOR, "bench")
    TeamMember.objects.bulk_create(
        TeamMember(case=case, user=person, function=function)
        for case in made for person, function in zip(people, FUNCTIONS, strict=True)
    )  # fmt: skip
    RequiredSignature.objects.bulk_create(
        RequiredSignature(case=case, gate=State.BUSINESS_CASE, function=function)
        for case in made for function in FUNCTIONS
    )  # fmt: skip


def _person(name: str, role: Role) -> User:
    email = f"{name}@generated.example"
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, None, name=name, roles=[role])
