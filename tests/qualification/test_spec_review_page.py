"""The page of the spec review and its forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qualification import linked_work, spec_review
from qualification.models import Disposition
from qualification.models.cases import State
from qualification.next_move import blockers
from tests.factories import Team
from tests.qualification.test_spec_review import CANDIDATE, INCUMBENT, NEEDS, decide
from tests.spec_review_work import compare

Browse = Callable[[Any], Any]


@pytest.fixture
def review(team: Team) -> Team:
    compare(team, NEEDS, CANDIDATE, INCUMBENT)
    return team


def url(team: Team, rest: str = "") -> str:
    return f"/q/{team.case.key}/spec-review/{rest}"


def line(team: Team, name: str) -> Any:
    return next(one for one in spec_review.lines(team.case) if one.name == name)


def test_it_shows_requirement_values_and_what_is_open(review: Team, browse: Browse) -> None:
    answer = browse(review.people["engineering"]).get(url(review))
    text = answer.content.decode().replace("\u202f", " ")
    assert answer.status_code == 200
    for said in ("At least 1,024 KB", "512 KB", "4 parameters compared.", "0 of 3 differences"):
        assert said in text
    assert text.count("data-dialog>Decide<") == 3


def test_open_only_leaves_out_what_is_done(review: Team, browse: Browse) -> None:
    text = browse(review.people["quality"]).get(url(review, "?show=open")).content.decode()
    assert f"line-{line(review, 'Flash').key}" in text
    assert f"line-{line(review, 'Clock').key}" not in text


def test_who_does_not_decide_is_offered_nothing(review: Team, browse: Browse) -> None:
    text = browse(review.people["procurement"]).get(url(review)).content.decode()
    assert "data-dialog>Decide<" not in text


def test_an_engineer_decides_in_the_form(review: Team, browse: Browse) -> None:
    supply = line(review, "Supply")
    answer = browse(review.people["engineering"]).post(
        url(review, f"decide/?line={supply.key}"),
        {"lines": f"{supply.key}.{supply.seen}", "decision": "accept", "reason": "Rail is 3.3 V"},
    )
    assert answer.status_code == 302
    made = Disposition.objects.get()
    assert (made.parameter, made.reason) == ("Supply", "Rail is 3.3 V")


def test_a_refused_decision_keeps_what_was_typed(review: Team, browse: Browse) -> None:
    flash = line(review, "Flash")
    answer = browse(review.people["engineering"]).post(
        url(review, f"decide/?line={flash.key}"),
        {"lines": f"{flash.key}.{flash.seen}", "decision": "accept_with_condition",
         "reason": "Small image", "condition": ""},
    )  # fmt: skip
    assert (answer.status_code, Disposition.objects.count()) == (422, 0)
    text = answer.content.decode()
    assert "Small image" in text
    assert "Write the condition; it belongs to the approval." in text


def test_a_missed_limit_cannot_be_plainly_accepted(review: Team, browse: Browse) -> None:
    flash = line(review, "Flash")
    client = browse(review.people["engineering"])
    text = client.get(url(review, f"decide/?line={flash.key}")).content.decode()
    assert 'value="accept"' not in text
    answer = client.post(
        url(review, f"decide/?line={flash.key}"),
        {"lines": f"{flash.key}.{flash.seen}", "decision": "accept", "reason": "why"},
    )
    assert (answer.status_code, Disposition.objects.count()) == (422, 0)


def test_a_form_on_former_values_is_refused(review: Team, browse: Browse) -> None:
    supply = line(review, "Supply")
    compare(review, NEEDS, [{**CANDIDATE[0], "minimum": 2.9}, *CANDIDATE[1:]])
    answer = browse(review.people["engineering"]).post(
        url(review, f"decide/?line={supply.key}"),
        {"lines": f"{supply.key}.{supply.seen}", "decision": "accept", "reason": "why"},
    )
    assert (answer.status_code, Disposition.objects.count()) == (422, 0)
    assert "Supply changed since you opened it." in answer.content.decode()


def test_unknown_values_are_decided_on_in_one_form(review: Team, browse: Browse) -> None:
    compare(review, NEEDS, [])
    client = browse(review.people["engineering"])
    assert "Decide on 4 unknown" in client.get(url(review)).content.decode()
    chosen = [line(review, name) for name in ("Clock", "ESD")]
    answer = client.post(
        url(review, "decide/?line=unknown"),
        {"lines": [f"{one.key}.{one.seen}" for one in chosen], "decision": "accept",
         "reason": "Measured on 5 samples"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert set(Disposition.objects.values_list("parameter", flat=True)) == {"Clock", "ESD"}


def test_quality_confirms_in_the_form(review: Team, browse: Browse) -> None:
    [made] = decide(review, "Flash", decision="accept_with_condition", condition="≤ 480 KB")
    client = browse(review.people["quality"])
    assert ">Confirm<" in client.get(url(review)).content.decode()
    answer = client.post(url(review, f"{made.public_id}/confirm/"), {"expected": made.version})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.confirmed_by == review.people["quality"]


def test_a_confirmation_of_a_former_decision_is_refused(review: Team, browse: Browse) -> None:
    [made] = decide(review, "Flash", decision="accept_with_condition", condition="≤ 480 KB")
    decide(review, "Flash", decision="accept_with_condition", condition="≤ 500 KB")
    answer = browse(review.people["quality"]).post(
        url(review, f"{made.public_id}/confirm/"), {"expected": made.version}
    )
    assert answer.status_code == 409
    assert Disposition.objects.get().confirmed_by is None


def test_the_number_of_queries_does_not_grow(
    review: Team, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    compare(review, NEEDS, [])
    decide(review, "Supply", "Clock", "ESD", reason="Measured")
    client = browse(review.people["quality"])
    client.get(url(review))
    with django_assert_max_num_queries(32):
        client.get(url(review))


def test_a_value_that_changed_is_decided_on_at_approval(review: Team, browse: Browse) -> None:
    review.jump_to(State.APPROVAL)
    review.do_items()
    flash = line(review, "Flash")
    lower = [{**one, "minimum": 256.0} if one["name"] == "Flash" else one for one in CANDIDATE]
    compare(review, NEEDS, lower)
    client = browse(review.people["engineering"])
    assert client.get(url(review)).content.decode().count("data-dialog>Decide<") == 1
    address = url(review, f"decide/?line={flash.key}")
    form = client.get(address).content.decode()
    assert "2 signatures become" in form
    assert f"{review.people['procurement'].name} (procurement)" in " ".join(form.split())
    seen = f"{flash.key}.{line(review, 'Flash').seen}"
    body = {
        "lines": seen,
        "decision": "accept_with_condition",
        "condition": "200 KB",
        "reason": "x",
    }
    answer = client.post(address, body, follow=True)
    assert "Decided. 2 signatures are void and given again." in answer.content.decode()


def test_the_chip_counts_what_the_list_of_cases_counts(review: Team, browse: Browse) -> None:
    review.jump_to(State.SPEC_REVIEW)
    client = browse(review.people["quality"])
    [listed] = client.get("/q/?open=true").context["table"].page.rows
    count = blockers(listed)
    assert len(linked_work.missing(review.case, "deviations")) > 1
    for page in (url(review), review.case.get_absolute_url()):
        assert f"Spec review, {count} blockers" in " ".join(
            client.get(page).content.decode().split()
        )
    moves = client.get(f"{review.case.get_absolute_url()}moves/pass/")
    shown = [one for one in moves.context["reasons"] if getattr(one, "code", "") != "not_permitted"]
    assert len(shown) == count
    assert "Supply: deviation" in moves.content.decode()
