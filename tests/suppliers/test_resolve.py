"""State follows from facts: derived twice it is the same, and from nothing but facts again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from parts.models import PartFigures
from qualification.figures import refresh_case_columns
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.models import Event
from suppliers import causes, services
from suppliers.derivation import derive
from suppliers.models import Approval, Revocation, Source
from suppliers.resolve import resolve, resolve_slices
from tests import factories
from tests.application_role import owner
from tests.bench.generate import Size, generate
from tests.factories import JOB, Team
from tests.qualification.asking import codes, verdict

pytestmark = pytest.mark.django_db

DERIVED = (
    "id", "status", "approval_id", "share_cap", "quantity_cap", "quantity_since", "reasons",
    "independence", "shared", "would_count",
)  # fmt: skip
EMPTY = """
UPDATE suppliers_source SET status = 'candidate', approval_id = NULL, share_cap = NULL,
       quantity_cap = 7, quantity_since = NULL, reasons = '[{"code": "x", "detail": "y"}]',
       independence = 'independent', shared = '{}', would_count = NOT would_count
"""


def stored() -> tuple[list[Any], list[Any]]:
    """Everything that follows from facts: of sources, and of parts."""
    left_out = {"computed_at"}
    names = [f.attname for f in PartFigures._meta.concrete_fields if f.name not in left_out]
    return (
        list(Source.objects.order_by("id").values(*DERIVED)),
        list(PartFigures.objects.order_by("pk").values(*names)),
    )


def empty_and_resolve() -> None:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
    PartFigures.objects.all().delete()
    resolve_slices(None, actor=JOB)
    refresh_case_columns()


def test_resolving_twice_changes_nothing() -> None:
    team = Team()
    team.jump_to(State.TRANSITION)
    team.fire("roll_back", note="field returns")
    before, events = stored(), Event.objects.count()
    versions = list(Source.history.values_list("history_id", flat=True))
    assert resolve_slices(None, actor=JOB) == 0
    assert stored() == before
    assert Event.objects.count() == events
    assert list(Source.history.values_list("history_id", flat=True)) == versions


@pytest.mark.parametrize(
    ("gate", "move", "by"),
    [
        ("draft", "", ""), ("pilot_build", "", ""), ("pilot_build", "hold", "engineering"),
        ("approval", "reject", "quality"), ("transition", "", ""),
        ("transition", "roll_back", "quality"), ("transition", "send_back", "engineering"),
        ("transition", "withdraw", "engineering"),
    ],
)  # fmt: skip
def test_emptied_state_comes_back_from_the_facts(gate: str, move: str, by: str) -> None:
    team = Team()
    team.jump_to(gate)
    if move:
        team.fire(move, by, note="why")
    before = stored()
    empty_and_resolve()
    assert stored() == before


@pytest.mark.long
def test_emptied_state_of_ten_thousand_parts_comes_back() -> None:
    generate(Size(10_000, receipts_a_part=2), seed=1, say=lambda words: None)
    before = stored()
    empty_and_resolve()
    assert stored() == before


def test_what_differs_is_written_with_history_and_event() -> None:
    source = factories.alternate(factories.part())
    Approval.objects.create(
        source=source, kind="case", evidence_ref="SSQ-9999", valid_from=clock.business_day()
    )
    assert resolve([source.part_id], actor=JOB, reason="found out") == 1
    source.refresh_from_db()
    assert (source.status, source.version) == ("approved", 2)
    entry = source.history.order_by("-history_id")[0]
    assert (entry.status, entry.history_change_reason) == ("approved", "found out")
    event = Event.objects.filter(action="suppliers.source.status").latest("id")
    assert (event.data, event.note) == ({"from": "candidate", "to": "approved"}, "found out")


def test_independence_follows_the_approval_of_another_source() -> None:
    part, manufacturer = factories.part(), factories.manufacturer()
    first = factories.alternate(part)
    second = factories.alternate(part, manufacturer=manufacturer)
    assert second.independence == "unknown"
    factories.approved(
        part, manufacturer_part=factories.manufacturer_part(manufacturer=manufacturer)
    )
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.independence, second.independence) == ("unknown", "nominal")
    assert second.version == 1  # no edit of anybody conflicts with it


def test_a_cause_of_another_app_needs_no_special_case() -> None:
    source = factories.incumbent(factories.part())
    causes.provide(
        "switch",
        "SELECT s.id AS source_id, 'requalify' AS cause, 'site_change' AS code,"
        " 'The fab moves.' AS detail, NULL::numeric AS share, NULL::numeric AS quantity,"
        " NULL::timestamptz AS since FROM suppliers_source s WHERE s.part_id = ANY(%(parts)s)",
    )
    try:
        assert codes(source) == ["requalify", "site_change"]
        assert resolve([source.part_id], actor=JOB) == 1
        source.refresh_from_db()
        assert source.status == "requalify"
        assert source.reasons == [{"code": "site_change", "detail": "The fab moves."}]
    finally:
        causes.forget("switch")
    assert resolve([source.part_id], actor=JOB) == 1
    source.refresh_from_db()
    assert source.status == "approved"


@pytest.mark.parametrize(
    ("standing", "status", "answer"),
    [("phase_out", "phase_out", "warn"), ("disqualified", "disqualified", "block")],
)
def test_the_manufacturers_standing_counts(standing: str, status: str, answer: str) -> None:
    source = factories.incumbent(factories.part())
    factories.standing(source.manufacturer_part.manufacturer, standing)
    source.refresh_from_db()
    assert (source.status, verdict(source)) == (status, answer)
    factories.standing(source.manufacturer_part.manufacturer, "approved")
    source.refresh_from_db()
    assert source.status == "approved"


def test_a_day_to_come_is_answered_from_its_own_facts() -> None:
    source, today = factories.alternate(factories.part()), clock.business_day()
    last = today + dt.timedelta(days=30)
    services.approve_source(
        source=source, kind="case", evidence_ref="SSQ-9999", actor=JOB, valid_to=last
    )
    part = source.part_id
    assert derive([part], last)[source.pk].status == "approved"
    assert derive([part], last + dt.timedelta(days=1))[source.pk].status == "requalify"
    assert verdict(source, 1, last + dt.timedelta(days=1)) == "warn"


def test_a_withdrawn_approval_blocks_and_says_why() -> None:
    source = factories.incumbent(factories.part())
    services.withdraw_approval(source=source, actor=JOB, reason="the evidence was another part's")
    source.refresh_from_db()
    assert (source.status, source.share_cap) == ("requalify", 0)
    assert codes(source) == ["requalify", "approval_withdrawn"]
    assert Approval.objects.filter(source=source).count() == 1


def test_approvals_are_only_added_to() -> None:
    approval = factories.incumbent(factories.part()).approval
    for change in (
        lambda: Approval.objects.filter(pk=approval.pk).update(valid_to=clock.business_day()),
        lambda: Approval.objects.filter(pk=approval.pk).delete(),
        lambda: Revocation.objects.create(
            approval=approval, cause="withdrawn", reason="x"
        ).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Approval.objects.standing().filter(pk=approval.pk).exists()


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"kind": "interim"}, "approval_interim_is_limited"),
        ({"kind": "override", "valid_to": dt.date(2099, 1, 1)}, "approval_by_two_persons"),
        (
            {"kind": "takeover", "valid_to": dt.date(2099, 1, 1), "actor_id": 1, "second_id": 1},
            "approval_by_two_persons",
        ),
        ({"kind": "case", "share": Decimal(2)}, "approval_share_fraction"),
        ({"kind": "rumour"}, "approval_kind_known"),
        ({"kind": "case", "source_id": 0}, "source 0 does not exist"),
    ],
)
def test_the_database_refuses_approvals_that_break_a_rule(
    values: dict[str, Any], rule: str
) -> None:
    source = factories.alternate(factories.part())
    fields = {"source_id": source.pk, "evidence_ref": "x", "valid_from": clock.business_day()}
    with owner(), pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Approval.objects.create(**fields | values)


def test_two_approvals_of_a_source_do_not_overlap() -> None:
    source = factories.incumbent(factories.part())
    with pytest.raises(IntegrityError, match="approval for these days"), transaction.atomic():
        Approval.objects.create(
            source=source, kind="case", evidence_ref="x", valid_from=clock.business_day()
        )


def test_an_approval_that_follows_another_supersedes_it() -> None:
    source = factories.incumbent(factories.part())
    services.approve_source(source=source, kind="case", evidence_ref="SSQ-0001", actor=JOB)
    causes_of_ends = Revocation.objects.filter(approval__source=source)
    assert [end.cause for end in causes_of_ends] == ["superseded"]
    assert list(Approval.objects.standing().values_list("kind", flat=True)) == ["case"]
