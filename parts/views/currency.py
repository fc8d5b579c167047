"""The currency of the company's figures on pages."""

from __future__ import annotations

from functools import cached_property

from parts.house_rules import CompanyPolicy
from secondsource.core import policies


class InCompanyCurrency:
    """Gives a page ``view.currency``, read once a request."""

    @cached_property
    def currency(self) -> str:
        """Its code, such as USD."""
        return policies.active(CompanyPolicy)[0].currency
