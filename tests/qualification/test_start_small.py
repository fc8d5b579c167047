"""Start small: which parts it proposes, by which figures, and why others are left out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from parts.models import Part
from qualification import services, start_small
from qualification.economics import facts, figures
from qualification.models import Case, Lesson
from qualification.models.cases import State
from secondsource.core.actors import Actor
from secondsource.core.money import two_digits
from suppliers import services as sourcing
from suppliers.models import Source
from tests import factories
from tests.api.callers import Api
from tests.factories import JOB, Team, person

pytestmark = pytest.mark.django_db
FINANCE = {"lifecycle": "mature", "stock_qty": 100}


def bought(spend: str = "1.50", quantity: int = 1000, **fields: Any) -> tuple[Part, Source]:
    """A low-risk part in use with priced receipts, and its candidate."""
    fields = FINANCE | fields
    part = factories.part(risk_class=fields.pop("risk_class", "low"), **fields)
    first = factories.incumbent(part)
    factories.receipt(first, quantity, spend)
    return part, factories.alternate(part)


def proposals(*roles: str) -> Any:
    """What somebody with these roles, who sees everything by default, is proposed."""
    return start_small.propose(Actor(user=person(*(roles or ("finance",)))))


def left_out() -> dict[str, int]:
    return {one.code: one.parts for one in proposals().reasons}


def test_parts_are_ranked_by_saving_and_exposure_for_each_day() -> None:
    small, large = bought(quantity=100)[0], bought(quantity=2000)[0]
    found = proposals()
    assert [one.part for one in found.proposals] == [large, small]
    first = found.proposals[0]
    assert (first.place, first.saving, first.effort_days) == (1, Decimal("240.00"), 10)
    assert first.points == Decimal("24.00")  # 8 % of 3,000 in 10 days, no exposure known
    assert "8" in first.saving_basis
    assert "$3,000 (receipts)" in first.saving_basis
    assert "Not known" in first.exposure_basis


def test_ten_are_proposed_at_most() -> None:
    for _ in range(11):
        bought()
    found = proposals()
    assert (len(found.proposals), found.eligible, found.parts) == (10, 11, 11)


@pytest.mark.parametrize("role", ["finance", "procurement", "engineer"])
def test_parts_that_cannot_be_among_the_first_are_passed_over_and_no_others(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exposure may turn the order of the savings round, and a loss may lower a rank."""
    margins = [None, "40", None, "-25", "900", "0", "3", "1.99"]
    for place, margin in enumerate(margins):
        part, candidate = bought(quantity=100 * place + 10, stock_qty=place)
        if place % 2:
            factories.alternate(part)
        if margin:
            with_margin(part, f"A{place}", margin)
            with_margin(part, f"B{place}", margin)
        if place in (3, 5):
            offer(part.sources.get(role="incumbent"), "1.50")
            offer(candidate, "1.20")
    everything = proposals(role)
    assert len(everything.proposals) == len(margins)
    for looked_at in (1, 2, 3, 5):
        monkeypatch.setattr(start_small, "LOOKED_AT", looked_at)
        found = proposals(role)
        assert found.proposals
        assert found.proposals == everything.proposals[: len(found.proposals)]
        assert (found.eligible, found.counts) == (everything.eligible, everything.counts)


def offer(of: Source, price: str) -> None:
    sourcing.add_offer(
        manufacturer_part=of.manufacturer_part, supplier=of.manufacturer_part.manufacturer,
        currency="USD", price_breaks=[(1, Decimal(price))], actor=JOB,
    )  # fmt: skip


def with_margin(part: Part, code: str, margin: str = "10") -> None:
    factories.product(
        code, uses={part: 1}, monthly_volume=520, unit_margin=Decimal(margin), currency="USD"
    )


def test_saving_and_exposure_are_those_of_the_business_case_of_the_case_it_opens() -> None:
    part, candidate = bought()
    with_margin(part, "A")
    with_margin(part, "B", "13.37")
    offer(part.sources.get(role="incumbent"), "1.50")
    offer(candidate, "1.20")
    [one] = proposals().proposals
    case = services.open_case(source=candidate, actor=Actor(user=person("engineer")))
    expected = figures.calculate(facts.read(case))
    assert one.from_offers
    assert expected.saving_basis == "offers"
    assert one.saving == expected.saving == Decimal("1497.60")
    assert one.exposure == pytest.approx(expected.exposure_before, abs=Decimal("0.01"))
    assert one.exposure > 0
    rank = (expected.saving + expected.exposure_before * Decimal("0.05")) / 10
    assert one.points == pytest.approx(rank, abs=Decimal("0.01"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"risk_class": "medium"}, "risk_class"),
        ({"lifecycle": "nrnd"}, "lifecycle"),
        ({"lifecycle": "unknown"}, "lifecycle_unknown"),
    ],
)
def test_what_is_not_eligible_says_why(fields: dict[str, Any], why: str) -> None:
    bought(**fields)
    assert not proposals().proposals
    assert left_out() == {why: 1}


def test_a_part_with_two_sources_is_left_out() -> None:
    part, _ = bought()
    second = factories.approved(part)
    Source.objects.filter(pk=second.pk).update(independence="independent")
    factories.receipt(second, 10, "1")
    assert left_out() == {"several": 1}


def test_a_part_with_an_open_case_is_left_out() -> None:
    _, candidate = bought()
    services.open_case(source=candidate, actor=Actor(user=person("engineer")))
    assert left_out() == {"under_way": 1}


@pytest.mark.parametrize("fault", ["none", "ending", "disqualified"])
def test_a_part_without_a_candidate_to_design_in_is_left_out(fault: str) -> None:
    _, candidate = bought()
    if fault == "none":
        candidate.delete()
    elif fault == "ending":
        candidate.manufacturer_part.lifecycle = "discontinued"
        candidate.manufacturer_part.save()
    else:
        factories.standing(candidate.manufacturer_part.manufacturer, "disqualified")
    assert left_out() == {"no_candidate": 1}


def test_a_part_whose_spend_is_missing_is_left_out_not_counted_as_nothing() -> None:
    part = factories.part(risk_class="low", **FINANCE)
    factories.receipt(factories.incumbent(part), 100)
    factories.alternate(part)
    assert left_out() == {"saving_unknown": 1}


def require(part: Part, maximum: float) -> None:
    part.requirements.create(parameter="Height", rule="at_most", maximum=maximum, unit="mm")


def test_a_candidate_that_misses_a_limit_gives_way_to_the_next() -> None:
    part, first = bought()
    require(part, 2)
    first.manufacturer_part.parameters.create(name="Height", maximum=3, unit="mm")
    assert (proposals().proposals, left_out()) == ([], {"blocked": 1})
    second = factories.alternate(part)
    second.manufacturer_part.parameters.create(name="Height", maximum=1, unit="mm")
    found = proposals()
    assert [one.source for one in found.proposals] == [second]
    assert found.reasons == []


def test_who_sees_no_prices_gets_everything_from_rounded_amounts() -> None:
    part, candidate = bought(spend="1.2345")
    with_margin(part, "A")
    with_margin(part, "B")
    [exact], [seen] = proposals().proposals, proposals("engineer").proposals
    assert seen.saving == two_digits(Decimal("1200") * Decimal("0.08"))
    assert seen.saving != exact.saving
    assert seen.exposure == two_digits(seen.exposure) != exact.exposure
    for told in (seen.saving_basis, seen.exposure_basis):
        assert "1,234" not in told
        assert "Rounded" in told
    offer(part.sources.get(role="incumbent"), "1.50")
    offer(candidate, "1.20")
    [seen] = proposals("engineer").proposals
    assert "−20" in seen.saving_basis
    assert "0.30" not in seen.saving_basis


def test_the_exposure_over_one_product_is_withheld_from_who_sees_no_margin() -> None:
    part, _ = bought()
    with_margin(part, "A")
    [seen] = proposals("procurement").proposals
    assert (seen.exposure, seen.withheld) == (None, True)
    assert "you do not see" in seen.exposure_basis
    [exact] = proposals().proposals
    assert exact.exposure is not None
    assert exact.points > seen.points


def test_parts_of_other_plants_are_neither_proposed_nor_counted() -> None:
    from secondsource.accounts.models import Plant

    mine, other = (Plant.objects.create(code=code, name=code) for code in ("MINE", "OTHER"))
    part, _ = bought()
    factories.product("OURS", uses={part: 1}, plants=[mine])
    reader = person("engineer")
    reader.plants.set([other])
    assert start_small.propose(Actor(user=reader)).parts == 0
    reader = person("engineer")
    reader.plants.set([mine])
    assert [one.part for one in start_small.propose(Actor(user=reader)).proposals] == [part]


def test_lessons_of_the_category_and_of_those_above_are_shown(team: Team) -> None:
    above = factories.category("passive", "low")
    below = factories.category("passive/resistor", "low")
    bought(category=below)
    author = team.people["quality"]
    for category, text in ((above, "Measure twice."), (factories.category("other"), "Not this.")):
        Lesson.objects.create(
            case=team.case, category=category, gate=State.PILOT_BUILD, text=text, author=author
        )
    [one] = proposals().proposals
    assert [lesson.text for lesson in one.lessons] == ["Measure twice."]


def test_any_number_of_proposals_costs_as_many_statements_as_one(
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(10):
        bought()
    actor = Actor(user=person("finance"))
    start_small.propose(actor)  # policies are cached by now
    with django_assert_max_num_queries(10):
        assert len(start_small.propose(actor).proposals) == 10


def test_one_click_opens_the_case_and_only_once(browse: Callable[[Any], Any]) -> None:
    _, candidate = bought()
    engineer = person("engineer")
    client = browse(engineer)
    page = client.get("/start-small/").content.decode()
    url = f"/q/open/{candidate.public_id}/"
    assert f'action="{url}"' in page
    assert "Open case" in page
    answer = client.post(url, {"next": "/start-small/"})
    case = Case.objects.get(source=candidate)
    assert (answer.status_code, answer["Location"]) == (302, case.get_absolute_url())
    assert (case.lead, case.risk_class, case.state) == (engineer, "low", State.DRAFT)
    again = client.post(url, {"next": "/start-small/"}, follow=True)
    assert "works on this source already" in again.content.decode()
    assert Case.objects.filter(source=candidate).count() == 1


def test_the_way_back_leads_nowhere_else(browse: Callable[[Any], Any]) -> None:
    _, candidate = bought()
    services.open_case(source=candidate, actor=Actor(user=person("engineer")))
    answer = browse(person("engineer")).post(
        f"/q/open/{candidate.public_id}/", {"next": "https://evil.example/"}
    )
    assert answer["Location"] == "/start-small/"


def test_an_empty_page_says_why_nothing_is_eligible(browse: Callable[[Any], Any]) -> None:
    bought(risk_class="high")
    page = browse(person("executive")).get("/start-small/").content.decode()
    assert "Nothing to begin with yet" in page
    assert "Its category is of medium or high risk." in page
    assert "Open case" not in page


def test_the_api_answers_what_the_page_shows(api: Callable[..., Api]) -> None:
    part, candidate = bought()
    bought(risk_class="high")
    answer = api("procurement").get("/start-small/").json()
    [one] = answer["results"]
    assert (one["part"], one["candidate"]) == (part.ipn, str(candidate.public_id))
    assert one["saving"] == {"amount": "120.00", "currency": "USD"}
    assert (answer["parts"], answer["eligible"], answer["prices_rounded"]) == (2, 1, False)
    assert answer["left_out"] == [
        {"code": "risk_class", "parts": 1, "detail": "Its category is of medium or high risk."}
    ]
    opened = api("procurement").post("/cases/", {"source": one["candidate"]})
    assert opened.status_code == 201
    assert api("procurement").get("/start-small/").json()["results"] == []


def test_viewers_are_refused(api: Callable[..., Api], browse: Callable[[Any], Any]) -> None:
    assert api("viewer").get("/start-small/").status_code == 403
    assert browse(person("viewer")).get("/start-small/").status_code == 403
