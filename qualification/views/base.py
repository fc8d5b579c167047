"""What every page about a case shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse

from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.core import audit
from secondsource.core.views import FormPage, ObjectPage


class OnCase(ObjectPage):
    """A page about the case of the address, seen by who sees the case."""

    lookup: ClassVar[Mapping[str, str]] = {"number": "number"}
    context_name = "object"

    def get_queryset(self) -> QuerySet[Any]:
        """Cases that the reader may see."""
        return Case.objects.visible_to(self.request.user).with_list_columns()

    @property
    def case(self) -> Case:
        """The case that the page is about."""
        return self.object

    def permission_object(self) -> Case:
        """Rights are asked on the case."""
        return self.case

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds ``case``."""
        return super().get_context_data(case=self.case, **context)


class OnPartOfCase(OnCase):
    """A page about something that belongs to a case: a step, a hold point."""

    part_of: ClassVar[Any] = None
    argument: ClassVar[str] = "item"

    @property
    def lookup(self) -> Mapping[str, str]:  # type: ignore[override]
        """Case and thing must fit together."""
        return {"number": "case__number", self.argument: "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """Things of cases that the reader may see."""
        seen = Case.objects.visible_to(self.request.user)
        return self.part_of.objects.filter(case__in=seen).select_related(
            "case__part", "case__sponsor", "case__lead", "case__source"
        )

    @property
    def case(self) -> Case:
        """The thing's case."""
        return self.object.case


class CaseForm(FormPage):
    """A form about a case: back to the case on cancel and success, conflicts by name.

    Mix with ``OnCase`` or ``OnPartOfCase``. The form posts ``expected``, the version that the
    person saw; "keep mine" posts it again as the version that is there now.
    """

    permission_required = "qualification.write_case"
    template_name = "qualification/form.html"
    anchor: ClassVar[str] = ""

    def get_cancel_url(self) -> str:
        """The case."""
        return self.case.get_absolute_url() + self.anchor

    @property
    def expected(self) -> int | None:
        """The version that the person saw."""
        name = "current" if "keep" in self.request.POST else "expected"
        posted = self.request.POST.get(name, "")
        return int(posted) if posted.isdecimal() and len(posted) < 10 else None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the version that the form was filled in on."""
        seen = self.expected if self.request.method == "POST" else None
        expected = self.object.version if seen is None else seen
        return super().get_context_data(**{"expected": expected, **context})

    def refuse(self, form: Any, status: int = 422) -> HttpResponse:
        """With who was faster and what they changed, when that is why."""
        if status != 409:
            return super().refuse(form, status)
        seen, now = self.expected, type(self.object).objects.get(pk=self.object.pk)
        context = {"conflict": conflict(now, seen or now.version), "current": now.version}
        return self.respond(self.get_context_data(form=form, **context), status=409)


def conflict(record: Any, seen: int) -> dict[str, Any]:
    """Who changed ``record`` since its version ``seen``, when, and each field's two values."""
    rows = list(record.history.filter(version__gte=seen).order_by("version", "history_id"))
    first, last = rows[0], rows[-1]
    who = User.objects.filter(pk=last.history_user_id).first()
    changes = audit.changed_fields(last, first)
    what = "; ".join(
        f"{label(record, c['field'])}: {shown(c['from'])} → {shown(c['to'])}" for c in changes
    )
    return {
        "who": who.name if who else "Somebody",
        "at": last.history_date,
        "what": what or "Its work went on: team, steps or signatures.",
    }


def label(record: Any, name: str) -> str:
    """A field's name for people."""
    text = str(record._meta.get_field(name).verbose_name).replace("_", " ")
    return text[:1].upper() + text[1:]


def shown(value: Any) -> str:
    """A value in one line; nothing is a dash."""
    return "–" if value in (None, "") else str(value)
