"""Two at a take-over at the same moment: one decides, the other is told."""

from __future__ import annotations

from contextlib import suppress

import pytest

from secondsource.core.errors import ValuesRefused
from suppliers import services
from suppliers.models import Approval, Takeover
from tests import factories
from tests.suppliers.test_takeover import move, proposals, propose, source_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def states(takeover: Takeover) -> set[str]:
    return set(takeover.rows.values_list("state", flat=True))


def test_of_two_who_confirm_one_does() -> None:
    takeover = propose(proposals(3))
    first, second = factories.actor("quality"), factories.actor("quality")
    found = at_once(
        lambda: move(takeover, "confirm", first), lambda: move(takeover, "confirm", second)
    )
    assert found[0] == "done"
    assert found[1] in ("no_row", "wrong_state")
    assert states(takeover) == {"confirmed"}
    assert len(set(takeover.rows.values_list("confirmed_by", flat=True))) == 1


def test_of_confirming_and_refusing_one_wins() -> None:
    takeover = propose(proposals(3))
    first, second = factories.actor("quality"), factories.actor("quality")
    at_once(
        lambda: move(takeover, "confirm", first),
        lambda: move(takeover, "refuse", second, "not ours"),
    )
    # Who refuses may be second: confirmed rows can be refused, refused ones are never confirmed.
    takeover.refresh_from_db()
    assert (states(takeover), takeover.state) == ({"refused"}, "refused")
    assert Approval.objects.filter(kind="takeover").count() == 0


def test_of_two_who_approve_one_does() -> None:
    takeover = propose(proposals(3))
    move(takeover, "confirm", factories.actor("quality"))
    first, second = factories.actor("engineer"), factories.actor("procurement")
    found = at_once(
        lambda: move(takeover, "approve", first), lambda: move(takeover, "approve", second)
    )
    assert found[0] == "done"
    assert found[1] in ("no_row", "wrong_state")
    assert (states(takeover), Approval.objects.filter(kind="takeover").count()) == (
        {"approved"}, 3,
    )  # fmt: skip


def test_approving_against_refusing_ends_in_one_state() -> None:
    takeover = propose(proposals(3))
    move(takeover, "confirm", factories.actor("quality"))
    first, second = factories.actor("engineer"), factories.actor("quality")
    found = at_once(
        lambda: move(takeover, "approve", first),
        lambda: move(takeover, "refuse", second, "not ours"),
    )
    assert found[0] == "done"
    assert states(takeover) in ({"approved"}, {"refused"})
    approved = Approval.objects.filter(kind="takeover").count()
    assert approved == takeover.rows.filter(state="approved").count()


def test_of_two_batches_with_the_same_sources_one_approves_them() -> None:
    rows = proposals(5)
    first, second = propose(rows), propose(rows[::-1])
    for takeover in (first, second):
        move(takeover, "confirm", factories.actor("quality"))
    people = factories.actor("engineer"), factories.actor("procurement")
    found = at_once(
        lambda: move(first, "approve", people[0]), lambda: move(second, "approve", people[1])
    )
    assert found == ["done", "done"]
    assert Approval.objects.filter(kind="takeover").count() == 5
    assert sorted(states(one).pop() for one in (first, second)) == ["approved", "refused"]
    refused = Takeover.objects.get(state="refused").rows.values_list("reason", flat=True)
    assert set(refused) == {"Approved already: taken over, AML-7 rev. C."}


def test_of_keeping_twice_and_withdrawing_one_state_is_left() -> None:
    rows = proposals(1)
    takeover = propose(rows)
    move(takeover, "confirm", factories.actor("quality"))
    move(takeover, "approve", factories.actor("engineer"))
    source, people = source_of(rows[0]), [factories.actor("quality") for _ in range(2)]

    def keep(number: int) -> None:
        with suppress(ValuesRefused):
            services.keep_approvals(
                sources=[source], months=6, reason="audited", actor=people[number]
            )

    at_once(lambda: keep(0), lambda: keep(1))
    waiting = Takeover.objects.get(origin="review")
    at_once(
        lambda: move(waiting, "approve", factories.actor("engineer")),
        lambda: services.withdraw_approvals(sources=[source], reason="drifts", actor=people[0]),
    )
    source.refresh_from_db()
    assert (source.status, Approval.objects.standing().count()) == ("requalify", 0)
