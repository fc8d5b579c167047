"""Browsers and callers of people."""

from tests.api.conftest import api  # noqa: F401  (a fixture)
from tests.qualification.conftest import browse  # noqa: F401  (a fixture)
