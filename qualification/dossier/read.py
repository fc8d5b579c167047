"""The sections of a dossier in their order, read with the eyes of the person who asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from qualification.dossier import approval, production, record, supplier, work
from qualification.dossier.model import Reading, Section, moment
from qualification.economics.readers import sees_costs
from qualification.models import Case
from secondsource.accounts.rights import HIDDEN_FIELDS
from secondsource.accounts.visibility import sees
from secondsource.core import clock
from secondsource.core.actors import Actor

#: The sections; each reads its part of the case.
SECTIONS: tuple[Callable[[Reading], Section], ...] = (
    approval.summary,
    approval.team,
    approval.scope,
    approval.plan,
    work.business_case,
    work.sop,
    approval.work,
    supplier.spec_review,
    supplier.clearance,
    supplier.declared,
    supplier.component_tests,
    supplier.ppap,
    work.fmea,
    work.pilot,
    approval.risks,
    approval.customers,
    approval.approvals,
    production.rollback_plan,
    production.breaches,
    production.introduction,
    production.built_in,
    record.steps,
    record.evidence,
    record.signatures,
    record.moves,
    record.versions,
)


def seen_groups(actor: Actor, case: Case) -> list[str]:
    """The groups of hidden fields that an actor sees, by name.

    Project cost of a case is one more, which its own people see without prices.
    """
    groups = [group for group in HIDDEN_FIELDS if sees(actor, group)]
    return sorted([*groups, *(["project_cost"] if sees_costs(actor, case) else [])])


def sections(reading: Reading) -> Iterator[dict[str, Any]]:
    """Each section as data."""
    for read in SECTIONS:
        yield read(reading).as_data()


def head(reading: Reading, number: int) -> dict[str, Any]:
    """The title page: of which case, for whom, when and with which rights."""
    case, user = reading.case, reading.actor.user
    groups = [group.replace("_", " ") for group in seen_groups(reading.actor, case)]
    return {
        "key": case.key,
        "title": f"{case.part.ipn}: {case.source.manufacturer_part}",
        "number": str(number),
        "version": str(case.version),
        "state": str(case.get_state_display()),
        "made_at": moment(clock.now()),
        "made_by": user.name if user else "",
        "rights": ", ".join(groups) or "no prices, margins or exposure",
    }
