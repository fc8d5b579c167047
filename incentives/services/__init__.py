"""Services of savings and shared credit: the only writers of this app."""

from incentives.services.baselines import enter_baseline, freeze_baselines
from incentives.services.closing import close_month, closings, start_closing
from incentives.services.entries import (
    enter_avoidance,
    enter_rebate_lost,
    enter_shortage_avoidance,
    withdraw_entry,
)
from incentives.services.foreseen import recompute_foreseen
from incentives.services.indices import add_index, record_value, record_values
from incentives.services.negotiations import (
    NewPrice,
    abandon_negotiation,
    award_negotiation,
    change_negotiation,
    change_round,
    import_quotes,
    open_negotiation,
    record_round,
)
from incentives.services.rates import plan_rate
from incentives.services.realised import recompute_realised
from incentives.services.settlement import reverse_lines, take_back_rollback, validate_lines
from incentives.services.splits import (
    NewShare,
    close_overtaken,
    decide_split,
    propose_split,
    withdraw_split,
)
from incentives.services.targets import set_target

__all__ = [
    "NewPrice", "NewShare", "abandon_negotiation", "add_index", "award_negotiation",
    "change_negotiation", "change_round", "close_month", "close_overtaken", "closings",
    "decide_split", "enter_avoidance", "enter_baseline",
    "enter_rebate_lost", "enter_shortage_avoidance", "freeze_baselines", "import_quotes",
    "open_negotiation", "plan_rate", "propose_split", "recompute_foreseen", "recompute_realised",
    "record_round", "record_value", "record_values", "reverse_lines", "set_target", "start_closing",
    "take_back_rollback", "validate_lines", "withdraw_entry", "withdraw_split",
]  # fmt: skip
