"""Forms that a service saves."""

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

    ``form_class``; ``save(form)`` calls the service and returns the address to go to, or a
    response; a refusal of the service is shown in the form. Invalid: 422 with the form and the
    typed values. Mix with ``ObjectPage`` to edit an object (``class Edit(FormPage, ObjectPage)``).
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
        """Call the service; return where to go."""
        raise ImproperlyConfigured(f"{type(self).__name__} needs save().")

    def get_cancel_url(self) -> str:
        """Where Cancel leads; '' hides it."""
        return reverse(self.cancel_name) if self.cancel_name else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The empty form."""
        return self.respond(self.get_context_data(form=self.get_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save, or show what is wrong."""
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
        """On to the next page, with the toast."""
        if self.success_message:
            messages.success(self.request, self.success_message)
        return go_to(self.request, done) if isinstance(done, str) else done

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the labels of the form's foot."""
        return super().get_context_data(
            submit=self.submit_label,
            danger=self.danger,
            cancel_url=self.get_cancel_url(),
            **context,
        )


class VersionedForm(FormPage):
    """A form about a record that somebody else may change meanwhile; mix with ``ObjectPage``.

    It posts ``expected``, the version that the person saw. Who was slower is told who changed what,
    with both values; "keep mine" posts the form again on the version that is there now.
    """

    beside: ClassVar[str] = "Something beside the fields of this form."

    @property
    def record(self) -> Any:
        """What is changed; its ``version`` is compared."""
        return self.object  # type: ignore[attr-defined]

    @property
    def expected(self) -> int | None:
        """The version that the person saw. Raises ``RuleRefused`` for what is no version."""
        name = "current" if "keep" in self.request.POST else "expected"
        return posted_version(self.request.POST, name)

    def get_cancel_url(self) -> str:
        """Back to the object, unless ``cancel_name`` names another page."""
        return super().get_cancel_url() or str(self.object.get_absolute_url())  # type: ignore[attr-defined]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the version that the form was filled in on."""
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
        """With who was faster and what they changed, when that is why."""
        if status != 409 or self.expected is None:
            return super().refuse(form, status)
        now = type(self.record).objects.get(pk=self.record.pk)
        if now.version <= self.expected:  # refused for something else, a number that is taken
            return super().refuse(form, status)
        told = conflict(
            now, self.expected, actor=self.actor, typed=self.typed(form), beside=self.beside
        )
        context = self.get_context_data(form=form, conflict=told, current=now.version)
        return self.respond(context, status=409)


def add_problems(form: Any, refusal: ValuesRefused) -> None:
    """Put each refused value under its field, or on top when the form has no such field."""
    for problem in refusal.problems:
        name = problem.pointer.strip("/").split("/")[0]
        form.add_error(name if name in form.fields else None, problem.detail)
