"""``/savings/``, ``/closed-months/``, ``/budget-rates/``, ``/kpi-targets/``, ``/team-kpi/`` and the
ledger of a case under ``/cases/{key}/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from incentives import saving_serializers as shapes
from incentives import services, team_kpi
from incentives.index_api import by_code
from incentives.ledger import pool_base
from incentives.models import Baseline, BudgetRate, ClosedMonth, KpiTarget, SavingLine
from incentives.saving_filters import SavingFilter
from qualification.api.component_tests import Removable
from qualification.api.gates import OfCase
from secondsource.accounts.models import Team
from secondsource.core import clock
from secondsource.core.api.history import History
from secondsource.core.api.jobs import job_url
from secondsource.core.api.pagination import envelope, envelope_schema
from secondsource.core.api.problems import QueryRefused
from secondsource.core.api.views import Addable, ById, Endpoint, Readable
from secondsource.core.errors import FieldProblem, ValuesRefused
from suppliers.models import Source

_LEDGER = {"read": "incentives.view_saving", "write": "incentives.write_saving"}


class SavingResource(ById, Readable, History):
    """The lines of the ledger. They are entered under their case."""

    permission = _LEDGER
    shape = shapes.SavingShape
    filterset_class = SavingFilter
    orderings = {"month": "month", "created_at": "id"}
    ordering = ("-month",)

    def rows(self) -> QuerySet[SavingLine]:
        """Lines of cases that the caller sees."""
        seen: Any = SavingLine.objects.visible_to(self.actor.user)
        found: QuerySet[SavingLine] = seen.listed().select_related("corrects")
        return found

    @extend_schema(request=shapes.LinesInput, responses=shapes.SavingShape(many=True))
    @action(detail=False, methods=["post"], permission="incentives.validate_saving")
    def validate(self, request: Request, **kwargs: Any) -> Response:
        """Validate realised lines of closed months, all or none; by finance outside the team."""
        values = self.take(shapes.LinesInput)
        done = services.validate_lines(
            lines=self._named(values["lines"]), reason=values.get("reason", ""), actor=self.actor
        )
        return self._these(done)

    @extend_schema(request=shapes.LinesInput, responses=shapes.SavingShape(many=True))
    @action(
        detail=False, methods=["post"], url_path="take-back",
        permission="incentives.validate_saving",
    )  # fmt: skip
    def take_back(self, request: Request, **kwargs: Any) -> Response:
        """Take lines of closed months back; the answer has the opposite lines."""
        values = self.take(shapes.LinesInput)
        done = services.reverse_lines(
            lines=self._named(values["lines"]), reason=values.get("reason", ""), actor=self.actor
        )
        return self._these(done)

    def _named(self, keys: Sequence[UUID]) -> list[SavingLine]:
        """The lines of these ids. Raises ``ValuesRefused`` for an unknown one."""
        found = {line.public_id: line for line in self.rows().filter(public_id__in=keys)}
        refused = [
            FieldProblem(f"/lines/{place}", "does_not_exist", "There is no such line.")
            for place, key in enumerate(keys)
            if key not in found
        ]
        if refused:
            raise ValuesRefused(refused)
        return list(found.values())

    def _these(self, lines: Sequence[SavingLine]) -> Response:
        rows = self.rows().filter(pk__in=[line.pk for line in lines]).order_by("month", "id")
        shape = shapes.SavingShape(rows, many=True, context=self.shape_context())
        return Response(envelope(shape.data))


class _InLedger(OfCase):
    permission = _LEDGER

    def source(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values with the source of the part that they name. Raises ``ValuesRefused``."""
        if "source" not in values:
            return values
        rows = Source.objects.filter(part=self.case.part_id)
        found = rows.filter(public_id=values["source"]).first()
        if found is None:
            raise ValuesRefused.one("/source", "does_not_exist", "The part has no such source.")
        return values | {"source": found}


class CaseSavingResource(Removable, _InLedger, Readable, History):
    """The lines of a case; people enter what no receipt shows."""

    queryset = SavingLine.objects.none()
    permission = _LEDGER
    shape = shapes.SavingShape
    orderings = {"month": "month", "created_at": "id"}
    ordering = ("month",)

    def rows(self) -> QuerySet[SavingLine]:
        """The lines of the case."""
        mine: Any = SavingLine.objects.filter(case=self.case)
        found: QuerySet[SavingLine] = mine.listed().select_related("corrects").order_by()
        return found

    @extend_schema(request=shapes.AvoidanceInput, responses=shapes.SavingShape)
    @action(detail=False, methods=["post"], permission="incentives.write_saving")
    def avoidance(self, request: Request, **kwargs: Any) -> Response:
        """Enter a cost that was avoided."""
        return self._enter(shapes.AvoidanceInput, services.enter_avoidance)

    @extend_schema(request=shapes.ShortageInput, responses=shapes.SavingShape)
    @action(
        detail=False, methods=["post"], url_path="shortage-avoidance",
        permission="incentives.write_saving",
    )  # fmt: skip
    def shortage(self, request: Request, **kwargs: Any) -> Response:
        """Enter a shortage that was avoided, with its evidence."""
        return self._enter(shapes.ShortageInput, services.enter_shortage_avoidance)

    @extend_schema(request=shapes.RebateInput, responses=shapes.SavingShape)
    @action(
        detail=False, methods=["post"], url_path="rebate-lost",
        permission="incentives.write_saving",
    )  # fmt: skip
    def rebate(self, request: Request, **kwargs: Any) -> Response:
        """Enter a rebate that the shift of share cost."""
        return self._enter(shapes.RebateInput, services.enter_rebate_lost)

    def _enter(self, given: Any, service: Any) -> Response:
        values = self.source(self.take(given))
        made = service(case=self.case, actor=self.actor, **values)
        return self.show(self.fresh(made), 201)

    def remove(self, obj: SavingLine, reason: str, expected: int | None) -> None:
        """Remove an entered line of an open month."""
        services.withdraw_entry(line=obj, reason=reason, actor=self.actor, expected=expected)


class BaselineResource(_InLedger, Readable, Addable, History):
    """The baselines of a case; the one without ``superseded_at`` counts."""

    queryset = Baseline.objects.none()
    shape = shapes.BaselineShape
    input_class = shapes.BaselineInput
    orderings = {"created_at": "id"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Baseline]:
        """The baselines of the case."""
        mine = Baseline.objects.filter(case=self.case).order_by()
        return mine.select_related("case", "index", "source__manufacturer_part")

    def add(self, values: dict[str, Any]) -> Baseline:
        """Enter a baseline with its evidence."""
        if "index" in values:
            values = values | {"index": by_code(values["index"])}
        return services.enter_baseline(case=self.case, actor=self.actor, **self.source(values))


class PoolBaseResource(_InLedger):
    """The base of the bonus pool of a case."""

    queryset = Baseline.objects.none()
    shape = shapes.PoolBaseShape

    def read(self, request: Request, **kwargs: Any) -> Response:
        """Validated hard savings, net of rebates lost and project cost, in the window."""
        shape = shapes.PoolBaseShape(pool_base(self.case), context=self.shape_context())
        return Response(shape.data)


class ClosedMonthResource(ById, Readable):
    """Months that finance closed."""

    permission = {"read": "incentives.view_saving", "write": "incentives.close_month"}
    shape = shapes.MonthShape
    input_class = shapes.MonthInput
    orderings = {"month": "month"}
    ordering = ("-month",)

    def rows(self) -> QuerySet[ClosedMonth]:
        """All of them."""
        return ClosedMonth.objects.all()

    @extend_schema(request=shapes.MonthInput, responses={202: shapes.ClosingStarted})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Close a month that is over: 202 with the job that computes its lines and closes it."""
        job = services.start_closing(actor=self.actor, **self.take(shapes.MonthInput))
        where = job_url(request, job)
        return Response({"job": where}, status=202, headers={"Location": where})


class BudgetRateResource(ById, Readable, Addable, History):
    """Budget rates by year and currency; a POST of a rate that exists changes it."""

    permission = {"read": "incentives.view_saving", "write": "incentives.write_budgetrate"}
    shape = shapes.BudgetRateShape
    input_class = shapes.BudgetRateInput
    orderings = {"year": "year", "created_at": "id"}
    ordering = ("-year",)

    def rows(self) -> QuerySet[BudgetRate]:
        """All of them."""
        return BudgetRate.objects.all()

    def add(self, values: dict[str, Any]) -> BudgetRate:
        """Plan a rate."""
        return services.plan_rate(actor=self.actor, **values)


class KpiTargetResource(ById, Readable, Addable, History):
    """Targets of teams by year; a POST of a target that exists changes it."""

    permission = {"read": "incentives.view_kpi", "write": "incentives.write_target"}
    shape = shapes.TargetShape
    input_class = shapes.TargetInput
    orderings = {"year": "year", "created_at": "id"}
    ordering = ("-year",)

    def rows(self) -> QuerySet[KpiTarget]:
        """All of them."""
        return KpiTarget.objects.select_related("team")

    def add(self, values: dict[str, Any]) -> KpiTarget:
        """Set a target."""
        team = Team.objects.filter(code=values.pop("team")).first()
        if team is None:
            raise ValuesRefused.one("/team", "does_not_exist", "There is no such team.")
        return services.set_target(team=team, actor=self.actor, **values)


class TeamKpiEndpoint(Endpoint):
    """What teams reached in a year."""

    permission = "incentives.view_kpi"
    parameters = ("year",)

    @extend_schema(
        operation_id="team_kpi_list",
        parameters=[OpenApiParameter("year", OpenApiTypes.INT)],
        responses={200: envelope_schema({"type": "array", "items": {"type": "object"}})},
    )
    def get(self, request: Request) -> Response:
        """All teams; ``year`` is this one by default."""
        asked = request.query_params.get("year", str(clock.business_day().year))
        if not (asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= 2100):
            raise QueryRefused([FieldProblem("/year", "invalid", "A year from 2000 to 2100.")])
        rows = team_kpi.of_year(int(asked))
        shape = shapes.KpiShape(rows, many=True, context=self.shape_context())
        return Response({"next": None, "previous": None, "results": shape.data})
