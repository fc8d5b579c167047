"""The company's own settings and limits, as versioned policies."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class CompanyPolicy:
    """Design choices [D]: the currency of all figures, and the prefix of unsorted parts."""

    policy_name: ClassVar[str] = "company"
    currency: str = "USD"
    name: str = "Our company"
    unsorted_category: str = "unsorted"
    unsorted_prefix: str = "UNSORTED"


@dataclass(frozen=True)
class CoverPolicy:
    """Design choice [D]: stock that lasts less than this share of the lead time is short."""

    policy_name: ClassVar[str] = "cover"
    short_share_of_lead: float = 0.5
