"""Effort on cases: logged by one key or button, and shown by person as the rights allow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from incentives.effort import Effort, logged_effort
from qualification import services
from qualification.case_key import number_of
from qualification.credit import FORMER
from qualification.house_rules import EffortPolicy
from qualification.models import Case, CostEntry, CostKind
from secondsource.accounts.models import User
from secondsource.core import clock, policies
from secondsource.core.errors import PermissionRefused, Refused, ValuesRefused
from secondsource.core.formats import number
from secondsource.core.toasts import say_with_undo
from secondsource.core.views import SIGNED_IN, Page, go_to

#: Hours of the buttons on My work; the key L logs the first.
STEPS = (Decimal("0.5"), Decimal(1), Decimal(2))


@dataclass(frozen=True)
class PersonsEffort:
    """Hours of a person; ``email`` is None for somebody who is not on record any more."""

    name: str
    email: str | None
    hours: Decimal


@dataclass(frozen=True)
class EffortOnCase:
    """Hours on a case: the reader's own, all, and by person for the lead."""

    own: Decimal
    own_today: Decimal
    total: Decimal
    by_person: tuple[PersonsEffort, ...]


def entries_of(case: Case) -> Any:
    """Logged hours of a case, without entries that were corrected and their counter-entries."""
    rows = CostEntry.objects.filter(case=case, kind=CostKind.HOURS, corrects=None)
    return rows.filter(correction=None)


def on_case(case: Case, reader: User) -> EffortOnCase:
    """Hours on a case as the reader sees them; by person within the house rule's months."""
    rules, _ = policies.active(EffortPolicy)
    today = clock.business_day()
    rows = list(entries_of(case).values_list("entered_by", "day", "hours"))
    found = logged_effort(
        [Effort(person=str(pk or ""), day=day, hours=hours) for pk, day, hours in rows],
        today=today, policy=rules,
    )  # fmt: skip
    seen = found.by_person if case.lead_id == reader.pk else {}
    return EffortOnCase(
        own=sum((hours for pk, _, hours in rows if pk == reader.pk), Decimal(0)),
        own_today=sum(
            (hours for pk, day, hours in rows if pk == reader.pk and day == today), Decimal(0)
        ),
        total=found.total,
        by_person=_by_person(seen),
    )


def _by_person(hours: dict[str, Decimal]) -> tuple[PersonsEffort, ...]:
    people = User.objects.in_bulk([int(pk) for pk in hours if pk])
    found = []
    for pk, logged in hours.items():
        person = people.get(int(pk or 0))
        name, email = (person.name, person.email) if person else (FORMER, None)
        found.append(PersonsEffort(name, email, logged))
    return tuple(sorted(found, key=lambda one: -one.hours))


class _EffortPage(Page):
    """Base of the two acts; they return to the task from which they were called."""

    permission_required = SIGNED_IN
    http_method_names = ("post",)

    def back(self) -> str:
        """My work with the same task."""
        item = self.request.POST.get("item", "")[:100]
        return reverse("my_work") + (f"?{urlencode({'item': item})}" if item else "")

    def try_it(self, call: Any) -> Any:
        """The result of a service, or None with its refusal told."""
        try:
            return call()
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except (Refused, ValuesRefused) as refusal:
            told = refusal.reasons if isinstance(refusal, Refused) else refusal.problems
            messages.error(self.request, " ".join(one.detail for one in told))
            return None


class LogEffort(_EffortPage):
    """Log hours of today on a case."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``hours`` is one of ``STEPS``."""
        hours = next((step for step in STEPS if str(step) == request.POST.get("hours")), None)
        if hours is None:
            messages.error(request, "Choose one of the buttons, or log other hours as a cost.")
            return go_to(request, self.back())
        case = self._case(request)
        made = self.try_it(
            lambda: services.log_cost(
                case=case, kind=CostKind.HOURS, hours=hours, day=clock.business_day(),
                actor=self.actor,
            )
        )  # fmt: skip
        if made is not None:
            say_with_undo(
                request, f"Logged {number(hours)} h on {case.key}.", reverse("effort_undo"),
                entry=str(made.public_id), item=request.POST.get("item", "")[:100],
            )  # fmt: skip
        return go_to(request, self.back())

    def _case(self, request: HttpRequest) -> Case:
        seen = Case.objects.visible_to(self.actor.user)
        try:
            found: Case = seen.get(number=number_of(request.POST.get("case", "")))
        except (Case.DoesNotExist, ValueError, OverflowError) as error:
            raise Http404("No such case.") from error
        return found


class UndoEffort(_EffortPage):
    """Take back hours that were just logged, by a counter-entry."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only the reader's own hours."""
        own = CostEntry.objects.filter(entered_by=self.actor.user, kind=CostKind.HOURS)
        try:
            entry = own.get(public_id=request.POST.get("entry", ""))
        except (CostEntry.DoesNotExist, ValidationError) as error:
            raise Http404("You logged no such hours.") from error
        made = self.try_it(
            lambda: services.correct_cost(entry=entry, reason="Undone at once.", actor=self.actor)
        )
        if made is not None:
            messages.success(request, f"Taken back: {number(entry.hours)} h on {entry.case.key}.")
        return go_to(request, self.back())
