"""The approvals that wait: signatures that can be given, interims that end, late customers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery

from qualification.models import AcceptedRisk, CustomerApproval, Interim, RiskSignature
from qualification.models.approval import RISK_SIGNERS
from qualification.models.cases import State
from qualification.querysets import CaseQuerySet
from qualification.task_counts import unsigned_functions
from secondsource.core import clock

#: An id that no case has, for an empty list.
NOBODY = 0
_AT_APPROVAL = Q(state=State.APPROVAL) | Q(state=State.ON_HOLD, held_from=State.APPROVAL)


def waiting(cases: CaseQuerySet, ready: Collection[int]) -> Any:
    """Cases at the approval gate, and those that can be signed at another one.

    ``ready`` are the ids of cases that can be signed. They are read apart, because their condition
    would stand in each statement, and its planning takes longer than its answer. Adds ``to_sign``,
    ``unsigned`` (functions of the present gate), ``interim_end``, ``late`` (customers whose answer
    is overdue) and ``open_risks`` (a risk lacks a signature).
    """
    return cases.annotate(
        to_sign=Q(pk__in=ready or [NOBODY]),
        unsigned=ArraySubquery(unsigned_functions()),
        interim_end=Subquery(_interims().values("approval__valid_to")[:1]),
        late=Exists(_late_customers()),
        open_risks=Exists(_open_risks()),
    ).filter(_AT_APPROVAL | Q(to_sign=True))


def _interims() -> Any:
    """The interim approval of a case that is valid today."""
    valid = Interim.objects.filter(
        case=OuterRef("pk"), approval__revocation=None,
        approval__valid_to__gte=clock.business_day(),
    )  # fmt: skip
    return valid.order_by("-pk")


def _late_customers() -> Any:
    """``CustomerApproval.is_overdue`` in SQL."""
    return CustomerApproval.objects.standing().filter(
        case=OuterRef("pk"), answer="", silence_clause="", due__lt=clock.business_day()
    )


def _open_risks() -> Any:
    """Standing risks that a function has not signed."""
    lacking: Any = Q()
    for function in RISK_SIGNERS:
        given = RiskSignature.objects.filter(risk=OuterRef("pk"), function=function, voided_at=None)
        lacking |= ~Exists(given)
    return AcceptedRisk.objects.standing().filter(lacking, case=OuterRef("pk"))
