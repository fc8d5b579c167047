"""A row of a list is the object alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parts import services as catalogue
from parts.models import Part, PartFigures
from parts.serializers import BomLineShape, PartShape, of_revision
from secondsource.accounts.models import Plant, ProductLine
from secondsource.core.actors import Actor
from secondsource.core.api.serializers import Shape
from suppliers import services as sourcing
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


def test_few_queries_whatever_the_rows(engineer: Api) -> None:
    for number in range(3):
        _part(f"R-{number}")
    engineer.get("/parts/", limit=1)
    with CaptureQueriesContext(connection) as one:
        engineer.get("/parts/", limit=1)
    with CaptureQueriesContext(connection) as all_of_them:
        engineer.get("/parts/")
    assert len(all_of_them) == len(one)


def test_readers_from_whom_the_same_is_hidden_share_a_shape(engineer: Api, buyer: Api) -> None:
    assert _shape(PartShape, engineer.user) is _shape(PartShape, engineer.user)
    assert _shape(PartShape, engineer.user) is not _shape(PartShape, buyer.user)


LISTS: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("/suppliers/", a_manufacturer), ("/products/", a_product), ("/sources/", an_incumbent),
)  # fmt: skip


@pytest.mark.parametrize(("path", "make"), LISTS)
def test_lists_of_objects_say_the_same(engineer: Api, path: str, make: Any) -> None:
    make()
    (row, *_) = engineer.get(path).json()["results"]
    key = row["id"] if path == "/sources/" else row["code"]
    assert engineer.get(f"{path}{key}/").json() == row
