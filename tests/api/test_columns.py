"""Lists read as columns say what their objects say."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import Prefetch
from django.test.utils import CaptureQueriesContext

from parts import services as catalogue
from parts.models import Category, Part, PartFigures, Product, Requirement
from parts.serializers import BomLineShape, PartShape, ProductShape, of_revision
from secondsource.accounts.models import Plant, ProductLine
from secondsource.core.actors import Actor
from secondsource.core.api.columns import Columns, NotColumns
from secondsource.core.api.fields import Derived, Moment, Text, Whole
from secondsource.core.api.serializers import Shape
from suppliers import services as sourcing
from suppliers.models import Site, Supplier
from suppliers.serializers import SiteShape, SupplierShape
from tests.api.callers import SYSTEM, Api
from tests.api.data import a_bom, a_manufacturer, a_part, a_product, an_incumbent
from tests.api.test_hidden_fields import COST

NEED = {"parameter": "Voltage", "rule": "at_most", "maximum": 5.5, "unit": "V"}


def _shape(shape: type[Shape], user: Any = None) -> Shape:
    return shape.for_reader({"actor": Actor(user=user) if user else SYSTEM})


def _part(ipn: str, owner: Any = None) -> Part:
    part = a_part(ipn, description="A part", owner=owner, stock_qty=7, **COST)
    catalogue.set_requirements(part=part, requirements=[NEED, NEED | {"parameter": "I"}],
                               actor=SYSTEM)  # fmt: skip
    return part


def test_a_part_in_the_list_is_the_part_alone(buyer: Api) -> None:
    an_incumbent(_part("R-1", owner=buyer.user))
    a_part("R-2")
    rows = buyer.get("/parts/").json()["results"]
    assert [row["ipn"] for row in rows] == ["R-1", "R-2"]
    assert [len(row["requirements"]) for row in rows] == [2, 0]
    assert rows == [buyer.get(f"/parts/{row['ipn']}/").json() for row in rows]


def test_parts_whose_figures_a_job_computes_are_listed_at_once(buyer: Api) -> None:
    part = a_part("R-1")
    PartFigures.objects.all().delete()
    PartFigures.objects.make_missing([part.pk])
    (row,) = buyer.get("/parts/").json()["results"]
    assert (row["ipn"], row["figures"]["spend_12m"]) == ("R-1", None)


@pytest.mark.parametrize("path", ["/categories/", "/plants/", "/product-lines/", "/sites/"])
def test_other_lists(engineer: Api, path: str) -> None:
    _part("R-1")
    _plant_line_and_site()
    rows = engineer.get(path).json()["results"]
    key = "id" if path in ("/categories/", "/sites/") else "code"
    assert rows
    assert rows == [engineer.get(f"{path}{row[key]}/").json() for row in rows]


def _plant_line_and_site() -> None:
    Plant.objects.create(code="PL", name="Plant", country="DE")
    ProductLine.objects.create(code="LN", name="Line")
    sourcing.add_site(
        supplier=a_manufacturer(), name="Fab", country="TW", activity="fab", actor=SYSTEM
    )


def test_lines_of_a_bill_of_material(engineer: Api) -> None:
    product, parts = a_product(), [a_part(f"R-{n}") for n in range(3)]
    revision = a_bom(product, *parts)
    shape = _shape(BomLineShape)
    rows = engineer.get("/products/PUMP/bom/").json()["results"]
    assert rows == [shape.to_representation(line) for line in of_revision(revision)]
    assert [row["fitted"] for row in rows] == [True] * 3


@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        dt.datetime(2026, 1, 2, 3, 4, 5, 120000, tzinfo=dt.UTC),
        dt.datetime(2026, 1, 2, 3, 4, 5, 1, tzinfo=dt.UTC),
        dt.datetime(1, 1, 2, 3, 4, 5, 999999, tzinfo=dt.UTC),
        dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    ],
)
def test_times_are_written_alike(engineer: Api, moment: dt.datetime) -> None:
    a_part("R-1")
    Part.objects.update(created_at=moment, updated_at=moment)
    (row,) = engineer.get("/parts/").json()["results"]
    assert row["created_at"] == Moment().to_representation(moment)
    assert row == engineer.get("/parts/R-1/").json()


class Age(Derived):
    """Seconds between the two times of a record."""

    reads = ("created_at", "updated_at")

    def written(self, created: dt.datetime, updated: dt.datetime) -> float:
        """Of the times, not of their texts."""
        return (updated - created).total_seconds()


class Aged(Shape):
    created_at = Moment()
    age = Age()


def test_a_time_that_is_shown_and_reckoned_with(db: None) -> None:
    part, moment = a_part("R-1"), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    later = moment + dt.timedelta(seconds=1.5)
    Part.objects.update(created_at=moment, updated_at=later)
    columns = _shape(Aged).columns_of(Part.objects.all())
    assert columns is not None
    assert columns.read([part.pk]) == [{"created_at": "2026-01-02T00:00:00Z", "age": 1.5}]


def test_threads_that_share_a_new_shape(db: None) -> None:
    shape, rows = PartShape(context={"actor": SYSTEM}), Part.objects.all()
    together = Barrier(8)

    def columns(_: int) -> Columns | None:
        together.wait(10)
        return shape.columns_of(rows)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(columns, range(8)))


def test_what_is_hidden_is_not_even_read(engineer: Api, buyer: Api) -> None:
    _part("R-1")
    (row,) = engineer.get("/parts/").json()["results"]
    assert "standard_cost" not in row
    columns = _shape(PartShape, engineer.user).columns_of(Part.objects.all())
    assert columns is not None
    assert "standard_cost" not in columns._statement.sql
    (row,) = buyer.get("/parts/").json()["results"]
    assert row["standard_cost"] == {"amount": "1.250000", "currency": "USD"}


def test_fields_that_are_not_asked_for_are_not_read(engineer: Api) -> None:
    _part("R-1")
    engineer.get("/plants/")  # the token's own question is planned
    with CaptureQueriesContext(connection) as asked:
        rows = engineer.get("/parts/", fields="ipn,criticality").json()["results"]
    assert rows == [{"ipn": "R-1", "criticality": "b"}]
    assert not [query for query in asked if "parts_requirement" in query["sql"]]
    assert not [query for query in asked if "kept" in query["sql"] and "PREPARE" in query["sql"]]


def test_few_queries_whatever_the_rows(engineer: Api) -> None:
    for number in range(3):
        _part(f"R-{number}")
    engineer.get("/parts/", limit=1)
    with CaptureQueriesContext(connection) as one:
        engineer.get("/parts/", limit=1)
    with CaptureQueriesContext(connection) as all_of_them:
        engineer.get("/parts/")
    assert len(all_of_them) == len(one)


def test_a_row_that_is_gone_is_left_out(db: None) -> None:
    kept, gone = a_part("R-1"), a_part("R-2")
    keys = [gone.pk, kept.pk]
    Part.objects.filter(pk=gone.pk).delete()
    columns = _shape(PartShape).columns_of(Part.objects.all())
    assert columns is not None
    assert [row["ipn"] for row in columns.read(keys)] == ["R-1"]
    assert columns.read([]) == []


def test_readers_from_whom_the_same_is_hidden_share_a_shape(engineer: Api, buyer: Api) -> None:
    assert _shape(PartShape, engineer.user) is _shape(PartShape, engineer.user)
    assert _shape(PartShape, engineer.user) is not _shape(PartShape, buyer.user)


@pytest.mark.parametrize(("shape", "model"), [(PartShape, Part), (SiteShape, Site)])
def test_shapes_of_columns_alone(shape: type[Shape], model: Any, db: None) -> None:
    assert _shape(shape).columns_of(model.objects.all()) is not None


@pytest.mark.parametrize(("shape", "model"), [(ProductShape, Product), (SupplierShape, Supplier)])
def test_shapes_that_read_more_are_read_as_objects(
    shape: type[Shape], model: Any, db: None
) -> None:
    assert _shape(shape).columns_of(model.objects.all()) is None


def test_rows_with_a_narrowed_relation_are_read_as_objects(db: None) -> None:
    narrowed = Prefetch("requirements", Requirement.objects.filter(rule="at_most"))
    assert _shape(PartShape).columns_of(Part.objects.prefetch_related(narrowed)) is None


class Revisions(Shape):
    """Lists within a list."""

    number = Whole()
    lines = BomLineShape(many=True)


class Bill(Shape):
    revisions = Revisions(many=True)


class Loud(Shape):
    """Written in a manner of its own."""

    name = Text()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {"name": instance.name.upper()}


class OfLoud(Shape):
    category = Loud()


@pytest.mark.parametrize(("shape", "model"), [(Bill, Product), (Loud, Category), (OfLoud, Part)])
def test_what_columns_would_write_otherwise_is_read_as_objects(
    shape: type[Shape], model: Any, db: None
) -> None:
    assert _shape(shape).columns_of(model.objects.all()) is None


def test_what_is_no_column_is_named(db: None) -> None:
    with pytest.raises(NotColumns, match="plants"):
        Columns(ProductShape(context={"actor": SYSTEM}), Product)


LISTS: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("/suppliers/", a_manufacturer), ("/products/", a_product), ("/sources/", an_incumbent),
)  # fmt: skip


@pytest.mark.parametrize(("path", "make"), LISTS)
def test_lists_of_objects_say_the_same(engineer: Api, path: str, make: Any) -> None:
    make()
    (row, *_) = engineer.get(path).json()["results"]
    key = row["id"] if path == "/sources/" else row["code"]
    assert engineer.get(f"{path}{key}/").json() == row
