"""A part that is bought at 3.10, and a case on its alternate."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.conftest import api, buyer  # noqa: F401  (fixtures)
from tests.qualification.conftest import browse  # noqa: F401  (a fixture)
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from tests.incentives.pooling import Pooled
    from tests.incentives.saving import Saving
    from tests.incentives.world import Deal


@pytest.fixture(scope="module")
def first_saving(django_db_setup: None, django_db_blocker: Any) -> Iterator[Saving]:
    """The case that the tests of a module start with."""
    from tests.incentives.saving import Saving  # models can be imported once the settings exist

    with shared_rows(django_db_blocker):
        yield Saving()


@pytest.fixture
def saving(first_saving: Saving, db: None) -> Saving:
    """A case in transition whose incumbent was paid 3.10 when it opened."""
    return copy.deepcopy(first_saving)


@pytest.fixture
def deal(db: None) -> Deal:
    """An open negotiation without a round."""
    from tests.incentives.world import Deal  # models exist only once the settings do

    return Deal()


@pytest.fixture(scope="module")
def first_pooled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pooled]:
    """The case that the tests of pools start with."""
    from tests.incentives.pooling import Pooled  # models exist only once the settings do

    with shared_rows(django_db_blocker):
        yield Pooled()


@pytest.fixture
def case(first_pooled: Pooled, db: None) -> Pooled:
    """A closed case without savings yet."""
    return copy.deepcopy(first_pooled)


@pytest.fixture
def saved(case: Pooled) -> Pooled:
    """The savings of the vector in two months."""
    case.save("93456.78", ago=3)
    case.save("30000.00", ago=2)
    return case
