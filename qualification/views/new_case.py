"""Pages that open a case: choose the alternate, then fill in the form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from qualification import services
from qualification.forms import OpenCaseForm
from qualification.guards import late_products
from qualification.models import Case
from qualification.models.cases import OPEN_STATES
from qualification.suggested_team import suggested_team
from qualification.views.lessons import of_category
from secondsource.core.errors import FieldProblem, ValuesRefused
from secondsource.core.views import FormPage
from suppliers.models import Source
from suppliers.names import normal_mpn

SHOWN = 20


def _at_their_field(refusal: ValuesRefused, team: list[Any]) -> list[FieldProblem]:
    """Map ``/team/1/person`` to the field of that function."""
    fields = {f"/team/{index}/person": f"/{what}" for index, (_, what) in enumerate(team)}
    return [replace(one, pointer=fields.get(one.pointer, one.pointer)) for one in refusal.problems]


class OpenCasePage(FormPage):
    """Open a case on ``?source=``; without it the page lists alternates that can be qualified."""

    permission_required = "qualification.open_case"
    template_name = "qualification/case_open.html"
    form_class = OpenCaseForm
    submit_label = "Open case"
    success_message = "Case opened."
    cancel_name = "case_list"

    def get_page_title(self) -> str:
        """The title, with the alternate if it is chosen."""
        made = self.source.manufacturer_part if self.source else None
        return f"Open a case on {made}" if made else "Open a case"

    @property
    def source(self) -> Source | None:
        """The chosen source within the reader's scope. Raises ``Http404``."""
        if not hasattr(self, "_source"):
            self._source = self._find(self.request.GET.get("source", ""))
        return self._source

    def _find(self, wanted: str) -> Source | None:
        if not wanted:
            return None
        try:
            return self._visible().get(public_id=UUID(wanted))
        except (Source.DoesNotExist, ValueError) as error:
            raise Http404("No such source.") from error

    def _visible(self) -> QuerySet[Any]:
        return (
            Source.objects.visible_to(self.request.user)
            .with_manufacturers()
            .select_related("part__category", "part__figures")
        )

    def get_choices(self) -> list[Source]:
        """Alternates without an open case, filtered by IPN or MPN."""
        text = self.request.GET.get("q", "").strip()
        running = Case.objects.filter(source=OuterRef("pk"), state__in=OPEN_STATES)
        free = self._visible().filter(~Exists(running), role=Source.Role.ALTERNATE)
        if text:
            free = free.filter(
                Q(part__ipn__contains=text.upper())
                | Q(part__description__icontains=text)
                | Q(manufacturer_part__mpn_normal__contains=normal_mpn(text))
            )
        open_first = free.exclude(status__in=[Source.Status.APPROVED, Source.Status.DISQUALIFIED])
        return list(open_first.order_by("part__ipn", "id")[: SHOWN + 1])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Risk class from the part's category, the opener as lead."""
        source = self.source
        kind = self.request.GET.get("kind", "")
        initial: dict[str, Any] = {"kind": kind or Case.Kind.SECOND_SOURCE}
        if source is not None:
            initial["risk_class"] = source.part.category.risk_class
            team = suggested_team(source.part, self.request.user)  # type: ignore[arg-type]
            initial |= {role: person.pk for role, person in team.items()}
        return {
            "initial": initial,
            "late": late_products(source.part_id) if source else [],
            **super().get_form_kwargs(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse a request without a source."""
        if self.source is None:
            raise Http404("Choose an alternate first.")
        return super().post(request, *args, **kwargs)

    def save(self, form: Any) -> str:
        """Open it as a draft."""
        assert self.source is not None  # checked in post()
        values = form.values()
        try:
            case = services.open_case(source=self.source, actor=self.actor, **values)
        except ValuesRefused as refusal:
            raise ValuesRefused(_at_their_field(refusal, values["team"])) from refusal
        return case.get_absolute_url()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the chosen source with its part, or the choices."""
        source = self.source
        extra: dict[str, Any] = {"source": source, "q": self.request.GET.get("q", "")}
        if source is None:
            choices = self.get_choices()
            extra |= {"choices": choices[:SHOWN], "more": len(choices) > SHOWN}
        else:
            category = source.part.category
            extra |= {
                "late": late_products(source.part_id),
                "part": source.part,
                "category": category,
                "earlier_lessons": of_category(self.actor.user, category),
            }
        return super().get_context_data(**extra, **context)
