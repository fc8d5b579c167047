"""How imports travel."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from parts.models import Product
from parts.serializers import CodeField
from secondsource.core.api import fields
from secondsource.core.api.parsers import read_json
from secondsource.core.api.serializers import Input, RecordShape, Shape
from secondsource.core.models import Job
from secondsource.exchange.bulk.kinds import KIND_CHOICES, KINDS
from secondsource.exchange.models import Export, Import
from secondsource.exchange.services import exports, is_bom, left_out, may_see_cells

#: What a BOM holds, in the order of the contract.
BOM_FIGURES = (
    "lines", "quantity_total", "quantity_fitted", "designators", "mpns_primary", "mpns",
    "alternates",
)  # fmt: skip


#: What is kept of a file for its page, and in the answer has a place of its own.
KEPT = ("would", "shown", "left_out")


class ImportRemark(serializers.Serializer[Any]):
    """A remark on a row of the file; ``row`` and ``column`` count from 1."""

    row = fields.Whole(allow_null=True)
    column = fields.Whole(allow_null=True)
    code = fields.Text()
    detail = fields.Text()


class ImportWarning(ImportRemark):
    """``rows``: all rows of a BOM that one warning is about, when there are several."""

    rows = serializers.ListField(child=fields.Whole(), required=False)


class ImportQuestion(serializers.Serializer[Any]):
    """What stands between a BOM and its import.

    Say in ``mapping`` what the ``columns`` (from 0) of the ``table`` (from 0) hold, or give ``key``
    in ``answered``: it is right as read.
    """

    key = fields.Text()
    code = fields.Text()
    detail = fields.Text()
    table = fields.Whole()
    columns = serializers.ListField(child=fields.Whole())
    sheet = fields.Text()
    row = fields.Whole(allow_null=True)


class ImportError(ImportRemark):
    """What is wrong with a row of bulk data: ``header`` and ``value`` say where and what."""

    header = fields.Text(required=False)
    value = fields.Text(required=False)


class LeftOut(serializers.Serializer[Any]):
    """A column, a sheet or a row of the file that is not read, with what stands there."""

    sheet = fields.Text()
    column = fields.Whole(required=False)
    header = fields.Text(required=False)
    sample = fields.Text(required=False)
    rows = fields.Whole(required=False)
    row = fields.Whole(required=False)
    kind = fields.Text(required=False)
    text = fields.Text(required=False)
    why = fields.Text(required=False)


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
    questions = ImportQuestion(many=True, required=False)
    rows = fields.Whole(required=False)
    rejected = fields.Whole(required=False)
    partial = serializers.BooleanField(required=False)
    errors = ImportError(many=True)
    columns_left_out = LeftOut(many=True, required=False)
    sheets_left_out = LeftOut(many=True, required=False)
    rows_left_out = LeftOut(many=True, required=False)


class ImportShape(RecordShape):
    """A file on its way into the data; ``preview`` says what confirming would do."""

    knows_reader = True

    kind = fields.Word(choices=KIND_CHOICES)
    state = fields.Word(choices=Import.State.choices)
    name = fields.Text()
    size = fields.Whole()
    sha256 = fields.Text()
    product = fields.Text(source="product_code")
    product_name = fields.Text()
    revision = fields.Whole(source="revision.number", allow_null=True)
    mapping = serializers.JSONField()
    companies = serializers.JSONField(
        help_text="Names that may mean a company on record: `name`, `offer`, `answer`."
    )
    preview = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    job = fields.Text(source="job_id", allow_null=True)
    uploaded_by = fields.Text(source="uploaded_by.email")
    done_at = fields.Moment(allow_null=True)

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_preview(self, row: Import) -> dict[str, Any]:
        """What confirming would do.

        A BOM: parts, manufacturers and MPNs that would be made or matched, ``groups`` of new parts.
        Bulk data: rows that would be created, updated or stay unchanged, or need a person
        (rejected).
        """
        would: dict[str, Any] = row.totals.get("would", {})
        return would if is_bom(row) or not would else would | {"rejected": row.totals["bad"]}

    @extend_schema_field(ImportResult)
    def get_result(self, row: Import) -> dict[str, Any]:
        """Totals, what was written, warnings and errors; of bulk data the first 200 errors."""
        may_see = may_see_cells(row, self.context["actor"])
        named = left_out(row.totals, may_see)
        return _counted(row) | row.result | {
            **{f"{name}_left_out": named[name] for name in named},
            "warnings": row.warnings,
            "errors": _errors(row.problem) + [_row_error(one, may_see) for one in row.errors],
        }  # fmt: skip


def _counted(row: Import) -> dict[str, Any]:
    """What was read: of a BOM its figures and questions, of bulk data the rows."""
    totals = row.totals
    if is_bom(row):
        # The database keeps no order of names; the contract has one.
        first = {name: totals[name] for name in BOM_FIGURES if name in totals}
        return first | {name: value for name, value in totals.items() if name not in KEPT}
    if "rows" not in totals:
        return {}
    return {"rows": totals["rows"], "lines": totals["rows"], "rejected": totals["bad"]}


def _row_error(one: dict[str, Any], may_see: bool) -> dict[str, Any]:
    place = {"row": one["row"], "column": None if one["index"] is None else one["index"] + 1}
    cell = {"header": one["column"], "value": one["value"]} if may_see else {}
    return place | {"code": one["code"], "detail": one["detail"]} | cell


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


@extend_schema_field({"type": "string", "contentMediaType": "application/json"})
class MappingText(fields.Text):
    """A mapping as JSON text in a form."""

    default_error_messages = {"malformed": "A mapping is a JSON object."}

    def to_internal_value(self, data: Any) -> Any:
        try:
            value = read_json(super().to_internal_value(data).encode())
        except (ParseError, UnicodeEncodeError):
            self.fail("malformed")
        if not isinstance(value, dict):
            self.fail("malformed")
        return value


class ImportInput(Input):
    """A file. Without ``dry_run`` it is imported at once; with it, read and shown.

    ``partial``: of bulk data, import the good rows though others are refused. ``mapping``: as an
    import shows it, or the ``columns`` to change alone, by ``header`` or ``index``, if need be with
    ``sheet`` and ``header_row`` (from 0); of a BOM also ``tables`` and ``answered`` questions.
    A large file of bulk data is read by job: follow ``url`` until its state is ``previewed``
    (rows need a person), ``done`` or ``failed``.
    """

    file = serializers.FileField(max_length=255, allow_empty_file=True)
    kind = serializers.ChoiceField(choices=list(KINDS))
    product = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    product_name = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default=""
    )
    mapping = MappingText(required=False)
    dry_run = serializers.BooleanField(required=False, default=False)
    partial = serializers.BooleanField(required=False, default=False)


class ImportChanges(Input):
    """A corrected mapping, remembered for files of this shape; which company a name means.

    ``companies``: name → code of a supplier, '' for a company of its own.
    """

    mapping = serializers.DictField(allow_empty=False, required=False)
    companies = serializers.DictField(
        child=serializers.CharField(max_length=210, allow_blank=True), required=False
    )


class ExportInput(Input):
    """A list and its filters as the query of the list's page: ``sources=single&sort=-spend``."""

    list = serializers.ChoiceField(choices=list(exports.LISTS))
    format = serializers.ChoiceField(choices=Export.Format.choices, default="csv")
    query = fields.Text(max_length=2000, required=False, allow_blank=True, default="")


class ExportShape(Shape):
    """A list as a file; ``file`` answers when the job is done, for three days."""

    id = fields.PublicId(source="public_id")
    list = serializers.SerializerMethodField()
    format = fields.Word(choices=Export.Format.choices, read_only=True)
    query = fields.Text(read_only=True)
    state = fields.Word(choices=Job.State.choices, source="job.state", read_only=True)
    problem = serializers.JSONField(source="job.problem", read_only=True)
    rows = fields.Whole(read_only=True, allow_null=True)
    job = fields.PublicId(source="job_id")
    created_at = fields.Moment()

    def get_list(self, export: Export) -> str:
        words = {name: word for word, name in exports.LISTS.items()}
        return words.get(export.list_name, export.list_name)


class ConfirmInput(Input):
    """Where the lines go; a code that is new makes a product."""

    product = CodeField(required=False)
    product_name = fields.Text(max_length=200, required=False, allow_blank=True)
    phase = fields.Word(choices=Product.Phase.choices, required=False)
    monthly_volume = fields.Whole(
        required=False, min_value=0, max_value=2_000_000_000, help_text="Of a new product, pieces."
    )
    categories = serializers.DictField(
        child=fields.Text(max_length=200, allow_blank=True),
        required=False,
        help_text="Path of the category of new parts by group (resistors, capacitors …); “+” makes"
        " the group's own, an empty path leaves them unsorted. Others go where they are guessed.",
    )
    answered = serializers.ListField(
        child=fields.Text(max_length=200), required=False, max_length=200,
        help_text="Keys of a BOM's questions to which the answer is: it is right as read.",
    )  # fmt: skip
    partial = serializers.BooleanField(required=False, default=False)
    expected = fields.Whole(required=False, min_value=1)


class UndoInput(Input):
    """``expected``: the version that the caller saw."""

    expected = fields.Whole(required=False, min_value=1)


class RejectedProblem(serializers.Serializer[Any]):
    """One reason why a row was refused; ``index`` of the column counts from 0."""

    column = fields.Text()
    role = fields.Text()
    index = fields.Whole(allow_null=True)
    letter = fields.Text()
    value = fields.Text()
    code = fields.Text()
    detail = fields.Text()


class RejectedRow(serializers.Serializer[Any]):
    """A row of the file as it came, with everything that is wrong with it."""

    row = fields.Whole()
    cells = serializers.ListField(child=serializers.CharField())
    problems = RejectedProblem(many=True)


class RejectedRows(serializers.Serializer[Any]):
    """A page of refused rows."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RejectedRow(many=True)


class ImportStarted(serializers.Serializer[Any]):
    """Where to follow the work, and where the result will be."""

    job = serializers.URLField()
    id = fields.Text()
    url = serializers.URLField()
