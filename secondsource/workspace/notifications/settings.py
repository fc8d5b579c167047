"""The channel of each kind of notification."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages

from secondsource.core import notifications
from secondsource.core.models import NotificationKind
from secondsource.core.notifications import Way
from secondsource.core.views import SIGNED_IN, FormPage
from secondsource.workspace.notifications.digest import HOUR


class WaysForm(forms.Form):
    """One choice for each kind that comes to the reader."""

    def __init__(self, *args: Any, reader: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind in NotificationKind:
            if kind == NotificationKind.FOLLOW_UP and not reader.has_perm("accounts.manage_jobs"):
                continue
            self.fields[str(kind)] = forms.ChoiceField(label=kind.label, choices=Way.choices)


class NotificationSettings(FormPage):
    """Bell, mail at once or daily, or nothing, by kind."""

    permission_required = SIGNED_IN
    template_name = "workspace/notifications/settings.html"
    page_title = "Notification settings"
    form_class = WaysForm
    submit_label = "Save"
    cancel_name = "notification_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present choices as initial values."""
        ways = notifications.ways_of(self.actor.user)
        return {"initial": ways, "reader": self.request.user, **super().get_form_kwargs()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds where and when the mail comes."""
        return super().get_context_data(hour=HOUR, **context)

    def save(self, form: Any) -> str:
        """Store the choices; earlier notifications stay."""
        notifications.choose(user=self.actor.user, ways=form.cleaned_data)
        messages.success(self.request, "Saved.")
        return self.get_cancel_url()
