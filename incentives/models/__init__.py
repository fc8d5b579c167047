"""Models of savings and shared credit."""

from incentives.models.baselines import Baseline
from incentives.models.months import ClosedMonth
from incentives.models.rates import BudgetRate
from incentives.models.reversals import Reversal
from incentives.models.savings import SavingLine
from incentives.models.targets import KpiTarget

__all__ = ["Baseline", "BudgetRate", "ClosedMonth", "KpiTarget", "Reversal", "SavingLine"]
