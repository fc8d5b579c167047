"""Base views of pages about a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.text import capfirst

from qualification.case_key import case_key
from qualification.models import Case
from secondsource.core.views import ObjectPage, VersionedForm

#: Acts that a conflict lists, the newest ones.
MOST_TOLD = 5


class OnCase(ObjectPage):
    """A page about the case in the URL, for readers who may see the case."""

    lookup: ClassVar[Mapping[str, str]] = {"number": "number"}
    context_name = "object"

    def get_queryset(self) -> QuerySet[Any]:
        """Cases that the reader may see."""
        return Case.objects.visible_to(self.request.user).with_columns_apart()

    def get_object(self) -> Any:
        """Raises ``Http404`` with the key of the case, not with its number."""
        try:
            return super().get_object()
        except Http404 as error:
            model, key = self.get_queryset().model, case_key(self.kwargs["number"])
            if model is Case:
                raise Http404(f"No case {key}.") from error
            raise Http404(f"{key} has no such {model._meta.verbose_name}.") from error

    @property
    def case(self) -> Case:
        """The case that the page is about."""
        return self.object

    def permission_object(self) -> Case:
        """The object of permission checks is the case."""
        return self.case

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds ``case``."""
        return super().get_context_data(case=self.case, **context)


class OnPartOfCase(OnCase):
    """A page about an object of a case: a step, a hold point."""

    part_of: ClassVar[Any] = None
    argument: ClassVar[str] = "item"
    #: The path from the object to its case.
    to_case: ClassVar[str] = "case"

    @property
    def lookup(self) -> Mapping[str, str]:  # type: ignore[override]
        """The object must belong to the case in the URL."""
        return {"number": f"{self.to_case}__number", self.argument: "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """Objects of cases that the reader may see."""
        seen = Case.objects.visible_to(self.request.user)
        related = (f"{self.to_case}__{name}" for name in ("part", "sponsor", "lead", "source"))
        return self.part_of.objects.filter(**{f"{self.to_case}__in": seen}).select_related(*related)

    @property
    def case(self) -> Case:
        """The object's case."""
        return self.object.case


class CaseForm(VersionedForm):
    """A form about a case; it returns to the case and names conflicts.

    Mix with ``OnCase`` or ``OnPartOfCase``.
    """

    permission_required = "qualification.write_case"
    template_name = "qualification/form.html"
    anchor: ClassVar[str] = ""

    @property
    def beside(self) -> str:  # type: ignore[override]
        """What was done since the form was opened, where no field of the record was changed."""
        later = self.record.history.filter(version__gt=self.expected).order_by("history_id")
        reasons = later.values_list("history_change_reason", flat=True)
        told = dict.fromkeys(capfirst(reason) for reason in reasons if reason)
        return "; ".join(list(told)[-MOST_TOLD:]) or super().beside

    def get_cancel_url(self) -> str:
        """The case."""
        return self.case.get_absolute_url() + self.anchor
