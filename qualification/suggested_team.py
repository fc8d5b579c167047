"""Whom a new case proposes: the opener, then people of earlier cases, the nearest first."""

from __future__ import annotations

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
    """Functions of the newest case on the part, then of its category, then of any.

    Only cases that the reader sees.
    """
    seen = Case.objects.visible_to(reader).select_related("sponsor").order_by("-number")
    near = (
        seen.filter(part=part),
        seen.filter(part__category=part.category),
        seen.filter(sponsor__isnull=False),
    )
    people: list[tuple[str, User]] = []
    for last in filter(None, (cases.first() for cases in near)):
        members = last.team.filter(function__in=CORE_TEAM).select_related("user").order_by("pk")
        people += [(str(member.function), member.user) for member in members]
        people += [(str(Function.SPONSOR), last.sponsor)] if last.sponsor else []
    return people
