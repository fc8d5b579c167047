"""The endpoint ``/cases/``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import serializers, services
from qualification.case_key import PATTERN, number_of
from qualification.filters import CaseFilterSet
from qualification.models import Case
from qualification.next_move import Steps, with_work
from qualification.workflow import CASE_FLOW
from secondsource.accounts.models import User
from secondsource.core import audit
from secondsource.core.api.history import History
from secondsource.core.api.history_entries import TRANSACTION, transactions_of
from secondsource.core.api.moves import Moves
from secondsource.core.api.permissions import SIGNED_IN_WRITE
from secondsource.core.api.views import Addable, Changeable, Readable


class CaseFilter(CaseFilterSet):
    """The filters of the page, with ``search`` in place of ``q``."""

    q = None
    search = django_filters.CharFilter(label="Search", method="by_text")

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """By a part of the key, the part's number or an MPN."""
        found: QuerySet[Any] = queryset.search(value)
        return found


#: Events whose ``changes`` belong to the history of a case.
_PLANNED = ("qualification.case.planned", "qualification.case.scoped")


def _pairs(team: Iterable[dict[str, Any]]) -> list[tuple[User, str]]:
    return [(member["person"], member["function"]) for member in team]


@lru_cache
def _rows(steps: Steps) -> Any:
    """The cases with what their shape shows, kept unread because to build them takes 2 ms."""
    return with_work(Case.objects.with_columns_apart(), steps=steps).prefetch_related(
        "passages",
        "planned_gates",
        "runs__ramp",
        "interims__approval",
        "products",
        "plants",
        "sites",
    )


class CaseResource(Readable, Addable, Changeable, Moves, History):
    """Qualification cases, addressed by key."""

    permission = {"read": "qualification.view_case", "write": "qualification.write_case"}
    shape = serializers.CaseShape
    input_class = serializers.CaseInput
    changes_class = serializers.CaseChanges
    filterset_class = CaseFilter
    workflow = CASE_FLOW
    lookup_field = "number"
    lookup_url_kwarg = "key"
    lookup_value_regex = PATTERN
    orderings = {"key": "number", "opened_at": "opened_at", "due_date": "due_date"}
    ordering = ("-key",)
    page_size = 20  # the blockers of each row are judged, as in the list of cases

    def rows(self) -> QuerySet[Case]:
        """Cases in the caller's scope. A single one is judged by its linked work as it is now."""
        read = _rows(Steps.NONE if self.detail else Steps.OPEN)
        seen: QuerySet[Case] = read.visible_to(self.actor.user)
        return seen

    def get_object(self) -> Case:
        """The case with this key."""
        self.kwargs = {"key": number_of(self.kwargs["key"])}
        found: Case = super().get_object()
        return found

    def address_of(self, obj: Case) -> str:
        """The key of the case."""
        return obj.key

    def add(self, values: dict[str, Any]) -> Case:
        """Open a case as a draft, with its team when one is given."""
        values["team"] = _pairs(values.get("team", ()))
        return services.open_case(**values, actor=self.actor)

    @transaction.atomic
    def change(self, obj: Case, values: dict[str, Any], expected: int | None) -> Case:
        """Change fields and team, then the lead. The caller can lose access with the lead."""
        team, lead = values.pop("team", None), values.pop("lead", None)
        if "ramp" in values:
            values["ramp"] = [(step["month"], step["share"]) for step in values["ramp"]]
        if "planned_gates" in values:
            days = {day["gate"]: day["due"] for day in values["planned_gates"]}
            values["planned_gates"] = days
        case = services.change_case(case=obj, values=values, actor=self.actor, expected=expected)
        case = self._staffed(case, team)
        if lead is not None and lead.pk != case.lead_id:
            case = services.change_lead(case=case, lead=lead, actor=self.actor)
        return case

    def _staffed(self, case: Case, team: list[dict[str, Any]] | None) -> Case:
        if team is not None:
            services.set_team(case=case, members=_pairs(team), actor=self.actor)
        return case

    def describe(self, obj: Any, entries: list[Any]) -> list[dict[str, Any]]:
        """Adds the changes of each plan, whose objects are rows of their own."""
        shown = super().describe(obj, entries)
        written = transactions_of(obj, entries)
        events = (
            audit.events_of(obj)
            .annotate(tx=TRANSACTION)
            .filter(action__in=_PLANNED, tx__in=written)
        )
        planned: dict[int, list[Any]] = {}
        for event in events:
            planned[event.tx] = [*event.data["changes"], *planned.get(event.tx, [])]
        for entry, transaction_id in zip(shown, written, strict=True):
            entry["changes"] = [*entry["changes"], *planned.pop(transaction_id, [])]
        return shown

    @extend_schema(request=serializers.SponsorInput, responses=serializers.CaseShape)
    @action(detail=True, methods=["post"], permission=SIGNED_IN_WRITE)
    def sponsor(self, request: Request, **kwargs: Any) -> Response:
        """Name the sponsor.

        The lead names the first one, later the sponsor, an executive or an administrator.
        """
        found = self.get_object()
        values = self.take_expected(serializers.SponsorInput, found)
        case = services.name_sponsor(case=found, **values, actor=self.actor)
        return self.show(self.fresh(case))

    @extend_schema(request=serializers.InterimInput, responses=serializers.CaseShape)
    @action(detail=True, methods=["post"], permission="qualification.sign_case")
    def interim(self, request: Request, **kwargs: Any) -> Response:
        """Approve the candidate for a quantity and a time at the approval gate; by quality."""
        found = self.get_object()
        values = self.take_expected(serializers.InterimInput, found)
        case = services.give_interim(case=found, **values, actor=self.actor)
        return self.show(self.fresh(case))
