"""Every table, every path of a statement: what changes a business row is in its history."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from parts.models import Requirement
from qualification.models import (
    BusinessCase,
    ComponentTestPlan,
    Fmea,
    FmeaAction,
    FmeaRow,
    PpapSubmission,
)
from secondsource.accounts import services as accounts
from secondsource.accounts.models import Plant, ProductLine, Team
from secondsource.core import clock, traces
from secondsource.core.models import NotificationChoice, PolicyVersion, SavedView, Watch
from secondsource.exchange.models import RememberedMapping
from secondsource.workspace.models import SnoozedTask
from suppliers import services as sourcing
from suppliers.models import ManufacturerPartSite, Parameter, ReceiptBatch, Source
from tests import factories
from tests.security.world import World
from tests.shared_rows import shared_rows

MODELS = {model._meta.db_table: model for model in traces._own_models()}


def write_world() -> None:
    """A row in every table whose changes leave a trace."""
    world = World()
    person, part = world.people["engineer"], world.case.part
    source = Source.objects.filter(part=part).latest("pk")
    site = sourcing.add_site(
        supplier=source.manufacturer_part.manufacturer, name="Fab", activity="fab", country="DE",
        actor=factories.JOB,
    )  # fmt: skip
    ManufacturerPartSite.objects.create(manufacturer_part=source.manufacturer_part, site=site)
    Parameter.objects.create(manufacturer_part=source.manufacturer_part, name="Current", unit="A")
    product = factories.product("SCOPED", uses={part: 1})
    source.scope.add(product)
    world.case.products.add(product)
    world.case.plants.add(Plant.objects.get())
    world.case.sites.add(site)
    line = ProductLine.objects.get()
    person.product_lines.add(line)
    person.plants.add(Plant.objects.get())
    product.plants.add(Plant.objects.get())
    Team.objects.get().members.add(person)
    accounts.issue_token(user=person, scopes=["read"], days=9, actor=factories.JOB)
    PolicyVersion.objects.create(name="test", number=1, values={})
    SavedView.objects.create(owner=person, page="part_list", name="Mine", query="q=1")
    NotificationChoice.objects.create(user=person, kind="job", way="none")
    SnoozedTask.objects.create(user=person, key="step-1", until=clock.business_day())
    Watch.objects.create(user=person, subject_type="parts.part", subject_id=part.pk)
    Requirement.objects.create(part=part, parameter="Current", rule="equal", text="5 A")
    ComponentTestPlan.objects.create(
        case=world.case, standard="jesd47", changes=["die"], features=["memory"]
    )
    PpapSubmission.objects.create(case=world.case, level=3)
    BusinessCase.objects.create(case=world.case)
    sheet = Fmea.objects.get_or_create(case=world.case)[0]
    row = FmeaRow.objects.create(fmea=sheet, position=9)
    FmeaAction.objects.create(row=row, description="Port the driver")
    ReceiptBatch.objects.create(origin="a file")
    RememberedMapping.objects.create(user=person, shape="x", mapping={}, updated_at=clock.now())


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with shared_rows(django_db_blocker):
        write_world()
        yield


def kept(trace: traces.Trace) -> int:
    """Rows in the history of a table."""
    with connection.cursor() as cursor:
        if trace.function == "core_keep_history":
            cursor.execute(f'SELECT count(*) FROM "{trace.arguments[0]}"')
        else:
            cursor.execute('SELECT count(*) FROM core_rowchange WHERE "table" = %s', (trace.table,))
        return int(cursor.fetchone()[0])


def other(field: models.Field[Any, Any], value: Any) -> Any:
    """A value that differs, None when there is none at hand."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1_000_000 if field.is_relation else value + 1
    if isinstance(value, str) and not field.choices:
        return f"{value}x"[-(field.max_length or 999) :]
    return {"other": 1} if isinstance(value, dict) else None


def changed(row: models.Model) -> Iterator[tuple[str, Any]]:
    """Columns and values that would change the row; ``id`` never among them."""
    omitted = getattr(type(row), "untraced_columns", ())
    plain = [f for f in row._meta.concrete_fields if not f.primary_key and f.name not in omitted]
    for field in sorted(plain, key=lambda f: (f.is_relation, f.unique)):
        value = other(field, field.value_from_object(row))
        if value is not None:
            yield field.attname, value


def by_save(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    row.save()


def by_update(row: Any, name: str, value: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**{name: value})


def by_bulk_update(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    field = next(f for f in row._meta.concrete_fields if f.attname == name)
    type(row)._default_manager.bulk_update([row], [field.name])


def by_sql(row: Any, name: str, value: Any) -> None:
    field = next(f for f in row._meta.concrete_fields if f.attname == name)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE id = %s',
            (field.get_db_prep_save(value, connection), row.pk),
        )


def removed(row: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{row._meta.db_table}" WHERE id = %s', (row.pk,))


def by_raw_delete(row: Any) -> None:
    queryset = type(row)._default_manager.filter(pk=row.pk)
    queryset._raw_delete(queryset.db)


def by_bulk_create(row: Any) -> None:
    type(row)._default_manager.bulk_create([row])


def by_creation(row: Any) -> None:
    row.save(force_insert=True)


def hold(row: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TEMP TABLE held AS SELECT * FROM "{row._meta.db_table}" WHERE id = %s',
            (row.pk,),
        )


def by_insert(row: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{row._meta.db_table}" SELECT * FROM held')


def attempt(trace: traces.Trace, act: Callable[[], None]) -> int | None:
    """How many history rows an act leaves; None when a rule of the database forbids it."""
    before = kept(trace)
    try:
        with transaction.atomic():
            act()
            after = kept(trace)
            transaction.set_rollback(True)
    except DatabaseError:
        return None
    return after - before


def rows_of(trace: traces.Trace) -> list[Any]:
    return list(MODELS[trace.table]._default_manager.order_by("-pk")[:20])


def silent(acts: Callable[[traces.Trace], Iterator[Callable[[], None]]], least: int) -> list[str]:
    """Tables where an act is possible and leaves less, or where none is possible."""
    found = {
        trace.table: [n for act in acts(trace) if (n := attempt(trace, act)) is not None]
        for trace in traces.traces()
    }
    return [table for table, counts in found.items() if not counts or min(counts) < least]


def test_there_is_a_row_in_every_table(world: None, db: None) -> None:
    assert [trace.table for trace in traces.traces() if not rows_of(trace)] == []


@pytest.mark.parametrize("how", [by_save, by_update, by_bulk_update, by_sql])
def test_no_change_of_any_row_is_without_trace(how: Callable[..., None], world: None) -> None:
    def acts(trace: traces.Trace) -> Iterator[Callable[[], None]]:
        row = rows_of(trace)[0]
        for name, value in changed(row):
            yield partial(how, copy.copy(row), name, value)

    assert silent(acts, 1) == []


@pytest.mark.parametrize("how", [removed, by_raw_delete])
def test_no_removal_of_any_row_is_without_trace(how: Callable[..., None], world: None) -> None:
    # A baseline is superseded and never removed.
    gone = silent(lambda trace: (partial(how, row) for row in rows_of(trace)), 1)
    assert gone == ["incentives_baseline"]


@pytest.mark.parametrize("add", [by_insert, by_bulk_create, by_creation])
def test_no_addition_of_any_row_is_without_trace(add: Callable[..., None], world: None) -> None:
    def again(row: Any) -> None:
        hold(row)
        removed(row)
        add(row)

    def acts(trace: traces.Trace) -> Iterator[Callable[[], None]]:
        return (partial(again, copy.copy(row)) for row in rows_of(trace))

    # Lines of a revision are written once, with it; a baseline is never removed.
    assert silent(acts, 2) == ["parts_bomline", "incentives_baseline"]
