"""Services of savings and shared credit: the only writers of this app."""

from incentives.services.baselines import enter_baseline, freeze_baselines
from incentives.services.entries import (
    enter_avoidance,
    enter_rebate_lost,
    enter_shortage_avoidance,
    withdraw_entry,
)
from incentives.services.rates import plan_rate
from incentives.services.realised import recompute_realised
from incentives.services.settlement import (
    close_month,
    reverse_lines,
    take_back_rollback,
    validate_lines,
)

__all__ = [
    "close_month", "enter_avoidance", "enter_baseline", "enter_rebate_lost",
    "enter_shortage_avoidance", "freeze_baselines", "plan_rate", "recompute_realised",
    "reverse_lines", "take_back_rollback", "validate_lines", "withdraw_entry",
]  # fmt: skip
