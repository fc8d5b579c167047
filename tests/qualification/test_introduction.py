"""How an alternate is introduced, and in which lots and serials it was built."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from parts.models import BomRevision, Product
from qualification import introduction, services
from qualification.models import AsBuilt, Introduction, Rollback
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Event
from tests import factories
from tests.factories import Team
from tests.introduction_work import built, introduce
from tests.qualification.asking import refusal, refused_move
from tests.threads import at_once


@pytest.fixture
def pump(team: Team) -> Product:
    """A product that uses the part."""
    return factories.product("PUMP", uses={team.source.part: 1})


def lacking(team: Team) -> list[str]:
    return [reason.code for reason in introduction.missing(team.case)]


def problems(call: Any, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValuesRefused) as caught:
        call(*args, **kwargs)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_it_names_everything_that_is_missing(team: Team, pump: Product) -> None:
    assert lacking(team) == ["not_introduced"]
    services.plan_introduction(case=team.case, values={"cut_in": "serial"}, actor=team.lead)
    assert lacking(team) == ["no_change_notice", "no_cut_in", "no_run_out", "no_revision"]
    introduce(team, cut_in_serial="K-100", run_out_quantity=50)
    assert lacking(team) == ["no_run_out"]
    introduce(team, run_out_by=clock.business_day(), run_out_quantity=50)
    assert lacking(team) == []


def test_the_transition_does_not_begin_without_it(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    team.sign()
    Introduction.objects.filter(case=team.case).update(change_notice="")
    assert refused_move(team, "pass") == ["work_open"]


def test_a_change_voids_what_was_signed_at_approval(team: Team) -> None:
    team.jump_to(State.APPROVAL)
    team.do_items()
    team.sign()
    introduce(team, change_notice="ECN-8")
    given = team.case.sign_offs.filter(gate=State.APPROVAL)
    assert {one.void_reason for one in given} == {"the introduction was changed"}


def test_the_run_out_ends_in_transition(team: Team) -> None:
    introduce(team, run_out_quantity=50, run_out_by=clock.business_day())
    team.jump_to(State.TRANSITION)
    introduce(team, run_out_quantity=50, run_out_done_on=clock.business_day())
    assert Introduction.objects.get().run_out_done_on == clock.business_day()
    late = clock.business_day() + dt.timedelta(days=1)
    assert problems(introduce, team, run_out_done_on=late) == [("/run_out_done_on", "in_future")]


def test_a_revision_is_one_of_its_product(team: Team, pump: Product) -> None:
    other = factories.product("VALVE", uses={team.source.part: 1})
    revision = BomRevision.objects.get(product=other)
    found = problems(
        services.plan_introduction, case=team.case, values={}, revisions={pump: revision},
        actor=team.lead,
    )  # fmt: skip
    assert found == [("/revisions", "other_product")]


def test_of_two_readings_the_slower_is_stale(team: Team) -> None:
    row = introduce(team)
    introduce(team, change_notice="ECN-8")
    found = refusal(
        services.plan_introduction, case=team.case, values={"change_notice": "ECN-9"},
        actor=team.lead, expected=row.version,
    )  # fmt: skip
    assert found == ["stale"]


def test_a_lot_holds_the_source(team: Team, pump: Product) -> None:
    row = built(team, pump, serial_prefix="K-", serial_from=100, serial_to=109)
    assert (row.serials, row.part) == ("K-100 to K-109", team.source.part)
    event = Event.objects.get(action="qualification.lot.built")
    assert event.data == {"product": "PUMP", "lot": "B-1", "quantity": 10}


def test_a_lot_is_recorded_by_the_clock_of_the_product(team: Team, pump: Product) -> None:
    moment = clock.now() - dt.timedelta(days=3)
    with clock.at(moment):
        assert built(team, pump).created_at == moment


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"lot": " "}, "/0/lot"),
        ({"quantity": 0}, "/0/quantity"),
        ({"failed": 11}, "/0/failed"),
        ({"built_on": dt.date(2099, 1, 1)}, "/0/built_on"),
        ({"serial_from": 1}, "/0/serial_to"),
        ({"serial_from": 9, "serial_to": 1}, "/0/serial_to"),
        ({"serial_from": 1, "serial_to": 5}, "/0/serial_to"),
    ],
)
def test_lots_that_are_none(team: Team, pump: Product, values: dict[str, Any], found: str) -> None:
    assert [pointer for pointer, _ in problems(built, team, pump, **values)] == [found]
    assert not AsBuilt.objects.exists()


def test_a_product_that_does_not_use_the_part_has_no_such_lot(team: Team) -> None:
    assert problems(built, team, factories.product("OTHER")) == [("/0/product", "does_not_use")]


def test_a_serial_is_in_one_lot(team: Team, pump: Product) -> None:
    built(team, pump, serial_from=1, serial_to=10)
    with pytest.raises(ValuesRefused) as caught:
        built(team, pump, "B-2", serial_from=10, serial_to=19)
    problem = caught.value.problems[0]
    assert (problem.pointer, problem.code) == ("/0/serial_from", "serial_claimed")
    assert "1 to 10 are in lot B-1" in problem.detail
    built(team, pump, "B-2", serial_from=11, serial_to=20)


def test_a_serial_has_one_source_of_a_part(team: Team, pump: Product) -> None:
    built(team, pump, serial_from=1, serial_to=10)
    other = factories.alternate(team.source.part)
    found = problems(built, team, pump, serial_from=5, serial_to=14, source=other)
    assert found == [("/0/serial_from", "serial_claimed")]
    with pytest.raises(IntegrityError), transaction.atomic():
        AsBuilt.objects.create(
            product=pump, lot="B-1", part=team.source.part, source=other, quantity=1,
            serial_from=5, serial_to=5, built_on=clock.business_day(),
        )  # fmt: skip


def test_two_reels_of_one_source_share_serials(team: Team, pump: Product) -> None:
    for reel in ("R1", "R2"):
        built(team, pump, serial_from=1, serial_to=10, part_lot=reel)
    assert AsBuilt.objects.count() == 2


def test_withdrawn_rows_free_their_serials(team: Team, pump: Product) -> None:
    wrong = built(team, pump, serial_from=1, serial_to=10)
    services.withdraw_built(row=wrong, reason="Typed twice", actor=team.lead)
    built(team, pump, "B-2", serial_from=1, serial_to=10)
    assert list(introduction.built_in(team.case).values_list("lot", flat=True)) == ["B-2"]


def test_all_or_none(team: Team, pump: Product) -> None:
    def lot(name: str) -> services.BuiltLot:
        return services.BuiltLot(
            product=pump, source=team.source, lot=name, quantity=5, serial_from=1, serial_to=5,
            built_on=clock.business_day(),
        )  # fmt: skip

    assert problems(services.record_built, lots=[lot("A"), lot("B")], actor=team.lead) == [
        ("/1/serial_from", "serial_claimed")
    ]
    assert not AsBuilt.objects.exists()


def test_many_lots_take_as_many_statements_as_one(team: Team, pump: Product) -> None:
    def lots(first: int, count: int) -> list[services.BuiltLot]:
        return [
            services.BuiltLot(
                product=pump, source=team.source, lot=f"L{n}", quantity=5, serial_from=5 * n,
                serial_to=5 * n + 4, built_on=clock.business_day(),
            )
            for n in range(first, first + count)
        ]  # fmt: skip

    counts = []
    for first, count in ((0, 1), (1, 60)):
        with CaptureQueriesContext(connection) as seen:
            services.record_built(lots=lots(first, count), actor=team.lead)
        counts.append(len(seen))
    assert counts[1] <= counts[0]
    assert AsBuilt.objects.count() == 61


def test_the_viewer_records_nothing(team: Team, pump: Product) -> None:
    lot = services.BuiltLot(
        product=pump, source=team.source, lot="A", quantity=5, built_on=clock.business_day()
    )
    found = refusal(services.record_built, lots=[lot], actor=factories.actor("viewer"))
    assert found == ["not_permitted"]


@pytest.mark.django_db(transaction=True)
def test_of_two_lots_that_claim_a_serial_one_is_refused(transactional_db: None) -> None:
    alone = Team()
    product = factories.product("PUMP", uses={alone.source.part: 1})

    def claim(lot: str) -> Any:
        def call() -> None:
            try:
                built(alone, product, lot, serial_from=1, serial_to=10)
            except ValuesRefused:
                refusals.append(lot)

        return call

    refusals: list[str] = []
    assert at_once(claim("A"), claim("B")) == ["done", "done"]
    assert (AsBuilt.objects.count(), len(refusals)) == (1, 1)


def test_a_rollback_names_the_units(team: Team, pump: Product, browse: Any) -> None:
    team.jump_to(State.TRANSITION)
    built(team, pump, quantity=120)
    built(team, pump, "B-2", quantity=30)
    team.fire("roll_back", note="Bad lot", by="quality")
    assert Rollback.objects.get().units == 150
    event = Event.objects.get(action="qualification.rollback.decided")
    assert (event.data["units"], event.data["lots"]) == (150, ["PUMP B-1", "PUMP B-2"])
    client = browse(team.people["quality"])
    assert "150 units hold" in client.get(f"/q/{team.case.key}/rollback/").content.decode()
    page = client.get(f"/q/{team.case.key}/introduction/").content.decode()
    assert "B-2" in page


def test_the_list_finds_lots_by_source_lot_and_serial(
    team: Team, pump: Product, browse: Any
) -> None:
    built(team, pump, serial_prefix="K-", serial_from=100, serial_to=109, part_lot="GD-77")
    built(team, pump, "B-2", serial_prefix="K-", serial_from=110, serial_to=119)
    client = browse(team.people["quality"])

    def found(query: str) -> set[str]:
        text = client.get(f"/built-in/?{query}").content.decode()
        return {lot for lot in ("B-1", "B-2") if lot in text}

    assert found("serial=K-105") == {"B-1"}
    assert found("serial=K-200") == set()
    assert found("part_lot=gd-77") == {"B-1"}
    assert found(f"source={team.source.key}") == {"B-1", "B-2"}


def test_the_pages_plan_and_record(team: Team, pump: Product, browse: Any) -> None:
    client, url = browse(team.people["engineering"]), f"/q/{team.case.key}/"
    revision = BomRevision.objects.get(product=pump)
    values = {
        "change_notice": "ECN-1", "cut_in": "date", "cut_in_on": "2027-01-05",
        "run_out_quantity": "0", f"revision_{pump.pk}": revision.pk,
        "expected": team.reload().version,
    }  # fmt: skip
    assert client.post(f"{url}introduction/edit/", values).status_code == 302
    assert lacking(team) == []
    lot = {
        "product": "PUMP", "lot": "B-1", "quantity": "10", "built_on": "2026-01-05",
        "serial_from": "1", "serial_to": "10", "expected": team.reload().version,
    }  # fmt: skip
    assert client.post(f"{url}built/new/", lot).status_code == 302
    assert "Before cut-in" in client.get(f"{url}introduction/").content.decode()
    again = client.post(f"{url}built/new/", lot | {"lot": "B-2"})
    assert again.status_code == 422
    assert "1 to 10 are in lot B-1" in again.content.decode()
    row = AsBuilt.objects.get()
    form = f"{url}built/{row.public_id}/withdraw/"
    assert client.get(form).status_code == 200
    assert client.post(form, {"reason": "Wrong", "expected": row.version}).status_code == 302


def test_the_api_plans_and_records(team: Team, pump: Product, api: Any) -> None:
    caller, url = api(user=team.people["engineering"]), f"/cases/{team.case.key}/introduction/"
    assert caller.get(url).status_code == 404
    made = caller.patch(
        url,
        {"change_notice": "ECN-1", "revisions": [{"product": "PUMP", "revision": 1}]},
    )
    assert made.status_code == 200, made.json()
    assert made.json()["revisions"] == [{"product": "PUMP", "revision": 1}]
    lot = {
        "product": "PUMP", "source": team.source.key, "lot": "B-1", "quantity": 10,
        "built_on": "2026-01-05", "serial_prefix": "K-", "serial_from": 1, "serial_to": 10,
    }  # fmt: skip
    one = caller.post("/as-built/", lot)
    assert (one.status_code, one.json()["serials"]) == (201, "K-1 to K-10")
    claimed = caller.post("/as-built/bulk/", {"rows": [lot | {"lot": "B-2"}]})
    assert claimed.status_code == 422
    assert claimed.json()["errors"][0]["pointer"] == "/rows/0/serial_from"
    listed = caller.get("/as-built/", serial="K-7").json()["results"]
    assert [row["lot"] for row in listed] == ["B-1"]


def test_yield_in_transition_is_that_of_the_lots(team: Team, pump: Product) -> None:
    services.add_trigger(
        case=team.case, metric="yield", operator="below", threshold=Decimal(95), window_days=30,
        actor=team.lead,
    )  # fmt: skip
    team.jump_to(State.TRANSITION)
    built(team, pump, quantity=100, failed=9)
    run = team.case.run
    assert run is not None
    assert [str(row.value) for row in run.breaches.all()] == ["91.0000"]
