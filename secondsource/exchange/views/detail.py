"""One import: its preview, corrections, confirmation, progress, result, undo."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from parts.counts import listed, tally
from parts.models import Part, PartFigures
from secondsource.core import jobs
from secondsource.core.errors import PermissionRefused, Reason, Refused, Stale, ValuesRefused
from secondsource.core.models import Job
from secondsource.core.views import DetailPage, ObjectPage, go_to
from secondsource.core.views.conflicts import posted_version
from secondsource.core.views.forms import add_problems
from secondsource.exchange import services
from secondsource.exchange.bom import Mapping
from secondsource.exchange.bulk.mapping import BulkMapping
from secondsource.exchange.filters import parts_of_import
from secondsource.exchange.forms import BulkMappingForm, ConfirmForm, MappingForm
from secondsource.exchange.models import Import
from secondsource.exchange.views.bulk import bulk_context
from secondsource.exchange.views.facts import facts_of
from secondsource.exchange.views.preview import preview_of, questions, tables

S = Import.State
CHANGING = "exchange.import_data"


class OfImport(ObjectPage):
    """A page about one import of the reader's scope; others answer 404."""

    lookup: ClassVar[AnyMapping[str, str]] = {"public_id": "public_id"}
    context_name = "imported"

    def get_queryset(self) -> QuerySet[Any]:
        """Imports of the reader's scope."""
        rows = Import.objects.visible_to(self.request.user)
        return rows.select_related("uploaded_by", "revision", "product", "job")

    def _check_permission(self) -> None:
        """Whoever may import some data still needs the right for this kind."""
        super()._check_permission()
        needed = services.kind_of(self.object).permission
        if self.permission_required == CHANGING and not self.request.user.has_perm(needed):
            raise PermissionDenied(needed)

    def expected(self) -> int | None:
        """The version that the page was made of. Raises ``RuleRefused`` for what is none."""
        return posted_version(self.request.POST)


class ImportPage(OfImport, DetailPage):
    """The import in whatever state it is."""

    permission_required = "exchange.view_import"
    template_name = "exchange/import_detail.html"
    fragments: ClassVar[AnyMapping[str, str]] = {"progress": "exchange/progress.html"}

    def get_page_title(self) -> str:
        """The file's name."""
        return str(self.object.name)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What this state shows."""
        imported = self.object
        may_change = self.request.user.has_perm(services.kind_of(imported).permission)
        is_before = imported.state in services.BEFORE
        if not services.is_bom(imported):
            return super().get_context_data(
                may_change=may_change, is_before=is_before, job=self.job(),
                problem=jobs.problem_in_words(imported.problem),
                **(bulk_context(imported, self.actor) | self._result() | context),
            )  # fmt: skip
        shown = self._reading(context) if is_before else self._result()
        if may_change and is_before:
            context.setdefault("form", self.get_form())
        return super().get_context_data(
            may_change=may_change,
            is_before=is_before,
            problem=jobs.problem_in_words(imported.problem),
            job=self.job(),
            **(shown | context),
        )

    def _result(self) -> dict[str, Any]:
        """How many sources the import's parts have by now, each with its list."""
        if self.object.state != S.DONE:
            return {}
        parts = Part.objects.visible_to(self.request.user)
        figures = PartFigures.objects.filter(part__in=parts_of_import(parts, "", self.object))
        counts = tally(figures)
        if not any(counts.values()):
            return {}
        return {"counts": listed(counts, **{"import": str(self.object.public_id)})}

    def _reading(self, context: dict[str, Any]) -> dict[str, Any]:
        imported = self.object
        result = services.result_of(imported)
        found = facts_of(imported, self.actor, result) | {
            "tables": tables(imported), "questions": questions(imported),
        }  # fmt: skip
        if result is None:
            return found
        text = self.request.GET.get("page", "")
        preview = preview_of(
            imported, result, self.request.user,  # type: ignore[arg-type]
            page=int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1,
            only_warned="warned" in self.request.GET,
        )  # fmt: skip
        return found | {
            "lines": preview.rows(),
            "warnings": preview.warnings(),
            "would": preview.plan.summary(),
            "comparison": preview.comparison(),
        }

    def get_form(self, data: Any = None) -> ConfirmForm:
        """Where the lines go, with what is known already."""
        imported = self.object
        kept = imported.choices
        initial = {f"category_{key}": path for key, path in kept.get("categories", {}).items()}
        return ConfirmForm(
            data,
            user=self.request.user,  # type: ignore[arg-type]
            groups=imported.totals.get("would", {}).get("groups", {}),
            initial=initial | {
                "product": imported.product_code, "product_name": imported.product_name,
                "phase": kept.get("phase"), "monthly_volume": kept.get("monthly_volume"),
            },
        )  # fmt: skip

    def job(self) -> dict[str, Any] | None:
        """The job as the progress bar shows it."""
        job = self.object.job
        if job is None or not self.is_working():
            return None
        progress = jobs.progress_of(job)
        done, total, left = progress["done"], progress["total"], progress["eta_s"]
        waits = job.state == Job.State.QUEUED
        return {
            "pk": str(job.pk), "label": f"{job.label}{', waiting for a worker' if waits else ''}",
            "state": "running", "done": done, "total": total,
            "percent": round(100 * done / total) if total else None,
            "left": f"{left} s left" if left else "",
            "stop_url": reverse("job_stop", args=[job.pk]),
            "poll_url": reverse("import_progress", args=[self.object.public_id]),
            "takes_back": job.kind == services.UNDO,
        }  # fmt: skip

    def is_working(self) -> bool:
        """Whether a job reads, writes or takes back the file now."""
        return self.object.state == S.RUNNING or services.is_being_read(self.object)


class ImportProgress(ImportPage):
    """The progress bar alone; when the work is over, the whole page instead."""

    template_name = "exchange/progress.html"
    fragments: ClassVar[AnyMapping[str, str]] = {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Asked every two seconds."""
        if not self.is_working():
            return go_to(request, self.object.get_absolute_url())
        return self.respond(self.get_context_data())


class Act(ImportPage):
    """A post on an import that answers with the import's page, or with what is wrong on it."""

    permission_required = CHANGING

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """There is nothing to see here."""
        return go_to(request, self.object.get_absolute_url())

    def act(self) -> str:
        """Call the service; answer the toast."""
        raise ImproperlyConfigured(f"{type(self).__name__} needs act().")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it, or show every reason why not."""
        try:
            told = self.act()
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except Refused as refusal:
            return self.refuse(refusal.reasons, 409 if isinstance(refusal, Stale) else 422)
        except ValuesRefused as refusal:
            return self.refuse_values(refusal)
        messages.success(request, told)
        return go_to(request, self.object.get_absolute_url())

    def refuse_values(self, refusal: ValuesRefused) -> HttpResponse:
        """Refused values that stand at no field of this page."""
        return self.refuse([Reason(p.code, p.detail) for p in refusal.problems])

    def refuse(self, reasons: list[Reason], status: int = 422) -> HttpResponse:
        """The page as it is now with the reasons on top."""
        self._object = self.get_object()
        return self.respond(self.get_context_data(reasons=reasons, refused=True), status=status)


class ImportCompanies(Act):
    """Say which names mean a company on record."""

    def act(self) -> str:
        """The answers of the names that the form holds."""
        posted = self.request.POST
        names = [normal for normal in self.object.companies if f"company:{normal}" in posted]
        answers = {normal: posted[f"company:{normal}"] for normal in names}
        services.choose_companies(
            imported=self.object, answers=answers, actor=self.actor, expected=self.expected()
        )
        return "Read again with these companies."


class ImportMapping(Act):
    """Read the file again by corrected columns, or under another header row."""

    def act(self) -> str:
        """A pointed-at header row wins over columns."""
        if header := self.request.POST.get("header", ""):
            return self._under(header)
        if not services.is_bom(self.object):
            return self._bulk()
        if not self.object.mapping:
            raise ValuesRefused.one("/mapping", "no_table", "There is no table to read again.")
        version = self._keep_choices()
        try:
            said = MappingForm(
                Mapping.from_json(self.object.mapping), self.request.POST
            ).corrections()
        except ValueError as error:
            raise ValuesRefused.one("/mapping", "malformed", f"Unknown: {error}.") from None
        read = services.correct_mapping(
            imported=self.object, mapping=said, actor=self.actor, expected=version
        )
        if read.state != S.PREVIEWED:
            return "Read again, without a result."
        lines = read.totals["lines"]
        return f"Read again: {lines} line{'' if lines == 1 else 's'}. Remembered for such files."

    def refuse_values(self, refusal: ValuesRefused) -> HttpResponse:
        """What was typed beside the columns stays, with the problem under its field."""
        form = getattr(self, "form", None)
        places = {problem.pointer.lstrip("/") for problem in refusal.problems}
        if form is None or not places <= form.fields.keys():
            return super().refuse_values(refusal)
        add_problems(form, refusal)
        return self.respond(self.get_context_data(form=form), status=422)

    def _keep_choices(self) -> int | None:
        """What was typed beside the columns outlives reading again; the version since then."""
        if "product" not in self.request.POST:
            return self.expected()
        self.form = form = self.get_form(self.request.POST)
        form.is_valid()
        form.errors.pop("phase", None)  # it is asked for on confirming alone
        if form.errors:
            raise ValuesRefused([])  # they stand at their fields
        kept = services.keep_choices(
            imported=self.object,
            product_code=form.cleaned_data.get("product", ""),
            product_name=form.cleaned_data.get("product_name", ""),
            choices=form.choices(),
            actor=self.actor,
            expected=self.expected(),
        )
        return int(kept.version)

    def _bulk(self) -> str:
        if not self.object.mapping:
            raise ValuesRefused.one("/mapping", "no_table", "There is no table to read again.")
        mapping = BulkMapping.from_json(self.object.mapping)
        try:
            columns = BulkMappingForm(mapping, self.request.POST).corrections()
        except ValueError as error:
            raise ValuesRefused.one("/mapping", "malformed", f"Unknown: {error}.") from None
        wanted = {"columns": columns, "sheet": mapping.sheet, "header_row": mapping.header_row}
        read = services.correct_mapping(
            imported=self.object, mapping=wanted, actor=self.actor, expected=self.expected()
        )
        if services.is_being_read(read):
            return "The file is being read again. Remembered for such files."
        return "Read again. Remembered for files with these headers."

    def _under(self, header: str) -> str:
        sheet, _, row = header.partition(":")
        if not (sheet.isdecimal() and row.isdecimal() and len(header) < 18):
            raise ValuesRefused.one("/header", "malformed", "Choose a row.")
        services.choose_header(
            imported=self.object, sheet=int(sheet), row=int(row), actor=self.actor,
            expected=self.expected(),
        )  # fmt: skip
        return f"Read with row {int(row) + 1} as the header."


class ImportConfirm(Act):
    """Start writing; the product is named here at the latest."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A problem with the product is shown at its field."""
        if not services.is_bom(self.object):
            return super().post(request, *args, **kwargs)
        self.form = self.get_form(request.POST)
        if not self.form.is_valid():
            return self.respond(self.get_context_data(form=self.form), status=422)
        try:
            shown_first = self._go(self.form)
        except ValuesRefused as refusal:
            return self.refuse_values(refusal)
        return shown_first or super().post(request, *args, **kwargs)

    def refuse_values(self, refusal: ValuesRefused) -> HttpResponse:
        """The page with the problem under the field and the typed values."""
        if not services.is_bom(self.object):
            return super().refuse_values(refusal)
        add_problems(self.form, refusal)
        return self.respond(self.get_context_data(form=self.form), status=422)

    def _go(self, form: ConfirmForm) -> HttpResponseBase | None:
        """Another product than previewed means another comparison: that is shown first."""
        values, imported = form.cleaned_data, self.object
        self.values = values
        if not values["product"] or values["product"] == imported.product_code:
            return None
        before = imported.product
        try:
            named = services.keep_choices(
                imported=imported, product_code=values["product"],
                product_name=values["product_name"], choices=form.choices(), read=True,
                actor=self.actor, expected=self.expected(),
            )  # fmt: skip
        except Refused as refusal:
            return self.refuse(refusal.reasons, 409 if isinstance(refusal, Stale) else 422)
        self._object = self.get_object()
        self.version = named.version
        if named.product is None and before is None:
            return None
        messages.info(
            self.request,
            f"Now compared with {named.product_code}. Look at the changes, then confirm.",
        )
        return go_to(self.request, imported.get_absolute_url())

    def act(self) -> str:
        """Through the service."""
        said: dict[str, Any] = {"partial": "partial" in self.request.POST}
        if services.is_bom(self.object):
            said = {
                "product_code": self.values["product"],
                "product_name": self.values["product_name"], "choices": self.form.choices(),
                "answered": self.request.POST.getlist("answered"),
            }  # fmt: skip
        services.confirm(
            imported=self.object, actor=self.actor, **said,
            expected=getattr(self, "version", None) or self.expected(),
        )  # fmt: skip
        return "The import has started."
