"""The database takes no word that a model does not know."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, transaction

from parts import services as catalogue
from parts.models import Part, Requirement
from tests import factories
from tests.factories import JOB

pytestmark = pytest.mark.django_db
OURS = {"core", "accounts", "parts", "suppliers", "qualification", "incentives", "exchange",
        "workspace"}  # fmt: skip


def _words() -> list[tuple[Any, Any]]:
    """(model, field with choices) of the product's own tables, histories apart."""
    found = []
    for model in apps.get_models():
        is_history = hasattr(model, "history_type") or model.__name__.startswith("Historical")
        if model._meta.app_label not in OURS or is_history or model._meta.proxy:
            continue
        for field in model._meta.concrete_fields:
            inner = field.base_field if isinstance(field, ArrayField) else field
            if inner.choices:
                found.append((model, field))
    return found


@pytest.mark.parametrize(
    ("model", "field"), _words(), ids=[f"{m.__name__}.{f.name}" for m, f in _words()]
)
def test_each_field_of_words_has_its_constraint(model: Any, field: Any) -> None:
    name = f"{model._meta.model_name}_{field.name}_known"
    found = [one for one in model._meta.constraints if one.name == name]
    assert found, "decorate the model with words_known"
    listed = isinstance(field, ArrayField)
    words = [word for word, _ in (field.base_field if listed else field).choices]
    ((_, taken),) = found[0].condition.children
    assert set(taken) - {""} == set(words) - {""}
    with connection.cursor() as cursor:
        assert name in connection.introspection.get_constraints(cursor, model._meta.db_table)


def test_fields_of_words_are_found() -> None:
    names = {f"{model.__name__}.{field.name}" for model, field in _words()}
    assert {"Requirement.rule", "Part.lifecycle", "User.roles", "Supplier.kinds"} <= names


@pytest.mark.parametrize("rule", ["", "nonsense", "AT_LEAST"])
def test_a_rule_that_is_no_word_is_not_stored(rule: str) -> None:
    part = factories.part()
    line = {"parameter": "Vin", "rule": "at_least", "minimum": 3.0}
    catalogue.set_requirements(part=part, requirements=[line], actor=JOB)
    with pytest.raises(IntegrityError), transaction.atomic():
        Requirement.objects.update(rule=rule)
    assert Requirement.objects.values_list("rule", flat=True).get() == "at_least"


def test_a_lifecycle_that_is_no_word_is_not_stored() -> None:
    factories.part()
    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.update(lifecycle="gone")


def test_a_role_that_is_no_word_is_not_stored() -> None:
    person = factories.person("engineer")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(person).objects.update(roles=["engineer", "owner"])
    person.refresh_from_db()
    assert person.roles == ["engineer"]
