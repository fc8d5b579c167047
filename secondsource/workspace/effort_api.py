"""``/cases/{key}/effort/``: logged hours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import services
from qualification.case_key import number_of
from qualification.models import Case, CostKind
from secondsource.core import clock
from secondsource.core.api import fields
from secondsource.core.api.permissions import SIGNED_IN_WRITE
from secondsource.core.api.serializers import Input, Shape
from secondsource.core.api.views import Endpoint
from secondsource.core.errors import PermissionRefused
from secondsource.workspace import effort


class PersonEffort(Shape):
    """Hours of a person; ``person`` is null for a former colleague."""

    person = fields.Text(source="email", allow_null=True)
    hours = fields.DecimalText()


class EffortShape(Shape):
    """Hours on a case: the caller's own, all, and by person for the case's lead."""

    own = fields.DecimalText()
    total = fields.DecimalText()
    by_person = PersonEffort(many=True)


class EffortInput(Input):
    """Working hours of the caller, of today unless ``day`` is given."""

    hours = fields.DecimalText(low=Decimal("0.25"), high=Decimal(24), places=2)
    day = fields.Day(required=False)
    note = fields.Text(max_length=300, required=False, allow_blank=True)


class CaseEffort(Endpoint):
    """The effort on a case."""

    permission = {"read": "qualification.view_case", "write": SIGNED_IN_WRITE}

    @property
    def case(self) -> Case:
        """The case of the address. Raises ``Http404``."""
        seen = Case.objects.visible_to(self.actor.user).prefetch_related("team__user")
        found = seen.filter(number=number_of(self.kwargs["case"])).first()
        if found is None:
            raise Http404
        return found

    @extend_schema(operation_id="case_effort", responses=EffortShape)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Sums; 403 for callers who do not see the cost of the case."""
        return self._answer(self.case, 200)

    @extend_schema(
        operation_id="case_effort_log", request=EffortInput, responses={201: EffortShape}
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Log the caller's hours; a wrong entry is corrected in ``cost-entries``."""
        values, case = self.take(EffortInput), self.case
        values.setdefault("day", clock.business_day())
        services.log_cost(case=case, kind=CostKind.HOURS, actor=self.actor, **values)
        return self._answer(case, 201)

    def _answer(self, case: Case, status: int) -> Response:
        user = self.actor.user
        if user is None or not self.actor.may("qualification.view_cost", case):
            raise PermissionRefused(f"You do not see the effort on {case.key}.")
        shape = EffortShape(effort.on_case(case, user), context=self.shape_context())
        return Response(shape.data, status=status)
