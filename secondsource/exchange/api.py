"""``/imports/``: upload, preview, correct, confirm, undo."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param

from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.jobs import job_url
from secondsource.core.api.pagination import MAX_PAGE_SIZE, PAGE_SIZE
from secondsource.core.api.parsers import StrictJSONParser, check_length
from secondsource.core.api.permissions import SIGNED_IN
from secondsource.core.api.problems import QueryRefused
from secondsource.core.api.views import Changeable, Readable
from secondsource.core.errors import PermissionRefused
from secondsource.core.models import Job
from secondsource.exchange import filters, serializers, services
from secondsource.exchange.models import Export, Import


class ImportResource(Readable, Changeable, History):
    """Imported files and their state."""

    permission = {"read": "exchange.view_import", "write": "exchange.import_data"}
    shape = serializers.ImportShape
    input_class = serializers.ImportInput
    changes_class = serializers.ImportChanges
    filterset_class = filters.ImportFilter
    upload_limit = services.MAX_BYTES
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-f-]{36}"
    orderings = {"created_at": "id", "name": "name"}
    ordering = ("-created_at",)

    def get_parsers(self) -> list[Any]:
        """A form for the file, JSON for all else."""
        return [MultiPartParser()] if self.action_map.get("post") == "create" else [
            StrictJSONParser()
        ]  # fmt: skip

    def rows(self) -> QuerySet[Import]:
        """Imports into products of the caller's scope, and one's own."""
        rows: QuerySet[Import] = Import.objects.visible_to(self.actor.user)
        return rows.select_related("uploaded_by", "revision")

    @extend_schema(
        responses={201: serializers.ImportShape, 202: serializers.ImportStarted},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Import a file (202 with the job), or with ``dry_run`` read it and show what it holds."""
        check_length(request, services.MAX_BYTES)
        values = self.take(serializers.ImportInput)
        direct = not values["dry_run"]
        imported = services.upload(
            file=values["file"],
            kind=values["kind"],
            actor=self.actor,
            mapping=values.get("mapping"),
            then_confirm=values["partial"] if direct else None,
            product_code=values["product"],
            product_name=values["product_name"],
        )
        if not direct:
            imported = self.fresh(imported)
            return self.show(imported, 201, Location=self.location(imported))
        if imported.job is None:
            raise services.refusal_of(imported, self.actor) or ValueError("The import has no job.")
        return self._started(imported, imported.job)

    def change(self, obj: Import, values: dict[str, Any], expected: int | None) -> Import:
        """Read the file by a corrected mapping and with other companies."""
        if "mapping" in values:
            obj = services.correct_mapping(
                imported=obj, mapping=values["mapping"], actor=self.actor, expected=expected
            )
            expected = None
        if "companies" in values:
            obj = services.choose_companies(
                imported=obj, answers=values["companies"], actor=self.actor, expected=expected
            )
        return obj

    @extend_schema(request=serializers.ConfirmInput, responses={202: serializers.ImportStarted})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        """Import a previewed file; everything or nothing, or with ``partial`` the good rows."""
        imported, values = self.get_object(), self.take(serializers.ConfirmInput)
        job = services.confirm(
            imported=imported,
            actor=self.actor,
            product_code=values.get("product", ""),
            product_name=values.get("product_name", ""),
            choices={
                name: values[name]
                for name in ("phase", "monthly_volume", "categories")
                if name in values
            },
            answered=values.get("answered", ()),
            expected=values.get("expected"),
            partial=values.get("partial", False),
        )
        return self._started(imported, job)

    @extend_schema(
        request=serializers.UndoInput,
        responses={200: serializers.ImportShape, 202: serializers.ImportStarted},
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **kwargs: Any) -> Response:
        """Take an import back; refused with the reasons when something was built on its rows.

        A large import is taken back by job (202).
        """
        imported, values = self.get_object(), self.take(serializers.UndoInput)
        undone = services.undo(imported=imported, actor=self.actor, **values)
        if undone.state == Import.State.RUNNING:
            return self._started(undone, undone.job)
        return self.show(self.fresh(undone))

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", int, description="Rows after this one; `next` names it."),
            OpenApiParameter("limit", int, description="1 to 500, by default 50."),
        ],
        responses=serializers.RejectedRows,
    )
    @action(
        detail=True, methods=["get"], sparse=False, filterset_class=None, pagination_class=None,
        parameters=("cursor", "limit"),
    )  # fmt: skip
    def rejected(self, request: Request, **kwargs: Any) -> Response:
        """The rows of bulk data that need a person, with all reasons, in the order of the file."""
        imported = self.get_object()
        after = _whole(request, "cursor", 0, 0, 10**9)
        limit = _whole(request, "limit", PAGE_SIZE, 1, MAX_PAGE_SIZE)
        if not services.may_see_cells(imported, self.actor):
            raise PermissionRefused("The rows may hold fields that you may not see.")
        rows = services.rejected_rows(imported, after=after, limit=limit + 1)
        shown, more = rows[:limit], len(rows) > limit
        here = request.build_absolute_uri()
        url = replace_query_param(here, "cursor", shown[-1]["row"]) if more else None
        return Response({"next": url, "previous": None, "results": shown})

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove an upload that was never confirmed."""
        imported = self.get_object()
        expected = check_if_match(request, imported)
        services.discard(imported=imported, actor=self.actor, expected=expected)
        return Response(status=204)

    def _started(self, imported: Import, job: Job) -> Response:
        where = reverse("api:import-detail", kwargs={"id": imported.key}, request=self.request)
        url = job_url(self.request, job)
        body = {"job": url, "id": imported.key, "url": where}
        return Response(body, status=202, headers={"Location": url})


class ExportResource(Readable):
    """Lists as files, written by a job; one's own."""

    permission = {"read": SIGNED_IN, "write": SIGNED_IN}
    shape = serializers.ExportShape
    input_class = serializers.ExportInput
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-f-]{36}"
    honours_if_match = False
    orderings = {"created_at": "id"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Export]:
        """The caller's."""
        return Export.objects.filter(owner=self.actor.user).select_related("job", "owner")

    @extend_schema(responses={202: serializers.ExportShape})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a list to a file: 202; follow the job, then get the file."""
        values = self.take(serializers.ExportInput)
        name, query = services.exports.LISTS[values["list"]], values["query"]
        services.exports.check_query(name, query, self.actor)
        export = services.exports.start(
            list_name=name, query=query, file_format=values["format"], actor=self.actor
        )
        return self.show(export, 202, Location=job_url(request, export.job))

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], sparse=False, filterset_class=None)
    def file(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The file, when it is written and the caller may still see what it holds."""
        export = self.get_object()
        services.exports.check_download(export, self.actor)
        return services.exports.download(export)


def _whole(request: Request, name: str, default: int, low: int, high: int) -> int:
    """A whole number of the query. Raises ``QueryRefused``."""
    text = request.query_params.get(name, str(default))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else -1
    if not low <= number <= high:
        raise QueryRefused.one(name, "out_of_range", f"{name} is {low} to {high}.")
    return number
