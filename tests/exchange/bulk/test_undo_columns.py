"""Undo of an import gives back what the import wrote, and touches nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from secondsource.core.actors import Actor
from secondsource.exchange import services
from suppliers.models import ManufacturerPart, Source
from tests import factories
from tests.exchange.bulk.files import take

pytestmark = pytest.mark.django_db


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_columns_that_the_import_does_not_write_stay(engineer: Actor) -> None:
    source = factories.alternate(factories.part(ipn="P-1"), "A-1")
    sql("UPDATE suppliers_source SET origin = 'before', capacity_wk = 5")
    name = source.manufacturer_part.manufacturer.name
    done = take(f"IPN,Manufacturer,MPN,Capacity a week\nP-1,{name},A-1,777\n", "sources", engineer)
    sql("UPDATE suppliers_source SET origin = 'since'")
    services.undo(imported=done, actor=engineer)
    row = Source.objects.get()
    assert (row.capacity_wk, row.origin) == (5, "since")


def test_a_column_that_the_journal_does_not_know_stays(engineer: Actor) -> None:
    """A later migration added it: the row as it was before the import holds no value of it."""
    factories.manufacturer_part("A-1", manufacturer=factories.manufacturer("Yageo"), msl="1")
    part = ManufacturerPart.objects.get()
    file = "Manufacturer,MPN,MSL,HTS code\nYageo,A-1,3,8542.31\n"
    done = take(file, "manufacturer_parts", engineer)
    sql("UPDATE exchange_importedrow SET before = before #- '{row,hts_code}'")
    services.undo(imported=done, actor=engineer)
    part.refresh_from_db()
    assert (part.msl, part.hts_code) == ("1", "8542.31")


def test_a_column_of_rows_that_hang_on_it_stays_too(engineer: Actor) -> None:
    factories.manufacturer_part("A-1", manufacturer=factories.manufacturer("Yageo"))
    head = "Manufacturer,MPN,Parameter,Typical,Unit,Condition\n"
    take(f"{head}Yageo,A-1,resistance,10,Ω,25 °C\n", "manufacturer_parts", engineer)
    done = take(f"{head}Yageo,A-1,resistance,12,Ω,25 °C\n", "manufacturer_parts", engineer)
    sql(
        "UPDATE exchange_importedrow SET before ="
        " before #- '{suppliers_parameter,0,condition}' WHERE before IS NOT NULL"
    )
    services.undo(imported=done, actor=engineer)
    line = ManufacturerPart.objects.get().parameters.get()
    assert (line.typical, line.condition) == (Decimal(10), "25 °C")
