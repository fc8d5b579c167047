"""Tables of field history carry the indexes by which they are asked, and no others."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from secondsource.core.models import Record

HISTORIES = [
    model.history.model  # type: ignore[attr-defined]
    for model in apps.get_models()
    if issubclass(model, Record) and hasattr(model, "history")
]


@pytest.mark.django_db
@pytest.mark.parametrize("history", HISTORIES, ids=lambda model: model.__name__)
def test_only_record_date_and_seal_are_indexed(history: type[Record]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, history._meta.db_table)
    columns = {tuple(one["columns"]) for one in found.values() if one["index"]}
    assert columns - {("history_id",)} == {("id",), ("history_date",), ("sealed_tx",)}
