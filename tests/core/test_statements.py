"""Queries whose SQL is worked out once."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from parts.models import Category
from secondsource.core.models import PolicyVersion
from secondsource.core.statements import AnyOf, Statement

pytestmark = pytest.mark.django_db


def _categories(*paths: str) -> None:
    for path in paths:
        Category.objects.create(path=path, name=path.title())


def _by_path() -> Statement:
    rows = Category.objects.filter(path="the path").values_list("name")
    return Statement(rows, {"path": "the path"})


def test_the_same_question_with_other_values() -> None:
    _categories("caps", "coils")
    statement = _by_path()
    assert statement.rows(path="caps") == [("Caps",)]
    assert statement.rows(path="coils") == [("Coils",)]
    assert statement.rows(path="none") == []


def test_a_value_is_never_part_of_the_text() -> None:
    _categories("caps")
    assert _by_path().rows(path="x' OR '1'='1") == []


def test_any_of_a_list_is_one_parameter() -> None:
    _categories("caps", "coils", "fuses")
    keys: list[str] = []
    rows = Category.objects.filter(AnyOf.of("path", keys)).order_by("path").values_list("name")
    statement = Statement(rows, {"keys": keys})
    assert statement.rows(keys=["coils", "caps"]) == [("Caps",), ("Coils",)]
    assert statement.sql.count("%s") == 1


def test_values_come_as_the_model_gives_them() -> None:
    values = {"currency": "USD", "list": [1, 2]}
    PolicyVersion.objects.create(name="company", number=1, values=values)
    rows = PolicyVersion.objects.filter(name="the name").values_list("values", "created_at")
    ((found, moment),) = Statement(rows, {"name": "the name"}).rows(name="company")
    assert found == values
    assert isinstance(moment, dt.datetime)


def test_a_session_plans_it_once() -> None:
    statement = _by_path()
    with CaptureQueriesContext(connection) as first:
        statement.rows(path="caps")
    with CaptureQueriesContext(connection) as later:
        statement.rows(path="caps")
    assert [query["sql"].split()[0] for query in first] == ["PREPARE", "EXECUTE"]
    assert [query["sql"].split()[0] for query in later] == ["EXECUTE"]


@pytest.mark.django_db(transaction=True)
def test_another_session_plans_it_anew() -> None:
    _categories("caps")
    statement = _by_path()
    assert statement.rows(path="caps") == [("Caps",)]
    connection.close()
    assert statement.rows(path="caps") == [("Caps",)]


def test_a_plan_outlives_a_transaction_that_is_taken_back() -> None:
    statement = _by_path()
    with transaction.atomic():
        _categories("caps")
        assert statement.rows(path="caps") == [("Caps",)]
        transaction.set_rollback(True)
    assert statement.rows(path="caps") == []


def test_a_percent_sign_in_the_text_stays_one() -> None:
    _categories("50% caps")
    rows = Category.objects.filter(path="the path", name__contains="%").values_list("name")
    assert Statement(rows, {"path": "the path"}).rows(path="50% caps") == [("50% Caps",)]


@pytest.mark.parametrize("wanted", ["nowhere", "twice"])
def test_a_name_stands_for_one_value(wanted: str) -> None:
    rows = Category.objects.filter(path="twice", name="twice").values_list("pk")
    with pytest.raises(ValueError, match="times in the query"):
        Statement(rows, {"path": wanted})
