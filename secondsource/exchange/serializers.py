"""How imports travel."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import Code
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape
from secondsource.exchange.models import Import


class ImportWarning(serializers.Serializer[Any]):
    """A remark on a row of the file; ``row`` and ``column`` count from 1."""

    row = fields.Whole(allow_null=True)
    column = fields.Whole(allow_null=True)
    code = fields.Text()
    detail = fields.Text()


class ImportResult(serializers.Serializer[Any]):
    """What was read of the file and, once done, what was written."""

    lines = fields.Whole(required=False)
    quantity_total = fields.Quantity(required=False)
    quantity_fitted = fields.Quantity(required=False)
    designators = fields.Whole(required=False)
    mpns_primary = fields.Whole(required=False)
    mpns = fields.Whole(required=False)
    alternates = fields.Whole(required=False)
    created = fields.Whole(required=False)
    updated = fields.Whole(required=False)
    unchanged = fields.Whole(required=False)
    warnings = ImportWarning(many=True)
    errors = ImportWarning(many=True)


class ImportShape(RecordShape):
    """A file on its way into the data; ``preview`` says what confirming would do."""

    kind = fields.Word(choices=Import.Kind.choices)
    state = fields.Word(choices=Import.State.choices)
    name = fields.Text()
    size = fields.Whole()
    sha256 = fields.Text()
    product = fields.Text(source="product_code")
    product_name = fields.Text()
    revision = fields.Whole(source="revision.number", allow_null=True)
    mapping = serializers.JSONField()
    preview = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    job = fields.Text(source="job_id", allow_null=True)
    uploaded_by = fields.Text(source="uploaded_by.email")
    done_at = fields.Moment(allow_null=True)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_preview(self, row: Import) -> dict[str, Any]:
        """Parts, makers and their parts that would be made or matched."""
        would: dict[str, Any] = row.totals.get("would", {})
        return would

    @extend_schema_field(ImportResult)
    def get_result(self, row: Import) -> dict[str, Any]:
        """Totals, what was written, warnings and errors."""
        totals = {name: value for name, value in row.totals.items() if name != "would"}
        return totals | row.result | {"warnings": row.warnings, "errors": _errors(row.problem)}


def _errors(problem: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What kept the file from being read or written, in the form of warnings."""
    if not problem:
        return []
    listed = problem.get("errors") or problem.get("reasons") or [problem]
    return [
        {
            "row": None,
            "column": None,
            "code": one.get("code", "failed"),
            "detail": one.get("detail", ""),
        }
        for one in listed
    ]


class ImportInput(Input):
    """A file. Without ``dry_run`` it is imported at once; with it, read and shown."""

    file = serializers.FileField(max_length=255, allow_empty_file=True)
    kind = serializers.ChoiceField(choices=Import.Kind.choices)
    product = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    product_name = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default=""
    )
    mapping = serializers.JSONField(required=False, binary=True)
    dry_run = serializers.BooleanField(required=False, default=False)

    def validate_mapping(self, value: Any) -> Any:
        """An object, as ``mapping`` of an import shows it."""
        if not isinstance(value, dict):
            raise serializers.ValidationError("A mapping is an object.", "malformed")
        return value


class ImportChanges(Input):
    """A corrected mapping; it is remembered for files of this shape."""

    mapping = serializers.DictField(allow_empty=False)


class ConfirmInput(Input):
    """Where the lines go; a code that is new makes a product."""

    product = Code(required=False)
    product_name = fields.Text(max_length=200, required=False, allow_blank=True)
    expected = fields.Whole(required=False, min_value=1)


class UndoInput(Input):
    """``expected``: the version that the caller saw."""

    expected = fields.Whole(required=False, min_value=1)


class ImportStarted(serializers.Serializer[Any]):
    """Where to follow the work, and where the result will be."""

    job = serializers.URLField()
    id = fields.Text()
    url = serializers.URLField()
