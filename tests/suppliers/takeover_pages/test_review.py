"""To review: what came in without a case, kept for some months or withdrawn, as a recorded act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from secondsource.accounts.models import Plant
from secondsource.core import clock
from secondsource.core.calendar import add_months
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.models import Event
from suppliers import services
from suppliers.models import Approval, ApprovalReview, Source, Takeover
from suppliers.workflow import TAKEOVER_FLOW
from tests import factories
from tests.suppliers.takeover_pages.test_takeover_pages import browse  # noqa: F401  (a fixture)
from tests.suppliers.test_takeover import move, proposals, propose, source_of

pytestmark = pytest.mark.django_db
Browse = Callable[[Any], Client]


def legacy() -> Source:
    return factories.incumbent(factories.part())


def taken_over() -> Source:
    rows = proposals(1)
    takeover = propose(rows)
    move(takeover, "confirm", factories.actor("quality"))
    move(takeover, "approve", factories.actor("engineer"))
    return source_of(rows[0])


def due(source: Source) -> dt.date | None:
    day: dt.date | None = Source.objects.to_review().get(pk=source.pk).review_due
    return day


def test_a_kept_legacy_approval_is_due_later() -> None:
    source, quality = legacy(), factories.actor("quality")
    assert due(source) is None
    assert services.keep_approvals(
        sources=[source], months=6, reason="in use since 2019", actor=quality
    ) is None  # fmt: skip
    review = ApprovalReview.objects.get()
    until = add_months(clock.business_day(), 6)
    assert (review.until, review.reason, review.actor_id) == (
        until, "in use since 2019", quality.user_id,
    )  # fmt: skip
    assert due(source) == until
    source.refresh_from_db()
    assert (source.status, Approval.objects.count()) == ("approved", 1)
    assert Event.objects.get(action="suppliers.approval.reviewed").actor_id == quality.user_id


def test_a_kept_takeover_waits_for_the_second_person() -> None:
    source, quality = taken_over(), factories.actor("quality")
    old = source.approval
    assert old is not None
    with clock.at(add_months(clock.business_day(), 3)):
        waiting = services.keep_approvals(
            sources=[source], months=12, reason="audited", actor=quality
        )
        assert waiting is not None
        assert waiting.state == "confirmed"
        until = add_months(clock.business_day(), 12)
        TAKEOVER_FLOW.fire(waiting.pk, "approve", actor=factories.actor("procurement"))
    source.refresh_from_db()
    assert source.approval != old
    assert (source.status, source.approval.valid_to) == ("approved", until)  # type: ignore[union-attr]
    assert old.revocation.cause == "superseded"


def test_a_renewed_approval_keeps_its_scope() -> None:
    plant, product = Plant.objects.create(code="BRNO", name="Brno"), factories.product()
    rows = proposals(1, products=(product,))
    takeover = propose(rows, plants=[plant])
    move(takeover, "confirm", factories.actor("quality"))
    move(takeover, "approve", factories.actor("engineer"))
    waiting = services.keep_approvals(
        sources=[source_of(rows[0])], months=6, reason="audited", actor=factories.actor("quality")
    )
    assert waiting is not None
    TAKEOVER_FLOW.fire(waiting.pk, "approve", actor=factories.actor("engineer"))
    renewed = source_of(rows[0]).approval
    assert renewed is not None
    assert (list(renewed.products.all()), list(renewed.plants.all())) == ([product], [plant])


def test_a_source_without_such_an_approval_is_not_reviewed() -> None:
    candidate = factories.alternate(factories.part())
    with pytest.raises(ValuesRefused) as refused:
        services.keep_approvals(
            sources=[legacy(), candidate], months=6, reason="why", actor=factories.actor("quality")
        )
    assert [problem.code for problem in refused.value.problems] == ["not_reviewed"]
    assert not ApprovalReview.objects.exists()


def test_a_revoked_approval_is_not_reviewed() -> None:
    source, quality = legacy(), factories.actor("quality")
    services.withdraw_approvals(sources=[source], reason="drifts", actor=quality)
    with pytest.raises(ValuesRefused):
        services.keep_approvals(sources=[source], months=6, reason="why", actor=quality)
    assert ApprovalReview.objects.count() == 1


def keep(*sources: Source) -> Takeover:
    waiting = services.keep_approvals(
        sources=sources, months=6, reason="audited", actor=factories.actor("quality")
    )
    assert waiting is not None
    return waiting


def refusals(*sources: Source) -> list[str]:
    before = Takeover.objects.count(), ApprovalReview.objects.count()
    with pytest.raises(ValuesRefused) as caught:
        keep(*sources)
    assert (Takeover.objects.count(), ApprovalReview.objects.count()) == before
    return [problem.code for problem in caught.value.problems]


def approve(waiting: Takeover) -> tuple[str, str]:
    """The second person approves; answers the state and the reason of the batch's row."""
    TAKEOVER_FLOW.fire(waiting.pk, "approve", actor=factories.actor("procurement"))
    row = waiting.rows.get()
    return row.state, row.reason


def test_an_approval_that_is_over_is_not_renewed() -> None:
    source = taken_over()
    with clock.at(add_months(clock.business_day(), 13)):
        assert refusals(source) == ["over"]


def test_a_renewal_whose_approval_ended_meanwhile_is_refused() -> None:
    source = taken_over()
    last = source.approval.valid_to  # type: ignore[union-attr]
    with clock.at(last):
        waiting = keep(source)
    with clock.at(last + dt.timedelta(days=1)):
        state, reason = approve(waiting)
    assert (state, reason.startswith("The approval ended on")) == ("refused", True)
    assert Approval.objects.count() == 1


def test_a_withdrawal_refuses_the_renewals_that_wait() -> None:
    source, other = taken_over(), taken_over()
    waiting = keep(source, other)
    services.withdraw_approvals(sources=[source], reason="drifts", actor=factories.actor("quality"))
    waiting.refresh_from_db()
    assert (waiting.state, [(r.state, r.reason) for r in waiting.rows.all()]) == (
        "confirmed", [("refused", "The approval was withdrawn: drifts"), ("confirmed", "")],
    )  # fmt: skip
    TAKEOVER_FLOW.fire(waiting.pk, "approve", actor=factories.actor("procurement"))
    source.refresh_from_db()
    other.refresh_from_db()
    assert (source.status, other.status) == ("requalify", "approved")


def test_a_revoked_approval_does_not_come_back_by_its_renewal() -> None:
    source = taken_over()
    waiting = keep(source)
    services.withdraw_approval(source=source, actor=factories.JOB, reason="drifts")
    assert approve(waiting) == ("refused", "The approval was revoked: withdrawn.")
    source.refresh_from_db()
    assert (source.status, Approval.objects.standing().count()) == ("requalify", 0)


def test_a_source_that_is_not_approved_any_more_is_not_renewed() -> None:
    source = taken_over()
    waiting = keep(source)
    Source.objects.filter(pk=source.pk).update(status="requalify")
    state, reason = approve(waiting)
    assert (state, reason.startswith("The source is not approved any more")) == ("refused", True)
    assert Approval.objects.count() == 1


def test_a_second_renewal_is_refused_while_one_waits() -> None:
    source, other = taken_over(), taken_over()
    waiting = keep(source)
    assert refusals(source, other) == ["renewal_waits"]
    assert approve(waiting) == ("approved", "")
    source.refresh_from_db()
    assert keep(source).state == "confirmed"


def test_a_withdrawn_approval_leaves_a_source_to_qualify() -> None:
    sources, quality = [legacy(), taken_over()], factories.actor("quality")
    assert services.withdraw_approvals(sources=sources, reason="drifts", actor=quality) == 2
    for source in sources:
        source.refresh_from_db()
        assert source.status == "requalify"
    assert list(Source.objects.to_review()) == []
    assert set(ApprovalReview.objects.values_list("decision", flat=True)) == {"withdraw"}


@pytest.mark.parametrize(
    ("values", "pointer"),
    [({"months": 0}, "/months"), ({"months": 13}, "/months"), ({"reason": " "}, "/reason"),
     ({"sources": []}, "/sources")],
)  # fmt: skip
def test_refused_reviews(values: dict[str, Any], pointer: str) -> None:
    given = {"sources": [legacy()], "months": 6, "reason": "why"} | values
    with pytest.raises(ValuesRefused) as caught:
        services.keep_approvals(actor=factories.actor("quality"), **given)
    assert [p.pointer for p in caught.value.problems] == [pointer]
    assert ApprovalReview.objects.count() == 0


def test_an_approval_by_a_case_is_not_reviewed() -> None:
    source = factories.approved(factories.part())
    with pytest.raises(ValuesRefused):
        services.withdraw_approvals(
            sources=[source], reason="why", actor=factories.actor("quality")
        )
    assert ApprovalReview.objects.count() == 0


@pytest.mark.parametrize("role", ["engineer", "procurement", "executive", "viewer", "admin"])
def test_quality_reviews(role: str) -> None:
    with pytest.raises(PermissionRefused):
        services.keep_approvals(
            sources=[legacy()], months=6, reason="why", actor=factories.actor(role)
        )
    assert ApprovalReview.objects.count() == 0


def test_the_page_keeps_and_withdraws(browse: Browse) -> None:  # noqa: F811
    first, second = legacy(), taken_over()
    client = browse(factories.person("quality"))
    page = client.get("/to-review/").content.decode()
    assert (first.part.ipn in page, "Taken over" in page, "Open a case" in page) == (True,) * 3
    chosen = {"selected": [first.pk, second.pk]}
    asked = client.post("/to-review/keep/", chosen)
    assert (asked.status_code, "Keep 2 approvals" in asked.content.decode()) == (200, True)
    body = chosen | {"sure": "1", "months": "6", "reason": ""}
    assert client.post("/to-review/keep/", body).status_code == 422
    answer = client.post("/to-review/keep/", body | {"reason": "in use"})
    waiting = Takeover.objects.get(origin="review")
    assert answer["Location"] == waiting.get_absolute_url()
    asked = client.post("/to-review/withdraw/", {"selected": [first.pk]})
    assert "their orders are blocked" in asked.content.decode()
    body = {"selected": [first.pk], "sure": "1", "reason": "drifts"}
    assert client.post("/to-review/withdraw/", body).status_code == 302
    first.refresh_from_db()
    assert first.status == "requalify"


def test_nothing_selected_leads_back(browse: Browse) -> None:  # noqa: F811
    client = browse(factories.person("quality"))
    for url in ("/to-review/keep/", "/to-review/withdraw/"):
        assert client.get(url)["Location"] == "/to-review/"
        assert client.post(url, {"selected": ["x"]})["Location"] == "/to-review/"


def test_spend_is_hidden_from_engineers(browse: Browse) -> None:  # noqa: F811
    source = legacy()
    factories.receipt(source, 1000, "7.77")
    buyer = browse(factories.person("procurement")).get("/to-review/").content.decode()
    engineer = browse(factories.person("engineer")).get("/to-review/").content.decode()
    assert ("7,770" in buyer, "7,770" in engineer) == (True, False)
    assert ("Keep selected" in buyer, "Keep selected" in engineer) == (False, False)


def test_the_api_filters_by_review(browse: Browse) -> None:  # noqa: F811
    source, later = legacy(), taken_over()
    factories.approved(factories.part())
    client = browse(factories.person("quality"))
    for wanted, found in (("due", source), ("later", later)):
        listed = client.get("/api/v1/sources/", {"review": wanted}).json()["results"]
        assert [one["id"] for one in listed] == [found.key]
    assert client.get("/to-review/?export=csv&review=due").status_code == 200
