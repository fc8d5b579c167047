"""``/cases/{key}/fmea/``, ``/fmea-actions/`` and ``/fmea-versions/``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import fmea_serializers as shapes
from qualification import fmea_sheet, fmea_upload, services
from qualification.api.component_tests import Removable
from qualification.api.gates import OfCase
from qualification.fmea_sheet import RATINGS
from qualification.fmea_starters import BY_CODE, offered
from qualification.models import Fmea, FmeaAction, FmeaRow, FmeaVersion
from secondsource.core import attachments
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.pagination import WholeList, envelope
from secondsource.core.api.parsers import check_length
from secondsource.core.api.views import Addable, Changeable, Readable
from secondsource.core.errors import ValuesRefused

POINTERS = {
    "/status": "/state",
    "/due_date": "/due",
    **{
        f"/{which}_{name}": f"/{which}/{name}"
        for which in ("revised", "target")
        for name in RATINGS
    },
}


class FmeaRowResource(Removable, Readable, Addable, Changeable, History):
    """The rows of a case's FMEA."""

    queryset = FmeaRow.objects.none()
    shape = shapes.FmeaRowShape
    input_class = shapes.FmeaRowInput
    changes_class = shapes.FmeaRowInput
    orderings = {"number": "position", "severity": "severity"}
    ordering = ("number",)

    def rows(self) -> QuerySet[FmeaRow]:
        """The case's rows with their actions."""
        return fmea_sheet.rows_of(self.case).select_related("fmea__case")

    def add(self, values: dict[str, Any]) -> FmeaRow:
        """Add a row."""
        return services.add_row(case=self.case, values=values, actor=self.actor)

    def change(self, obj: FmeaRow, values: dict[str, Any], expected: int | None) -> FmeaRow:
        """Change cells."""
        return services.change_row(row=obj, values=values, actor=self.actor, expected=expected)

    def remove(self, obj: FmeaRow, reason: str, expected: int | None) -> None:
        """Remove a row with its actions."""
        services.remove_row(row=obj, reason=reason, actor=self.actor, expected=expected)

    @extend_schema(request=shapes.AcceptInput, responses=shapes.FmeaRowShape)
    @action(detail=True, methods=["post"], permission="qualification.sign_case")
    def accept(self, request: Request, **kwargs: Any) -> Response:
        """Accept a row that stays at AP-High, as somebody of the team other than its author."""
        found = self.get_object()
        values = self.take_expected(shapes.AcceptInput, found)
        return self.show(self.fresh(services.accept_row(row=found, actor=self.actor, **values)))

    @extend_schema(request=None, responses={201: shapes.FmeaRowShape})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, **kwargs: Any) -> Response:
        """Add a row with the same cells."""
        made = services.duplicate_row(row=self.get_object(), actor=self.actor)
        return self.show(self.fresh(made), 201)

    @extend_schema(responses=shapes.FmeaStatusShape, filters=False)
    @action(detail=False, sparse=False)
    def status(self, request: Request, **kwargs: Any) -> Response:
        """The state of the FMEA."""
        return Response(self._status())

    def _status(self) -> Any:
        sheet = Fmea.objects.filter(case=self.case).first() or Fmea(case=self.case)
        for name, value in fmea_sheet.counts(self.case).items():
            setattr(sheet, name if name != "rows" else "row_count", value)
        told = {name: getattr(sheet, name) for name in _STATUS} | {"rows": sheet.row_count}
        return shapes.FmeaStatusShape().to_representation(told)

    @extend_schema(request=shapes.ReviewInput, responses=shapes.FmeaStatusShape)
    @action(detail=False, methods=["post"], permission="qualification.sign_case")
    def review(self, request: Request, **kwargs: Any) -> Response:
        """Finish the review of a reopened FMEA."""
        values = self.take(shapes.ReviewInput)
        services.review_fmea(case=self.case, actor=self.actor, **values)
        return Response(self._status())

    @extend_schema(request=shapes.ReopenInput, responses=shapes.FmeaStatusShape)
    @action(detail=False, methods=["post"], permission="qualification.write_case")
    def reopen(self, request: Request, **kwargs: Any) -> Response:
        """Reopen a passed FMEA for a notice, a site change or a nonconformance."""
        values = self.take(shapes.ReopenInput)
        services.reopen_fmea(case=self.case, actor=self.actor, **values)
        return Response(self._status())

    @extend_schema(methods=["GET"], responses=shapes.StarterShape(many=True), filters=False)
    @extend_schema(
        methods=["POST"], request=shapes.StartersInput, filters=False,
        responses={201: shapes.FmeaRowShape(many=True)},
    )  # fmt: skip
    @action(detail=False, methods=["get", "post"], sparse=False, pagination_class=WholeList)
    def starters(self, request: Request, **kwargs: Any) -> Response:
        """Starter failure modes of the part's category; POST adds those with these codes."""
        if request.method == "POST":
            codes = self.take(shapes.StartersInput)["modes"]
            modes = [BY_CODE[code] for code in codes]
            made = services.add_starters(case=self.case, modes=modes, actor=self.actor)
            rows = self.rows().filter(pk__in=[row.pk for row in made])
            shown = self.shape_for_reader(self.shape)
            return Response(envelope([shown.to_representation(row) for row in rows]), 201)
        category = self.case.part.category
        return self.whole_list(
            [
                {"family": heading, "code": mode.code, "failure_mode": mode.failure_mode,
                 "effect": mode.effect, "cause": mode.cause}
                for heading, modes in offered(category.path, category.name)
                for mode in modes
            ]
        )  # fmt: skip

    @extend_schema(request=shapes.TableInput, responses=shapes.TableShape)
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[MultiPartParser])
    def import_table(self, request: Request, **kwargs: Any) -> Response:
        """Compare a table with the rows; ``dry_run=false`` writes the lines that are not refused.

        Rows that the table does not name are left alone.
        """
        check_length(request, fmea_upload.LIMITS.bytes)
        self.actor.require("qualification.write_case", self.case)
        values = self.take(shapes.TableInput)
        found = fmea_upload.differences(self.case, values["file"])
        writes = not values["dry_run"] and bool(found.changes)
        if writes:
            services.import_fmea(
                case=self.case, found=found, name=values["file"].name, actor=self.actor
            )
        changes = [
            {"line": one.line, "kind": one.kind, "what": one.what, "label": one.label,
             "cells": [dict(zip(("column", "from", "to"), cell, strict=True))
                       for cell in one.cells]}
            for one in found.changes
        ]  # fmt: skip
        refused = [
            {"line": one.line, "column": one.column, "detail": one.detail} for one in found.refused
        ]
        left_alone = [row.position for row in found.missing]
        return Response(
            {
                "written": writes,
                "changes": changes,
                "refused": refused,
                "left_alone": left_alone,
                "not_read": found.not_read,
            }
        )


_STATUS = (
    "status", "version", "passed_at", "reopened_at", "reopened_reason", "high_open",
    "high_accepted", "actions", "next_due",
)  # fmt: skip


class FmeaActionResource(OfCase, Readable, Addable, Changeable, History):
    """Actions on the rows of a case's FMEA."""

    queryset = FmeaAction.objects.none()
    shape = shapes.FmeaActionShape
    input_class = shapes.FmeaActionInput
    changes_class = shapes.FmeaActionChanges
    orderings = {"row": "row__position", "due": "due_date"}
    ordering = ("row",)
    pointers = POINTERS

    def rows(self) -> QuerySet[FmeaAction]:
        """The case's actions."""
        found = FmeaAction.objects.filter(row__fmea__case=self.case)
        return found.select_related("row__fmea__case", "owner", "evidence")

    def add(self, values: dict[str, Any]) -> FmeaAction:
        """Add an action to a row."""
        row = FmeaRow.objects.filter(fmea__case=self.case, public_id=values.pop("row")).first()
        if row is None:
            raise ValuesRefused.one("/row", "does_not_exist", "The FMEA has no such row.")
        return services.add_action(row=row, values=_flat(values), actor=self.actor)

    def change(self, obj: FmeaAction, values: dict[str, Any], expected: int | None) -> FmeaAction:
        """Change or complete an action."""
        return services.change_action(
            action=obj, values=_flat(values), actor=self.actor, expected=expected
        )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove an action that was not completed."""
        found = self.get_object()
        expected = check_if_match(request, found)
        services.remove_action(action=found, actor=self.actor, expected=expected)
        return Response(status=204)

    @extend_schema(
        methods=["POST"], request=shapes.FmeaEvidenceInput, responses=shapes.FmeaActionShape
    )
    @extend_schema(
        methods=["GET"], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    @action(detail=True, methods=["get", "post"], parser_classes=[MultiPartParser])
    def file(self, request: Request, **kwargs: Any) -> Any:
        """The file of the evidence; POST attaches one, before the action is completed."""
        found = self.get_object()
        if request.method == "POST":
            check_length(request, attachments.MAX_BYTES)
            upload = self.take(shapes.FmeaEvidenceInput)["file"]
            made = services.add_action_evidence(action=found, upload=upload, actor=self.actor)
            return self.show(self.fresh(made), 201)
        if found.evidence is None:
            raise Http404
        return FileResponse(
            found.evidence.file.open("rb"), as_attachment=True, filename=found.evidence.name,
            content_type="application/octet-stream",
        )  # fmt: skip


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """The values with a field for each rating."""
    for which in ("revised", "target"):
        if which in values:
            given = values.pop(which) or dict.fromkeys(RATINGS)
            values |= {f"{which}_{name}": value for name, value in given.items()}
    return values


class FmeaVersionResource(OfCase, Readable):
    """Frozen versions of a case's FMEA, by number."""

    queryset = FmeaVersion.objects.none()
    shape = shapes.FmeaVersionShape
    orderings = {"number": "number"}
    ordering = ("number",)
    lookup_field = "number"
    lookup_url_kwarg = "version"
    lookup_value_regex = "[0-9]{1,4}"

    def rows(self) -> QuerySet[FmeaVersion]:
        """The case's versions."""
        return FmeaVersion.objects.filter(fmea__case=self.case)
