"""A batch of the largest size: proposed, confirmed and approved, and its pages still answer."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from parts.models import Part, PartFigures
from secondsource.core import outbox
from suppliers.models import Approval, ManufacturerPart, Source
from suppliers.services import MOST_ROWS, Proposal
from suppliers.workflow import TAKEOVER_FLOW
from tests import factories
from tests.suppliers.test_takeover import propose

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def many() -> list[Proposal]:
    category, manufacturer = factories.category(), factories.manufacturer()
    parts = Part.objects.bulk_create(
        Part(ipn=f"N-{number:05d}", description="x", category=category)
        for number in range(MOST_ROWS)
    )
    numbers = ManufacturerPart.objects.bulk_create(
        ManufacturerPart(manufacturer=manufacturer, mpn=f"M-{n}", mpn_normal=f"M{n}")
        for n in range(MOST_ROWS)
    )
    return [Proposal(*pair) for pair in zip(parts, numbers, strict=True)]


def test_ten_thousand_rows_are_taken_over(settings: Any) -> None:
    rows, took = many(), {}
    quality, engineer = factories.actor("quality"), factories.actor("engineer")

    def timed(name: str, call: Any) -> Any:
        begun = time.perf_counter()
        answer = call()
        took[name] = round(time.perf_counter() - begun, 1)
        return answer

    takeover = timed("propose", lambda: propose(rows))
    timed("confirm", lambda: TAKEOVER_FLOW.fire(takeover.pk, "confirm", actor=quality))
    client = Client()
    client.force_login(engineer.user, backend=settings.AUTHENTICATION_BACKENDS[1])
    url = takeover.get_absolute_url()
    assert timed("page", lambda: client.get(url)).status_code == 200
    assert timed("preview", lambda: client.get(f"{url}moves/approve/")).status_code == 200
    timed("approve", lambda: TAKEOVER_FLOW.fire(takeover.pk, "approve", actor=engineer))
    timed("resolve", outbox.work_off)
    print(took)
    assert Approval.objects.filter(kind="takeover").count() == MOST_ROWS
    assert Source.objects.filter(status="approved").count() == MOST_ROWS
    assert PartFigures.objects.filter(approved_sources=1).count() == MOST_ROWS
