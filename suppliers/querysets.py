"""Querysets of suppliers, sources, approvals, orders and receipts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, TruncDate

from parts.querysets import scope_of

if TYPE_CHECKING:
    from secondsource.accounts.models import User


#: In a subquery of sources: the time from which granted units count.
GRANTED_SINCE = models.ExpressionWrapper(
    OuterRef("quantity_since"), output_field=models.DateTimeField()
)


class SupplierQuerySet(models.QuerySet[Any]):
    """Companies, placeholders and merged companies."""

    def companies(self) -> SupplierQuerySet:
        """Companies without placeholders and merged ones."""
        return self.filter(placeholder=False, merged_into=None)

    def with_figures(self) -> SupplierQuerySet:
        """Suppliers joined with their figures, which every company has."""
        return self.filter(figures__isnull=False).select_related("figures")

    def by_code(self, code: str) -> Any | None:
        """The company with this code, or the one that it was merged into; None without any."""
        found = self.select_related("merged_into").filter(code=code, placeholder=False).first()
        return None if found is None else found.merged_into or found

    def ids_of(self, code: str) -> list[int]:
        """The ids of the company behind a code and of those that were merged into it.

        Receipts and quotes keep the company that delivered or quoted.
        """
        company = self.by_code(code)
        if company is None:
            return []
        same = self.model._default_manager.filter(Q(pk=company.pk) | Q(merged_into=company))
        return list(same.values_list("pk", flat=True))


class SourceQuerySet(models.QuerySet[Any]):
    """Sources by scope, in the order in which they are shown."""

    def visible_to(self, user: User | None) -> SourceQuerySet:
        """Sources of the parts that the person sees."""
        from parts.models import Part  # the models import this module

        if scope_of(user) is None:
            return self
        return self.filter(part__in=Part.objects.visible_to(user))

    def with_manufacturers(self) -> SourceQuerySet:
        """Sources with manufacturer part, manufacturer and approval, in one query."""
        return self.select_related("manufacturer_part__manufacturer", "approval", "part")

    def with_units_left(
        self, granted: Decimal | None = None, since: dt.datetime | None = None
    ) -> SourceQuerySet:
        """Adds ``units_left``: units granted less those received since and on order; null = no cap.

        Returns do not count. ``granted`` and ``since`` replace the stored columns.
        """
        from suppliers.models import OrderLine, Receipt  # the models import this module

        cap = models.F("quantity_cap") if granted is None else models.Value(granted)
        moment = GRANTED_SINCE if since is None else models.Value(since)
        came = Receipt.objects.standing().arrived_since(moment).filter(source=OuterRef("pk"))
        coming = OrderLine.objects.filter(source=OuterRef("pk")).with_open()
        number = models.DecimalField(max_digits=18, decimal_places=4)
        left = Greatest(
            cap - _total(came, "received_qty") - _total(coming, "open_qty"),
            models.Value(0),
            output_field=number,
        )
        none = models.Q(quantity_cap__isnull=True) if granted is None else models.Q(pk__isnull=True)
        return self.annotate(
            units_left=models.Case(models.When(none, then=None), default=left, output_field=number)
        )

    def with_sites_and_scope(self) -> SourceQuerySet:
        """Sources with units left and sites; adds ``product_codes`` and ``plant_codes``."""
        from suppliers.models import Approval, ManufacturerPartSite, Source  # they import this

        products = Source.scope.through.objects.filter(source=OuterRef("pk"))
        plants = Approval.plants.through.objects.filter(approval=OuterRef("approval"))
        sites = ManufacturerPartSite.objects.select_related("site")
        return (
            self.with_manufacturers()
            .with_units_left()
            .annotate(
                product_codes=ArraySubquery(
                    products.order_by("product__code").values("product__code")
                ),
                plant_codes=ArraySubquery(plants.order_by("plant__code").values("plant__code")),
            )
            .prefetch_related(models.Prefetch("manufacturer_part__part_sites", sites))
        )

    def to_review(self) -> SourceQuerySet:
        """Sources whose approval was taken over without a case, with ``review_due``.

        That is the day until which the last review keeps the approval, else the last day of a
        taken-over one; a legacy approval without review has none and is due at once.
        """
        from suppliers.models import Approval, ApprovalReview  # the models import this module

        kept = ApprovalReview.objects.filter(approval=OuterRef("approval")).order_by("-id")
        kinds = (Approval.Kind.LEGACY, Approval.Kind.TAKEOVER)
        # Found for each row, and not by a join, which would read all approvals for one page.
        holds = Approval.objects.filter(pk=OuterRef("approval"), kind__in=kinds, revocation=None)
        rows = self.alias(holds=Subquery(holds.values("pk")[:1])).filter(holds__isnull=False)
        due = Coalesce(Subquery(kept.values("until")[:1]), "approval__valid_to")
        return rows.annotate(review_due=due)

    def in_order(self) -> SourceQuerySet:
        """Incumbents first, then alternates as they were added."""
        return self.order_by(models.Case(models.When(role="incumbent", then=0), default=1), "id")


def _total(rows: models.QuerySet[Any], column: str) -> Any:
    """The sum of a column over the rows of a source; 0 without rows."""
    sums = rows.order_by().values("source").annotate(total=Sum(column)).values("total")
    return Coalesce(Subquery(sums), models.Value(0), output_field=models.DecimalField())


class ApprovalQuerySet(models.QuerySet[Any]):
    """Approvals."""

    def standing(self) -> ApprovalQuerySet:
        """Approvals that are not revoked; their last day can be over."""
        return self.filter(revocation=None)


class TakeoverQuerySet(models.QuerySet[Any]):
    """Batches of proposed approvals, with the number of rows in each state."""

    def visible_to(self, user: User | None) -> TakeoverQuerySet:
        """Batches with a row whose source the person sees, and batches that they proposed."""
        if scope_of(user) is None:
            return self
        from suppliers.models import TakeoverRow  # the models import this module

        seen = TakeoverRow.objects.visible_to(user).filter(takeover=OuterRef("pk"))
        return self.filter(Q(proposed_by=user) | Exists(seen))

    def with_counts(self) -> TakeoverQuerySet:
        """Adds ``proposed_rows``, ``confirmed_rows``, ``approved_rows`` and ``refused_rows``."""
        states = ("proposed", "confirmed", "approved", "refused")
        return self.annotate(
            **{f"{s}_rows": models.Count("rows", filter=Q(rows__state=s)) for s in states}
        )


class TakeoverRowQuerySet(models.QuerySet[Any]):
    """Rows of batches."""

    def visible_to(self, user: User | None) -> TakeoverRowQuerySet:
        """Rows whose source the person sees."""
        found: TakeoverRowQuerySet = of_seen_sources(self, user)
        return found

    def with_names(self) -> TakeoverRowQuerySet:
        """With part, manufacturer part, manufacturer, people and products."""
        return self.select_related(
            "source__part", "source__manufacturer_part__manufacturer", "confirmed_by",
            "decided_by", "approval",
        ).prefetch_related("products")  # fmt: skip


class RfqQuerySet(models.QuerySet[Any]):
    """Requests for quotation by scope."""

    def visible_to(self, user: User | None) -> RfqQuerySet:
        """Requests of which the person sees every part."""
        if scope_of(user) is None:
            return self
        from parts.models import Part  # the models import this module
        from suppliers.models import RfqLine

        seen = Part.objects.visible_to(user).filter(pk=OuterRef("part"))
        hidden = RfqLine.objects.filter(~Exists(seen), rfq=OuterRef("pk"))
        return self.filter(~Exists(hidden))

    def overdue(self, day: dt.date) -> RfqQuerySet:
        """Sent requests whose due date was before this day."""
        return self.filter(state="sent", due__lt=day)


class OrderLineQuerySet(models.QuerySet[Any]):
    """Order lines by scope, with their open quantity."""

    def visible_to(self, user: User | None) -> OrderLineQuerySet:
        """Order lines of the sources that the person sees."""
        return of_seen_sources(self, user)

    def with_open(self) -> OrderLineQuerySet:
        """Adds ``open_qty``, the quantity that has not arrived, never below 0."""
        from suppliers.models import Receipt  # the models import this module

        told_on = Coalesce(OuterRef("open_as_of"), models.Value(dt.date.min))
        arrived = (
            Receipt.objects.standing()
            .filter(order_line=OuterRef("pk"), received_date__gt=told_on)
            .order_by()
            .values("order_line")
            .annotate(total=Sum("received_qty"))
            .values("total")
        )
        told = Coalesce("open_given", "ordered_qty")
        return self.annotate(
            open_qty=Greatest(
                told - Coalesce(Subquery(arrived), models.Value(0)),
                models.Value(0),
                output_field=models.DecimalField(max_digits=18, decimal_places=4),
            )
        )


class ReceiptQuerySet(models.QuerySet[Any]):
    """Receipts by scope and validity."""

    def arrived_since(self, moment: Any) -> ReceiptQuerySet:
        """Receipts after a time (an expression), recorded after it, without returns."""
        first = TruncDate(moment, tzinfo=settings.COMPANY_TIME_ZONE)
        later = Q(received_date__gt=first) | Q(received_date=first, created_at__gte=moment)
        return self.filter(later, received_qty__gt=0)

    def visible_to(self, user: User | None) -> ReceiptQuerySet:
        """Receipts of the sources that the person sees."""
        return of_seen_sources(self, user)

    def listed(self) -> ReceiptQuerySet:
        """All receipts but those of batches that were taken back."""
        from suppliers.models import ReceiptBatch  # the models import this module

        gone = ReceiptBatch.objects.filter(pk=OuterRef("batch"), taken_back_at__isnull=False)
        return self.filter(~Exists(gone))

    def standing(self) -> ReceiptQuerySet:
        """Receipts that count: not taken back, not corrected and not counter-entries."""
        return self.listed().filter(~Exists(self.counter_entries()), corrects=None)

    def with_correction(self) -> ReceiptQuerySet:
        """Adds ``is_corrected``: whether there is a counter-entry."""
        return self.annotate(is_corrected=Exists(self.counter_entries()))

    @staticmethod
    def counter_entries() -> models.QuerySet[Any]:
        """In a subquery of receipts: the counter-entry of each.

        That a counter-entry corrects something is said once more for PostgreSQL, which else may
        read all receipts for it instead of the index of the few counter-entries.
        """
        from suppliers.models import Receipt  # models import this module

        return Receipt.objects.filter(corrects__isnull=False, corrects=OuterRef("pk"))


def of_seen_sources(rows: Any, user: User | None) -> Any:
    """The rows whose ``source`` the person sees."""
    if scope_of(user) is None:
        return rows
    from suppliers.models import Source  # the models import this module

    return rows.filter(source__in=Source.objects.visible_to(user))
