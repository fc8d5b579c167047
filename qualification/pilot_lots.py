"""The lots of the alternate that are on record for a case, and those that a name may mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from django.db.models import F

from qualification.models import Case, InspectionLot, PilotBuild, PilotLot, Sample
from suppliers.models import Receipt

_CLOSE, _SHOWN = 0.6, 3


def lots_of(cases: Iterable[Case]) -> dict[int, set[str]]:
    """Case id → its lots: received, inspected, named in a plan or built before."""
    ids = [case.pk for case in cases]
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    rows = (
        Sample.objects.filter(case__in=ids).values_list("case", "lot"),
        InspectionLot.objects.filter(case__in=ids, voided_at=None).values_list("case", "lot"),
        PilotLot.objects.filter(plan__case__in=ids).values_list("plan__case", "lot"),
        PilotBuild.objects.standing().filter(plan__case__in=ids).values_list("plan__case", "lot"),
        Receipt.objects.standing()
        .filter(source__cases__in=ids, received_qty__gt=0)
        .values_list(F("source__cases"), "lot"),
    )
    for pk, lot in (row for one in rows for row in one.distinct()):
        if pk in found and lot:
            found[pk].add(lot)
    return found


def may_mean(name: str, known: Collection[str]) -> list[str]:
    """The lots on record whose names are close to this one, the closest first."""
    by_text = {lot.casefold(): lot for lot in sorted(known, reverse=True)}
    close = get_close_matches(name.casefold(), list(by_text), n=_SHOWN, cutoff=_CLOSE)
    return [by_text[text] for text in close]
