"""Models of negotiations, splits, savings and shared credit."""

from incentives.models.baselines import Baseline
from incentives.models.indices import IndexValue, PriceIndex
from incentives.models.months import ClosedMonth
from incentives.models.negotiations import AwardLine, Negotiation, NegotiationRound, RoundPrice
from incentives.models.payouts import Payout, PayoutBatch
from incentives.models.pools import Allocation, BonusPool, Contribution
from incentives.models.rates import BudgetRate
from incentives.models.reversals import Reversal
from incentives.models.savings import SavingLine
from incentives.models.splits import SplitProposal, SplitShare
from incentives.models.targets import KpiTarget

__all__ = [
    "Allocation",
    "AwardLine",
    "Baseline",
    "BonusPool",
    "BudgetRate",
    "ClosedMonth",
    "Contribution",
    "IndexValue",
    "KpiTarget",
    "Negotiation",
    "NegotiationRound",
    "Payout",
    "PayoutBatch",
    "PriceIndex",
    "Reversal",
    "RoundPrice",
    "SavingLine",
    "SplitProposal",
    "SplitShare",
]
