"""Pages of price agreements: list, one agreement, a new one, changed terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from secondsource.core import clock, formats
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import DetailPage, FormPage, ListPage, ObjectPage, VersionedForm
from secondsource.core.views.history import changes_of
from suppliers import services
from suppliers.models import PriceAgreement, QuoteLine, Supplier
from suppliers.rfq_filters import AgreementFilter
from suppliers.rfq_forms import AgreementForm, AgreementTermsForm
from suppliers.views import cells
from suppliers.views.offers import MOST_NAMES
from suppliers.views.quotes import is_id

_VIEW, _WRITE = "suppliers.view_priceagreement", "suppliers.write_priceagreement"


def _state(row: PriceAgreement) -> str:
    today = clock.business_day()
    if row.valid_from > today:
        return "Not yet valid"
    return "In force" if row.valid_to >= today else "Over"


def _state_cell(row: PriceAgreement, value: str, view: Any) -> SafeString:
    tones = {"In force": ("good", "circle-check"), "Over": ("out", "")}
    tone, icon = tones.get(value, ("warn", "hourglass"))
    return chip(value, tone, icon=icon)


def _prices(row: Any) -> str:
    return ", ".join(
        f"{formats.money_exact(one.price, row.currency)} from {formats.number(one.quantity)}"
        for one in row.breaks.all()
    )


class AgreementList(ListPage):
    """What was contracted with suppliers; what ends first comes first."""

    permission_required = _VIEW
    template_name = "suppliers/agreements/agreement_list.html"
    page_title = "Price agreements"
    noun = ("agreement", "agreements")
    filterset_class = AgreementFilter
    search_field = "search"
    search_label = "Document or MPN"
    export_stem = "price-agreements"
    default_sort = "valid_to"
    views: ClassVar[Mapping[str, str]] = {
        "All": "", "In force": "state=in_force", "Over": "state=over",
    }  # fmt: skip
    columns: ClassVar[Sequence[Column]] = (
        Column("number", "Agreement", order="number", link=True, css="nw", mobile="title",
               source=lambda row: row.reference),
        Column("mpn", "MPN", source=lambda row: row.manufacturer_part.mpn, css="nw mono",
               mobile="sub"),
        Column("supplier", "Supplier", source="supplier__name", css="ell", mobile="sub"),
        Column("breaks", "Prices", source=_prices, css="ell", mobile="sub",
               draw=lambda row, value, view: format_html("{}", value)),
        Column("volume_commitment", "Units committed", draw=cells.quantity, align="r"),
        Column("valid_from", "From", order="valid_from", draw=cells.day, css="nw"),
        Column("valid_to", "To", order="valid_to", draw=cells.day, css="nw", mobile="sub"),
        Column("document", "Document", order="document", css="ell"),
        Column("state", "State", source=_state, draw=_state_cell, css="nw", mobile="end"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No price agreements yet",
        "text": "An agreement holds the prices that a supplier granted for a time. Savings count"
        " as contracted on it.",
    }
    first_action = (_WRITE, "agreement_create", "Add agreement")

    def get_queryset(self) -> QuerySet[Any]:
        """All agreements; the page is for readers who see prices."""
        rows = PriceAgreement.objects.select_related("manufacturer_part__manufacturer", "supplier")
        return rows.prefetch_related("breaks")


class OfAgreement(ObjectPage):
    """A page about one agreement."""

    lookup: ClassVar[Mapping[str, str]] = {"id": "public_id"}
    context_name = "agreement"

    def get_queryset(self) -> QuerySet[Any]:
        return PriceAgreement.objects.select_related(
            "manufacturer_part__manufacturer", "supplier", "offer",
            "quote_line__quote__invitation__rfq",
        )  # fmt: skip


class AgreementPage(OfAgreement, DetailPage):
    """One agreement: prices, terms and history."""

    permission_required = _VIEW
    template_name = "suppliers/agreements/agreement.html"
    page_title = "{self.object.reference} {self.object.manufacturer_part.mpn}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the state, prices and history."""
        row = self.object
        return super().get_context_data(
            state=_state_cell(row, _state(row), self),
            breaks=row.breaks.all(),
            events=changes_of(row, self.actor, "agreement"),
            may_write=self.actor.may(_WRITE),
            **context,
        )


class AgreementCreate(FormPage):
    """Record an agreement; ``?quote_line=`` fills in an accepted quote."""

    permission_required = _WRITE
    template_name = "suppliers/agreements/agreement_form.html"
    page_title = "Add price agreement"
    form_class = AgreementForm
    submit_label = "Add agreement"
    cancel_name = "agreement_list"

    @property
    def quoted(self) -> QuoteLine | None:
        """The accepted line on which the agreement is based."""
        key = self.request.GET.get("quote_line", "")
        rows = QuoteLine.objects.exclude(offer=None).select_related(
            "offer", "quote__invitation__supplier", "manufacturer_part__manufacturer"
        )
        return next((row for row in rows.filter(public_id=key)), None) if is_id(key) else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The values of the quote."""
        initial: dict[str, Any] = {"valid_from": clock.business_day()}
        line = self.quoted
        if line is not None and line.manufacturer_part is not None:
            supplier = line.quote.invitation.supplier
            number = line.manufacturer_part
            initial |= {
                "manufacturer": number.manufacturer.name, "mpn": number.mpn,
                "supplier": None if supplier.pk == number.manufacturer_id else supplier.pk,
                "currency": line.quote.currency, "document": line.quote.reference,
                "break_type": line.break_type, "valid_to": line.quote.valid_to,
            }  # fmt: skip
            for place, step in enumerate(line.breaks.all()):
                initial |= {f"quantity_{place}": step.quantity, f"price_{place}": step.price}
        return super().get_form_kwargs() | {"actor": self.actor, "initial": initial}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds names of manufacturers to choose from."""
        names = Supplier.objects.companies().order_by("name").values_list("name", flat=True)
        return super().get_context_data(manufacturers=names[:MOST_NAMES], **context)

    def save(self, form: Any) -> str:
        values = form.values()
        line = self.quoted
        if line is not None and line.manufacturer_part == values["manufacturer_part"]:
            values |= {"offer": line.offer, "quote_line": line}
        row = services.add_agreement(actor=self.actor, **values)
        messages.success(self.request, f"Added {row.reference}.")
        return str(row.get_absolute_url())


class AgreementEdit(OfAgreement, VersionedForm):
    """Change terms; other prices are another agreement."""

    permission_required = _WRITE
    template_name = "suppliers/agreements/agreement_form.html"
    page_title = "Change {self.object.reference}"
    form_class = AgreementTermsForm
    success_message = "Saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"actor": self.actor, "agreement": self.object}

    def get_cancel_url(self) -> str:
        return reverse("agreement_detail", args=[self.object.public_id])

    def save(self, form: Any) -> str:
        services.change_agreement(
            agreement=self.object, values=form.cleaned_data, actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return self.get_cancel_url()


urlpatterns = [
    path("price-agreements/", AgreementList.as_view(), name="agreement_list"),
    path("price-agreements/new/", AgreementCreate.as_view(), name="agreement_create"),
    path("price-agreements/<uuid:id>/", AgreementPage.as_view(), name="agreement_detail"),
    path("price-agreements/<uuid:id>/edit/", AgreementEdit.as_view(), name="agreement_edit"),
]
