"""Parts, categories and their numbers: it works, then each refusal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from parts import services
from parts.models import Category, Part, Requirement
from secondsource.core.errors import Duplicate, PermissionRefused, Stale, ValuesRefused
from secondsource.core.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def pointers(refused: pytest.ExceptionInfo[ValuesRefused]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in refused.value.problems]


def test_a_part_gets_the_next_number_of_its_category() -> None:
    where = factories.category("caps", prefix="CAP")
    numbers = [services.add_part(category=where, actor=factories.JOB).ipn for _ in range(2)]
    assert numbers == ["CAP-00001", "CAP-00002"]


def test_a_number_in_use_is_passed_over() -> None:
    where = factories.category("caps", prefix="CAP")
    services.add_part(category=where, ipn="CAP-00001", actor=factories.JOB)
    assert services.add_part(category=where, actor=factories.JOB).ipn == "CAP-00002"


def test_adding_is_told_and_kept_in_the_history() -> None:
    engineer = factories.actor("engineer")
    part = services.add_part(category=factories.category(), ipn="A-1", actor=engineer)
    event = Event.objects.get(action="parts.part.added")
    assert (event.subject_key, event.actor_id) == ("A-1", engineer.user_id)
    assert part.history.get().history_type == "+"


def test_a_taken_number_is_refused() -> None:
    factories.part(ipn="A-1")
    with pytest.raises(Duplicate):
        factories.part(ipn="A-1")
    assert Part.objects.count() == 1


@pytest.mark.parametrize("ipn", ["a-1", "-A1", "A 1", "A/1", "Ä1", "A" * 41])
def test_a_number_of_another_form_is_refused(ipn: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        factories.part(ipn=ipn)
    assert {pointer for pointer, _ in pointers(refused)} == {"/ipn"}
    assert not Part.objects.exists()


def test_the_database_refuses_it_too() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.create(ipn="a b", category=factories.category())


def test_a_buyer_may_not_add_a_part() -> None:
    where = factories.category()
    with pytest.raises(PermissionRefused):
        services.add_part(category=where, actor=factories.actor("procurement"))
    assert not Part.objects.exists()


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"standard_cost": Decimal(-1), "standard_cost_currency": "USD"}, "negative"),
        ({"standard_cost": Decimal(1)}, "no_currency"),
    ],
)
def test_money_that_is_none_is_refused(values: dict[str, Any], place: str) -> None:
    part = factories.part()
    with pytest.raises(ValuesRefused) as refused:
        services.change_part(part=part, values=values, actor=factories.JOB)
    assert pointers(refused) == [("/standard_cost", place)]


def test_a_change_raises_the_version_and_names_its_fields() -> None:
    part = factories.part()
    changed = services.change_part(
        part=part, values={"description": "new"}, actor=factories.JOB, expected=1
    )
    assert (changed.version, changed.description) == (2, "new")
    assert Event.objects.get(action="parts.part.changed").data == {"fields": ["description"]}


def test_the_same_value_again_writes_nothing() -> None:
    part = factories.part(description="same")
    services.change_part(part=part, values={"description": "same"}, actor=factories.JOB)
    part.refresh_from_db()
    assert part.version == 1
    assert part.history.count() == 1


def test_an_outdated_change_is_refused() -> None:
    part = factories.part(description="old")
    services.change_part(part=part, values={"description": "first"}, actor=factories.JOB)
    with pytest.raises(Stale):
        services.change_part(
            part=part, values={"description": "second"}, actor=factories.JOB, expected=1
        )
    part.refresh_from_db()
    assert part.description == "first"


def test_a_field_that_is_not_open_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        services.change_part(part=factories.part(), values={"ipn": "B-1"}, actor=factories.JOB)


def test_a_category_needs_its_parent() -> None:
    with pytest.raises(ValuesRefused) as refused:
        services.add_category(path="none/below", name="Below", actor=factories.JOB)
    assert pointers(refused) == [("/path", "no_parent")]
    assert not Category.objects.exists()


def test_requirements_are_replaced_in_the_order_given() -> None:
    part = factories.part()
    for names in (["a", "b"], ["b", "c"]):
        services.set_requirements(
            part=part, actor=factories.JOB,
            requirements=[{"parameter": name, "rule": "informational"} for name in names],
        )  # fmt: skip
    assert list(part.requirements.values_list("parameter", flat=True)) == ["b", "c"]


def test_a_limit_below_a_limit_is_refused() -> None:
    part = factories.part()
    lines = [{"parameter": "V", "rule": "within", "minimum": 5.0, "maximum": 3.0}]
    with pytest.raises(ValuesRefused) as refused:
        services.set_requirements(part=part, requirements=lines, actor=factories.JOB)
    assert pointers(refused) == [("/requirements/0/maximum", "limits_reversed")]
    assert not Requirement.objects.exists()
