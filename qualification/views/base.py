"""What every page about a case shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet

from qualification.models import Case
from secondsource.core.views import ObjectPage, VersionedForm


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
    #: How the thing leads to its case.
    to_case: ClassVar[str] = "case"

    @property
    def lookup(self) -> Mapping[str, str]:  # type: ignore[override]
        """Case and thing must fit together."""
        return {"number": f"{self.to_case}__number", self.argument: "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """Things of cases that the reader may see."""
        seen = Case.objects.visible_to(self.request.user)
        related = (f"{self.to_case}__{name}" for name in ("part", "sponsor", "lead", "source"))
        return self.part_of.objects.filter(**{f"{self.to_case}__in": seen}).select_related(*related)

    @property
    def case(self) -> Case:
        """The thing's case."""
        return self.object.case


class CaseForm(VersionedForm):
    """A form about a case: back to the case on cancel and success, conflicts by name.

    Mix with ``OnCase`` or ``OnPartOfCase``.
    """

    permission_required = "qualification.write_case"
    template_name = "qualification/form.html"
    anchor: ClassVar[str] = ""

    def get_cancel_url(self) -> str:
        """The case."""
        return self.case.get_absolute_url() + self.anchor
