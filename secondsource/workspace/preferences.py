"""Pages of the frame itself: theme, keyboard list, the start page of a role."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from secondsource.accounts.models import User
from secondsource.accounts.services import set_theme, set_time_zone
from secondsource.core.views import PUBLIC, SIGNED_IN, FormPage, Page
from secondsource.workspace.context import THEMES
from secondsource.workspace.navigation import landing

_YEAR = 365 * 24 * 3600


class HomePage(Page):
    """Redirect to the start page of the person's role."""

    permission_required = SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the landing page."""
        return redirect(landing(request.user))


class KeysPage(Page):
    """The keyboard list for readers without script."""

    permission_required = SIGNED_IN
    template_name = "workspace/keys.html"
    page_title = "Keyboard"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Switch the single keys on or off for this person."""
        on = request.POST.get("on") == "1"
        user: Any = request.user
        User.objects.filter(pk=user.pk).update(shortcuts_enabled=on)
        return redirect("keys")


class TimeZoneForm(forms.Form):
    """One of the zones of the tz database."""

    time_zone = forms.ChoiceField(label="Time zone")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["time_zone"]
        field.choices = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class TimeZonePage(FormPage):
    """The zone of the times that the reader sees."""

    permission_required = SIGNED_IN
    template_name = "workspace/time_zone.html"
    page_title = "Time zone"
    form_class = TimeZoneForm
    submit_label = "Save"
    cancel_name = "home"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present zone as initial value."""
        user: Any = self.request.user
        return {"initial": {"time_zone": user.time_zone}, **super().get_form_kwargs()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the zone whose days the rules compare."""
        return super().get_context_data(company_zone=settings.COMPANY_TIME_ZONE, **context)

    def save(self, form: Any) -> str:
        """Store it; the service refuses an unknown one."""
        user: Any = self.request.user
        set_time_zone(user=user, name=form.cleaned_data["time_zone"])
        messages.success(self.request, "Saved.")
        return reverse("time_zone")


class ThemePage(Page):
    """Store the chosen theme in the account, or in a cookie before sign-in."""

    permission_required = PUBLIC
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Store the theme and go back to the previous page."""
        theme = request.POST.get("theme", "")
        back = request.POST.get("next", "/")
        safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
        response = HttpResponseRedirect(back if safe else "/")
        if theme not in THEMES:
            return response
        if request.user.is_authenticated:
            set_theme(user=request.user, theme=theme)
        response.set_cookie(
            "theme", theme, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
        return response
