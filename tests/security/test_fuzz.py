"""No request is answered by 5xx, whatever it holds: made up by a seed, over API and pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.security.fuzzing import Fuzzer

pytestmark = pytest.mark.django_db


def fuzz(count: int, seed: int, settings: Any, capsys: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"actor": ""}}
    told = Fuzzer(seed).run(count)
    counts = ", ".join(f"{what}: {n}" for what, n in sorted(told.statuses.items()))
    with capsys.disabled():
        print(f"\n{told.statuses.total():,} requests by seed {seed}. {counts}")
    assert told.statuses.total() == count
    # As many reached the services as were refused before them, or this tries nothing.
    for reached in ("API GET 20", "API PATCH 20", "API POST 20", "page GET 20", "page POST 30"):
        assert any(what.startswith(reached) for what in told.statuses), reached
    assert not told.broken, "\n".join(told.broken.values())


def test_a_thousand_requests(settings: Any, capsys: Any) -> None:
    fuzz(1_000, 1, settings, capsys)


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_twenty_thousand_requests(seed: int, settings: Any, capsys: Any) -> None:
    fuzz(5_000, seed, settings, capsys)
