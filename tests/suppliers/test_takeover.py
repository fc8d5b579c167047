"""Take-over of approvals given elsewhere: proposed, confirmed, approved by another, or refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parts.models import PartFigures
from secondsource.accounts.models import Plant
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from secondsource.core.errors import PermissionRefused, TransitionRefused, ValuesRefused
from secondsource.core.models import RowChange
from suppliers import services
from suppliers.check import check
from suppliers.models import Approval, Source, Supplier, Takeover
from suppliers.names import names_nobody
from suppliers.services import Proposal
from suppliers.workflow import TAKEOVER_FLOW
from tests import factories
from tests.factories import JOB

pytestmark = pytest.mark.django_db


def proposals(number: int = 2, **fields: Any) -> list[Proposal]:
    """Sources of as many parts, none of them on record yet."""
    return [
        Proposal(factories.part(), factories.manufacturer_part(), **fields) for _ in range(number)
    ]


def propose(rows: list[Proposal], *, by: str = "engineer", **fields: Any) -> Takeover:
    return services.propose_takeover(
        document="AML-7", revision="C", proposals=rows, actor=factories.actor(by), **fields
    )


def move(takeover: Takeover, name: str, by: Actor, note: str = "", **data: Any) -> Takeover:
    return TAKEOVER_FLOW.fire(takeover.pk, name, actor=by, note=note, data=data)


def states(takeover: Takeover) -> list[str]:
    return list(takeover.rows.values_list("state", flat=True))


def codes(takeover: Takeover, name: str, by: Actor, note: str = "", **data: Any) -> list[str]:
    before = states(takeover)
    with pytest.raises(TransitionRefused) as caught:
        move(takeover, name, by, note, **data)
    assert states(takeover) == before
    return [reason.code for reason in caught.value.reasons]


def source_of(row: Proposal) -> Source:
    return Source.objects.get(part=row.part, manufacturer_part=row.manufacturer_part)


def test_two_persons_take_a_batch_over() -> None:
    rows = proposals(evidence="row 4")
    takeover = propose(rows)
    assert (takeover.state, states(takeover)) == ("proposed", ["proposed"] * 2)
    assert {source_of(row).status for row in rows} == {"candidate"}
    quality, buyer = factories.actor("quality"), factories.actor("procurement")
    assert move(takeover, "confirm", quality).state == "confirmed"
    assert {source_of(row).status for row in rows} == {"candidate"}
    assert move(takeover, "approve", buyer).state == "done"
    for row in rows:
        source = source_of(row)
        assert (source.status, source.role) == ("approved", "alternate")
        given = source.approval
        assert given is not None
        assert (given.kind, given.evidence_ref) == ("takeover", "AML-7 rev. C · row 4")
        assert (given.actor_id, given.second_id) == (quality.user_id, buyer.user_id)
        assert given.valid_to == add_months(clock.business_day(), 12)
        assert PartFigures.objects.get(part=row.part).approved_sources == 1
        assert check(part=row.part, mpn=row.manufacturer_part.mpn).verdict == "allow"
    assert {row.approval_id for row in takeover.rows.all()} == set(
        Approval.objects.values_list("pk", flat=True)
    )


def test_it_holds_as_long_as_the_document_says_and_a_year_at_most() -> None:
    today = clock.business_day()
    near, far = today + dt.timedelta(days=30), today + dt.timedelta(days=900)
    rows = [*proposals(1, valid_to=near), *proposals(1, valid_to=far)]
    takeover = propose(rows)
    move(takeover, "confirm", factories.actor("quality"))
    move(takeover, "approve", factories.actor("engineer"))
    ends = [source_of(row).approval.valid_to for row in rows]  # type: ignore[union-attr]
    assert ends == [near, add_months(today, 12)]


def test_the_scope_is_the_row_s_else_the_batch_s() -> None:
    pump, fan = factories.product(), factories.product()
    plant = Plant.objects.create(code="BRNO", name="Brno")
    rows = [*proposals(1, products=(pump,)), *proposals(1)]
    takeover = propose(rows, products=[fan], plants=[plant])
    move(takeover, "confirm", factories.actor("quality"))
    move(takeover, "approve", factories.actor("engineer"))
    approvals = [source_of(row).approval for row in rows]
    assert [list(a.products.all()) for a in approvals if a] == [[pump], [fan]]
    assert [list(a.plants.all()) for a in approvals if a] == [[plant], [plant]]
    assert [list(source_of(row).scope.all()) for row in rows] == [[pump], [fan]]


def test_the_products_of_an_approval_become_those_of_its_source() -> None:
    pump, fan = factories.product(), factories.product()
    source = factories.alternate(factories.part())
    source.scope.set([fan])
    takeover = propose([of(source, products=(pump,))])
    move(takeover, "confirm", factories.actor("quality"))
    buyer = factories.actor("procurement")
    move(takeover, "approve", buyer)
    assert list(source.scope.all()) == [pump]
    trace = RowChange.objects.filter(table="suppliers_source_scope", user_id__gt=0).latest("id")
    assert (trace.kind, trace.user_id) == ("+", buyer.user_id)
    services.write_approval(
        source=source, kind="case", evidence_ref="SSQ-1", products=[], actor=buyer
    )
    assert list(source.scope.all()) == []


def test_a_migration_gives_sources_the_products_of_older_take_overs() -> None:
    pump, fan = factories.product(), factories.product()
    rows = [*proposals(1, products=(pump,)), *proposals(1)]
    takeover = propose(rows)
    move(takeover, "confirm", factories.actor("quality"))
    move(takeover, "approve", factories.actor("engineer"))
    candidate = factories.alternate(factories.part())
    sources = [*map(source_of, rows), candidate]
    for source in sources:
        source.scope.set([fan])
    migration = import_module("suppliers.migrations.0015_scope_of_approvals")
    with connection.cursor() as cursor:
        cursor.execute(migration.Migration.operations[0].sql)
    assert [list(source.scope.all()) for source in sources] == [[pump], [fan], [fan]]


def test_a_cut_date_and_products_without_the_part_are_remarked() -> None:
    row, other = proposals(2)
    pump, fan = factories.product(uses={row.part: 1}), factories.product()
    late = clock.business_day() + dt.timedelta(days=900)
    found = services.remarks_on(
        [dataclasses.replace(row, products=(pump, fan), valid_to=late), other], [pump]
    )
    assert [[(one.field, one.code) for one in row] for row in found] == [
        [("valid_to", "cut"), ("scope", "not_used_in_product")],
        [("scope", "not_used_in_product")],
    ]
    assert found[0][1].detail == f"{fan.code} does not use {row.part.ipn}."


def test_rows_are_confirmed_approved_and_refused_one_by_one() -> None:
    takeover = propose(proposals(3))
    quality, engineer = factories.actor("quality"), factories.actor("engineer")
    first, second, third = (row.key for row in takeover.rows.all())
    assert move(takeover, "confirm", quality, rows=[first]).state == "proposed"
    assert move(takeover, "approve", engineer, rows=[first]).state == "proposed"
    assert move(takeover, "refuse", quality, "obsolete", rows=[second]).state == "proposed"
    assert move(takeover, "confirm", quality).state == "confirmed"
    assert states(takeover) == ["approved", "refused", "confirmed"]
    assert move(takeover, "approve", engineer, rows=[third]).state == "done"
    refused = takeover.rows.get(state="refused")
    assert (refused.reason, refused.decided_by) == ("obsolete", quality.user)
    assert Approval.objects.filter(kind="takeover").count() == 2


def test_a_batch_of_refused_rows_is_refused() -> None:
    takeover = propose(proposals())
    assert codes(takeover, "refuse", factories.actor("quality")) == ["note_missing"]
    assert move(takeover, "refuse", factories.actor("procurement"), "not ours").state == "refused"
    assert Approval.objects.filter(kind="takeover").count() == 0


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("confirm", {"quality"}), ("approve", {"engineer", "procurement"}),
     ("refuse", {"engineer", "quality", "procurement"})],
)  # fmt: skip
def test_who_may(name: str, allowed: set[str]) -> None:
    roles = ("engineer", "quality", "procurement", "finance", "executive", "viewer", "integration",
             "admin")  # fmt: skip
    for role in roles:
        takeover = propose(proposals(1))
        if name == "approve":
            move(takeover, "confirm", factories.actor("quality"))
        if role in allowed:
            move(takeover, name, factories.actor(role), "why")
            continue
        with pytest.raises(PermissionRefused):
            move(takeover, name, factories.actor(role), "why")


@pytest.mark.parametrize("role", ["finance", "executive", "viewer", "admin"])
def test_who_may_not_propose(role: str) -> None:
    with pytest.raises(PermissionRefused):
        propose(proposals(1), by=role)
    assert Takeover.objects.count() == 0


def test_an_integration_proposes() -> None:
    assert propose(proposals(1), by="integration").state == "proposed"


def test_the_second_person_is_another() -> None:
    takeover = propose(proposals(1))
    both = factories.actor("quality", "engineer")
    move(takeover, "confirm", both)
    assert codes(takeover, "approve", both) == ["four_eyes"]
    assert Approval.objects.filter(kind="takeover").count() == 0
    assert move(takeover, "approve", factories.actor("engineer")).state == "done"


def test_a_job_decides_nothing() -> None:
    takeover = propose(proposals(1))
    assert codes(takeover, "confirm", JOB) == ["no_person"]


@pytest.mark.parametrize("named", ["all", 7, ["x"], [None], [7], {"a": 1}])
def test_rows_are_named_by_their_ids(named: Any) -> None:
    takeover = propose(proposals(1))
    assert codes(takeover, "confirm", factories.actor("quality"), rows=named) == ["unknown_row"]


def test_rows_that_are_decided_or_of_another_batch_are_not_taken() -> None:
    takeover, other = propose(proposals(2)), propose(proposals(1))
    quality = factories.actor("quality")
    first = takeover.rows.first()
    assert first is not None
    move(takeover, "confirm", quality, rows=[first.key])
    for rows in ([first.key], [other.rows.get().key]):
        assert codes(takeover, "confirm", quality, rows=rows) == ["row_decided"]
    assert codes(takeover, "confirm", quality, rows=[]) == ["no_row"]


def findings(row: Proposal) -> list[tuple[str, str]]:
    with pytest.raises(ValuesRefused) as caught:
        propose([row])
    assert Takeover.objects.count() == 0
    return [(p.pointer, p.code) for p in caught.value.problems]


def of(source: Source, **fields: Any) -> Proposal:
    return Proposal(source.part, source.manufacturer_part, **fields)


def test_what_is_approved_already_says_so() -> None:
    source = factories.approved(factories.part())
    assert findings(of(source)) == [("/rows/0/source", "already_approved")]


def test_a_manufacturer_who_is_not_named_is_refused() -> None:
    nobody = Supplier.objects.get(pk=services.placeholder_id()[0])
    row = Proposal(factories.part(), factories.manufacturer_part(manufacturer=nobody))
    assert findings(row) == [("/rows/0/manufacturer_part", "manufacturer_not_named")]


def test_a_manufacturer_disqualified_meanwhile_is_not_approved() -> None:
    rows = proposals(1)
    takeover = propose(rows)
    move(takeover, "confirm", factories.actor("quality"))
    services.assess_supplier(
        supplier=rows[0].manufacturer_part.manufacturer, standing="disqualified", reason="fraud",
        actor=factories.actor("quality"),
    )  # fmt: skip
    move(takeover, "approve", factories.actor("engineer"))
    assert Approval.objects.count() == 0
    assert [(row.state, row.reason) for row in takeover.rows.all()] == [
        ("refused", "The manufacturer is disqualified.")
    ]


def test_a_source_in_qualification_is_refused() -> None:
    team = factories.Team()
    assert findings(of(team.source)) == [("/rows/0/source", "in_qualification")]
    team.fire("submit")
    team.fire("reject", by="quality", note="drifts")
    assert findings(of(team.source)) == [("/rows/0/source", "judged_before")]


def test_an_approval_that_is_over_is_refused() -> None:
    yesterday = clock.business_day() - dt.timedelta(days=1)
    row = proposals(1, valid_to=yesterday)[0]
    assert findings(row) == [("/rows/0/valid_to", "in_past")]


def test_a_source_named_twice_is_refused() -> None:
    row = proposals(1)[0]
    with pytest.raises(ValuesRefused) as caught:
        propose([row, row])
    assert [(p.pointer, p.code) for p in caught.value.problems] == [
        ("/rows/1/manufacturer_part", "duplicate")
    ]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [({"document": " "}, "/document"), ({"proposals": []}, "/rows"),
     ({"dated": dt.date(2099, 1, 1)}, "/dated")],
)  # fmt: skip
def test_a_batch_needs_document_and_rows(fields: dict[str, Any], pointer: str) -> None:
    values = {"document": "AML", "proposals": proposals(1), "actor": factories.actor()} | fields
    with pytest.raises(ValuesRefused) as caught:
        services.propose_takeover(**values)
    assert [p.pointer for p in caught.value.problems] == [pointer]


def test_partly_taken_the_others_stay_with_their_reason() -> None:
    good, bad = proposals(1)[0], of(factories.approved(factories.part()))
    spoken_against = proposals(1, refused="The document says “Do not use”.")[0]
    takeover = propose([good, bad, spoken_against], partial=True)
    assert states(takeover) == ["proposed", "refused", "refused"]
    reasons = list(takeover.rows.filter(state="refused").values_list("reason", flat=True))
    assert reasons == ["Approved already: Case, SSQ-9999.", "The document says “Do not use”."]


def test_of_two_batches_with_one_source_the_later_is_refused_with_the_reason() -> None:
    row = proposals(1)[0]
    first, second = propose([row]), propose([row])
    for takeover in (first, second):
        move(takeover, "confirm", factories.actor("quality"))
    assert move(first, "approve", factories.actor("engineer")).state == "done"
    assert move(second, "approve", factories.actor("engineer")).state == "refused"
    assert second.rows.get().reason == "Approved already: taken over, AML-7 rev. C."
    assert Approval.objects.filter(kind="takeover").count() == 1


def test_it_is_no_conversion() -> None:
    rows = proposals(1)
    takeover = propose(rows)
    move(takeover, "confirm", factories.actor("quality"))
    move(takeover, "approve", factories.actor("engineer"))
    factories.receipt(source_of(rows[0]), 100, "1.00")
    from qualification.figures import conversions

    assert conversions().count() == 0


def test_many_rows_cost_as_many_statements_as_two() -> None:
    def cost(number: int) -> int:
        takeover = propose(proposals(number))
        move(takeover, "confirm", factories.actor("quality"))
        with CaptureQueriesContext(connection) as seen:
            move(takeover, "approve", factories.actor("engineer"))
        return len(seen)

    assert cost(40) == cost(2)


def test_history_tells_every_row_s_way() -> None:
    takeover = propose(proposals(1))
    move(takeover, "confirm", factories.actor("quality"))
    move(takeover, "approve", factories.actor("engineer"))
    row = takeover.rows.get()
    assert list(row.history.order_by("history_id").values_list("state", flat=True)) == [
        "proposed", "confirmed", "approved",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "-", "\u2013", "???", "N/A", "N.A.", "tbd.", "T.B.D.", "Unknown Mfr.", "none", "Various",
     "Manufacturer not named", "not named", "To be determined", "any vendor"],
)  # fmt: skip
def test_placeholders_name_nobody(text: str) -> None:
    assert names_nobody(text)


@pytest.mark.parametrize("text", ["NA Semi", "Various Optics Ltd", "Generic Power", "村田", "3M"])
def test_companies_are_no_placeholders(text: str) -> None:
    assert not names_nobody(text)
