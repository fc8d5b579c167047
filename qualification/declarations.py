"""Whether the candidate of a case is declared."""

from __future__ import annotations

from parts.models.catalogue import RiskClass
from qualification import linked_work
from qualification.models import Case, ChecklistItem
from secondsource.core import clock
from secondsource.core.errors import Reason
from suppliers.declared import open_points
from suppliers.models import Declaration


def schemes_of(case: Case) -> list[str]:
    """What has to be declared; conflict minerals above the low risk class [D]."""
    schemes = list(Declaration.Scheme.values)
    return schemes if case.risk_class != RiskClass.LOW else schemes[:2]


def of(case: Case) -> list[Declaration]:
    """The declarations of the candidate."""
    return list(Declaration.objects.filter(manufacturer_part__sources=case.source_id))


def missing(case: Case) -> list[Reason]:
    """Declarations that are missing, expired, outdated or tell of a problem."""
    return open_points(of(case), schemes_of(case), clock.business_day())


def told(case: Case) -> str:
    """``2 of 3 declarations hold.``."""
    wanted = len(schemes_of(case))
    return f"{wanted - len(missing(case))} of {wanted} declarations hold."


linked_work.register(
    linked_work.LinkedWork(
        ChecklistItem.Link.DECLARATIONS, "case_spec_review", missing=missing, told=told
    )
)
