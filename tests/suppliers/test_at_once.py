"""Two who change one part at once: the second one sees what the first one did."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from parts.models import Part, PartFigures
from qualification import services as qualification
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.exchange import services as exchange
from suppliers import figures, services
from suppliers.models import Approval, Receipt, Source
from suppliers.resolve import resolve
from tests import factories
from tests.application_role import owner
from tests.exchange.bulk.files import take
from tests.factories import JOB, Team
from tests.threads import at_once, held_open, in_thread

pytestmark = pytest.mark.django_db(transaction=True)

COUNTED = ("approved_sources", "independent_sources", "single_source", "spend_12m")


def agrees(part: Part) -> bool:
    """Whether the stored figures are those that follow from the facts now."""
    stored = PartFigures.objects.values(*COUNTED).get(part=part)
    told = figures.explain(part.pk)
    return stored == {name: told[name] for name in COUNTED}


def approve(source: Source, ref: str) -> None:
    services.approve_source(source=source, kind="case", evidence_ref=ref, actor=JOB)


def test_two_approvals_of_one_part_are_both_counted() -> None:
    part = factories.part()
    first, second = factories.alternate(part), factories.alternate(part)
    assert at_once(lambda: approve(first, "A"), lambda: approve(second, "B")) == ["done"] * 2
    assert PartFigures.objects.get(part=part).approved_sources == 2
    assert agrees(part)


def test_an_approval_waits_for_the_one_before_it() -> None:
    part = factories.part()
    first, second = factories.alternate(part), factories.alternate(part)
    with ThreadPoolExecutor(1) as pool:
        with held_open(lambda: approve(first, "A")):
            waiting = pool.submit(in_thread, lambda: approve(second, "B"))
        waiting.result(120)
    assert PartFigures.objects.get(part=part).approved_sources == 2


def test_two_approvals_of_one_source_leave_one() -> None:
    source = factories.alternate(factories.part())
    assert at_once(lambda: approve(source, "A"), lambda: approve(source, "B")) == ["done"] * 2
    assert Approval.objects.standing().filter(source=source).count() == 1
    assert Approval.objects.filter(source=source).count() == 2


def test_an_approval_and_a_receipt_are_both_counted() -> None:
    part = factories.part()
    first, second = factories.incumbent(part), factories.alternate(part)
    calls = (lambda: approve(second, "B"), lambda: factories.receipt(first, 100, "2"))
    assert at_once(*calls) == ["done"] * 2
    row = PartFigures.objects.get(part=part)
    assert (row.approved_sources, row.spend_12m) == (2, Decimal(200))
    assert agrees(part)


def test_batches_of_receipts_that_cross_both_arrive() -> None:
    sources = [factories.incumbent(factories.part()) for _ in range(2)]

    def arrive(order: list[Source], name: str) -> None:
        for number in range(4):
            lots = [
                Receipt(
                    source=source, received_qty=Decimal(1), received_date=clock.business_day(),
                    lot=f"{name}-{number}-{place}",
                )
                for source in order
                for place in range(20)
            ]  # fmt: skip
            services.record_receipts(receipts=lots, actor=JOB)

    crossing = (lambda: arrive(sources, "x"), lambda: arrive(sources[::-1], "y"))
    assert at_once(*crossing) == ["done"] * 2
    assert Receipt.objects.count() == 2 * 4 * 2 * 20


def test_a_move_and_an_import_of_its_source_both_happen() -> None:
    engineer, team = factories.actor("engineer"), Team()
    part, made = team.source.part, team.source.manufacturer_part
    row = f"{part.ipn},{made.manufacturer.name},{made.mpn},777"
    file = f"IPN,Manufacturer,MPN,Capacity a week\n{row}\n"
    calls = (lambda: team.fire("submit"), lambda: take(file, "sources", engineer))
    assert at_once(*calls) == ["done"] * 2
    team.reload()
    assert (team.case.state, team.source.capacity_wk) == (State.BUSINESS_CASE, 777)
    assert team.source.status == "in_qualification"


def test_resolving_and_a_move_do_not_cross() -> None:
    teams = [Team() for _ in range(2)]
    parts = [team.source.part_id for team in teams]

    def move_all(order: list[Team]) -> None:
        for team in order:
            team.fire("submit")

    calls = (lambda: move_all(teams[::-1]), lambda: resolve(parts, actor=JOB))
    assert at_once(*calls) == ["done"] * 2
    assert all(team.reload().state == State.BUSINESS_CASE for team in teams)


def test_two_interims_at_once_leave_one() -> None:
    team = Team()
    team.jump_to(State.APPROVAL)

    def give(quantity: int) -> None:
        qualification.give_interim(
            case=team.case, quantity=quantity, until=clock.business_day(), actor=team["quality"],
            note="line stop", expected=team.case.version,
        )  # fmt: skip

    assert at_once(lambda: give(100), lambda: give(200)) == ["done", "stale"]
    assert Approval.objects.standing().filter(kind="interim").count() == 1


def test_undoing_an_import_gives_no_used_units_back() -> None:
    engineer, team = factories.actor("engineer"), Team()
    team.jump_to(State.APPROVAL)
    qualification.give_interim(
        case=team.case, quantity=100, until=clock.business_day(), actor=team["quality"], note="x"
    )
    made = team.source.manufacturer_part
    done = take(
        f"IPN,Manufacturer,MPN,Capacity a week\n{team.source.part.ipn},{made.manufacturer.name},"
        f"{made.mpn},777\n", "sources", engineer,
    )  # fmt: skip
    factories.receipt(team.source, 60)
    exchange.undo(imported=done, actor=engineer)
    left = Source.objects.with_units_left().get(pk=team.source.pk)
    assert (left.units_left, left.capacity_wk) == (40, None)


def test_a_failing_expiry_does_not_stop_the_others() -> None:
    teams = [Team() for _ in range(2)]
    for team in teams:
        team.jump_to(State.APPROVAL)
        qualification.give_interim(
            case=team.case, quantity=9, until=clock.business_day(), actor=team["quality"], note="x"
        )
    blocked, other = (team.source for team in teams)
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE suppliers_source ADD CONSTRAINT broken CHECK"
            f" (id <> {blocked.pk} OR status = 'interim')"
        )
    try:
        with clock.at(clock.business_day() + factories.dt.timedelta(days=1)):
            assert qualification.expire_approvals(actor=JOB) == 1
    finally:
        with owner(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE suppliers_source DROP CONSTRAINT broken")
    other.refresh_from_db()
    assert other.status == "in_qualification"
