"""Base views of forms that a service saves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from secondsource.core.errors import (
    PermissionRefused,
    Refused,
    RuleRefused,
    Stale,
    ValuesRefused,
)
from secondsource.core.views.conflicts import conflict, posted_version
from secondsource.core.views.pages import Page, go_to


class FormPage(Page):
    """A form that a service saves.

    ``save(form)`` calls the service and returns the next URL, or a response; refusals of the
    service are shown in the form. Invalid forms get 422 with the typed values. Mix with
    ``ObjectPage`` to edit an object (``class Edit(FormPage, ObjectPage)``).
    """

    template_name = "form_page.html"
    form_class: ClassVar[type[BaseForm]]
    submit_label: ClassVar[str] = "Save"
    success_message: ClassVar[str] = ""
    danger: ClassVar[bool] = False
    #: URL name of the page where Cancel leads.
    cancel_name: ClassVar[str] = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Data and files of a post; extend with ``instance``, ``initial``, ``user``."""
        if self.request.method != "POST":
            return {}
        return {"data": self.request.POST, "files": self.request.FILES}

    def get_form(self) -> Any:
        """The form, bound on a post."""
        return self.form_class(**self.get_form_kwargs())

    def save(self, form: Any) -> str | HttpResponseBase:
        """Call the service. Returns the next URL."""
        raise ImproperlyConfigured(f"{type(self).__name__} needs save().")

    def get_cancel_url(self) -> str:
        """Where Cancel leads; '' hides it."""
        return reverse(self.cancel_name) if self.cancel_name else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The empty form."""
        return self.respond(self.get_context_data(form=self.get_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save, or show the errors."""
        form = self.get_form()
        if not form.is_valid():
            return self.refuse(form)
        try:
            done = self.save(form)
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, f"{reason.detail} {reason.fix}".strip())
            return self.refuse(form, 409 if isinstance(refusal, Stale) else 422)
        except ValuesRefused as refusal:
            add_problems(form, refusal)
            return self.refuse(form)
        return self.go(done)

    def refuse(self, form: Any, status: int = 422) -> HttpResponse:
        """The form with its errors and the typed values."""
        return self.respond(self.get_context_data(form=form), status=status)

    def go(self, done: str | HttpResponseBase) -> HttpResponseBase:
        """Redirect to the next page, with the toast."""
        if self.success_message:
            messages.success(self.request, self.success_message)
        return go_to(self.request, done) if isinstance(done, str) else done

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the labels of the buttons."""
        return super().get_context_data(
            submit=self.submit_label,
            danger=self.danger,
            cancel_url=self.get_cancel_url(),
            **context,
        )


class VersionedForm(FormPage):
    """A form with optimistic locking of its record; mix with ``ObjectPage``.

    It posts ``expected``, the version on which it was filled in. A conflict shows the changes with
    both values; "keep mine" posts the form again on the present version.
    """

    beside: ClassVar[str] = "Something beside the fields of this form."

    @property
    def record(self) -> Any:
        """The record, whose ``version`` is compared."""
        return self.object  # type: ignore[attr-defined]

    @property
    def expected(self) -> int | None:
        """The version on which the form was filled in.

        Raises ``RuleRefused`` for an invalid one.
        """
        name = "current" if "keep" in self.request.POST else "expected"
        return posted_version(self.request.POST, name)

    def get_cancel_url(self) -> str:
        """Back to the object, unless ``cancel_name`` names another page."""
        return super().get_cancel_url() or str(self.object.get_absolute_url())  # type: ignore[attr-defined]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the version on which the form is filled in."""
        try:
            seen = self.expected if self.request.method == "POST" else None
        except RuleRefused:
            seen = None
        expected = self.record.version if seen is None else seen
        return super().get_context_data(**{"expected": expected, **context})

    def typed(self, form: Any) -> Mapping[str, Any]:
        """The values of the form by the record's fields."""
        values: Mapping[str, Any] = form.cleaned_data
        return values

    def refuse(self, form: Any, status: int = 422) -> HttpResponse:
        """Adds the changes of somebody else if they are the reason."""
        if status != 409 or self.expected is None:
            return super().refuse(form, status)
        now = type(self.record).objects.get(pk=self.record.pk)
        if now.version <= self.expected:  # refused for another reason, such as a taken number
            return super().refuse(form, status)
        told = conflict(
            now, self.expected, actor=self.actor, typed=self.typed(form), beside=self.beside
        )
        context = self.get_context_data(form=form, conflict=told, current=now.version)
        return self.respond(context, status=409)


def add_problems(form: Any, refusal: ValuesRefused) -> None:
    """Add each refused value to its field, or to the form if it has no such field."""
    for problem in refusal.problems:
        name = problem.pointer.strip("/").split("/")[0]
        form.add_error(name if name in form.fields else None, problem.detail)
