"""Handing one's open work over: the page of it, by case, with all of it chosen at first."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from qualification import services
from qualification.forms import MEMBERS, PersonField
from qualification.held_work import Held, held_by
from secondsource.core.templatetags.ui import count
from secondsource.core.views import FormPage


class HandOverForm(forms.Form):
    """To whom, why, and what."""

    to = PersonField(*MEMBERS, label="To")
    reason = forms.CharField(
        widget=forms.Textarea, max_length=2000, help_text="Shown in the history of each case."
    )
    keys = forms.MultipleChoiceField(
        label="What", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, held: list[Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["to"].offer()
        # Posted keys are taken as they are: the service says of each what became of it.
        data: Any = self.data
        posted = data.getlist("keys") if self.is_bound else []
        known = {one.key: one.title for one in held} | {key: key for key in posted[:1000]}
        fields["keys"].choices = list(known.items())
        fields["keys"].initial = [one.key for one in held]


class HandOverPage(FormPage):
    """Hand leads, functions, steps and actions over to another person."""

    permission_required = "workspace.view_my_work"
    template_name = "workspace/hand_over.html"
    page_title = "Hand over my work"
    form_class = HandOverForm
    submit_label = "Hand over"
    cancel_name = "my_work"

    @property
    def held(self) -> list[Held]:
        """What the reader holds, read once a request."""
        if not hasattr(self, "_held"):
            self._held = held_by(self.request.user)  # type: ignore[arg-type]
        return self._held

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the reader holds."""
        return {"held": self.held, **super().get_form_kwargs()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what is held, by case, and which of it is chosen."""
        groups = groupby(self.held, key=lambda one: one.case)
        found = super().get_context_data(
            groups=[(case, list(held)) for case, held in groups], **context
        )
        form = found["form"]
        chosen = form["keys"].value() or []
        return {**found, "chosen": set(map(str, chosen)), "held": self.held}

    def save(self, form: Any) -> str:
        """Hand over what is chosen, all of it or nothing."""
        values = form.cleaned_data
        handed = services.hand_over(
            to=values["to"], reason=values["reason"], keys=values["keys"], actor=self.actor
        )
        things = count(len(handed), "thing")
        messages.success(self.request, f"{things} handed over to {values['to'].name}.")
        return reverse("my_work")
