"""Design-in: the parts of a product without a second source, before its design freeze."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from qualification.design_in import DesignIn, design_in
from qualification.models import Case
from secondsource.core.actors import Actor
from suppliers.models import Source
from tests import factories
from tests.api.callers import Api
from tests.factories import person

pytestmark = pytest.mark.django_db


def single(stock: int = 10, **fields: Any) -> tuple[Any, Source]:
    part = factories.part(stock_qty=stock, lifecycle="mature", **fields)
    factories.incumbent(part)
    return part, factories.alternate(part)


def product_of(*parts: Any, **fields: Any) -> Any:
    known = {"monthly_volume": 52, "unit_margin": Decimal(10), "currency": "USD"}
    return factories.product(uses=dict.fromkeys(parts, 2), **known | fields)


def seen(product: Any, *roles: str) -> DesignIn:
    return design_in(product, Actor(user=person(*(roles or ("finance",)))))


def test_single_source_parts_are_listed_by_exposure_with_their_rating() -> None:
    plenty, short = single(stock=100)[0], single(stock=1)[0]
    two, _ = single()
    second = factories.approved(two)
    Source.objects.filter(pk=second.pk).update(independence="independent")
    product = product_of(plenty, short, two)
    factories.receipt(second, 10, "1")  # computes the figures again
    found = seen(product)
    assert [one.part for one in found.parts] == [short, plenty]
    assert (found.in_all, found.used, found.factor) == (2, 3, 1)
    assert found.parts[0].exposure > found.parts[1].exposure > 0
    rating = found.parts[0].rating
    assert rating.word == "not_rated"  # no lead time and no offer on record
    assert rating.reasons[0].detail == "One approved source"


def test_a_part_without_any_source_is_listed_without_an_exposure() -> None:
    bare = factories.part(stock_qty=1)
    [one] = seen(product_of(bare)).parts
    assert (one.exposure, one.candidate, one.rating.word) == (None, None, "avoid")


def test_who_sees_no_margin_sees_weeks_in_place_of_the_exposure_over_one_product() -> None:
    part, _ = single()
    [one] = seen(product_of(part), "engineer").parts
    assert (one.exposure, one.withheld) == (None, True)
    assert one.lost_wk is not None
    assert one.lost_wk > 0


def test_a_viewer_sees_no_exposure_at_all() -> None:
    part, _ = single()
    product_of(part)
    [one] = seen(product_of(part), "viewer").parts
    assert one.exposure is None


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        ("design_freeze", "is at design freeze: design-in is over"),
        ("mass_production", "costs about 10 times"),
        ("", "is not stated"),
    ],
)
def test_other_phases_say_why_nothing_is_listed(
    browse: Callable[[Any], Any], phase: str, told: str
) -> None:
    part, _ = single()
    product = product_of(part, phase=phase)
    page = browse(person("engineer")).get(f"/products/{product.code}/design-in/")
    assert told in page.content.decode()
    assert part.ipn not in page.content.decode()


def test_a_product_without_parts_says_so(browse: Callable[[Any], Any]) -> None:
    product = factories.product()
    page = browse(person("engineer")).get(f"/products/{product.code}/design-in/")
    assert "This product has no parts yet" in page.content.decode()


def test_a_case_is_opened_from_the_page_and_shown_on_it(browse: Callable[[Any], Any]) -> None:
    part, candidate = single()
    product = product_of(part)
    client, url = browse(person("engineer")), f"/products/{product.code}/design-in/"
    assert url in client.get(f"/products/{product.code}/").content.decode()
    assert f"Open case on {candidate.manufacturer_part.mpn}" in client.get(url).content.decode()
    client.post(f"/q/open/{candidate.public_id}/", {"next": url})
    case = Case.objects.get(source=candidate)
    page = client.get(url).content.decode()
    assert case.key in page
    assert "Open case on" not in page


def test_the_api_answers_what_the_page_shows(api: Callable[..., Api]) -> None:
    part, candidate = single()
    product = product_of(part)
    answer = api("finance").get(f"/products/{product.code}/design-in/").json()
    [one] = answer["results"]
    assert (answer["open"], answer["change_factor"], answer["parts_in_all"]) == (True, 1, 1)
    assert (one["part"], one["candidate"]) == (part.ipn, str(candidate.public_id))
    assert one["case"] is None
    assert Decimal(one["exposure"]) > 0
    assert one["rating"]["word"] == "not_rated"
    product_of(part, code="LATE", phase="pilot")
    late = api("viewer").get("/products/LATE/design-in/").json()
    assert (late["open"], late["results"], late["change_factor"]) == (False, [], 5)


def test_any_number_of_parts_costs_as_many_statements_as_one(
    django_assert_max_num_queries: Any,
) -> None:
    product = product_of(*(single()[0] for _ in range(8)))
    actor = Actor(user=person("finance"))
    design_in(product, actor)
    with django_assert_max_num_queries(10):
        assert len(design_in(product, actor).parts) == 8
