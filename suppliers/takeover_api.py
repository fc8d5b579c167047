"""``/aml-takeovers/``: batches of proposed approvals, and their moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.core.api.history import History
from secondsource.core.api.moves import Moves
from secondsource.core.api.views import Addable, ById, Changeable, Readable
from secondsource.core.errors import FieldProblem, refuse_values
from suppliers import services
from suppliers.models import Takeover
from suppliers.serializers import takeovers as shapes
from suppliers.takeover_filters import TakeoverFilter
from suppliers.takeover_rows import WrittenRow, read_rows
from suppliers.workflow import TAKEOVER_FLOW


class TakeoverResource(ById, Readable, Addable, Changeable, Moves, History):
    """Take-overs: proposed, confirmed by quality, approved by a second person."""

    permission = {"read": "suppliers.view_takeover", "write": "suppliers.propose_takeover"}
    shape = shapes.TakeoverShape
    input_class = shapes.TakeoverInput
    changes_class = shapes.TakeoverChanges
    filterset_class = TakeoverFilter
    workflow = TAKEOVER_FLOW
    pointers = {"/document": "/reference/document", "/dated": "/reference/date"}
    orderings = {"created_at": "created_at", "document": "document"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Takeover]:
        """Batches with a row in the caller's scope."""
        seen: Any = Takeover.objects.visible_to(self.actor.user)
        found: QuerySet[Takeover] = seen.with_counts().select_related("proposed_by")
        return found.prefetch_related("products", "plants")

    def known_parameters(self) -> set[str]:
        """Adds ``dry_run`` and ``partial``."""
        return super().known_parameters() | (
            {"dry_run", "partial"} if self.action == "create" else set()
        )

    @extend_schema(responses=shapes.TakeoverListShape(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of batches without their rows."""
        return self.list_of(self.filter_queryset(self.get_queryset()), shapes.TakeoverListShape)

    @extend_schema(
        parameters=[
            OpenApiParameter("dry_run", bool, description="Judge the rows and write nothing."),
            OpenApiParameter(
                "partial", bool,
                description="Keep rows that cannot be taken over in the batch, refused.",
            ),
        ]
    )  # fmt: skip
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Propose a batch; it approves nothing."""
        values = self.take(shapes.TakeoverInput)
        written = [_row(row) for row in values.pop("rows")]
        proposals, problems = read_rows(written, self.actor.user)
        refuse_values(problems)
        if self.flag("dry_run"):
            findings = services.judge_proposals(proposals)
            remarks = services.remarks_on(proposals, values.get("scope", ()))
            return Response(
                {
                    "rows": len(proposals),
                    "errors": _said([[one] if one else [] for one in findings]),
                    "warnings": _said(remarks),
                }
            )
        takeover = services.propose_takeover(
            **values.pop("reference"), proposals=proposals, actor=self.actor, origin="API",
            products=values.get("scope", ()), plants=values.get("plants", ()),
            partial=self.flag("partial"),
        )  # fmt: skip
        made = self.fresh(takeover)
        return self.show(made, 201, Location=self.location(made))

    def change(self, obj: Takeover, values: dict[str, Any], expected: int | None) -> Takeover:
        """Change reference and scope until a row is confirmed."""
        named = {
            "products" if name == "scope" else name: value
            for name, value in {**values.pop("reference", {}), **values}.items()
        }
        return services.change_takeover(
            takeover=obj, values=named, actor=self.actor, expected=expected
        )


def _row(values: dict[str, Any]) -> WrittenRow:
    number = values.pop("manufacturer_part")
    return WrittenRow(**values, **number)


def _said(of_rows: Sequence[Sequence[services.TakeoverFinding]]) -> list[dict[str, str]]:
    return [
        FieldProblem(f"/rows/{place}/{one.field}", one.code, one.detail).as_json()
        for place, found in enumerate(of_rows)
        for one in found
    ]
