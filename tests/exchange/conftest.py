"""Files on their way through the services."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from secondsource.core.actors import Actor
    from secondsource.exchange.models import Import


@pytest.fixture
def engineer(db: None) -> Actor:
    from tests.factories import actor  # models load only after the settings exist

    return actor("engineer")


@pytest.fixture
def run(engineer: Actor) -> Callable[..., Import]:
    """``run(text, code)``: upload, confirm and do the job in this process."""
    from tests.exchange.imports import import_file

    def go(text: Any, code: str = "PUMP", **options: Any) -> Import:
        return import_file(text, code, options.pop("actor", engineer), **options)

    return go
