"""Watching and muting a case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from qualification.models import Case
from qualification.views.base import OnCase
from secondsource.core import watches
from secondsource.core.toasts import say_with_undo
from secondsource.core.views import go_to


def works_in(case: Case, user: Any) -> bool:
    """Whether the person is lead, sponsor or in the team and so is notified without watching."""
    return bool(Case.objects.led_by(user).filter(pk=case.pk).exists())


def is_notified(case: Case, user: Any) -> bool:
    """Whether the person is notified of changes of the case."""
    return watches.is_notified(case, user, notified_anyway=works_in(case, user))


class WatchCase(OnCase):
    """Start or stop watching a case."""

    permission_required = "qualification.view_case"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Not allowed."""
        return go_to(request, self.case.get_absolute_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``watch=1`` starts watching, any other value stops it."""
        begin, case = request.POST.get("watch") == "1", self.case
        if begin:
            watches.watch(subject=case, actor=self.actor)
        else:
            notified_anyway = works_in(case, request.user)
            watches.unwatch(subject=case, actor=self.actor, notified_anyway=notified_anyway)
        said = f"You watch {case.key}." if begin else f"You no longer watch {case.key}."
        say_with_undo(request, said, request.path, watch=int(not begin))
        return go_to(request, case.get_absolute_url())
