"""Forms of the actions of an FMEA, and their evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from qualification import services
from qualification.fmea_forms import ActionForm
from qualification.models import Case, FmeaAction, FmeaRow
from qualification.views.base import CaseForm, OnPartOfCase
from qualification.views.fmea import OnRow, row_url
from secondsource.core.errors import PermissionRefused, Refused, ValuesRefused
from secondsource.core.views import go_to

FIELDS = tuple(name for name in ActionForm.base_fields if name != "evidence")


class NewActionPage(CaseForm, OnRow):
    """Add an action to a row."""

    form_class = ActionForm
    template_name = "qualification/fmea_action_form.html"
    submit_label = "Add action"
    success_message = "Action added."

    def get_page_title(self) -> str:
        """The row."""
        return f"Add an action to row {self.object.position}"

    def save(self, form: Any) -> str:
        """Add it; with a file as evidence it may be completed at once."""
        services.add_action(
            row=self.object, values=form.values(), upload=form.cleaned_data["evidence"],
            actor=self.actor,
        )  # fmt: skip
        return row_url(self.object)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the row."""
        return super().get_context_data(row=self.object, **context)


class OnAction(OnPartOfCase):
    """A page about an action."""

    part_of = FmeaAction
    to_case = "row__fmea__case"
    argument = "action"

    @property
    def case(self) -> Case:
        """The case of the action."""
        found: Case = self.object.row.fmea.case
        return found

    @property
    def row(self) -> FmeaRow:
        """The row of the action."""
        found: FmeaRow = self.object.row
        return found

    def get_cancel_url(self) -> str:
        """The row in the worksheet."""
        return row_url(self.row)


class ActionPage(OnAction, CaseForm):
    """Change an action, or complete it with evidence and new ratings."""

    form_class = ActionForm
    template_name = "qualification/fmea_action_form.html"
    submit_label = "Save action"
    success_message = "Action saved."

    def get_page_title(self) -> str:
        """The action."""
        return str(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present values."""
        action = self.object
        initial = {name: getattr(action, name) for name in FIELDS} | {"owner": action.owner_id}
        if action.status != FmeaAction.Status.COMPLETED:
            initial["revised_severity"] = None
        return {"initial": initial, "chosen": action.owner_id, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save it."""
        services.change_action(
            action=self.object, values=form.values(), upload=form.cleaned_data["evidence"],
            actor=self.actor, expected=self.expected,
        )  # fmt: skip
        return row_url(self.row)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds row and action."""
        return super().get_context_data(row=self.row, fmea_action=self.object, **context)


class RemoveAction(OnAction):
    """Remove an action that was not completed."""

    permission_required = "qualification.write_case"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Remove it; refusals are shown above the worksheet."""
        try:
            services.remove_action(action=self.object, actor=self.actor)
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except (Refused, ValuesRefused) as refusal:
            told = refusal.reasons if isinstance(refusal, Refused) else refusal.problems
            messages.error(request, " ".join(one.detail for one in told))
            return go_to(request, row_url(self.row))
        messages.success(request, "Action removed. The history keeps it.")
        return go_to(request, row_url(self.row))


class ActionEvidence(OnAction):
    """Download the evidence of an action."""

    permission_required = "qualification.view_case"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the file as an attachment."""
        file = self.object.evidence
        if file is None:
            raise Http404("The action has no evidence.")
        try:
            content = file.file.open("rb")
        except FileNotFoundError as error:
            raise Http404("The file is not in the store.") from error
        response = FileResponse(
            content, as_attachment=True, filename=file.name,
            content_type="application/octet-stream",
        )  # fmt: skip
        response["X-Content-Type-Options"] = "nosniff"
        response["X-Content-SHA256"] = file.sha256
        return response
