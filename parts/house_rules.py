"""The company's own settings, as a versioned policy."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class CompanyPolicy:
    """Design choices [D]: the currency of all figures, and the prefix of parts not yet sorted."""

    policy_name: ClassVar[str] = "company"
    currency: str = "USD"
    name: str = "Our company"
    unsorted_category: str = "unsorted"
    unsorted_prefix: str = "UNSORTED"
