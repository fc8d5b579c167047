"""Interim approvals: who gives them, within what, until when."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from qualification import services
from qualification.models import Fmea
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from suppliers.models import Approval
from tests import factories
from tests.factories import JOB, Team
from tests.fmea_work import fmea_row
from tests.qualification.asking import codes, refusal, row, verdict

DAY = dt.timedelta(days=1)


def give(team: Team, by: str = "quality", **values: object) -> None:
    """100 pieces for ten days."""
    given = {
        "quantity": 100,
        "until": clock.business_day() + 10 * DAY,
        "note": "line stop",
    } | values
    services.give_interim(case=team.case, actor=team[by], **given)
    team.reload()


@pytest.fixture
def at_approval(team: Team) -> Team:
    team.jump_to(State.APPROVAL)
    return team


def test_it_allows_quantity_and_date(at_approval: Team) -> None:
    give(at_approval)
    source, last = at_approval.source, clock.business_day() + 10 * DAY
    assert row(source) == ("interim", None, Decimal(100))
    assert (verdict(source, 100), codes(source, 100)) == ("allow", ["interim"])
    assert codes(source, 101) == ["above_interim_quantity"]
    assert (verdict(source, 1, last), verdict(source, 1, last + DAY)) == ("allow", "block")
    approval = Approval.objects.get(source=source)
    assert (approval.kind, approval.evidence_ref, approval.valid_to) == (
        "interim", at_approval.case.key, last,
    )  # fmt: skip


def test_receipts_use_it_up(at_approval: Team) -> None:
    give(at_approval)
    factories.receipt(at_approval.source, 60)
    assert (verdict(at_approval.source, 40), verdict(at_approval.source, 41)) == ("allow", "block")


def test_above_its_share_is_warned(at_approval: Team) -> None:
    factories.product("PUMP", uses={at_approval.case.part: 1}, monthly_volume=1000)
    give(at_approval, share=Decimal("0.01"))
    assert row(at_approval.source) == ("interim", Decimal("0.0100"), Decimal(100))
    assert codes(at_approval.source, 10) == ["interim"]
    assert (verdict(at_approval.source, 11), codes(at_approval.source, 11)) == (
        "warn", ["interim", "above_ramp"],
    )  # fmt: skip


def test_a_share_is_a_fraction(at_approval: Team) -> None:
    with pytest.raises(ValuesRefused) as refused:
        give(at_approval, share=Decimal("1.1"))
    assert [problem.pointer for problem in refused.value.problems] == ["/share"]
    assert not Approval.objects.filter(kind="interim").exists()


def test_it_does_not_count_as_a_second_source(at_approval: Team) -> None:
    from parts.models import PartFigures

    give(at_approval)
    factories.product(uses={at_approval.source.part: 1})
    figures = PartFigures.objects.get(part=at_approval.source.part)
    assert (figures.single_source, figures.approved_sources) == (True, 1)


def test_it_ends_after_its_last_day(at_approval: Team) -> None:
    give(at_approval)
    last = clock.business_day() + 10 * DAY
    with clock.at(last):
        assert services.expire_approvals(actor=JOB) == 0
        assert row(at_approval.source)[0] == "interim"
    with clock.at(last + DAY):
        assert services.expire_approvals(actor=JOB) == 1
        assert services.expire_approvals(actor=JOB) == 0
        assert verdict(at_approval.source) == "block"
    assert row(at_approval.source) == ("in_qualification", Decimal(0), Decimal(0))


def test_it_outlives_a_hold(at_approval: Team) -> None:
    give(at_approval)
    at_approval.fire("hold", note="why")
    assert row(at_approval.source) == ("interim", None, Decimal(100))
    at_approval.fire("resume")
    assert row(at_approval.source) == ("interim", None, Decimal(100))


def test_on_hold_it_still_ends_on_its_day(at_approval: Team) -> None:
    give(at_approval)
    at_approval.fire("hold", note="why")
    with clock.at(clock.business_day() + 11 * DAY):
        assert services.expire_approvals(actor=JOB) == 1
        assert row(at_approval.source) == ("in_qualification", Decimal(0), Decimal(0))
        at_approval.fire("resume")
        assert row(at_approval.source)[0] == "in_qualification"


def test_sending_the_case_back_ends_it(at_approval: Team) -> None:
    give(at_approval)
    at_approval.fire("send_back", note="why")
    assert row(at_approval.source) == ("in_qualification", Decimal(0), Decimal(500))
    assert not Approval.objects.filter(source=at_approval.source, revocation=None).exists()


def test_rejecting_the_case_ends_it(at_approval: Team) -> None:
    give(at_approval)
    at_approval.fire("reject", "quality", note="why")
    assert row(at_approval.source) == ("candidate", Decimal(0), Decimal(0))


def test_passing_approval_follows_it(at_approval: Team) -> None:
    give(at_approval)
    at_approval.pass_gate()
    assert row(at_approval.source) == ("approved", Decimal("0.4"), None)
    kinds = Approval.objects.filter(source=at_approval.source, revocation=None)
    assert list(kinds.values_list("kind", flat=True)) == ["case"]


@pytest.mark.parametrize("by", ["engineering", "procurement", "sponsor"])
def test_only_quality_gives_it(at_approval: Team, by: str) -> None:
    with pytest.raises(Exception, match="Quality gives an interim approval"):
        give(at_approval, by)
    assert row(at_approval.source)[0] == "in_qualification"


def test_a_lead_of_quality_does_not_give_it(at_approval: Team) -> None:
    lead = at_approval.people["engineering"]
    lead.roles = ["engineer", "quality"]
    lead.save()
    with pytest.raises(Exception, match="not the case's lead"):
        give(at_approval, "engineering")


def test_quality_outside_the_team_does_not_give_it(at_approval: Team) -> None:
    at_approval.people["quality"] = factories.person("quality")
    with pytest.raises(Exception, match="You may not do this"):
        give(at_approval)


@pytest.mark.parametrize(
    ("values", "pointer"),
    [({"quantity": 0}, "/quantity"), ({"until": dt.date(2020, 1, 1)}, "/until")],
)
def test_values_that_allow_nothing_are_refused(
    at_approval: Team, values: dict[str, object], pointer: str
) -> None:
    with pytest.raises(ValuesRefused) as caught:
        give(at_approval, **values)
    assert [p.pointer for p in caught.value.problems] == [pointer]


def test_its_last_day_may_be_today(at_approval: Team) -> None:
    give(at_approval, until=clock.business_day())
    assert verdict(at_approval.source) == "allow"
    assert verdict(at_approval.source, 1, clock.business_day() + DAY) == "block"


def test_it_is_given_at_the_approval_gate_only(team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    assert refusal(give, team) == ["wrong_state"]
    assert team.reload().interim_quantity is None


def test_a_source_approved_before_needs_none(db: None) -> None:
    of = factories.part()
    factories.incumbent(of)
    team = Team(factories.approved(of), kind="requalification")
    team.jump_to(State.APPROVAL)
    assert refusal(give, team) == ["approved_before"]
    assert row(team.source) == ("approved", None, None)


def test_it_ends_by_the_day_of_the_policy(at_approval: Team) -> None:
    latest = services.latest_interim_day()
    with pytest.raises(ValuesRefused) as caught:
        give(at_approval, until=latest + DAY)
    assert [(p.pointer, p.code) for p in caught.value.problems] == [("/until", "too_late")]
    give(at_approval, until=latest)
    assert at_approval.case.interim_until == latest


def test_it_is_not_given_beside_an_open_failure_mode(at_approval: Team) -> None:
    Fmea.objects.filter(case=at_approval.case).update(status="reopened", reopened_at=clock.now(),
                                                      reopened_reason="Another site")  # fmt: skip
    fmea_row(at_approval)
    assert refusal(give, at_approval) == ["ap_high_open"]
    assert not Approval.objects.filter(kind="interim").exists()
