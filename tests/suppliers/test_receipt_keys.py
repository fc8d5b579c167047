"""What receipts name is there and stays: looked up by the statement, as strict as a foreign key."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from secondsource.core import clock
from suppliers.models import Receipt, ReceiptBatch, Source
from tests import factories


def receipt(source_id: int, **fields: Any) -> Receipt:
    return Receipt(
        source_id=source_id, received_date=clock.business_day(), received_qty=Decimal(5), **fields
    )


def remove(model: type[Any], pk: int) -> None:
    """By SQL, past what the application asks before."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", (pk,))


def test_receipts_of_what_is_there(db: None) -> None:
    source, batch = factories.incumbent(factories.part()), ReceiptBatch.objects.create(origin="x")
    rows = [receipt(source.pk, batch=batch, lot=str(n)) for n in range(3)]
    Receipt.objects.bulk_create([*rows, receipt(source.pk)])
    assert Receipt.objects.filter(batch=batch).count() == 3


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"source_id": 987_654_321}, "receipt_of_source"), ({"batch_id": 5}, "receipt_of_batch")],
)
def test_one_row_of_many_that_names_what_is_not(
    db: None, fields: dict[str, Any], name: str
) -> None:
    source = factories.incumbent(factories.part())
    bad = receipt(**{"source_id": source.pk} | fields)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Receipt.objects.bulk_create([receipt(source.pk, lot="1"), bad])
    assert refused.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]
    assert Receipt.objects.count() == 0


@transaction.atomic
def save_now(row: Receipt) -> None:
    """Without waiting for the commit to be checked."""
    row.save()
    connection.check_constraints()


def test_an_order_line_of_another_source(db: None) -> None:
    mine, other = (factories.incumbent(factories.part()) for _ in range(2))
    line = factories.order_line(other)
    with pytest.raises(IntegrityError, match="receipt_of_order_line"):
        save_now(receipt(mine.pk, order_line_id=line.pk))


def test_what_receipts_name_cannot_be_removed(db: None) -> None:
    source, batch = factories.incumbent(factories.part()), ReceiptBatch.objects.create(origin="x")
    receipt(source.pk, batch=batch).save()
    for model, pk in ((Source, source.pk), (ReceiptBatch, batch.pk)):
        with pytest.raises(IntegrityError, match="named by receipts"), transaction.atomic():
            remove(model, pk)
    assert Receipt.objects.filter(source=source, batch=batch).exists()


def test_what_no_receipt_names_can_be_removed(db: None) -> None:
    batch = ReceiptBatch.objects.create(origin="x")
    remove(ReceiptBatch, batch.pk)
    assert not ReceiptBatch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_removes_a_source_waits_for_its_receipts() -> None:
    source = factories.alternate(factories.part())
    refused: list[str] = []

    def removing() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '20s'")
                remove(Source, source.pk)
        except IntegrityError as error:
            refused.append(str(error))
        finally:
            connection.close()

    other = threading.Thread(target=removing)
    with transaction.atomic():
        receipt(source.pk).save()
        other.start()
        other.join(1)
        assert other.is_alive()
    other.join(30)
    assert "named by receipts" in refused[0]
    assert Receipt.objects.filter(source=source).count() == 1
