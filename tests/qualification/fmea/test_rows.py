"""Rows of an FMEA: the priority comes from the ratings, refusals name what is wrong."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from qualification import services
from qualification.models import FmeaRow, SignOff
from qualification.models.cases import State
from secondsource.core.errors import PermissionRefused, RuleRefused, Stale, ValuesRefused
from tests import factories
from tests.approval_work import risk, sign_risk
from tests.factories import Team
from tests.fmea_work import HIGH, LOW, complete, fmea_row

pytestmark = pytest.mark.django_db


def refused(call: object, *codes: str) -> None:
    with pytest.raises((RuleRefused, ValuesRefused)) as found:
        call()  # type: ignore[operator]
    given = getattr(found.value, "reasons", None) or found.value.problems  # type: ignore[union-attr]
    assert [one.code for one in given] == list(codes)


def test_the_priority_is_computed_from_the_ratings(team: Team) -> None:
    row = fmea_row(team)
    assert (row.position, row.action_priority, row.priority_now) == (1, "H", "H")
    row = services.change_row(row=row, values={"occurrence": None}, actor=team.lead)
    assert (row.action_priority, row.priority_now) == ("", "")
    values = {"severity": 8, "occurrence": 3, "detection": 3}
    row = services.change_row(row=row, values=values, actor=team.lead)
    assert FmeaRow.objects.get().action_priority == "L"


def test_a_rating_above_ten_is_refused_and_the_saved_one_stays(team: Team) -> None:
    row = fmea_row(team, occurrence=5)
    with pytest.raises(ValuesRefused) as found:
        services.change_row(row=row, values={"occurrence": 11, "severity": 0}, actor=team.lead)
    assert [(p.pointer, p.detail) for p in found.value.problems] == [
        ("/severity", "0 is below 1. Enter 1 to 10. The saved value is still 8."),
        ("/occurrence", "11 is above 10. Enter 1 to 10. The saved value is still 5."),
    ]
    assert FmeaRow.objects.get().occurrence == 5


@pytest.mark.parametrize("value", [0, 11])
def test_the_database_refuses_what_is_no_rating(team: Team, value: int) -> None:
    row = fmea_row(team)
    with pytest.raises(IntegrityError), transaction.atomic():
        FmeaRow.objects.filter(pk=row.pk).update(severity=value)


def test_a_row_that_somebody_changed_is_stale(team: Team) -> None:
    row = fmea_row(team)
    services.change_row(row=row, values={"effect": "Line down"}, actor=team["quality"])
    with pytest.raises(Stale):
        services.change_row(
            row=row, values={"effect": "Scrap"}, actor=team.lead, expected=row.version
        )
    assert FmeaRow.objects.get().effect == "Line down"


def test_who_only_reads_writes_no_row(team: Team) -> None:
    with pytest.raises(PermissionRefused):
        services.add_row(case=team.case, values=LOW, actor=factories.actor("viewer"))
    assert not FmeaRow.objects.exists()


def test_a_change_voids_the_signatures_of_the_gate(team: Team) -> None:
    team.jump_to(State.FMEA)
    row = fmea_row(team, **LOW)
    team.do_items()
    services.sign(case=team.case, function="quality", actor=team["quality"])
    services.change_row(row=row, values={"effect": "Scrap"}, actor=team.lead)
    assert SignOff.objects.get(gate="fmea").void_reason == "row 1 of the FMEA was changed"


def test_a_passed_gate_keeps_its_rows(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    refused(lambda: fmea_row(team), "gate_passed")


def test_starters_are_added_once_and_without_ratings(team: Team) -> None:
    from qualification.fmea_starters import BY_CODE

    modes = [BY_CODE["corner"], BY_CODE["esd"]]
    services.add_starters(case=team.case, modes=modes[:1], actor=team.lead)
    services.add_starters(case=team.case, modes=modes, actor=team.lead)
    rows = FmeaRow.objects.values_list("position", "failure_mode", "severity", "action_priority")
    assert list(rows) == [
        (1, "Parametric shift at a temperature corner", None, ""),
        (2, "Lower ESD class", None, ""),
    ]
    refused(lambda: services.add_starters(case=team.case, modes=modes, actor=team.lead), "required")


def test_a_copy_has_no_action_and_no_acceptance(team: Team) -> None:
    row = fmea_row(team)
    services.accept_row(row=row, reason="Held in stock", actor=team["quality"])
    copy = services.duplicate_row(row=row, actor=team["quality"])
    assert (copy.position, copy.failure_mode, copy.author) == (
        2, HIGH["failure_mode"], team.people["quality"],
    )  # fmt: skip
    assert copy.accepted_by is None


def test_a_removed_row_needs_a_reason_and_stays_in_the_history(team: Team) -> None:
    row = fmea_row(team)
    complete(team, row)
    refused(lambda: services.remove_row(row=row, reason=" ", actor=team.lead), "required")
    services.remove_row(row=row, reason="Twice", actor=team.lead)
    assert not FmeaRow.objects.exists()
    last = FmeaRow.history.first()
    assert (last.history_type, last.history_change_reason) == ("-", "Twice")


# --- acceptance -----------------------------------------------------------------------------
def test_somebody_else_accepts_a_row_with_a_reason(team: Team) -> None:
    row = fmea_row(team)
    services.accept_row(row=row, reason=" One fab only ", actor=team["quality"])
    row = FmeaRow.objects.get()
    assert (row.accepted_by, row.accepted_reason) == (team.people["quality"], "One fab only")
    assert not row.is_open_high


def test_the_author_does_not_accept_the_own_row(team: Team) -> None:
    row = fmea_row(team)
    refused(lambda: services.accept_row(row=row, reason="Fine", actor=team.lead), "own_row")
    with pytest.raises(IntegrityError), transaction.atomic():
        FmeaRow.objects.filter(pk=row.pk).update(
            accepted_by=row.author, accepted_at=row.created_at, accepted_reason="Fine"
        )


def test_an_acceptance_needs_a_reason_and_an_open_high(team: Team) -> None:
    row, low = fmea_row(team), fmea_row(team, **LOW)
    quality = team["quality"]
    refused(lambda: services.accept_row(row=row, reason=" ", actor=quality), "required")
    refused(lambda: services.accept_row(row=low, reason="Fine", actor=quality), "not_high")
    services.accept_row(row=row, reason="Fine", actor=quality)
    refused(lambda: services.accept_row(row=row, reason="Fine", actor=quality), "accepted")


def test_who_is_not_in_the_team_accepts_nothing(team: Team) -> None:
    row = fmea_row(team)
    with pytest.raises(PermissionRefused):
        services.accept_row(row=row, reason="Fine", actor=factories.actor("quality"))
    assert FmeaRow.objects.get().accepted_by is None


def test_another_rating_ends_an_acceptance(team: Team) -> None:
    row = fmea_row(team)
    services.accept_row(row=row, reason="Fine", actor=team["quality"])
    services.change_row(row=row, values={"severity": 9}, actor=team.lead)
    assert FmeaRow.objects.get().is_open_high


def test_who_rated_a_row_does_not_accept_it(team: Team) -> None:
    row = fmea_row(team, severity=None)
    row = services.change_row(row=row, values={"severity": 9}, actor=team["quality"])
    refused(lambda: services.accept_row(row=row, reason="Fine", actor=team["quality"]), "own_row")
    services.accept_row(row=row, reason="Fine", actor=team["procurement"])


def test_another_rating_voids_the_signatures_of_the_risk_that_the_row_is(team: Team) -> None:
    row = fmea_row(team)
    row = services.accept_row(row=row, reason="Held in stock", actor=team["quality"])
    made = risk(team, origin="fmea_row", reference=row.key)
    sign_risk(team, made)
    row = services.change_row(row=row, values={"severity": 10}, actor=team.lead)
    services.accept_row(row=row, reason="We hope", actor=team["quality"])
    reasons = set(made.signatures.values_list("void_reason", flat=True))
    assert reasons == {"row 1 of the FMEA was changed"}
