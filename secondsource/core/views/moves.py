"""Base view of moves of a workflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from secondsource.core.errors import PermissionRefused, Refused, Stale
from secondsource.core.views.conflicts import posted_version
from secondsource.core.views.objects import ObjectPage
from secondsource.core.views.pages import go_to
from secondsource.core.workflow import Workflow


class MovePage(ObjectPage):
    """Confirms a move on GET and does it on POST.

    ``workflow``; the move's name is the URL argument ``move`` or the field ``move``; ``note`` and
    ``expected`` come from the form, every other field is the move's data. A refusal responds with
    422 (409 for a conflict) and all reasons. ``get_success_url`` (default: the object).
    """

    template_name = "move_page.html"
    fragments: ClassVar[Mapping[str, str]] = {"refusal": "components/blockers.html"}
    workflow: ClassVar[Workflow[Any]]
    danger: ClassVar[bool] = False

    @property
    def move(self) -> str:
        """The name of the wanted move."""
        return self.kwargs.get("move") or self.request.POST.get("move", "")

    def get_offer(self) -> Any:
        """The move as offered by the workflow now. Raises ``Http404``."""
        for offer in self.workflow.offered(self.object, self.actor):
            if offer.name == self.move:
                return offer
        raise Http404(f"There is no move {self.move!r} from here.")

    def get_success_url(self) -> str:
        """The next URL."""
        return self.object.get_absolute_url()

    def get_page_title(self) -> str:
        """The move's label and the object."""
        transition = self.workflow.transitions.get(self.move)
        return (
            super().get_page_title()
            or f"{transition.label if transition else 'Move'} {self.object}"
        )

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds whether the move ends or undoes something."""
        return super().get_context_data(danger=self.danger, **context)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The confirmation, which works without JavaScript."""
        offer = self.get_offer()
        return self.respond(self.get_context_data(offer=offer, reasons=offer.reasons))

    def get_move_data(self) -> dict[str, Any]:
        """The data of the move besides the note."""
        reserved = {"csrfmiddlewaretoken", "move", "note", "expected"}
        return {name: value for name, value in self.request.POST.items() if name not in reserved}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do the move, or show all reasons against it."""
        try:
            moved = self.workflow.fire(
                self.object.pk,
                self.move,
                actor=self.actor,
                note=request.POST.get("note", ""),
                data=self.get_move_data(),
                expected=posted_version(request.POST),
            )
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(request, self.get_success_message(moved))
        return go_to(request, self.get_success_url())

    def refuse(self, refusal: Refused, **context: Any) -> HttpResponse:
        """Show all reasons and the typed note, on the object as it is now."""
        self._object = self.get_object()
        try:
            offer = self.get_offer()
        except Http404:
            offer = None
        shown = self.get_context_data(
            offer=offer,
            reasons=refusal.reasons,
            note=self.request.POST.get("note", ""),
            refused=True,
            closed=offer is None or bool(offer.reasons),
            **context,
        )
        return self.respond(shown, status=409 if isinstance(refusal, Stale) else 422)

    def get_success_message(self, moved: Model) -> str:
        """The toast after the move."""
        return f"{self.workflow.transitions[self.move].label}: {moved}"
