"""Time to survive of a part: approved second sources, recovery, and what does not count."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from parts import services as catalogue
from parts.models import Part
from qualification import services as qualification
from qualification import survival
from secondsource.accounts.models import User
from secondsource.workspace.calculators import CALCULATORS
from secondsource.workspace.calculators.form import CalculatorForm
from secondsource.workspace.parts import survival_card
from secondsource.workspace.parts.queries import PartSources
from suppliers import services as sourcing
from suppliers.models import Site, Source
from tests import factories as make

pytestmark = pytest.mark.django_db


def site(country: str, activity: str = "assembly", **fields: Any) -> Site:
    """A site of some supplier."""
    return sourcing.add_site(
        supplier=make.manufacturer(),
        name=f"{activity} {country}",
        activity=activity,
        country=country,
        actor=make.JOB,
        **fields,
    )


def offer(source: Source, days: int | None, **fields: Any) -> None:
    """An offer that promises a lead time."""
    sourcing.add_offer(
        manufacturer_part=source.manufacturer_part,
        supplier=source.manufacturer_part.manufacturer,
        currency="USD",
        price_breaks=[(1, Decimal(1))],
        lead_time_days_max=days,
        actor=make.JOB,
        **fields,
    )


@pytest.fixture
def part() -> Part:
    """4,000 on hand, 1,000 a week, in a kind that an assembly plant makes."""
    return make.part(
        category=make.category("connectors"),
        stock_qty=Decimal(4000),
        given_demand=Decimal(52_000),
    )


def found(part: Part) -> survival.PartSurvival:
    """Of the part as it is now."""
    read = Part.objects.with_list_columns().get(pk=part.pk)
    cases = qualification_cases(read)
    result = survival.of(read, PartSources(read, cases=cases).columns)
    assert result is not None
    return result


def qualification_cases(part: Part) -> list[Any]:
    from qualification.models import Case

    return list(Case.objects.filter(part=part))


def second(part: Part, days: int | None = 14, **fields: Any) -> Source:
    """An approved second source in another country, with its lead time."""
    source = make.approved(part, sites=[site("FR")], **fields)
    offer(source, days)
    return source


def test_stock_alone_with_one_source(part: Part) -> None:
    make.incumbent(part, "FIRST", sites=[site("DE")])
    result = found(part)
    assert (result.now.tts_wk, result.missing) == (4, 9_000)
    card = survival_card.card(result)
    assert card.head == "4 of 13 weeks to recovery"
    assert card.verdict == (
        "At 1,000 a week the line misses 9,000 pieces until the incumbent FIRST is back."
    )
    assert card.lines == ["Recovery: 13 weeks, the default for an assembly plant."]


def test_the_calculator_takes_the_figures_of_the_card(part: Part) -> None:
    make.incumbent(part, sites=[site("DE")])
    source = second(part, days=35)
    sourcing.change_source(source=source, values={"capacity_wk": Decimal(800)}, actor=make.JOB)
    result = found(part)
    query = dict(parse_qsl(survival_card.card(result).query))
    form = CalculatorForm(CALCULATORS["time-to-survive"], query)
    assert form.is_valid()
    assert form.answer["lost_units"] == pytest.approx(result.missing)


def test_an_approved_second_source_saves_the_line(part: Part) -> None:
    make.incumbent(part, "FIRST", sites=[site("DE")])
    second(part, mpn="SECOND")
    result = found(part)
    assert (result.alone.tts_wk, result.now.tts_wk, result.missing) == (4, None, 0)
    card = survival_card.card(result)
    assert card.verdict == "Stock and alternates last until the incumbent FIRST is back."
    assert "SECOND delivers from week 2, its lead time" in card.lines[0]
    assert "with SECOND" in card.chart.svg


def test_lead_time_capacity_and_cap_are_its_own(part: Part) -> None:
    """5 weeks of lead: week 4 to 5 is missed, then 600 of 1,000 a week until week 13."""
    make.incumbent(part, sites=[site("DE")])
    source = second(part, days=35)
    sourcing.change_source(source=source, values={"capacity_wk": Decimal(800)}, actor=make.JOB)
    assert found(part).missing == pytest.approx(1_000 + 8 * 200)
    Source.objects.filter(pk=source.pk).update(share_cap=Decimal("0.6"))
    assert found(part).missing == pytest.approx(1_000 + 8 * 400)
    assert found(part).now.tts_wk == 4


def test_an_offer_states_a_capacity_too(part: Part) -> None:
    make.incumbent(part, sites=[site("DE")])
    source = make.approved(part, sites=[site("FR")])
    offer(source, 28, capacity_wk=Decimal(250))
    assert found(part).missing == pytest.approx(9 * 750)


def test_two_alternates_add_up(part: Part) -> None:
    make.incumbent(part, sites=[site("DE")])
    for _ in range(2):
        source = second(part, days=28)
        sourcing.change_source(source=source, values={"capacity_wk": Decimal(500)}, actor=make.JOB)
    # The second one stands in France like the first: partly independent, which counts.
    assert found(part).missing == 0


@pytest.mark.parametrize(
    ("sites", "days", "why"),
    [
        ("same", 14, "nominal, it stops with the first"),
        ("none", 14, "independence not known"),
        ("other", None, "lead time not on record"),
    ],
)
def test_what_does_not_count_is_named(part: Part, sites: str, days: int | None, why: str) -> None:
    shared = site("DE")
    make.incumbent(part, sites=[shared])
    at = {"same": [shared], "none": [], "other": [site("FR")]}[sites]
    offer(make.approved(part, "SECOND", sites=at), days)
    result = found(part)
    assert result.missing == 9_000
    assert f"SECOND is not counted: {why}." in survival_card.card(result).lines


def test_a_scoped_source_serves_its_products_alone() -> None:
    part = make.part(category=make.category("connectors"), stock_qty=Decimal(4000))
    small = make.product("SMALL", uses={part: 1}, monthly_volume=1300)
    make.product("LARGE", uses={part: 1}, monthly_volume=3900)
    make.incumbent(part, sites=[site("DE")])
    source = second(part, days=7)
    source.scope.set([small])
    assert found(part).per_week == 1200
    assert found(part).counting[0].alternate.capacity_wk == 300  # type: ignore[union-attr]


def test_a_sites_own_recovery_comes_before_any_default(part: Part) -> None:
    fab, plant = site("DE", "fab", recovery_days=70), site("DE")
    make.incumbent(part, sites=[fab, plant])
    result = found(part)
    assert (result.recovery.weeks, result.missing) == (10, 6_000)  # type: ignore[union-attr]
    assert "Recovery: 10 weeks, as fab DE states." in survival_card.card(result).lines


@pytest.mark.parametrize(("category", "weeks"), [("connectors", 13), ("passives", 13), ("mcu", 26)])
def test_the_default_follows_the_parts_kind(category: str, weeks: int) -> None:
    made = make.part(
        category=make.category(category), stock_qty=Decimal(1), given_demand=Decimal(52)
    )
    make.incumbent(made, sites=[site("DE", "fab")])
    assert found(made).recovery.weeks == weeks  # type: ignore[union-attr]


def test_without_an_approved_source_no_incumbent_is_named(part: Part) -> None:
    make.alternate(part)
    result = found(part)
    assert (result.down, result.now.tts_wk, result.now.lost_units) == (None, 4, None)
    card = survival_card.card(result)
    assert "incumbent" not in card.verdict
    assert card.verdict.startswith("The stock lasts 4 weeks.")


def test_figures_are_exact(part: Part) -> None:
    catalogue.change_part(part=part, values={"stock_qty": Decimal("4021")}, actor=make.JOB)
    make.incumbent(part)
    assert found(part).missing == pytest.approx(13_000 - 4_021)


def test_a_source_in_qualification_shows_what_it_will_bring(part: Part) -> None:
    make.incumbent(part, sites=[site("DE")])
    coming = make.alternate(part, "COMING", sites=[site("FR")])
    offer(coming, 21)
    qualification.open_case(source=coming, actor=make.actor("engineer"))
    qualification_case = qualification_cases(part)[0]
    Source.objects.filter(pk=coming.pk).update(status="in_qualification")
    assert qualification_case.source_id == coming.pk
    result = found(part)
    assert (result.missing, result.later.lost_units) == (9_000, 0)  # type: ignore[union-attr]
    assert "with COMING, once approved" in survival_card.card(result).chart.svg


def test_unknown_stock_is_no_answer(part: Part) -> None:
    catalogue.change_part(part=part, values={"stock_qty": None}, actor=make.JOB)
    assert survival.of(Part.objects.get(pk=part.pk), PartSources(part).columns) is None


def test_the_api_gives_the_same_figures(part: Part, client: Any) -> None:
    make.incumbent(part, "FIRST", sites=[site("DE")])
    second(part, days=35)
    reader: User = make.person("engineer")
    client.force_login(reader)
    answer = client.get(f"/api/v1/parts/{part.ipn}/survival/").json()
    assert (answer["down"], answer["recovery_wk"], answer["recovery_kind"]) == (
        "FIRST",
        13.0,
        "assembly",
    )
    assert (answer["alone"]["lost_units"], answer["now"]["lost_units"]) == (9000.0, 1000.0)
    assert [one["lead_wk"] for one in answer["alternates"]] == [5.0]
