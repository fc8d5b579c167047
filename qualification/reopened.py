"""What was recorded before a rollback: history, no evidence once the case was reopened.

The alternate, its site or its process was repaired since, so that the verdict asks for new builds.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from qualification.models import Case, GatePassage, Rollback
from qualification.models.cases import State
from qualification.querysets import CaseQuerySet

#: The same in SQL for a row ``{row}`` of case ``{case}`` that is at a gate again.
RECORDED_BEFORE = """EXISTS (SELECT FROM qualification_rollback k
  JOIN qualification_transition t ON t.id = k.transition_id
 WHERE t.case_id = {case} AND k.decided_at >= {row}.created_at)"""


def before_rollback(case_id: int, moment: str) -> Exists:
    """Whether a row's ``moment`` is before a rollback after which its case was reopened.

    A case that stays rolled back keeps its verdict as the approval saw it.
    """
    again = GatePassage.objects.filter(
        case=OuterRef("transition__case"), entered_at__gt=OuterRef("decided_at")
    )
    rolled_back = Rollback.objects.filter(
        Exists(again), transition__case=case_id, decided_at__gte=OuterRef(moment)
    )
    return Exists(rolled_back)


def rolling_back() -> CaseQuerySet:
    """Cases whose rollback is under way: decided, and its hours are not on record."""
    under_way = Rollback.objects.filter(transition__case=OuterRef("pk"), hours=None)
    cases: CaseQuerySet = Case.objects.filter(Exists(under_way), state=State.ROLLED_BACK)
    return cases
