"""No stored file stays that no row names."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction

from secondsource.core import attachments, clock, stored_files
from secondsource.core.actors import Actor
from secondsource.core.models import Attachment
from secondsource.exchange import services
from secondsource.exchange.models import Import
from tests import factories
from tests.application_role import owner
from tests.exchange.bulk.files import send

pytestmark = pytest.mark.django_db
DAY_LATER = dt.timedelta(hours=25)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def broken_history() -> None:
    """The database is read-only for whatever an upload stores."""
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON exchange_import"
            " EXECUTE FUNCTION full_disk()"
        )


def upload(kind: str, actor: Actor) -> Import:
    if kind == "stock":
        return send("IPN,Stock\nA-1,12\n", kind, actor)
    file = SimpleUploadedFile("a.csv", b"Qty,MPN\n1,ABC\n")
    return services.upload(file=file, actor=actor, product_code="X")


@pytest.mark.parametrize("kind", ["bom", "stock"])
def test_an_upload_that_the_database_cannot_store_leaves_no_file(
    folder: Path, broken_history: None, kind: str
) -> None:
    engineer = factories.actor("engineer")
    with pytest.raises(OperationalError), transaction.atomic():
        upload(kind, engineer)
    assert (files(folder), Import.objects.count()) == ([], 0)


def test_what_a_killed_request_left_is_swept_after_a_day(folder: Path) -> None:
    kept = send("IPN,Stock\nA-1,12\n", "stock", factories.actor("engineer"))
    default_storage.save("imports/orphan.csv", SimpleUploadedFile("x", b"left"))
    before = files(folder)
    assert stored_files.sweep() == 0
    with clock.at(clock.now() + DAY_LATER):
        assert stored_files.sweep() == 1
    assert sorted([*files(folder), "orphan.csv"]) == before
    with kept.file.open("rb") as stream:
        assert stream.read() == b"IPN,Stock\nA-1,12\n"


def test_evidence_stays_though_it_was_removed(folder: Path) -> None:
    part, engineer = factories.part(), factories.actor("engineer")
    upload = SimpleUploadedFile("a.txt", b"measured")
    one = attachments.attach(subject=part, upload=upload, actor=engineer)
    attachments.remove(attachment=one, actor=engineer, reason="wrong part")
    with clock.at(clock.now() + DAY_LATER):
        assert stored_files.sweep() == 0
    assert Attachment.objects.get().file.read() == b"measured"


def test_bytes_that_a_failed_request_left_are_stored_anew(folder: Path) -> None:
    part, engineer = factories.part(), factories.actor("engineer")
    upload = SimpleUploadedFile("a.txt", b"measured")
    with transaction.atomic():
        attachments.attach(subject=part, upload=upload, actor=engineer)
        transaction.set_rollback(True)
    (left,) = (path for path in folder.rglob("*") if path.is_file())
    long_ago = clock.now().timestamp() - 99 * 3600
    os.utime(left, (long_ago, long_ago))
    attachments.attach(subject=part, upload=upload, actor=engineer)
    assert stored_files.sweep() == 0
    assert left.stat().st_mtime > long_ago
