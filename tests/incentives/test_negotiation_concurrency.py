"""Two people at once in one negotiation, and over two splits of one part."""

from __future__ import annotations

from decimal import Decimal

import pytest

from incentives import services
from incentives.models import AwardLine, NegotiationRound, SplitProposal
from secondsource.core.models import Event
from suppliers.models import Source
from tests import factories, rfq_work
from tests.incentives.world import FIRST, Deal, two_approved
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begun(transactional_db: None) -> Deal:
    """A negotiation with a round, which other connections see."""
    found = Deal()
    found.round("3.10", "2.35", FIRST)
    found.reload()
    return found


def test_of_two_awards_one_wins(begun: Deal) -> None:
    def to(source: Source) -> None:
        begun.award(begun.line(source, "1"))

    done = at_once(lambda: to(begun.incumbent), lambda: to(begun.alternate))
    assert done == ["done", "wrong_state"]
    assert AwardLine.objects.count() == 1


def test_of_an_award_and_a_round_on_one_reading_one_wins(begun: Deal) -> None:
    seen = begun.negotiation.version
    done = at_once(lambda: begun.award(expected=seen), lambda: begun.round("2.70", expected=seen))
    assert done in (["done", "stale"], ["done", "not_open"])
    rounds, awarded = NegotiationRound.objects.count(), begun.reload().state == "awarded"
    assert (rounds, awarded) in ((1, True), (2, False))


def test_two_rounds_at_once_get_two_numbers(begun: Deal) -> None:
    assert at_once(lambda: begun.round("2.7"), lambda: begun.round("2.6")) == ["done", "done"]
    assert [row.number for row in begun.negotiation.rounds.all()] == [1, 2, 3]


def test_of_two_proposals_accepted_at_once_one_comes_into_force(transactional_db: None) -> None:
    first, second = two_approved()
    buyer = factories.actor("procurement")

    def propose(share: str) -> SplitProposal:
        shares = [services.NewShare(first, 1 - Decimal(share)),
                  services.NewShare(second, Decimal(share))]  # fmt: skip
        return services.propose_split(
            part=first.part, shares=shares, reason="less risk", actor=factories.actor("engineer")
        )

    one, other = propose("0.3"), propose("0.4")
    done = at_once(
        lambda: services.decide_split(split=one, accepted=True, actor=buyer),
        lambda: services.decide_split(split=other, accepted=True, actor=buyer),
    )
    assert done == ["done", "wrong_state"]
    accepted = SplitProposal.objects.get(state="accepted")
    assert SplitProposal.objects.filter(state="withdrawn").count() == 1
    shares = {row.source_id: row.share for row in accepted.shares.all()}
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.share, second.share) == (shares[first.pk], shares[second.pk])


def test_a_split_is_accepted_once(transactional_db: None) -> None:
    first, second = two_approved()
    shares = [services.NewShare(first, Decimal("0.7")), services.NewShare(second, Decimal("0.3"))]
    split = services.propose_split(
        part=first.part, shares=shares, reason="less risk", actor=factories.actor("engineer")
    )

    def accept() -> None:
        services.decide_split(split=split, accepted=True, actor=factories.actor("procurement"))

    assert at_once(accept, accept) == ["done", "wrong_state"]
    events = Event.objects.filter(action="incentives.splitproposal.accept")
    assert (events.count(), first.part.splits.get().state) == (1, "accepted")


def test_quotes_taken_twice_begin_one_round(begun: Deal) -> None:
    maker = begun.alternate.manufacturer_part.manufacturer
    line = rfq_work.quote(
        rfq_work.rfq(begun.part, suppliers=(maker,)), begun.alternate, "1.94"
    ).lines.get()
    seen = begun.negotiation.version

    def take() -> None:
        services.import_quotes(
            negotiation=begun.negotiation, quote_lines=[line], put_on_table="RFQ",
            actor=begun.buyer, expected=seen,
        )  # fmt: skip

    assert at_once(take, take) == ["done", "stale"]
    assert begun.negotiation.rounds.count() == 2
