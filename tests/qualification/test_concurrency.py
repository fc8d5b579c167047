"""Two at once: one wins, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qualification import services
from qualification.models import Case, SignOff
from qualification.models.cases import OPEN_STATES, State
from qualification.workflow import CASE_FLOW
from secondsource.core import outbox
from secondsource.core.models import Event, Outbox
from tests.factories import Team
from tests.threads import at_once, held_open

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alone(transactional_db: None) -> Team:
    """A case whose rows other connections see."""
    return Team()


def test_of_two_equal_moves_one_wins(alone: Team) -> None:
    def submit() -> None:
        CASE_FLOW.fire(alone.case.pk, "submit", actor=alone.lead)

    assert at_once(submit, submit) == ["done", "wrong_state"]
    assert alone.reload().state == State.BUSINESS_CASE
    assert Event.objects.filter(action="qualification.case.submit").count() == 1
    assert alone.case.passages.count() == 1


def test_a_move_does_not_wait_for_an_import_that_asked_for_the_same_figures(alone: Team) -> None:
    with held_open(lambda: outbox.post("company_figures", {}, key="company")):
        alone.fire("submit")
        assert Outbox.objects.filter(topic="company_figures", payload__has_key="event").exists()
    assert alone.reload().state == State.BUSINESS_CASE


def test_of_two_moves_on_one_reading_the_slower_is_stale(alone: Team) -> None:
    alone.fire("submit")
    seen = alone.case.version

    def move(name: str) -> Callable[[], Any]:
        return lambda: CASE_FLOW.fire(
            alone.case.pk, name, actor=alone.lead, note="why", expected=seen
        )

    assert at_once(move("hold"), move("withdraw")) == ["done", "stale"]
    assert alone.reload().state in (State.ON_HOLD, State.WITHDRAWN)


def test_a_function_signs_once_even_at_once(alone: Team) -> None:
    alone.fire("submit")
    alone.do_items()

    def sign() -> None:
        services.sign(case=alone.case, function="quality", actor=alone["quality"])

    assert at_once(sign, sign) == ["done", "signed"]
    assert SignOff.objects.filter(case=alone.case).count() == 1


def test_of_two_cases_on_one_source_one_opens(alone: Team) -> None:
    alone.fire("withdraw", note="why")

    def open_it() -> None:
        services.open_case(source=alone.source, actor=alone.lead)

    assert at_once(open_it, open_it) == ["done", "duplicate"]
    assert Case.objects.filter(source=alone.source, state=State.DRAFT).count() == 1


def test_a_signature_and_a_send_back_wait_for_each_other(alone: Team) -> None:
    alone.jump_to(State.SPEC_REVIEW)
    alone.do_items()
    seen = alone.reload().version

    def sign() -> None:
        services.sign(case=alone.case, function="quality", actor=alone["quality"], expected=seen)

    def send_back() -> None:
        CASE_FLOW.fire(alone.case.pk, "send_back", actor=alone.lead, note="why")

    assert at_once(sign, send_back) in (["done", "done"], ["done", "stale"])
    assert alone.reload().state == State.BUSINESS_CASE
    assert SignOff.objects.filter(case=alone.case, voided_at=None).count() == 0


def test_a_reopening_and_a_new_case_on_one_source_do_not_both_succeed(alone: Team) -> None:
    alone.fire("submit")
    alone.fire("reject", by="quality", note="drifts")

    def reopen() -> None:
        CASE_FLOW.fire(alone.case.pk, "reopen", actor=alone["quality"], note="cause found")

    def open_it() -> None:
        services.open_case(source=alone.source, actor=alone.lead)

    done, refused = sorted(at_once(reopen, open_it), key=lambda answer: answer != "done")
    assert (done, refused in ("duplicate", "other_case")) == ("done", True)
    assert Case.objects.filter(source=alone.source, state__in=OPEN_STATES).count() == 1


def test_of_twenty_equal_moves_one_wins(alone: Team) -> None:
    def submit() -> None:
        CASE_FLOW.fire(alone.case.pk, "submit", actor=alone.lead)

    assert at_once(*[submit] * 20) == ["done", *["wrong_state"] * 19]
    assert Event.objects.filter(action="qualification.case.submit").count() == 1
