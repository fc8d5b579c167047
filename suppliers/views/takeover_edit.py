"""A take-over proposed by hand; its reference and scope, until somebody confirms a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from secondsource.core.errors import ValuesRefused
from secondsource.core.views import FormPage, VersionedForm
from suppliers import services
from suppliers.models import Takeover
from suppliers.services import Proposal
from suppliers.takeover_forms import ReferenceForm, RowFormSet
from suppliers.takeover_rows import read_rows
from suppliers.views.takeovers import OfTakeover


class TakeoverCreate(FormPage):
    """Propose a batch by hand: typed, previewed, then written."""

    permission_required = "suppliers.propose_takeover"
    template_name = "suppliers/takeovers/takeover_form.html"
    page_title = "Propose a take-over"
    form_class = ReferenceForm
    submit_label = "Preview"
    prefix = "rows"
    cancel_name = "takeover_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The reader, whose products can be chosen."""
        return {"user": self.request.user, **super().get_form_kwargs()}

    def get_formset(self) -> Any:
        """The rows; “More rows” adds five."""
        if not hasattr(self, "_formset"):
            data = self.request.POST.copy() if self.request.method == "POST" else None
            if data is not None and "more" in data:
                total = str(data.get(f"{self.prefix}-TOTAL_FORMS", ""))
                count = int(total) if total.isdecimal() and len(total) < 4 else 0
                data[f"{self.prefix}-TOTAL_FORMS"] = str(count + 5)
            self._formset = RowFormSet(data, prefix=self.prefix)
        return self._formset

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """More rows, the preview, or the proposal."""
        form, rows = self.get_form(), self.get_formset()
        if "more" in request.POST:
            return self.respond(self.get_context_data(form=form))
        valid = form.is_valid()
        if not rows.is_valid() or not valid:
            return self.refuse(form)
        filled = [one for one in rows if one.has_changed()]
        proposals, problems = read_rows([one.written() for one in filled], self.actor.user)
        for problem in problems:
            _point(filled, problem.pointer, problem.detail)
        if problems:
            return self.refuse(form)
        if "sure" not in request.POST and proposals:
            return self.respond(self.get_context_data(form=form, preview=_preview(form, proposals)))
        return self._propose(form, proposals)

    def _propose(self, form: Any, proposals: list[Proposal]) -> HttpResponseBase:
        values = dict(form.cleaned_data)
        if proposals and all(services.judge_proposals(proposals)):
            form.add_error(None, "None of these rows can be taken over: see the preview.")
            return self.refuse(form)
        try:
            takeover = services.propose_takeover(
                **values, proposals=proposals, actor=self.actor, partial=True
            )
        except ValuesRefused as refusal:
            for detail in dict.fromkeys(problem.detail for problem in refusal.problems):
                form.add_error(None, detail)
            return self.refuse(form)
        messages.success(self.request, f"Proposed {takeover.reference}.")
        return self.go(takeover.get_absolute_url())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the rows."""
        return super().get_context_data(rows=self.get_formset(), **context)


def _preview(form: Any, proposals: list[Proposal]) -> dict[str, Any]:
    """The outcome of each row."""
    findings = services.judge_proposals(proposals)
    remarks = services.remarks_on(proposals, form.cleaned_data["products"])
    refused = sum(finding is not None for finding in findings)
    return {
        "rows": list(zip(proposals, findings, remarks, strict=True)),
        "good": len(proposals) - refused,
        "refused": refused,
    }


def _point(filled: list[Any], pointer: str, detail: str) -> None:
    """Add a problem (``/rows/3/part``) to its field."""
    _, _, place, *path = pointer.split("/")
    field = {"manufacturer": "manufacturer", "mpn": "mpn"}.get(path[-1], path[0])
    filled[int(place)].add_error(field, detail)


class TakeoverEdit(VersionedForm, OfTakeover):
    """Change the document that a batch names, and what it is for; a file names neither."""

    permission_required = "suppliers.propose_takeover"
    page_title = "Reference and scope"
    template_name = "suppliers/takeovers/takeover_edit.html"
    form_class = ReferenceForm
    success_message = "Saved."

    def get_queryset(self) -> QuerySet[Any]:
        """Batches with a row in the reader's scope."""
        seen: QuerySet[Any] = Takeover.objects.visible_to(self.actor.user)
        return seen

    def get_initial(self) -> Mapping[str, Any]:
        """The present values."""
        batch = self.object
        return {
            "document": batch.document,
            "revision": batch.revision,
            "dated": batch.dated,
            "products": batch.products.all(),
            "plants": batch.plants.all(),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """The reader, whose products can be chosen."""
        return {"user": self.request.user, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Write them; a stale version is refused."""
        services.change_takeover(
            takeover=self.object,
            values=form.cleaned_data,
            actor=self.actor,
            expected=self.expected,
        )
        return self.get_cancel_url()
