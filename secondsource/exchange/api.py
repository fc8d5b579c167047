"""``/imports/``: upload, preview, correct, confirm, undo."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.jobs import job_url
from secondsource.core.api.parsers import StrictJSONParser, check_length
from secondsource.core.api.views import Changeable, Readable
from secondsource.core.errors import ValuesRefused
from secondsource.core.models import Job
from secondsource.exchange import filters, serializers, services
from secondsource.exchange.models import Import


class ImportResource(Readable, Changeable, History):
    """Files on their way into the data."""

    permission = {"read": "exchange.view_import", "write": "exchange.import_bom"}
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
        imported = services.upload(
            file=values["file"],
            actor=self.actor,
            product_code=values["product"],
            product_name=values["product_name"],
        )
        if "mapping" in values:
            imported = services.correct_mapping(
                imported=imported, mapping=values["mapping"], actor=self.actor
            )
        if values["dry_run"]:
            imported = self.fresh(imported)
            return self.show(imported, 201, Location=self.location(imported))
        if imported.problem:
            raise ValuesRefused.one("/file", imported.problem["code"], imported.problem["detail"])
        return self._started(imported, services.confirm(imported=imported, actor=self.actor))

    def change(self, obj: Import, values: dict[str, Any], expected: int | None) -> Import:
        """Read the file by a corrected mapping."""
        return services.correct_mapping(
            imported=obj, mapping=values["mapping"], actor=self.actor, expected=expected
        )

    @extend_schema(request=serializers.ConfirmInput, responses={202: serializers.ImportStarted})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        """Import a previewed file; everything or nothing."""
        imported, values = self.get_object(), self.take(serializers.ConfirmInput)
        job = services.confirm(
            imported=imported,
            actor=self.actor,
            product_code=values.get("product", ""),
            product_name=values.get("product_name", ""),
            expected=values.get("expected"),
        )
        return self._started(imported, job)

    @extend_schema(request=serializers.UndoInput, responses=serializers.ImportShape)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **kwargs: Any) -> Response:
        """Take an import back; refused with the reasons when something was built on its rows."""
        imported, values = self.get_object(), self.take(serializers.UndoInput)
        return self.show(self.fresh(services.undo(imported=imported, actor=self.actor, **values)))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove an upload that was never confirmed."""
        imported = self.get_object()
        check_if_match(request, imported)
        services.discard(imported=imported, actor=self.actor)
        return Response(status=204)

    def _started(self, imported: Import, job: Job) -> Response:
        where = reverse("api:import-detail", kwargs={"id": imported.key}, request=self.request)
        url = job_url(self.request, job)
        body = {"job": url, "id": imported.key, "url": where}
        return Response(body, status=202, headers={"Location": url})
