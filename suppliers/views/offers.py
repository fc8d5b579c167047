"""Pages of offers: list, details, new offer, new version and comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parts.house_rules import CompanyPolicy
from parts.models import Part
from secondsource.core import clock, formats, numerals, policies
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import DetailPage, FormPage, ListPage, ObjectPage, VersionedForm
from suppliers import price_facts, services
from suppliers.filters import EXPIRES_SOON_DAYS, OfferListFilter
from suppliers.models import ManufacturerPart, Offer, Supplier
from suppliers.offer_forms import OfferForm, OfferVersionForm
from suppliers.views import cells

_WRITE = "suppliers.write_offer"
#: The most suggested names, and the largest quantity to compare.
MOST_NAMES, MOST_COMPARED = 500, 2_000_000_000


def _state(row: Offer) -> str:
    today = clock.business_day()
    if row.valid_from > today:
        return "Not yet valid"
    if row.valid_to is None or (row.valid_to - today).days > EXPIRES_SOON_DAYS:
        return "Valid"
    return "Expired" if row.valid_to < today else "Expires soon"


def _state_cell(row: Offer, value: str, view: Any) -> SafeString:
    tones = {"Expires soon": "warn", "Expired": "bad"}
    return chip(value, tones[value]) if value in tones else format_html("{}", value)


def _prices(row: Any) -> str:
    """``$1.25 from 1, $0.98 from 1,000``."""
    return ", ".join(
        f"{formats.money_exact(one.price, row.currency)} from {formats.number(one.quantity)}"
        for one in row.price_breaks.all()
    )


def _lead(row: Offer) -> str:
    days = [one for one in (row.lead_time_days_min, row.lead_time_days_max) if one is not None]
    return " to ".join(map(str, dict.fromkeys(days))) + " days" if days else formats.MISSING


def _number(row: Offer, value: Any, view: Any) -> SafeString:
    url = reverse("offer_detail", args=[row.public_id])
    return format_html(
        '<a class="mpn" href="{}">{}</a> <span class="t3">{}</span>',
        url, value.mpn, value.manufacturer.name,
    )  # fmt: skip


class OfferList(ListPage):
    """Prices of suppliers; those that expire first come first."""

    permission_required = "suppliers.view_offer"
    template_name = "suppliers/offer_list.html"
    page_title = "Offers"
    noun = ("offer", "offers")
    filterset_class = OfferListFilter
    search_field = "search"
    search_label = "MPN or part"
    export_stem = "offers"
    default_sort = "valid_to"
    views: ClassVar[Mapping[str, str]] = {
        "All": "", "Valid": "state=valid", "Expire in 30 days": "state=expiring",
        "Expired": "state=expired",
    }  # fmt: skip
    columns: ClassVar[Sequence[Column]] = (
        Column("manufacturer_part", "MPN", draw=_number, css="nw", mobile="title",
               export=lambda row: row.manufacturer_part.mpn),
        Column("supplier", "Supplier", source="supplier__name", css="nw", mobile="sub"),
        Column("price_breaks", "Prices", draw=lambda row, value, view: format_html(
            "{}", _prices(row)), export=_prices, css="ell", mobile="sub"),
        Column("moq", "MOQ", draw=cells.quantity, align="r", css="nw"),
        Column("multiple", "Multiple", draw=cells.quantity, align="r", css="nw"),
        Column("lead", "Lead time", source=_lead, css="nw"),
        Column("channel", "Channel", source=lambda row: row.get_channel_display().capitalize(),
               css="nw"),
        Column("valid_to", "Valid to", order="valid_to", draw=cells.day, css="nw", mobile="sub"),
        Column("state", "State", source=_state, draw=_state_cell, css="nw", mobile="end"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No offers yet",
        "text": "Offers give parts a price, a lead time and their spend without receipts.",
    }
    first_action = (_WRITE, "offer_create", "Add offer")

    def get_queryset(self) -> QuerySet[Any]:
        """All offers; the page is for readers who see prices."""
        rows = Offer.objects.select_related("manufacturer_part__manufacturer", "supplier")
        return rows.prefetch_related("price_breaks")


class OfOffer(ObjectPage):
    """A page about one offer."""

    lookup: ClassVar[Mapping[str, str]] = {"id": "public_id"}
    context_name = "offer"

    def get_queryset(self) -> QuerySet[Any]:
        return Offer.objects.select_related("manufacturer_part__manufacturer", "supplier")


class OfferPage(OfOffer, DetailPage):
    """The page of an offer with the prices of its versions."""

    permission_required = "suppliers.view_offer"
    template_name = "suppliers/offer.html"
    page_title = "{self.object.manufacturer_part.mpn} from {self.object.supplier.name}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the versions, newest first, and the parts with this MPN as a source."""
        offer = self.object
        entries = list(offer.history.order_by("-version")[:50])
        breaks = services.breaks_by_version(offer, {entry.version for entry in entries})
        seen = Part.objects.visible_to(self.actor.user)
        return super().get_context_data(
            state=_state(offer),
            lead=_lead(offer),
            versions=[(entry, breaks[entry.version]) for entry in entries],
            parts=seen.filter(sources__manufacturer_part=offer.manufacturer_part).order_by("ipn"),
            **context,
        )


class OfferCreate(FormPage):
    """Add an offer of an existing manufacturer part."""

    permission_required = _WRITE
    template_name = "suppliers/offer_form.html"
    page_title = "Add offer"
    form_class = OfferForm
    submit_label = "Add offer"
    cancel_name = "offer_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the MPN of the query string and the company's currency."""
        currency = policies.active(CompanyPolicy)[0].currency
        wanted = self.request.GET.get("manufacturer_part", "")
        initial: dict[str, Any] = {"currency": currency, "valid_from": clock.business_day()}
        for found in ManufacturerPart.objects.filter(mpn=wanted).select_related("manufacturer"):
            initial |= {"manufacturer": found.manufacturer.name, "mpn": found.mpn}
        return super().get_form_kwargs() | {"actor": self.actor, "initial": initial}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds names of manufacturers to choose from."""
        names = Supplier.objects.companies().order_by("name").values_list("name", flat=True)
        return super().get_context_data(manufacturers=names[:MOST_NAMES], **context)

    def save(self, form: Any) -> str:
        offer = services.add_offer(actor=self.actor, **form.values())
        messages.success(self.request, f"Added the offer of {offer.manufacturer_part.mpn}.")
        return reverse("offer_detail", args=[offer.public_id])


class OfferEdit(OfOffer, VersionedForm):
    """Write a new version of an offer; former prices stay on record."""

    permission_required = _WRITE
    template_name = "suppliers/offer_form.html"
    form_class = OfferVersionForm
    submit_label = "Save new version"
    success_message = "Saved. The former prices stay on record."
    beside = "Price breaks."
    page_title = "New version: {self.object.manufacturer_part.mpn} from {self.object.supplier.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"actor": self.actor, "offer": self.object}

    def get_cancel_url(self) -> str:
        return reverse("offer_detail", args=[self.object.public_id])

    def save(self, form: Any) -> str:
        """Changed fields and breaks alone; a stale version is refused."""
        values = form.values()
        breaks = values.pop("price_breaks")
        services.change_offer(
            offer=self.object, values=values, price_breaks=breaks, actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return self.get_cancel_url()


class OfferComparison(ObjectPage):
    """The valid offers of a part at one quantity, the cheapest first."""

    permission_required = "suppliers.view_offer"
    template_name = "suppliers/offer_comparison.html"
    lookup: ClassVar[Mapping[str, str]] = {"ipn": "ipn"}
    context_name = "part"
    page_title = "Offers of {self.object.ipn}"

    def get_queryset(self) -> QuerySet[Any]:
        """Parts in the reader's scope with their monthly demand."""
        rows: QuerySet[Any] = Part.objects.visible_to(self.actor.user)
        return rows.select_related("figures")

    def permission_object(self) -> Any:
        """The right is checked without an object."""
        return None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the quantity, its error, and a row for each valid offer."""
        typed, problem = self.request.GET.get("quantity", "").strip(), ""
        quantity = self._usual()
        if typed:
            try:
                quantity = _quantity(typed)
            except ValueError as error:
                problem = str(error)
        return super().get_context_data(
            typed=typed or str(quantity), problem=problem, quantity=quantity,
            rows=price_facts.offers_of_part(self.object, quantity=quantity), **context,
        )  # fmt: skip

    def _usual(self) -> int:
        """The monthly demand, else the default quantity of comparisons."""
        demand = getattr(getattr(self.object, "figures", None), "month_demand", None)
        return min(MOST_COMPARED, max(1, round(demand))) if demand else price_facts.QUANTITY


def _quantity(typed: str) -> int:
    """A whole number of pieces. Raises ``ValueError``."""
    plain = numerals.typed(typed, "pieces")
    if not plain.isascii() or not plain.isdecimal() or not 1 <= int(plain[:12]) <= MOST_COMPARED:
        raise ValueError(f"Write a whole number from 1 to {MOST_COMPARED:,}.")
    return int(plain)


urlpatterns = [
    path("offers/", OfferList.as_view(), name="offer_list"),
    path("offers/new/", OfferCreate.as_view(), name="offer_create"),
    path("offers/<uuid:id>/", OfferPage.as_view(), name="offer_detail"),
    path("offers/<uuid:id>/edit/", OfferEdit.as_view(), name="offer_edit"),
    path("parts/<str:ipn>/offers/", OfferComparison.as_view(), name="part_offers"),
]
