"""The upload of a BOM file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse

from secondsource.core.errors import ValuesRefused
from secondsource.core.views import FormPage
from secondsource.exchange import services
from secondsource.exchange.forms import UploadForm
from secondsource.exchange.models import Import


class ImportCreate(FormPage):
    """A file and the product it belongs to; the file stays when the product is refused."""

    permission_required = "exchange.import_bom"
    template_name = "exchange/import_form.html"
    page_title = "Import a BOM"
    form_class = UploadForm
    submit_label = "Read the file"
    upload_limit = services.MAX_BYTES

    def get_form_kwargs(self) -> dict[str, Any]:
        """The codes that this person sees are offered; ``?product=`` names one."""
        kwargs = super().get_form_kwargs() | {"user": self.request.user}
        if "data" not in kwargs:
            kwargs["initial"] = {"product": self.request.GET.get("product", "")[:40]}
        return kwargs

    def get_cancel_url(self) -> str:
        """Back to the list."""
        return reverse("import_list")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the limit and the file that is here already."""
        form = context["form"]
        return super().get_context_data(
            max_bytes=services.MAX_BYTES, kept=self.kept(form["kept"].value()), **context
        )

    def mine(self) -> QuerySet[Any]:
        """Files that this person uploaded and nobody confirmed."""
        return Import.objects.filter(uploaded_by=self.request.user, state__in=services.BEFORE)

    def kept(self, public_id: Any) -> Import | None:
        """The file of an earlier try."""
        found: Import | None = (
            self.mine().filter(public_id=public_id).first() if public_id else None
        )
        return found

    def save(self, form: Any) -> str | HttpResponseBase:
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
            services.name_product(
                imported=imported, code=values["product"], name=values["product_name"],
                actor=self.actor,
            )  # fmt: skip
        return imported.get_absolute_url()
