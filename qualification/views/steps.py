"""Pages for the steps and the discussion of a case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from qualification import guards, services
from qualification.models import ChecklistItem
from qualification.models.cases import GATES
from qualification.step_forms import CommentForm, DoneForm, ItemForm, NewItemForm, ValueForm
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from secondsource.core import discussion
from secondsource.core.toasts import say_who_is_notified, say_with_undo


class OnItem(OnPartOfCase):
    """A page about a step."""

    part_of = ChecklistItem

    def get_page_title(self) -> str:
        """The step."""
        return self.object.text

    def get_url(self) -> str:
        """The step on its case's page."""
        return f"{self.case.get_absolute_url()}?gate={self.object.gate}#step-{self.object.pk}"

    def get_cancel_url(self) -> str:
        """The step on its case's page."""
        return self.get_url()


class ItemDonePage(OnItem, CaseForm):
    """Tick or untick a step; an untick that voids signatures is confirmed first."""

    template_name = "qualification/item_done.html"
    form_class = DoneForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Redirect to the step on its case's page."""
        return HttpResponseRedirect(self.get_url())

    def save(self, form: Any) -> str | HttpResponseBase:
        """Tick or untick, or ask for confirmation."""
        done = form.cleaned_data["done"]
        given = self._signatures()
        if not done and given and not form.cleaned_data["sure"]:
            return self.respond(self.get_context_data(form=form, voided=given))
        services.set_item(item=self.object, done=done, actor=self.actor)
        said = "Done." if done else "Opened again."
        if given and not done:  # voided signatures are not restored
            messages.success(self.request, said)
        else:
            say_with_undo(self.request, said, self.request.path, done=int(not done))
        return self.get_url()

    def _signatures(self) -> list[Any]:
        standing = self.case.sign_offs.filter(gate=self.object.gate, voided_at=None)
        return list(standing.select_related("signed_by"))


class ItemValuePage(OnItem, CaseForm):
    """Enter the value of a step."""

    template_name = "qualification/item_value.html"
    form_class = ValueForm
    submit_label = "Save value"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the step and its value."""
        initial = {"value": self.object.value}
        return {"item": self.object, "initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save the value; the toast says whether it is within its limits."""
        item = services.set_value(
            item=self.object, value=form.cleaned_data["value"], actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        self.success_message = item.problem or ("Done." if item.done_at else "Value removed.")
        return self.get_url()


class ItemPage(OnItem, CaseForm):
    """Owner, day and note of a step."""

    form_class = ItemForm
    submit_label = "Save step"
    success_message = "Step saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present values of the step."""
        item = self.object
        initial = {"owner": item.owner_id, "due_date": item.due_date, "note": item.note}
        return {"initial": initial, "chosen": item.owner_id, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Write what differs."""
        services.change_item(
            item=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_url()


class NewItemPage(OnCase, CaseForm):
    """Add a step that is not in the SOP."""

    form_class = NewItemForm
    submit_label = "Add step"
    success_message = "Step added."

    def get_page_title(self) -> str:
        """The case."""
        return f"Add a step to {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the gates that are not passed, with one selected."""
        here = str(guards.gate_of(self.case))
        wanted = self.request.GET.get("gate", "")
        initial = {"gate": wanted if wanted in GATES else here}
        return {"first": here, "initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Add the step after the last one of its gate."""
        item = services.add_item(case=self.case, actor=self.actor, **form.cleaned_data)
        return f"{self.case.get_absolute_url()}?gate={item.gate}#step-{item.pk}"


class CommentPage(OnCase, CaseForm):
    """Add a comment to the discussion."""

    permission_required = "qualification.discuss_case"
    form_class = CommentForm
    submit_label = "Post comment"

    def get_page_title(self) -> str:
        """The case."""
        return f"Comment on {self.case.key}"

    def save(self, form: Any) -> str:
        """Add it."""
        text = form.cleaned_data["text"]
        comment = discussion.say(subject=self.case, text=text, actor=self.actor)
        say_who_is_notified(self.request, comment, self.case)
        return f"{self.case.get_absolute_url()}#discussion"
