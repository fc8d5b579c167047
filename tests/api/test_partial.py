"""A PATCH may leave out fields of its object; the objects within it stay whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from rest_framework import serializers

from parts import services as catalogue
from parts.models import ExchangeRate, Requirement
from secondsource.core import clock
from secondsource.core.api.serializers import Input
from suppliers.models import Parameter, PriceBreak
from suppliers.serializers import ManufacturerPartRef
from tests import factories
from tests.api.callers import SYSTEM, Api
from tests.api.data import a_manufacturers_part, a_part, an_offer

pytestmark = pytest.mark.django_db


def errors(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.content
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("row", "missing"), [({}, ["parameter", "rule"]), ({"parameter": "x"}, ["rule"])]
)
def test_requirements_are_whole(engineer: Api, row: Any, missing: list[str]) -> None:
    part = a_part("R-1")
    kept = [{"parameter": "Vin", "rule": "at_least", "minimum": 3.0}]
    catalogue.set_requirements(part=part, requirements=kept, actor=SYSTEM)
    answer = engineer.patch("/parts/R-1/", {"requirements": [row]})
    assert errors(answer) == [(f"/requirements/0/{name}", "required") for name in missing]
    assert Requirement.objects.values_list("parameter", "rule").get() == ("Vin", "at_least")


def test_parameters_are_whole(engineer: Api) -> None:
    made = a_manufacturers_part()
    answer = engineer.patch(f"/manufacturer-parts/{made.key}/", {"parameters": [{}]})
    assert errors(answer) == [("/parameters/0/name", "required")]
    assert not Parameter.objects.exists()


@pytest.mark.parametrize(("row", "missing"), [({"price": "1.0"}, "quantity"),
                                              ({"quantity": 1}, "price")])  # fmt: skip
def test_price_breaks_are_whole(buyer: Api, row: Any, missing: str) -> None:
    offer = an_offer()
    answer = buyer.patch(f"/offers/{offer.key}/", {"price_breaks": [row]})
    assert errors(answer) == [(f"/price_breaks/0/{missing}", "required")]
    assert PriceBreak.objects.count() == 1


def test_team_members_are_whole(api: Any) -> None:
    team = factories.Team()
    before = team.case.team.count()
    caller = api(user=team.people["engineering"])
    answer = caller.patch(f"/cases/{team.case.key}/", {"team": [{}]})
    assert errors(answer) == [("/team/0/person", "required"), ("/team/0/function", "required")]
    assert team.case.team.count() == before


def test_other_fields_may_be_left_out(engineer: Api) -> None:
    part = a_part("R-1", description="LDO")
    answer = engineer.patch("/parts/R-1/", {"criticality": "a"})
    assert (answer.status_code, answer.json()["criticality"]) == (200, "a")
    part.refresh_from_db()
    assert (part.description, part.criticality) == ("LDO", "a")


def test_an_empty_change_changes_nothing(engineer: Api) -> None:
    part = a_part("R-1")
    answer = engineer.patch("/parts/R-1/", {})
    assert (answer.status_code, answer.json()["version"]) == (200, part.version)


@pytest.mark.parametrize("body", [[], 3, None, [{}]])
def test_what_is_no_object_is_refused(engineer: Api, body: Any) -> None:
    a_part("R-1")
    assert engineer.patch("/parts/R-1/", body).status_code == 422


@pytest.mark.parametrize("body", [{}, {"reason": "typed wrong"}])
def test_a_correction_without_a_rate_changes_nothing(api: Any, body: dict[str, str]) -> None:
    rate = catalogue.record_rate(
        currency="EUR", quote="USD", rate=Decimal("1.1"), as_of=clock.business_day(),
        publisher="ECB", actor=SYSTEM,
    )  # fmt: skip
    answer = api("finance").patch(f"/exchange-rates/{rate.key}/", body)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert ExchangeRate.objects.get().rate == Decimal("1.1")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (
            {"price_breaks": [{"quantity": 1, "price": "1", "currency": "EUR"}]},
            "/price_breaks/0/currency",
        ),
        ({"lead_time_days": {"min": 5, "max": 9, "unit": "weeks"}}, "/lead_time_days/unit"),
    ],
)
def test_an_unknown_name_within_an_object_is_refused(
    buyer: Api, body: dict[str, Any], pointer: str
) -> None:
    offer = an_offer()
    answer = buyer.patch(f"/offers/{offer.key}/", body)
    assert errors(answer) == [(pointer, "unknown_field")]
    offer.refresh_from_db()
    assert offer.version == 1


def _inputs(base: type[Input] = Input) -> set[type[Input]]:
    return {base, *(found for one in base.__subclasses__() for found in _inputs(one))}


@pytest.mark.parametrize("input_class", sorted(_inputs() - {Input}, key=lambda one: one.__name__))
def test_every_object_within_an_input_refuses_unknown_names(input_class: type[Input]) -> None:
    for name, field in input_class().fields.items():
        inner = field.child if isinstance(field, serializers.ListSerializer) else field
        if isinstance(inner, serializers.Serializer):
            assert isinstance(inner, (Input, ManufacturerPartRef)), name
