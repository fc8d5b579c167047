"""The upload of a file: a BOM with its product, or bulk data of one kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from secondsource.core.errors import ValuesRefused
from secondsource.core.views import FormPage
from secondsource.exchange import services
from secondsource.exchange.boms.kind import Bom
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.forms import BulkUploadForm, UploadForm
from secondsource.exchange.models import Import

BOM = Bom.name


def _max_bytes(kind: str) -> int:
    declared = services.KINDS.get(kind)
    return declared.max_megabytes * 1024 * 1024 if declared else services.MAX_BYTES


class ImportCreate(FormPage):
    """``?kind=`` says what the file holds; without it the first kind that the person may import.

    A BOM's file stays when its product is refused.
    """

    permission_required = "exchange.import_data"
    template_name = "exchange/import_form.html"
    submit_label = "Read the file"

    @staticmethod
    def upload_limit(request: HttpRequest) -> int:
        """As the kind says."""
        return _max_bytes(request.GET.get("kind", BOM))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find out the kind first."""
        self.kind = request.GET.get("kind", "")
        return super().dispatch(request, *args, **kwargs)

    def _check_permission(self) -> None:
        super()._check_permission()
        offered = dict(self.offered())
        self.kind = self.kind or next(iter(offered), "")
        if not offered:
            raise PermissionDenied(self.permission_required)
        if self.kind not in services.KINDS:
            raise Http404("There is no such kind of data.")
        if self.kind not in offered:
            raise PermissionDenied(services.KINDS[self.kind].permission)

    def offered(self) -> list[tuple[str, str]]:
        """Kinds that this person may import, with their labels."""
        return [(kind.name, kind.label) for kind in services.offered_to(self.actor)]

    @property
    def bulk_kind(self) -> Kind | None:
        """The declaration of a kind of bulk data; None for a BOM."""
        return None if self.kind == BOM else services.KINDS[self.kind]

    def get_page_title(self) -> str:
        """Names the kind."""
        return f"Import {self.bulk_kind.label.lower()}" if self.bulk_kind else "Import a BOM"

    def get_form(self) -> Any:
        """The codes that this person sees are offered; ``?product=`` names one."""
        kwargs = self.get_form_kwargs()
        if self.bulk_kind:
            return BulkUploadForm(**kwargs)
        if "data" not in kwargs:
            kwargs["initial"] = {"product": self.request.GET.get("product", "")[:40]}
        return UploadForm(user=self.request.user, **kwargs)

    def get_cancel_url(self) -> str:
        """Back to the list."""
        return reverse("import_list")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the kinds, the limit and the file that is here already."""
        here, kind, form = reverse("import_create"), self.bulk_kind, context["form"]
        tabs = [
            {"label": label, "url": f"{here}?kind={name}", "current": name == self.kind}
            for name, label in self.offered()
        ]
        return super().get_context_data(
            tabs=tabs, kind=kind,
            columns=kind.columns_for(self.actor) if kind else (),
            max_bytes=_max_bytes(self.kind),
            kept=None if kind else self.kept(form["kept"].value() or ""),
            **context,
        )  # fmt: skip

    def mine(self) -> QuerySet[Any]:
        """BOM files that this person uploaded and nobody confirmed."""
        return Import.objects.filter(
            kind=BOM, uploaded_by=self.request.user, state__in=services.BEFORE
        )

    def kept(self, public_id: Any) -> Import | None:
        """The file of an earlier try, by its id as posted; None for what is no id."""
        try:
            found: Import | None = self.mine().filter(public_id=UUID(str(public_id))).first()
        except ValueError:
            return None
        return found

    def save(self, form: Any) -> str | HttpResponseBase:
        """Keep the file and read it."""
        if not self.bulk_kind:
            return self._save_bom(form)
        imported = services.upload(file=form.cleaned_data["file"], kind=self.kind, actor=self.actor)
        return imported.get_absolute_url()

    def _save_bom(self, form: Any) -> str:
        """Keep the file first, then say where it goes, so that a wrong code loses no upload."""
        values = form.cleaned_data
        imported = self.kept(values["kept"]) if not values["file"] else None
        if imported is None:
            if not values["file"]:
                raise ValuesRefused.one("/file", "gone", "That file is gone. Choose it again.")
            imported = services.upload(file=values["file"], actor=self.actor)
            form.data = form.data.copy()
            form.data["kept"] = str(imported.public_id)
        if values["product"] or values["product_name"]:
            services.keep_choices(
                imported=imported, product_code=values["product"],
                product_name=values["product_name"], actor=self.actor, read=True,
            )  # fmt: skip
        return imported.get_absolute_url()
