"""``If-Match`` that was right when the request came and is not when its turn comes: 412."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from parts.models import Part
from tests.api.callers import Api
from tests.api.data import a_part

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_loses_the_race_fails_the_precondition(api: Any) -> None:
    part = a_part("R-1")
    caller, answers = api("engineer"), []
    barrier = threading.Barrier(6)

    def change(text: str) -> None:
        own = Api(caller.user, "")
        own.client, own.headers = Client(), caller.headers
        barrier.wait()
        answers.append(own.patch("/parts/R-1/", {"description": text}, If_Match='"1"'))
        connection.close()

    threads = [threading.Thread(target=change, args=(f"by {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert part.version == 1
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 5]
    assert {one.json()["type"] for one in answers if one.status_code == 412} == {
        "urn:secondsource:problem:precondition_failed"
    }
    assert Part.objects.get().version == 2


def test_a_move_on_an_old_version_in_its_body_is_a_conflict(api: Any) -> None:
    from tests import factories

    team = factories.Team()
    caller = api(user=team.people["engineering"])
    answer = caller.post(f"/cases/{team.case.key}/moves/", {"name": "submit", "expected": 99})
    assert answer.status_code == 409
