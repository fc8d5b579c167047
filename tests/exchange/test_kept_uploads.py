"""The file of an earlier try, by the id that the upload page posts."""

from __future__ import annotations

import pytest
from django.test import Client

from secondsource.core.actors import Actor
from secondsource.exchange.models import Import


@pytest.mark.parametrize("kept", ["abc", "1", "00000000-0000-0000-0000-00000000000", "{}", "é"])
def test_what_is_no_id_is_refused(engineer: Actor, kept: str) -> None:
    client = Client()
    client.force_login(engineer.user)  # type: ignore[arg-type]
    answer = client.post("/imports/new/?kind=bom", {"product": "PUMP", "kept": kept})
    assert answer.status_code == 422
    assert not Import.objects.exists()
