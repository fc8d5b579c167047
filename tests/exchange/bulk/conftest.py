"""What files name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.exchange.bulk.world import Sourcing


@pytest.fixture
def sourcing(db: None) -> Sourcing:
    from tests.exchange.bulk.world import Sourcing  # models load only after the settings exist

    return Sourcing()
