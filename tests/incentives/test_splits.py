"""Splits: bounds, cheapest split, proposals, decisions and what was bought."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from incentives import services
from incentives.lead_mix import mixed
from incentives.models import SplitProposal
from incentives.rebates import rebate, rebates_lost
from incentives.split_facts import SplitFacts
from incentives.split_reading import read_split, read_splits
from incentives.split_tracking import tracked
from incentives.workflow import SPLIT_FLOW
from secondsource.core import clock
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.models import Event, PolicyVersion
from suppliers import services as sourcing
from suppliers.models import Source
from tests import factories
from tests.factories import JOB
from tests.incentives.world import offer, two_approved
from tests.qualification.asking import refusal

D = Decimal
Pair = tuple[Source, Source]


@pytest.fixture(autouse=True)
def price_alone(db: None) -> None:
    """A policy under which nothing is carried and quality costs nothing."""
    PolicyVersion.objects.create(
        name="tco", number=2, state=PolicyVersion.State.ACTIVE,
        values={"carry_rate": "0", "days_held": 0, "quality_cost_rate": "0"},
    )  # fmt: skip


@pytest.fixture
def pair(db: None) -> Pair:
    """Two approved sources of a part with a demand of 100,000 a year."""
    return two_approved()


def facts(pair: Pair, **asked: Any) -> SplitFacts:
    return read_split(pair[0].part, **asked)


def cap(source: Source, **columns: Any) -> None:
    """Set what the gates derive, as the resolver would."""
    Source.objects.filter(pk=source.pk).update(**columns)


def propose(pair: Pair, share: str = "0.3", **call: Any) -> SplitProposal:
    shares = [services.NewShare(pair[0], 1 - D(share)), services.NewShare(pair[1], D(share))]
    given = {"reason": "less risk", "actor": factories.actor("engineer")} | call
    return services.propose_split(part=pair[0].part, shares=shares, **given)


def problems(call: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValuesRefused) as caught:
        call()
    return [(one.pointer, one.code) for one in caught.value.problems]


def test_the_cheaper_source_gets_all_but_the_warm_share(pair: Pair) -> None:
    found = facts(pair).cheapest()
    assert found == {pair[0].pk: D("0.2"), pair[1].pk: D("0.8")}


def test_the_vector_of_the_domain(pair: Pair) -> None:
    cap(pair[1], share_cap=D("0.6"))
    read = facts(pair)
    found = read.cheapest()
    assert isinstance(found, dict)
    assert found == {pair[0].pk: D("0.4"), pair[1].pk: D("0.6")}
    assert read.priced(found).cost == D("92800.00")


def test_each_limit_is_named_and_the_tightest_counts(pair: Pair) -> None:
    cap(pair[1], share_cap=D("0.4"), quantity_cap=D(15_000), quantity_since=clock.now(),
        capacity_wk=D(500))  # fmt: skip
    terms = facts(pair).of(pair[1].pk)
    assert terms.most == D("0.15")
    assert [most for most, _ in terms.bounds] == [D("0.15"), D("0.26"), D("0.4")]
    assert terms.bound == "15,000 units are left of its approval"


def test_capacity_of_the_offer_is_a_limit(db: None) -> None:
    pair = two_approved(capacity_wk=D(1_000))
    assert facts(pair).of(pair[1].pk).most == D("0.52")


@pytest.mark.parametrize("status", ["candidate", "in_qualification", "disqualified"])
def test_only_sources_that_may_be_ordered_take_part(pair: Pair, status: str) -> None:
    cap(pair[1], status=status)
    read = facts(pair)
    assert [one.source for one in read.sources] == [pair[0]]
    assert "may not be ordered" in read.left_out[0][1]


def test_a_source_without_offer_takes_no_part(db: None) -> None:
    part = factories.part(given_demand=D(1000))
    factories.incumbent(part)
    read = read_split(part)
    assert [reason.code for reason in read.obstacles()] == ["no_source"]
    assert read.left_out[0][1] == "no offer with a price is valid today"


def test_bounds_below_the_demand_are_explained_by_source(pair: Pair) -> None:
    cap(pair[0], capacity_wk=D(500))
    cap(pair[1], share_cap=D("0.1"))
    reasons = facts(pair).obstacles()
    assert [reason.code for reason in reasons] == ["bounds_below_demand"]
    assert "Only 36" in reasons[0].detail
    assert "500 a week by its capacity" in reasons[0].detail
    assert "the ramp's share of this month" in reasons[0].detail


def test_without_demand_there_is_no_split(db: None) -> None:
    part = factories.part()
    offer(factories.incumbent(part), (1, "1"))
    assert [reason.code for reason in read_split(part).obstacles()] == ["no_demand"]


def test_a_ramp_below_the_warm_share_lowers_it(pair: Pair) -> None:
    cap(pair[1], share_cap=D("0.1"))
    read = facts(pair)
    assert read.cheapest() == {pair[0].pk: D("0.9"), pair[1].pk: D("0.1")}
    assert read.warm_missing({pair[0].pk: D("0.9"), pair[1].pk: D("0.1")}) == ""


def test_the_tariff_is_a_cost(db: None) -> None:
    pair = two_approved(tariff_rate=D("0.25"))
    assert facts(pair).of(pair[1].pk).unit_cost == D("1.1")


def test_the_frontier_goes_in_steps_of_five_per_cent_to_the_cap(pair: Pair) -> None:
    cap(pair[1], share_cap=D("0.32"), independence="independent")
    points = facts(pair).frontier(D("0.05"))
    assert [point.share for point in points][-3:] == [D("0.25"), D("0.30"), D("0.32")]
    assert (points[0].yearly_tco, points[-1].yearly_tco) == (D(100_000), D("96160.00"))
    assert points[0].exposure > points[-1].exposure


def test_a_nominal_second_source_takes_no_risk_away(pair: Pair) -> None:
    cap(pair[1], independence="nominal")
    read = facts(pair)
    alone = read.priced({pair[0].pk: D(1)}).lost
    assert alone
    assert read.priced({pair[0].pk: D("0.5"), pair[1].pk: D("0.5")}).lost == alone


def test_reading_forty_parts_takes_as_many_statements_as_one(
    pair: Pair, django_assert_max_num_queries: Any
) -> None:
    other = two_approved()
    with django_assert_max_num_queries(10):
        found = read_splits([pair[0].part_id, other[0].part_id])
    assert [len(one.sources) for one in found] == [2, 2]


def test_a_proposal_holds_cost_and_bounds_and_changes_nothing(pair: Pair) -> None:
    split = propose(pair)
    assert (split.state, split.demand, split.warm_share) == ("proposed", D(100_000), D("0.2"))
    assert split.yearly_cost == D("96400.00")
    assert [(row.share, row.quantity, row.unit_cost) for row in split.shares.all()] == [
        (D("0.7"), D(70_000), D(1)), (D("0.3"), D(30_000), D("0.88")),
    ]  # fmt: skip
    assert not Source.objects.exclude(share=None).exists()


def test_a_proposal_keeps_every_bound(pair: Pair) -> None:
    cap(pair[1], share_cap=D("0.25"))
    assert problems(lambda: propose(pair)) == [("/shares/1/share", "above_bound")]


def test_shares_are_whole_and_the_second_source_warm(pair: Pair) -> None:
    shares = [services.NewShare(pair[0], D("0.95"))]
    call = {"part": pair[0].part, "shares": shares, "reason": " ", "actor": JOB}
    assert problems(lambda: services.propose_split(**call)) == [
        ("/shares", "not_whole"), ("/shares", "second_source_cold"), ("/reason", "required"),
    ]  # fmt: skip


def test_a_demand_of_zero_is_not_the_usual_demand(pair: Pair) -> None:
    assert problems(lambda: propose(pair, demand=D(0))) == [("/demand", "not_positive")]


def test_a_candidate_gets_no_share(pair: Pair) -> None:
    third = factories.alternate(pair[0].part)
    shares = [services.NewShare(pair[0], D("0.6")), services.NewShare(pair[1], D("0.2")),
              services.NewShare(third, D("0.2"))]  # fmt: skip
    call = {"part": pair[0].part, "shares": shares, "reason": "x", "actor": JOB}
    assert problems(lambda: services.propose_split(**call)) == [
        ("/shares/2/source", "not_orderable")
    ]


@pytest.mark.parametrize("role", ["viewer", "finance", "admin"])
def test_only_who_works_on_cases_proposes(pair: Pair, role: str) -> None:
    with pytest.raises(PermissionRefused):
        propose(pair, actor=factories.actor(role))


def test_an_accepted_split_writes_the_shares(pair: Pair) -> None:
    split = propose(pair)
    services.decide_split(split=split, accepted=True, actor=factories.actor("procurement"))
    split.refresh_from_db()
    assert (split.state, split.ended_at) == ("accepted", None)
    assert [Source.objects.get(pk=one.pk).share for one in pair] == [D("0.7"), D("0.3")]


def test_nobody_accepts_their_own_proposal(pair: Pair) -> None:
    buyer = factories.actor("procurement")
    split = propose(pair, actor=buyer)
    with pytest.raises(PermissionRefused):
        services.decide_split(split=split, accepted=True, actor=buyer)
    with pytest.raises(PermissionRefused):
        services.decide_split(split=split, accepted=True, actor=factories.actor("finance"))


def test_a_refusal_needs_a_reason(pair: Pair) -> None:
    decide = {"split": propose(pair), "accepted": False, "actor": factories.actor("procurement")}
    assert refusal(services.decide_split, **decide) == ["note_missing"]
    services.decide_split(note="The ramp is not over.", **decide)
    assert SplitProposal.objects.get().decision_note == "The ramp is not over."


def test_the_next_acceptance_ends_the_split_in_force(pair: Pair) -> None:
    buyer = factories.actor("procurement")
    old = propose(pair)
    services.decide_split(split=old, accepted=True, actor=buyer)
    new = propose(pair, "0.5")
    assert new.replaces == old
    services.decide_split(split=new, accepted=True, actor=buyer)
    old.refresh_from_db()
    assert old.ended_at is not None
    assert Source.objects.get(pk=pair[1].pk).share == D("0.5")


def test_a_bound_that_fell_since_refuses_the_acceptance(pair: Pair) -> None:
    split = propose(pair)
    cap(pair[1], share_cap=D("0.1"))
    decide = {"split": split, "accepted": True, "actor": factories.actor("procurement")}
    assert refusal(services.decide_split, **decide) == ["above_bound"]


def state(split: SplitProposal) -> tuple[str, str]:
    """State and note of a split as they are now."""
    split.refresh_from_db()
    return split.state, split.decision_note


def test_an_acceptance_closes_the_proposals_that_it_overtakes(pair: Pair) -> None:
    other, split = propose(pair), propose(pair, "0.4")
    services.decide_split(split=split, accepted=True, actor=factories.actor("procurement"))
    told = "Another split came into force after this one was proposed."
    assert state(other) == ("withdrawn", told)
    assert other.decided_by is None
    event = Event.objects.get(action="incentives.splitproposal.overtake")
    assert (event.subject_id, event.note) == (other.pk, told)
    assert [row.state for row in other.history.order_by("history_id")] == ["proposed", "withdrawn"]


def test_the_next_proposal_of_its_author_replaces_a_split(pair: Pair) -> None:
    author = factories.actor("engineer")
    old, of_another = propose(pair, actor=author), propose(pair, "0.35")
    new = propose(pair, "0.4", actor=author)
    assert state(old) == ("withdrawn", "Its author proposed another split.")
    assert [state(one)[0] for one in (of_another, new)] == ["proposed", "proposed"]


def test_the_job_closes_what_no_longer_keeps_its_bounds(pair: Pair) -> None:
    split = propose(pair)
    assert services.close_overtaken() == 0
    cap(pair[1], share_cap=D("0.1"))
    assert services.close_overtaken() == 1
    assert state(split)[0] == "withdrawn"
    assert "at most 10\u202f%" in state(split)[1]
    assert services.close_overtaken() == 0


def test_an_author_withdraws_a_split_with_a_reason(pair: Pair) -> None:
    author = factories.actor("engineer")
    split = propose(pair, actor=author)
    assert refusal(services.withdraw_split, split=split, actor=author) == ["note_missing"]
    with pytest.raises(PermissionRefused):
        services.withdraw_split(split=split, note="old", actor=factories.actor("procurement"))
    services.withdraw_split(split=split, note="The volume changed.", actor=author)
    assert state(split) == ("withdrawn", "The volume changed.")
    decide = {"split": split, "accepted": True, "actor": factories.actor("procurement")}
    assert refusal(services.decide_split, **decide) == ["wrong_state"]


def test_nobody_closes_a_split_that_can_be_accepted(pair: Pair) -> None:
    split = propose(pair)
    with pytest.raises(PermissionRefused):
        SPLIT_FLOW.fire(split.pk, "overtake", actor=factories.actor("procurement"), note="no")
    assert refusal(SPLIT_FLOW.fire, split.pk, "overtake", actor=JOB, note="no") == ["not_overtaken"]
    assert state(split)[0] == "proposed"


def test_the_share_bought_is_tracked_from_the_acceptance_on(pair: Pair) -> None:
    split = propose(pair)
    factories.receipt(pair[0], 500, received_date=factories.days_ago(40))
    with clock.at(factories.days_ago(10)):
        services.decide_split(split=split, accepted=True, actor=factories.actor("procurement"))
    factories.receipt(pair[0], 900)
    factories.receipt(pair[1], 100)
    split.refresh_from_db()
    found = tracked(split)
    assert found is not None
    told = [(row.units, row.share, row.agreed, row.is_off) for row in found.rows]
    assert told == [(900, D("0.9"), D("0.7"), True), (100, D("0.1"), D("0.3"), True)]


def test_the_lead_time_of_the_mix_is_that_of_the_receipts(pair: Pair) -> None:
    today = clock.business_day()
    for source, days in ((pair[0], range(40, 81, 4)), (pair[1], range(20, 61, 4))):
        for number in days:
            line = factories.order_line(
                source, 10, ordered_on=today - dt.timedelta(days=number), agreed_date=today
            )
            factories.receipt(source, 10, order_line=line)
    samples = facts(pair).lead_samples
    assert sorted(samples[pair[0].pk]) == [float(n) for n in range(40, 81, 4)]
    alone = mixed(samples, {pair[0].pk: 1.0})
    half = mixed(samples, {pair[0].pk: 0.5, pair[1].pk: 0.5})
    assert alone is not None
    assert half is not None
    assert (alone.p50, half.receipts) == (60.0, 22)
    assert half.p50 < alone.p50
    assert half.by_aim > alone.by_aim


def test_a_mix_without_ten_receipts_of_a_source_names_it() -> None:
    samples = {1: [float(n) for n in range(20)], 2: [1.0] * 9}
    found = mixed(samples, {1: 0.5, 2: 0.5})
    assert found is not None
    assert (found.missing, found.receipts) == ((2,), 20)
    assert mixed(samples, {2: 1.0}) is None


def test_a_rebate_below_its_threshold_is_lost(pair: Pair) -> None:
    today = clock.business_day()
    sourcing.add_agreement(
        supplier=pair[0].manufacturer_part.manufacturer, document="PA 1", actor=JOB,
        manufacturer_part=pair[0].manufacturer_part, currency="USD",
        price_breaks=[(1, D("1.00"))], valid_from=today, valid_to=today + dt.timedelta(days=300),
        rebate_threshold=80_000, rebate_rate=D("0.02"),
    )  # fmt: skip
    factories.receipt(pair[0], 90_000, received_date=factories.days_ago(30))
    (found,) = rebates_lost(pair[0].part, {pair[0].pk: D("0.7")}, D(100_000))
    assert (found.before, found.after, found.lost) == (D("1800.00"), 0, D("1800.00"))
    assert rebates_lost(pair[0].part, {pair[0].pk: D("0.9")}, D(100_000)) == []


def test_a_rebate_on_what_is_above_the_threshold() -> None:
    call = {"price": D(2), "threshold": 100, "rate": D("0.05")}
    assert rebate(units=D(150), on_all=False, **call) == D("5.00")
    assert rebate(units=D(150), on_all=True, **call) == D("15.00")
    assert rebate(units=D(99), on_all=True, **call) == 0
