"""What is open in the declarations of a manufacturer part on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from secondsource.core.calendar import add_months
from secondsource.core.errors import Reason
from secondsource.core.formats import day as in_words
from suppliers.models import Declaration

#: Months after which a declaration refers to too old a candidate list of REACH; it grows twice a
#: year [D].
LIST_MONTHS = 12
_OPEN = {
    Declaration.Status.NON_COMPLIANT: "The part is not compliant with RoHS.",
    Declaration.Status.UNRESOLVED: "Smelters of conflict minerals are not resolved.",
}

#: The statuses of each scheme.
STATUSES: dict[str, tuple[Declaration.Status, ...]] = {
    Declaration.Scheme.ROHS: (
        Declaration.Status.COMPLIANT,
        Declaration.Status.EXEMPT,
        Declaration.Status.NON_COMPLIANT,
    ),
    Declaration.Scheme.REACH: (Declaration.Status.NO_SVHC, Declaration.Status.SVHC),
    Declaration.Scheme.CONFLICT_MINERALS: (
        Declaration.Status.CONFORMANT,
        Declaration.Status.UNRESOLVED,
    ),
}


def open_points(
    declarations: Iterable[Declaration], schemes: Iterable[str], today: dt.date
) -> list[Reason]:
    """Missing schemes, and declarations that are expired, outdated or tell of a problem."""
    known = {one.scheme: one for one in declarations}
    found = []
    for scheme in schemes:
        one = known.get(scheme)
        if one is None:
            label = Declaration.Scheme(scheme).label
            detail = f"No declaration on record: {label}."
            fix = "Ask the manufacturer, then record it."
            found.append(Reason("declaration_missing", detail, fix, scheme))
        elif reason := against(one, today):
            found.append(reason)
    return found


def against(one: Declaration, today: dt.date) -> Reason | None:
    """Why a declaration is open on a day; None if it holds."""
    said = _OPEN.get(Declaration.Status(one.status))
    if said:
        return Reason("declared_problem", said, "Change the candidate or its material.", one.scheme)
    if one.exemption_expires is not None and one.exemption_expires < today:
        detail = f"The RoHS exemption {one.exemption} expired on {in_words(one.exemption_expires)}."
        fix = "Get a declaration without it, or with its renewal."
        return Reason("exemption_expired", detail, fix, one.scheme)
    if one.list_date is not None and add_months(one.list_date, LIST_MONTHS) < today:
        detail = f"REACH was declared on the list of {in_words(one.list_date)}."
        return Reason("list_outdated", detail, "Get one on the present list.", one.scheme)
    return None
