"""The one door: lock, version, state, permission, every guard, effect, event, outbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from qualification.models import Case
from secondsource.core import outbox
from secondsource.core.errors import PermissionRefused, Reason, Stale, TransitionRefused
from secondsource.core.models import Event, Outbox, RowChange
from secondsource.core.workflow import Move, MoveDefinition, Workflow
from tests import factories

pytestmark = pytest.mark.django_db


def two_things_are_wrong(case: Any, move: Move) -> Iterator[Reason]:
    yield Reason("first", "The first thing is wrong.")
    yield Reason("second", "The second thing is wrong.")


def change_summary(case: Any, move: Move) -> None:
    case.summary = f"moved by {move.actor.user_id}"


FLOW: Workflow[Case] = Workflow(
    Case,
    [
        MoveDefinition(
            "go", "Go", ("draft",), "business_case", "qualification.lead_case", (), change_summary
        ),
        MoveDefinition(
            "blocked", "Blocked", ("draft",), "fmea", "qualification.lead_case",
            (two_things_are_wrong,),
        ),
        MoveDefinition(
            "explain", "Explain", ("draft",), "rejected", "qualification.lead_case",
            needs_note=True,
        ),
    ],
)  # fmt: skip


@pytest.fixture
def team() -> factories.Team:
    return factories.Team()


def test_it_moves_and_runs_the_effect(team: factories.Team) -> None:
    before = team.case.version
    FLOW.fire(team.case.pk, "go", actor=team.lead, note=" why ")
    case = team.reload()
    assert (case.state, case.version) == ("business_case", before + 1)
    assert case.summary == f"moved by {team.lead.user_id}"


def test_it_writes_one_event_with_from_and_to(team: factories.Team) -> None:
    FLOW.fire(team.case.pk, "go", actor=team.lead, note="why")
    event = Event.objects.get(action="qualification.case.go")
    assert (event.actor_id, event.origin, event.note) == (team.lead.user_id, "web", "why")
    assert event.data == {"from": "draft", "to": "business_case"}
    assert event.subject_key == team.case.key


def test_who_subscribed_to_the_move_gets_a_row_of_the_same_transaction(
    team: factories.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_subscribed", {})
    outbox.subscribe("test.moved", [FLOW.action("go")])
    FLOW.fire(team.case.pk, "go", actor=team.lead)
    event = Event.objects.get(action="qualification.case.go")
    assert Outbox.objects.get(topic="test.moved").payload == {"event": event.pk}


def test_it_notes_person_reason_and_entrance_in_the_history(team: factories.Team) -> None:
    FLOW.fire(team.case.pk, "go", actor=team.lead, note="why")
    entry = Case.history.filter(id=team.case.pk).latest("history_id")
    assert (entry.history_user_id, entry.history_change_reason) == (team.lead.user_id, "why")
    assert (entry.history_origin, entry.state) == ("web", "business_case")


def test_what_the_effect_writes_is_put_down_to_the_same_person(team: factories.Team) -> None:
    team.fire("submit", note="why")
    row = RowChange.objects.filter(table="qualification_gatepassage").latest("id")
    assert (row.user_id, row.origin, row.reason) == (team.lead.user_id, "web", "why")


def test_every_unmet_reason_is_told(team: factories.Team) -> None:
    with pytest.raises(TransitionRefused) as refused:
        FLOW.fire(team.case.pk, "blocked", actor=team.lead)
    assert [reason.code for reason in refused.value.reasons] == ["first", "second"]
    assert team.reload().state == "draft"


def test_a_missing_note_is_refused(team: factories.Team) -> None:
    with pytest.raises(TransitionRefused) as refused:
        FLOW.fire(team.case.pk, "explain", actor=team.lead, note="   ")
    assert [reason.code for reason in refused.value.reasons] == ["note_missing"]
    assert team.reload().state == "draft"


def test_an_outdated_version_is_refused(team: factories.Team) -> None:
    with pytest.raises(Stale) as refused:
        FLOW.fire(team.case.pk, "go", actor=team.lead, expected=team.case.version - 1)
    assert refused.value.current == team.case.version
    assert team.reload().state == "draft"


def test_the_wrong_state_is_refused(team: factories.Team) -> None:
    FLOW.fire(team.case.pk, "go", actor=team.lead)
    with pytest.raises(TransitionRefused) as refused:
        FLOW.fire(team.case.pk, "go", actor=team.lead)
    assert [reason.code for reason in refused.value.reasons] == ["wrong_state"]


def test_an_unknown_move_is_refused(team: factories.Team) -> None:
    with pytest.raises(TransitionRefused) as refused:
        FLOW.fire(team.case.pk, "fly", actor=team.lead)
    assert [reason.code for reason in refused.value.reasons] == ["unknown_move"]


def test_somebody_without_the_right_is_refused(team: factories.Team) -> None:
    with pytest.raises(PermissionRefused, match="You may not “Go” here"):
        FLOW.fire(team.case.pk, "go", actor=team["quality"])
    assert team.reload().state == "draft"


def test_a_refusal_leaves_neither_event_nor_outbox_row(team: factories.Team) -> None:
    before = (Event.objects.count(), Outbox.objects.count())
    with pytest.raises(TransitionRefused):
        FLOW.fire(team.case.pk, "blocked", actor=team.lead)
    assert (Event.objects.count(), Outbox.objects.count()) == before


def test_offers_say_what_keeps_whom_from_what(team: factories.Team) -> None:
    offers = {offer.name: offer for offer in FLOW.offered(team.case, team["quality"])}
    assert offers["go"].allowed is False
    assert [reason.code for reason in offers["go"].reasons] == ["not_permitted"]
    assert [reason.code for reason in offers["blocked"].reasons] == [
        "not_permitted", "first", "second",
    ]  # fmt: skip


def test_offers_of_the_lead(team: factories.Team) -> None:
    offers = {offer.name: offer.allowed for offer in FLOW.offered(team.case, team.lead)}
    assert offers == {"go": True, "blocked": False, "explain": True}
