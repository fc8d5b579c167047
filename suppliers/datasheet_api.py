"""``/manufacturer-parts/{id}/datasheets/`` and ``…/datasheet-lines/``."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from secondsource.core import attachments
from secondsource.core.api import fields
from secondsource.core.api.history import History
from secondsource.core.api.parsers import check_length
from secondsource.core.api.serializers import Input, RecordShape
from secondsource.core.api.views import Addable, ById, Readable
from secondsource.core.models import Job
from suppliers import services
from suppliers.filters import DatasheetLineFilter
from suppliers.models import Datasheet, DatasheetLine, ManufacturerPart


class DatasheetShape(RecordShape):
    """A PDF, how far it is read, and the job that reads it; the job says why it was refused."""

    name = fields.Text(source="file.name")
    size = fields.Whole(source="file.size")
    sha256 = fields.Text(source="file.sha256")
    job = fields.Text(source="job_id")
    state = fields.Word(source="job.state", choices=Job.State.choices)
    pages = fields.Whole(allow_null=True)
    pages_read = fields.Whole(allow_null=True)
    left_out = fields.Whole(allow_null=True)


class DatasheetInput(Input):
    """A PDF of at most 50 MB (``multipart/form-data``)."""

    file = serializers.FileField(max_length=200)


class DatasheetLineShape(RecordShape):
    """A line as it was read; it counts once an engineer takes it."""

    datasheet = fields.Text(source="datasheet.public_id")
    page = fields.Whole()
    snippet = fields.Text()
    name = fields.Text()
    min = fields.Number(source="minimum", allow_null=True)
    typ = fields.Number(source="typical", allow_null=True)
    max = fields.Number(source="maximum", allow_null=True)
    unit = fields.Text()
    condition = fields.Text()
    state = fields.Word(choices=DatasheetLine.State.choices)


class TakeInput(Input):
    """``expected`` is the version of the manufacturer part whose parameters the caller read."""

    expected = fields.Whole(required=False, min_value=1)


class NoInput(Input):
    """An empty body."""


class OfManufacturerPart(ById, Readable, History):
    """Rows of one manufacturer part."""

    honours_if_match = False

    @property
    def made(self) -> ManufacturerPart:
        """The manufacturer part of the address. Raises ``Http404``."""
        try:
            return ManufacturerPart.objects.get(public_id=self.kwargs["part"])
        except (ManufacturerPart.DoesNotExist, ValidationError):
            raise Http404 from None


class DatasheetResource(Addable, OfManufacturerPart):
    """PDFs of a manufacturer part. A job reads the tables of each and offers lines."""

    permission = {
        "read": "suppliers.view_manufacturerpart",
        "write": "suppliers.write_manufacturerpart",
    }
    queryset = Datasheet.objects.none()
    shape = DatasheetShape
    input_class = DatasheetInput
    parser_classes = (MultiPartParser,)
    orderings = {"created_at": "id"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Datasheet]:
        """The datasheets of the part."""
        return self.made.datasheets.select_related("file", "job").order_by()

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Attach a datasheet; 201 with its address."""
        check_length(request, attachments.MAX_BYTES)
        return super().create(request, *args, **kwargs)

    def add(self, values: dict[str, Any]) -> Datasheet:
        """Attach it and queue its reading."""
        upload: UploadedFile = values["file"]
        return services.attach_datasheet(
            manufacturer_part=self.made, upload=upload, actor=self.actor
        )


class DatasheetLineResource(OfManufacturerPart):
    """Lines of a manufacturer part's datasheets; an engineer takes or dismisses each."""

    permission = {
        "read": "suppliers.view_manufacturerpart",
        "write": "suppliers.decide_datasheetline",
    }
    queryset = DatasheetLine.objects.none()
    shape = DatasheetLineShape
    filterset_class = DatasheetLineFilter
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[DatasheetLine]:
        """The lines of all datasheets of the part."""
        found = DatasheetLine.objects.filter(datasheet__manufacturer_part=self.made)
        return found.select_related("datasheet__manufacturer_part").order_by()

    @extend_schema(request=TakeInput, responses=DatasheetLineShape)
    @action(detail=True, methods=["post"], url_path="take", url_name="take")
    def take_line(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write the line to the parameters, in place of the one with its name and condition."""
        values = self.take(TakeInput)
        line = services.take_line(
            line=self.get_object(), actor=self.actor, expected=values.get("expected")
        )
        return self.show(self.fresh(line))

    @extend_schema(request=NoInput, responses=DatasheetLineShape)
    @action(detail=True, methods=["post"], url_path="dismiss", url_name="dismiss")
    def dismiss_line(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the line aside."""
        self.take(NoInput)
        line = services.dismiss_line(line=self.get_object(), actor=self.actor)
        return self.show(self.fresh(line))
