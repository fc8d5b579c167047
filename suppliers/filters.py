"""Filters of suppliers, sources, offers, orders and receipts for pages, API and exports."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from parts.models.catalogue import Lifecycle
from parts.querysets import scope_of
from secondsource.core import clock
from secondsource.core.filtersets import DayFilter, RecordFilterSet, YesNoFilter, actor_behind
from secondsource.core.widgets import MOST_SUGGESTED, SuggestInput
from suppliers.models import (
    Approval,
    DatasheetLine,
    ManufacturerPart,
    Offer,
    OrderLine,
    Receipt,
    Site,
    Source,
    Supplier,
    SupplierAlias,
)
from suppliers.names import normal_mpn, normal_name


def suggest_suppliers(reader: Any, text: str) -> Any:
    """Suppliers whose code or name contains the text."""
    found = Supplier.objects.companies().filter(Q(code__icontains=text) | Q(name__icontains=text))
    return found.order_by("name").values_list("code", "name")[:MOST_SUGGESTED]


class CompanyFilter(django_filters.CharFilter):
    """Rows of one company, by its code; those of companies that were merged into it are its own."""

    def filter(self, qs: Any, value: str) -> Any:
        """The rows whose company is this one."""
        if not value:
            return qs
        found = qs.filter(**{f"{self.field_name}__in": Supplier.objects.ids_of(value)})
        return found.distinct() if self.distinct else found


def supplier_filter(field_name: str = "supplier", **more: Any) -> CompanyFilter:
    """Rows of one supplier, by its code."""
    return CompanyFilter(field_name, label="Supplier", widget=SuggestInput("suppliers"), **more)


def part_filter(field_name: str) -> django_filters.CharFilter:
    """Rows of one of our parts, by its number."""
    suggest = SuggestInput("parts")
    return django_filters.CharFilter(field_name, label="Part", widget=suggest)


def source_named(text: str, prefix: str = "") -> Q:
    """Sources behind ``prefix`` whose IPN or MPN contains the text."""
    ipn = {f"{prefix}part__ipn__contains": text.strip().upper()}
    mpn = {f"{prefix}manufacturer_part__mpn_normal__contains": normal_mpn(text)}
    return Q(**ipn) | Q(**mpn)


class SupplierFilter(RecordFilterSet):
    """Suppliers by any of their names, kind, standing and country."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": (), "kind": ("kinds",)}

    search = django_filters.CharFilter(method="by_text", label="Code or name")
    kind = django_filters.ChoiceFilter(
        choices=Supplier.Kind.choices, method="by_kind", label="Kind"
    )
    standing = django_filters.MultipleChoiceFilter(
        choices=Supplier.Standing.choices, label="Standing"
    )
    country = django_filters.CharFilter(lookup_expr="iexact", label="Country")
    single = YesNoFilter(method="by_single", label="Single source of a part")

    class Meta:
        model = Supplier
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The code, the name or another spelling contains the text."""
        text = value.strip()
        spelt = SupplierAlias.objects.filter(
            supplier=OuterRef("pk"), normal__contains=normal_name(text)
        )
        named = Q(code__icontains=text) | Q(name__icontains=text)
        return queryset.filter(named | Exists(spelt)) if text else queryset

    def by_single(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        """Suppliers that are the single source of a part in the reader's scope."""
        user = actor_behind(self.request).user
        hangs: Any = Q(figures__single_parts__gt=0)
        if scope_of(user) is not None:
            counting = Source.objects.visible_to(user).filter(
                manufacturer_part__manufacturer=OuterRef("pk"),
                status=Source.Status.APPROVED,
                part__figures__supply="single",
            )
            hangs = Exists(counting.exclude(independence=Source.Independence.NOMINAL))
        return queryset.filter(hangs if value else ~hangs)

    def by_kind(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Manufacturers or distributors; a company can be both of them."""
        return queryset.filter(kinds__contains=[value])


class SiteFilter(RecordFilterSet):
    """Sites by supplier, activity and country."""

    supplier = supplier_filter()
    activity = django_filters.MultipleChoiceFilter(choices=Site.Activity.choices, label="Activity")
    country = django_filters.CharFilter(lookup_expr="iexact", label="Country")

    class Meta:
        model = Site
        fields: ClassVar[list[str]] = []


class DatasheetLineFilter(RecordFilterSet):
    """Lines of datasheets by state."""

    state = django_filters.MultipleChoiceFilter(choices=DatasheetLine.State.choices, label="State")

    class Meta:
        model = DatasheetLine
        fields: ClassVar[list[str]] = []


class OfManufacturersPart(RecordFilterSet):
    """Base of filters by manufacturer and MPN in any spelling."""

    #: The path to the manufacturer part from the filtered model.
    to_part: ClassVar[str] = "manufacturer_part__"

    manufacturer = django_filters.CharFilter(
        method="by_manufacturer",
        label="Manufacturer",
        widget=SuggestInput("suppliers"),
    )
    mpn = django_filters.CharFilter(method="by_number", label="MPN")

    def by_manufacturer(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """A code, or a name in any spelling."""
        manufacturers = Supplier.objects.filter(
            Q(code=value) | Q(merged__code=value) | Q(aliases__normal=normal_name(value))
        ).values("pk")
        return queryset.filter(**{f"{self.to_part}manufacturer__in": manufacturers})

    def by_number(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The MPN in normal form."""
        return queryset.filter(**{f"{self.to_part}mpn_normal": normal_mpn(value)})


class ManufacturerPartFilter(OfManufacturersPart):
    """Manufacturer parts by manufacturer, MPN, text and lifecycle."""

    to_part = ""
    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": (), "manufacturer": (), "mpn": ()}

    search = django_filters.CharFilter(method="by_text", label="MPN or description")
    lifecycle = django_filters.MultipleChoiceFilter(choices=Lifecycle.choices, label="Lifecycle")

    class Meta:
        model = ManufacturerPart
        fields: ClassVar[list[str]] = []

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Number or description contains the text."""
        number = Q(mpn_normal__contains=normal_mpn(value))
        return queryset.filter(number | Q(description__icontains=value.strip()))


class SourceFilter(OfManufacturersPart):
    """Sources by part, manufacturer, status, role, independence, product in scope."""

    part = part_filter("part__ipn")
    status = django_filters.MultipleChoiceFilter(choices=Source.Status.choices, label="Status")
    role = django_filters.ChoiceFilter(choices=Source.Role.choices, label="Role")
    independence = django_filters.MultipleChoiceFilter(
        choices=Source.Independence.choices, label="Independence"
    )
    approval = django_filters.ChoiceFilter(
        choices=Approval.Kind.choices, field_name="approval__kind", label="Approval"
    )
    review = django_filters.ChoiceFilter(
        choices=[("due", "due"), ("later", "later")], method="by_review", label="Review"
    )

    def by_review(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Legacy and taken-over approvals that are to be reviewed now, or later."""
        rows = queryset.to_review()
        due = Q(review_due=None) | Q(review_due__lte=clock.business_day())
        return rows.filter(due if value == "due" else ~due)

    class Meta:
        model = Source
        fields: ClassVar[list[str]] = []


class OfferFilter(OfManufacturersPart):
    """Offers by manufacturer part, part, supplier, channel and validity."""

    supplier = supplier_filter()
    part = django_filters.CharFilter(method="by_part", label="Part", widget=SuggestInput("parts"))
    channel = django_filters.MultipleChoiceFilter(choices=Offer.Channel.choices, label="Channel")
    valid = YesNoFilter(method="by_validity", label="Valid today")

    class Meta:
        model = Offer
        fields: ClassVar[list[str]] = []

    def by_part(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Offers of the sources of a part in the reader's scope."""
        theirs = self._sources_seen().filter(part__ipn=value).values("manufacturer_part")
        return queryset.filter(manufacturer_part__in=theirs)

    def _sources_seen(self) -> QuerySet[Any]:
        actor = actor_behind(self.request)
        return Source.objects.visible_to(actor.user if actor else None)

    def by_validity(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        """Offers that are valid today."""
        today = clock.business_day()
        holds = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))
        return queryset.filter(holds if value else ~holds)


#: Offers that end within these days expire soon.
EXPIRES_SOON_DAYS = 30


class OfferListFilter(OfferFilter):
    """Offers by text and state as well."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": (), "state": ()}

    STATES = (
        ("valid", "valid"), ("expiring", "expires in 30 days"), ("expired", "expired"),
        ("coming", "not yet valid"),
    )  # fmt: skip

    search = django_filters.CharFilter(method="by_text", label="MPN or part")
    state = django_filters.ChoiceFilter(
        choices=STATES, method="by_state", label="State", empty_label="Any"
    )

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The MPN or one of our numbers for it contains the text."""
        text = value.strip()
        parts = ManufacturerPart.objects.filter(
            Q(mpn_normal__contains=normal_mpn(text))
            | Q(pk__in=self._sources_seen().filter(part__ipn__contains=text.upper())
                .values("manufacturer_part"))
        )  # fmt: skip
        return queryset.filter(manufacturer_part__in=parts.values("pk")) if text else queryset

    def by_state(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The state today; an offer without a last day does not expire."""
        today = clock.business_day()
        if value == "expired":
            return queryset.filter(valid_to__lt=today)
        if value == "coming":
            return queryset.filter(valid_from__gt=today)
        rows = queryset.filter(valid_from__lte=today)
        if value == "expiring":
            last = today + dt.timedelta(days=EXPIRES_SOON_DAYS)
            return rows.filter(valid_to__range=(today, last))
        return rows.filter(Q(valid_to=None) | Q(valid_to__gte=today))


class OrderLineFilter(OfManufacturersPart):
    """Order lines by source, part, supplier, order, day and open quantity."""

    to_part = "source__manufacturer_part__"
    reads: ClassVar[dict[str, tuple[str, ...]]] = {"open": (), "manufacturer": (), "mpn": ()}

    source = django_filters.UUIDFilter(field_name="source__public_id", label="Source")
    part = part_filter("source__part__ipn")
    supplier = supplier_filter()
    po = django_filters.CharFilter(label="Order")
    open = YesNoFilter(method="by_open", label="Open")
    agreed_from = DayFilter(field_name="agreed_date", lookup_expr="gte", label="Agreed from")
    agreed_to = DayFilter(field_name="agreed_date", lookup_expr="lte", label="Agreed to")

    class Meta:
        model = OrderLine
        fields: ClassVar[list[str]] = []

    def by_open(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        """Lines with or without an open quantity."""
        rows = queryset.with_open()
        return rows.filter(open_qty__gt=0) if value else rows.filter(open_qty=0)


class OrderLineListFilter(OrderLineFilter):
    """Order lines by text and state as well."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = OrderLineFilter.reads | {
        "search": (), "state": (),
    }  # fmt: skip

    STATES = (("open", "open"), ("late", "late"), ("done", "done"), ("cancelled", "cancelled"))

    search = django_filters.CharFilter(method="by_text", label="Order, part or MPN")
    state = django_filters.ChoiceFilter(
        choices=STATES, method="by_state", label="State", empty_label="Any"
    )

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The order begins with the text, or the IPN or MPN contains it."""
        text = value.strip()
        sources = Source.objects.filter(source_named(text)).values("pk")
        named = Q(source__in=sources) | Q(po__istartswith=text)
        return queryset.filter(named) if text else queryset

    def by_state(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Late lines are open after their agreed date."""
        if value == "cancelled":
            return queryset.filter(cancelled_on__isnull=False)
        rows = queryset.filter(cancelled_on=None).with_open()
        if value == "done":
            return rows.filter(open_qty=0)
        rows = rows.filter(open_qty__gt=0)
        return rows.filter(agreed_date__lt=clock.business_day()) if value == "late" else rows


class ReceiptFilter(OfManufacturersPart):
    """Receipts by source, part, supplier, order, lot, import, purpose and day."""

    to_part = "source__manufacturer_part__"

    source = django_filters.UUIDFilter(field_name="source__public_id", label="Source")
    part = part_filter("source__part__ipn")
    supplier = supplier_filter()
    po = django_filters.CharFilter(label="Order")
    order_line = django_filters.UUIDFilter(field_name="order_line__public_id", label="Order line")
    lot = django_filters.CharFilter(label="Lot")
    reference = django_filters.CharFilter(label="Reference")
    batch = django_filters.UUIDFilter(field_name="batch__ref", label="Import")
    purpose = django_filters.ChoiceFilter(choices=Receipt.Purpose.choices, label="Purpose")
    received_from = DayFilter(field_name="received_date", lookup_expr="gte", label="Received from")
    received_to = DayFilter(field_name="received_date", lookup_expr="lte", label="Received to")

    class Meta:
        model = Receipt
        fields: ClassVar[list[str]] = []


class ReceiptListFilter(ReceiptFilter):
    """Receipts by text and kind as well: returns and corrections."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": (), "kind": ()}

    KINDS = (("arrival", "arrivals"), ("return", "returns"), ("corrected", "corrected"))

    search = django_filters.CharFilter(method="by_text", label="Part or MPN")
    kind = django_filters.ChoiceFilter(
        choices=KINDS, method="by_kind", label="Kind", empty_label="Any"
    )

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The IPN or MPN contains the text."""
        sources = Source.objects.filter(source_named(value)).values("pk")
        return queryset.filter(source__in=sources) if value.strip() else queryset

    def by_kind(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Deliveries, returns, or wrong receipts with their counter-entries."""
        if value == "corrected":
            return queryset.filter(Q(corrects__isnull=False) | Q(is_corrected=True))
        rows = queryset.filter(corrects=None, is_corrected=False)
        return (
            rows.filter(received_qty__gt=0)
            if value == "arrival"
            else rows.filter(received_qty__lt=0)
        )


class SourceReviewFilter(SourceFilter):
    """Sources whose approval was taken over without a case, by text as well."""

    reads: ClassVar[dict[str, tuple[str, ...]]] = {"search": (), "review": ()}

    search = django_filters.CharFilter(method="by_text", label="Part or number")

    def by_text(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """The IPN or MPN contains the text."""
        return queryset.filter(source_named(value)) if value.strip() else queryset
