"""Rows that are inserted together arrive as they were given."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from parts.models import BomLine, Part
from secondsource.core.bulk import ids_in, insert_rows, take_ids, words_in
from tests import factories

ODD = 'tab\t, line\nend\r, back\\slash, "quotes", \\N, NULL, Ω µ ünï, {a,b}'


@pytest.mark.django_db
def test_text_arrives_whatever_it_holds() -> None:
    where = factories.category("odd")
    ids = insert_rows(
        Part, ("ipn", "description", "value"), [("A-1", ODD, ""), ("A-2", "", "\\.")],
        category_id=where.pk,
    )  # fmt: skip
    found = Part.objects.filter(pk__in=ids).order_by("pk")
    assert list(found.values_list("ipn", "description", "value")) == [
        ("A-1", ODD, ""), ("A-2", "", "\\.")
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_is_not_given_gets_its_default() -> None:
    where = factories.category("plain")
    insert_rows(Part, ("ipn",), [("A-1",), ("A-2",)], category_id=where.pk)
    first, second = Part.objects.order_by("ipn")
    assert (first.lifecycle, first.unit, first.version, first.stock_qty) == (
        "unknown",
        "pcs",
        1,
        None,
    )
    assert first.public_id != second.public_id
    assert first.created_at is not None


@pytest.mark.django_db
def test_lists_and_json() -> None:
    made = factories.part()
    revision = factories.product("PUMP", uses={made: 1}).revisions.get()
    places = ("R1", 'a"b', "c\\d", "e,f", "")
    alternates = [{"mpn": 'X"\\\n', "manufacturer": "Ω"}]
    ids = insert_rows(
        BomLine, ("position", "quantity", "designators", "alternates"),
        [(7, Decimal("0.5"), places, alternates)], revision_id=revision.pk, part_id=made.pk,
    )  # fmt: skip
    line = BomLine.objects.get(pk=ids[0])
    assert (tuple(line.designators), line.alternates) == (places, alternates)
    assert (line.quantity, line.source_row) == (Decimal("0.5"), None)


@pytest.mark.django_db
def test_ids_are_given_in_order_and_may_be_taken_before() -> None:
    where = factories.category("ids")
    taken = take_ids(Part, 2)
    assert insert_rows(
        Part, ("id", "ipn"), [(taken[1], "A-2"), (taken[0], "A-1")], category_id=where.pk
    ) == [taken[1], taken[0]]  # fmt: skip
    assert Part.objects.get(ipn="A-1").pk == taken[0]
    assert insert_rows(Part, ("ipn",), [], category_id=where.pk) == []


@pytest.mark.django_db
def test_a_constraint_refuses_all_rows() -> None:
    where = factories.category("none")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Part, ("ipn",), [("A-1",), ("a bad one",)], category_id=where.pk)
    assert Part.objects.count() == 0


@pytest.mark.django_db
def test_many_values_are_one_parameter() -> None:
    found = [factories.part() for _ in range(3)]
    ids = [part.pk for part in found[:2]]
    assert set(Part.objects.filter(pk__in=ids_in(ids))) == set(found[:2])
    assert set(Part.objects.filter(ipn__in=words_in([found[2].ipn]))) == {found[2]}
    assert Part.objects.filter(pk__in=ids_in([])).count() == 0
    assert Part.objects.filter(ipn__in=words_in([])).count() == 0


@pytest.mark.django_db
def test_more_rows_than_are_sent_at_once_all_arrive() -> None:
    where = factories.category("many")
    insert_rows(Part, ("ipn",), [(f"A-{n}",) for n in range(1001)], category_id=where.pk)
    assert Part.objects.count() == 1001


@pytest.mark.django_db
def test_a_row_that_is_refused_halfway_leaves_none() -> None:
    where = factories.category("half")
    rows = [(f"A-{n}",) for n in range(1000)] + [("A-7",)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Part, ("ipn",), rows, category_id=where.pk)
    assert not Part.objects.exists()
