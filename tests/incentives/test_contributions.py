"""The proposal of contributions: points from acts, each with its page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incentives.models import Contribution
from incentives.services import pools
from qualification import services as qualification
from qualification.models import CostKind
from secondsource.core import clock
from secondsource.core.models import PolicyVersion
from tests.incentives.pooling import Pooled
from tests.negotiation_work import negotiation_rows
from tests.qualification.asking import refusal

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def case() -> Pooled:
    found = Pooled(closed=False)
    found.save("10000.00")
    return found


def acts(case: Pooled, function: str) -> dict[str, Decimal]:
    """Kind of act → points of this person's proposed share."""
    person = case.team.people[function]
    rows = Contribution.objects.filter(allocation__person=person)
    found: dict[str, Decimal] = {}
    for row in rows:
        found[row.kind] = found.get(row.kind, D(0)) + row.points
    return found


def log(case: Pooled, function: str, hours: str) -> None:
    qualification.log_cost(
        case=case.team.case, kind=CostKind.HOURS, hours=D(hours), day=clock.business_day(),
        actor=case.team[function],
    )  # fmt: skip


def test_points_are_those_of_the_policy(case: Pooled) -> None:
    log(case, "quality", "6.5")
    pool = case.propose()
    assert acts(case, "engineering") == {
        "gate": D(40), "sign_off": D(5), "fmea_row": D("0.5"),
    }  # fmt: skip
    assert acts(case, "quality") == {"hours": D("6.5"), "sign_off": D(5)}
    assert acts(case, "procurement") == {"sign_off": D(2)}  # 3.4 %, so it is lifted to 5 %
    shares = dict(pool.allocations.values_list("function", "share"))
    assert sum(shares.values()) == 1
    assert shares["quality"] == round(D("0.95") * D("11.5") / D("57"), 4)


def test_a_function_that_worked_has_at_least_five_per_cent(case: Pooled) -> None:
    log(case, "engineering", "400")
    shares = dict(case.propose().allocations.values_list("function", "share"))
    assert (shares["quality"], shares["procurement"]) == (D("0.0500"), D("0.0500"))


def test_the_sponsor_has_no_share(case: Pooled) -> None:
    pool = case.propose()
    assert not pool.allocations.filter(person=case.team.people["sponsor"]).exists()


def test_corrected_hours_and_void_signatures_earn_nothing(case: Pooled) -> None:
    log(case, "quality", "100")
    entry = case.team.case.cost_entries.get(hours=100)
    qualification.correct_cost(entry=entry, reason="typo", actor=case.team["quality"])
    signed = case.team.case.sign_offs.filter(function="quality").first()
    assert signed is not None
    signed.voided_at = clock.now()
    signed.save()
    case.propose()
    assert acts(case, "quality") == {"sign_off": D(4)}


def test_every_act_leads_to_its_page(case: Pooled) -> None:
    log(case, "quality", "2")
    case.propose()
    number = case.team.case.number
    pages = {row.kind: row.url for row in Contribution.objects.all()}
    assert pages["hours"].endswith("/costs/")
    said = {row.what for row in Contribution.objects.filter(kind="gate")}
    assert said >= {"Spec review", "FMEA"}
    assert all(case.team.case.key in url or str(number) in url for url in pages.values())


def test_the_split_of_a_draft_follows_later_work(case: Pooled) -> None:
    pool = case.propose()
    before = case.share(pool, "quality").share
    log(case, "quality", "60")
    pools.propose_split(pool=pool, actor=case.finance)
    assert case.share(pool, "quality").share > before
    case.fire(pool, "open")
    assert refusal(pools.propose_split, pool=pool, actor=case.finance) == ["wrong_state"]


def test_who_left_has_a_share_only_where_the_policy_says_so(case: Pooled) -> None:
    log(case, "quality", "9")
    case.team.people["quality"].is_active = False
    case.team.people["quality"].save()
    assert case.propose().allocations.filter(function="quality").exists()
    PolicyVersion.objects.create(
        name="bonus_pool", number=1, state="active", values={"leavers_paid": False}
    )
    pool = case.team.case.bonus_pools.get()
    case.fire(pool, "cancel", note="another policy")
    assert not case.propose().allocations.filter(function="quality").exists()


def test_as_many_statements_however_many_acts(case: Pooled) -> None:
    with CaptureQueriesContext(connection) as few:
        pool = case.propose()
    case.fire(pool, "cancel", note="again")
    for hours in range(1, 13):
        log(case, "quality", str(hours))
    with CaptureQueriesContext(connection) as many:
        case.propose()
    assert len(many) <= len(few)


def test_a_negotiation_round_earns_points_for_who_held_it(case: Pooled) -> None:
    buyer = case.team.people["procurement"]
    made = negotiation_rows(case.team.case, buyer)
    case.propose()
    assert acts(case, "procurement") == {"round": D(4), "sign_off": D(2)}
    row = Contribution.objects.get(kind="round")
    assert (row.what, made["negotiation"] in row.url) == (f"{made['negotiation']} R1", True)
