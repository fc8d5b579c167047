"""The file of an earlier try, by the id that the upload page posts."""

from __future__ import annotations

import pytest
from django.test import Client

from secondsource.core.actors import Actor
from secondsource.core.errors import Stale
from secondsource.exchange import services
from secondsource.exchange.models import Import
from tests.exchange.imports import BOM, upload


@pytest.mark.parametrize("kept", ["abc", "1", "00000000-0000-0000-0000-00000000000", "{}", "é"])
def test_what_is_no_id_is_refused(engineer: Actor, kept: str) -> None:
    client = Client()
    client.force_login(engineer.user)  # type: ignore[arg-type]
    answer = client.post("/imports/new/?kind=bom", {"product": "PUMP", "kept": kept})
    assert answer.status_code == 422
    assert not Import.objects.exists()


@pytest.mark.parametrize(("expected", "status"), [("999", 409), ("abc", 422), ("", 422)])
def test_an_upload_that_somebody_changed_is_not_discarded(
    engineer: Actor, expected: str, status: int
) -> None:
    client = Client()
    client.force_login(engineer.user)  # type: ignore[arg-type]
    imported = upload(BOM, engineer, "PUMP")
    answer = client.post(f"{imported.get_absolute_url()}discard/", {"expected": expected})
    assert answer.status_code == status
    assert Import.objects.get().version == imported.version


@pytest.mark.parametrize("kind", ["bom", "stock"])
def test_the_version_is_compared_under_the_lock(engineer: Actor, kind: str) -> None:
    imported = upload(BOM, engineer, "PUMP")
    Import.objects.update(kind=kind)
    imported.refresh_from_db()
    with pytest.raises(Stale):
        services.discard(imported=imported, actor=engineer, expected=imported.version + 1)
    assert Import.objects.exists()
