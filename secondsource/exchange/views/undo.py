"""Giving an import up, taking it back, and its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.http import content_disposition_header

from secondsource.core import audit
from secondsource.core.errors import PermissionRefused, Refused, Stale
from secondsource.core.views import FormPage, Page, go_to
from secondsource.exchange import services
from secondsource.exchange.bulk import rejects, template_file
from secondsource.exchange.models import Import
from secondsource.exchange.views.detail import CHANGING, OfImport, S
from suppliers.models import Supplier


class ImportDiscard(OfImport, FormPage):
    """Remove an upload that was never confirmed."""

    permission_required = CHANGING
    template_name = "exchange/import_discard.html"

    def get_page_title(self) -> str:
        """Names the file."""
        return f"Discard {self.object.name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Asks."""
        return self.respond(self.get_context_data(form=None, reasons=[]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Removes it, or says why not."""
        try:
            services.discard(imported=self.object, actor=self.actor, expected=self.expected())
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except Refused as refusal:
            context = self.get_context_data(form=None, reasons=refusal.reasons, refused=True)
            return self.respond(context, status=409 if isinstance(refusal, Stale) else 422)
        messages.success(request, f"Discarded {self.object.name}.")
        return go_to(request, reverse("import_list"))


class ImportUndo(OfImport, FormPage):
    """Take an import back: first what goes, or why it stays."""

    permission_required = CHANGING
    template_name = "exchange/import_undo.html"

    def get_page_title(self) -> str:
        """Names the file."""
        return f"Undo the import of {self.object.name}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What would be removed, or every reason against it."""
        imported = self.object
        if imported.state != S.DONE:
            return go_to(request, imported.get_absolute_url())
        reasons = services.reasons_against_undo(imported)
        return self.respond(self.get_context_data(form=None, reasons=reasons))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what the import made, in numbers."""
        nobody = Supplier.objects.filter(placeholder=True).values("pk")
        rows = self.object.rows.filter(before__isnull=True)
        rows = rows.exclude(model=audit.label(Supplier), object_id__in=nobody)
        made = rows.order_by("model").values_list("model")
        words = {
            "suppliers.source": ("source", "sources"), "parts.part": ("part", "parts"),
            "suppliers.manufacturerpart": ("MPN", "MPNs"),
            "suppliers.supplier": ("manufacturer", "manufacturers"),
            "parts.product": ("product", "products"),
        }  # fmt: skip
        found = dict(made.annotate(count=Count("pk")))
        counted = [(found[key], *word) for key, word in words.items() if key in found]
        kind = None if services.is_bom(self.object) else services.kind_of(self.object)
        return super().get_context_data(counted=counted if not kind else [], kind=kind, **context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take it back, or say why not."""
        try:
            services.undo(imported=self.object, actor=self.actor, expected=self.expected())
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except Refused as refusal:
            context = self.get_context_data(form=None, reasons=refusal.reasons, refused=True)
            return self.respond(context, status=409 if isinstance(refusal, Stale) else 422)
        self.object.refresh_from_db()
        if self.object.state == S.RUNNING:
            messages.success(request, "Taking it back has started.")
        else:
            messages.success(request, f"Took back the import of {self.object.name}.")
        return go_to(request, self.object.get_absolute_url())


class ImportFile(OfImport):
    """The bytes as they were uploaded, always as a download."""

    permission_required = "exchange.view_import"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An attachment with its own name; its type is never guessed again."""
        if not services.is_bom(self.object):
            _require_cells(self.object, self)
        try:
            opened = self.object.file.open("rb")
        except FileNotFoundError as error:
            raise Http404("The bytes of this file are missing.") from error
        response = FileResponse(
            opened, as_attachment=True, filename=self.object.name,
            content_type="application/octet-stream",
        )  # fmt: skip
        response["X-Content-Type-Options"] = "nosniff"
        return response


class ImportRejected(OfImport):
    """The rows of bulk data that need a person, with their own columns and every reason."""

    permission_required = "exchange.view_import"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """CSV; none of its cells is a formula."""
        if services.is_bom(self.object) or not self.object.errors:
            raise Http404("No row of this import was refused.")
        _require_cells(self.object, self)
        stem = self.object.name.rpartition(".")[0] or self.object.name
        return _download(rejects.as_csv(self.object), f"{stem} - rows to correct.csv")


class ImportTemplate(Page):
    """A file to fill in: the columns of a kind with one example row."""

    permission_required = "exchange.import_data"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """CSV with the columns that this person may fill."""
        kind = services.KINDS.get(kwargs["kind"])
        if kind is None or not self.actor.may(kind.permission):
            raise Http404("There is no such kind of data.")
        return _download(template_file.lines(kind.columns_for(self.actor)), f"{kind.name}.csv")


def _require_cells(imported: Import, page: Page) -> None:
    if not services.may_see_cells(imported, page.actor):
        raise PermissionDenied("The file may hold fields that you may not see.")


def _download(lines: Iterable[str], name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
