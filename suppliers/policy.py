"""House rules of sourcing, as a versioned policy."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class SourcingPolicy:
    """Design choices [D]: β by what two sources share, and the limits of the three words."""

    policy_name: ClassVar[str] = "sourcing"
    beta_none: float = 0.02
    beta_group: float = 0.10
    beta_country: float = 0.10
    beta_assembly: float = 0.50
    beta_fab: float = 1.0
    independent_up_to: float = 0.02
    nominal_from: float = 0.50
    spend_months: int = 12
