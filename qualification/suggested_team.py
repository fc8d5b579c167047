"""The proposed team of a new case: its opener, then people of the last similar case."""

from __future__ import annotations

from django.db.models import Q

from parts.models import Part
from qualification.gate_requirements import CORE_TEAM
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.accounts.rights import CASE_WORKERS, Function


def suggested_team(part: Part, opener: User) -> dict[str, User]:
    """People by ``lead``, function of the core team and ``sponsor``.

    Nobody is proposed for two functions, because a person signs a gate once.
    """
    found: dict[str, User] = {}
    if CASE_WORKERS.intersection(opener.roles):
        found["lead"] = opener
    own = next((f for f in reversed(CORE_TEAM) if opener.may_hold(f)), None)
    if own is not None:
        found[own] = opener
    for function, person in _last_people(part, opener):
        free = function == Function.SPONSOR or person not in found.values()
        if free and person.is_active and person.may_hold(function):
            found.setdefault(function, person)
    return found


def _last_people(part: Part, reader: User) -> list[tuple[str, User]]:
    """Functions of the newest visible case on the part, else on its category."""
    here = Case.objects.visible_to(reader).select_related("sponsor").order_by("-number")
    last = here.filter(part=part).first() or here.filter(Q(part__category=part.category)).first()
    if last is None:
        return []
    members = last.team.filter(function__in=CORE_TEAM).select_related("user").order_by("pk")
    people = [(str(member.function), member.user) for member in members]
    return [*people, (str(Function.SPONSOR), last.sponsor)] if last.sponsor else people
