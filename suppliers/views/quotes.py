"""Pages of quotes: entered by a buyer, by sheet or link; compared, accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers

from secondsource.core import exports, numerals
from secondsource.core.errors import PermissionRefused, Refused, Stale, ValuesRefused
from secondsource.core.tables import Column
from secondsource.core.views import DetailPage, FormPage, go_to
from secondsource.core.views.conflicts import posted_version
from suppliers import services
from suppliers.models import Quote, QuoteLine, Rfq
from suppliers.quote_forms import (
    MOST_LINES_ON_FORM,
    QuoteForm,
    QuoteSheetForm,
    quote_form,
)
from suppliers.quote_matrix import Matrix, quote_matrix
from suppliers.quote_sheet import LIMITS, record_sheet, sheet_of
from suppliers.rfq_forms import AwardForm
from suppliers.rfq_workflow import RFQ_FLOW
from suppliers.views import chips
from suppliers.views.rfq_objects import WRITE, OfInvitation, OfRfq

#: The most that a comparison is asked at.
MOST_COMPARED = 2_000_000_000
#: A comparison with more cells shows the parts of each cost in its file alone.
MOST_EXPLAINED = 120
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class QuoteEntry:
    """Posting the form of a quote; ``channel``, ``actor``, ``invitation`` are the page's."""

    channel: ClassVar[str]

    def record(self: Any, form: QuoteForm) -> Quote | None:
        """Record the quote; a refusal is shown in the form. Raises ``PermissionDenied``."""
        values, lines = form.values()
        try:
            quote: Quote = services.record_quote(
                invitation=self.invitation, channel=self.channel, values=values, lines=lines,
                actor=self.by, expected=posted_version(self.request.POST),
            )  # fmt: skip
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except ValuesRefused as refusal:
            form.add_refusal(refusal)
        except Refused as refusal:
            self.status = 409 if isinstance(refusal, Stale) else 422
            form.problems += [f"{one.detail} {one.fix}".strip() for one in refusal.reasons]
        else:
            return quote
        return None


class QuoteCreate(QuoteEntry, OfInvitation):
    """Enter a supplier's quote by hand."""

    permission_required = WRITE
    template_name = "suppliers/rfqs/quote_form.html"
    page_title = "Quote of {self.object.supplier.name} for {self.object.rfq.reference}"
    channel = Quote.Channel.FORM
    status = 422

    @property
    def invitation(self) -> Any:
        """The invitation of the address."""
        return self.object

    @property
    def by(self) -> Any:
        """The signed-in buyer."""
        return self.actor

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form, filled in with the last quote."""
        form, _ = quote_form(self.object)
        return self.respond(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Record it, or show what is wrong."""
        form, _ = quote_form(self.object, request.POST)
        quote = None
        if form.is_valid():
            quote = self.record(form)
        if quote is None:
            return self.respond(self.get_context_data(form=form), status=self.status)
        name = self.object.supplier.name
        messages.success(request, f"Recorded quote {quote.revision} of {name}.")
        return go_to(request, self.object.rfq.get_absolute_url())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the revision on which the form is filled in."""
        rfq: Rfq = self.object.rfq
        typed = self.request.POST.get("expected") if self.request.method == "POST" else None
        return super().get_context_data(
            rfq=rfq,
            expected=typed if typed is not None else self.object.revision,
            cancel_url=rfq.get_absolute_url(),
            by_sheet=rfq.lines.count() > MOST_LINES_ON_FORM,
            **context,
        )


class QuoteSheet(OfInvitation):
    """The sheet of one supplier as a file."""

    permission_required = WRITE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The workbook."""
        return sheet_response(self.object)


def sheet_response(invitation: Any) -> HttpResponse:
    """The workbook of an invitation, which nobody caches."""
    content, name = sheet_of(invitation)
    response = HttpResponse(content, content_type=exports.TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    add_never_cache_headers(response)
    return response


class QuoteUpload(FormPage, OfInvitation):
    """Read a filled-in sheet."""

    permission_required = WRITE
    template_name = "suppliers/rfqs/quote_upload.html"
    page_title = "Sheet of {self.object.supplier.name} for {self.object.rfq.reference}"
    form_class = QuoteSheetForm
    submit_label = "Read the sheet"
    upload_limit = LIMITS.bytes

    @property
    def invitation(self) -> Any:
        """The invitation of the address."""
        return self.object

    @property
    def by(self) -> Any:
        """The signed-in buyer."""
        return self.actor

    def get_cancel_url(self) -> str:
        return str(self.object.rfq.get_absolute_url())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the revision that the sheet follows."""
        return super().get_context_data(
            rfq=self.object.rfq, expected=self.object.revision, upload=True, **context
        )

    def save(self, form: Any) -> str:
        quote = record_sheet(
            invitation=self.object, upload=form.cleaned_data["file"], actor=self.actor,
            channel=Quote.Channel.SHEET, expected=posted_version(self.request.POST),
        )  # fmt: skip
        name = self.object.supplier.name
        messages.success(self.request, f"Recorded quote {quote.revision} of {name}.")
        return self.get_cancel_url()


class LinkIssue(OfInvitation):
    """Make the link of a supplier, and show it once."""

    permission_required = WRITE
    http_method_names = ("post",)
    template_name = "suppliers/rfqs/link.html"
    page_title = "Link for {self.object.supplier.name}"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The new link; the one before ends."""
        made = self.act(lambda: services.issue_link(invitation=self.object, actor=self.actor))
        if made is None:
            return go_to(request, self.object.rfq.get_absolute_url())
        link, token = made
        url = request.build_absolute_uri(reverse("quote_by_link", args=[token]))
        response = self.respond(self.get_context_data(rfq=self.object.rfq, link=link, address=url))
        add_never_cache_headers(response)
        return response


class LinkRevoke(OfInvitation):
    """End the link of a supplier."""

    permission_required = WRITE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """End it at once."""
        self.act(lambda: services.revoke_link(invitation=self.object, actor=self.actor))
        return go_to(request, self.object.rfq.get_absolute_url())


class QuotePage(DetailPage):
    """One quote with its lines, and the revisions beside it."""

    permission_required = "suppliers.view_quote"
    template_name = "suppliers/rfqs/quote.html"
    lookup: ClassVar[Mapping[str, str]] = {"id": "public_id"}
    context_name = "quote"
    page_title = "Quote {self.object.revision} of {self.object.invitation.supplier.name}"

    def get_queryset(self) -> QuerySet[Any]:
        """Quotes of requests that the reader sees."""
        seen: Any = Rfq.objects.visible_to(self.actor.user)
        rows = Quote.objects.filter(invitation__rfq__in=seen)
        return rows.select_related("invitation__rfq", "invitation__supplier", "recorded_by")

    def permission_object(self) -> Any:
        """The right is checked without an object."""
        return None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds lines and revisions."""
        quote = self.object
        return super().get_context_data(
            rfq=quote.invitation.rfq,
            lines=quote.lines.select_related("line__part", "offer").prefetch_related("breaks"),
            revisions=quote.invitation.quotes.all(),
            **context,
        )


class QuoteMatrix(OfRfq):
    """All quotes of a request side by side, by total cost of a unit."""

    template_name = "suppliers/rfqs/matrix.html"
    page_title = "Quotes for {self.object.reference}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or a file of the comparison."""
        matrix, typed, problem = self._matrix()
        wanted = request.GET.get("export", "")
        if wanted in exports.FORMATS:
            return exports.FORMATS[wanted](
                _flat(matrix), _columns(sees=self.sees("prices")), "quotes"
            )
        return self.respond(
            self.get_context_data(matrix=matrix, typed=typed, problem=problem),
            status=400 if problem else 200,
        )

    def _matrix(self) -> tuple[Matrix, str, str]:
        given = self.request.GET
        place = given.get("volume", "1")
        number = int(place) if place.isascii() and place.isdecimal() and len(place) < 2 else 1
        typed, problem, quantity = given.get("quantity", "").strip(), "", None
        if typed:
            try:
                quantity = _quantity(typed)
            except ValueError as error:
                problem = str(error)
        return quote_matrix(self.object, place=max(1, number), quantity=quantity), typed, problem

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what the reader may see and do."""
        rfq, matrix = self.object, context["matrix"]
        may_award = rfq.state in ("closed", "awarded") and self.actor.may(WRITE, rfq)
        most = max((len(row.line.volumes) for row in matrix.rows), default=1)
        return super().get_context_data(
            state=chips.rfq(rfq.state),
            sees_prices=self.sees("prices"),
            may_award=may_award,
            may_write=self.actor.may(WRITE, rfq),
            places=range(1, most + 1),
            place=self.request.GET.get("volume", "1"),
            shows_parts=len(matrix.rows) * len(matrix.invitations) <= MOST_EXPLAINED,
            **context,
        )


def _quantity(typed: str) -> int:
    """A whole number of units. Raises ``ValueError``."""
    plain = numerals.typed(typed, "pieces")
    if not plain.isascii() or not plain.isdecimal() or not 1 <= int(plain[:12]) <= MOST_COMPARED:
        raise ValueError(f"Write a whole number from 1 to {MOST_COMPARED:,}.")
    return int(plain)


def _flat(matrix: Matrix) -> Any:
    """A row for each quoted line of the comparison."""
    for row in matrix.rows:
        for invitation, cell in zip(matrix.invitations, row.cells, strict=True):
            if cell is not None:
                yield {"row": row, "supplier": invitation.supplier, "cell": cell,
                       "matrix": matrix}  # fmt: skip


def _of_cost(name: str) -> Any:
    return lambda one: getattr(one["cell"].cost, name) if one["cell"].cost else None


def _columns(*, sees: bool) -> list[Column]:
    found = [
        Column("part", "Part", source=lambda one: one["row"].line.part.ipn),
        Column("volume", "Volume", source=lambda one: one["row"].volume),
        Column("supplier", "Supplier", source=lambda one: one["supplier"].name),
        Column("mpn", "MPN", source=lambda one: one["cell"].quoted.mpn),
        Column("state", "State", source=lambda one: one["cell"].state.replace("_", " ")),
        Column("why", "Not counted because", source=lambda one: one["cell"].why),
        Column("difference", "Above the least", source=lambda one: one["cell"].difference),
        Column("lead", "Lead time, days", source=lambda one: one["cell"].lead_days),
        Column("pcf", "kg CO2e", source=lambda one: one["cell"].pcf_kg),
        Column("esg", "ESG evidence", source=lambda one: one["cell"].esg),
        Column("independence", "Independence", source=lambda one: one["cell"].independence),
        Column("standing", "Standing", source=lambda one: one["cell"].standing),
        Column("lifecycle", "Lifecycle", source=lambda one: one["cell"].lifecycle),
        Column("countries", "Made in", source=lambda one: ", ".join(one["cell"].countries)),
        Column("remarks", "Remarks", source=lambda one: "; ".join(one["cell"].remarks)),
    ]
    if sees:
        names = ("price", "freight", "duty", "carrying", "quality", "qualification", "tco")
        found += [Column(n, n.upper() if n == "tco" else n.capitalize(), source=_of_cost(n))
                  for n in names]  # fmt: skip
        found.append(Column("currency", "Currency", source=lambda one: one["matrix"].rfq.currency))
    return found


def is_id(text: str) -> bool:
    """Whether a text has the form of a public id."""
    return bool(_ID.fullmatch(text))


class RfqAward(OfRfq, FormPage):
    """Accept the chosen quotes: what is accepted, why, then the act."""

    permission_required = WRITE
    template_name = "suppliers/rfqs/award.html"
    page_title = "Award {self.object.reference}"
    form_class = AwardForm
    submit_label = "Accept and award"

    def get_cancel_url(self) -> str:
        return reverse("rfq_matrix", args=[self.object.public_id])

    @property
    def chosen(self) -> list[str]:
        """The ids of the chosen quoted lines."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        return given.getlist("line")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the chosen lines and the reasons against accepting them."""
        offers = RFQ_FLOW.offered(self.object, self.actor, {"quote_lines": self.chosen})
        award = next((offer for offer in offers if offer.name == "award"), None)
        lines = QuoteLine.objects.filter(
            quote__invitation__rfq=self.object, public_id__in=filter(is_id, self.chosen)
        ).select_related("line__part", "quote__invitation__supplier")
        reasons = award.reasons if award else []
        return super().get_context_data(
            lines=lines.prefetch_related("breaks"), chosen=self.chosen, reasons=reasons,
            expected=self.object.version, **context,
        )  # fmt: skip

    def save(self, form: Any) -> str:
        RFQ_FLOW.fire(
            self.object.pk, "award", actor=self.actor, note=form.cleaned_data["note"],
            data={"quote_lines": self.chosen}, expected=posted_version(self.request.POST),
        )  # fmt: skip
        messages.success(self.request, f"{self.object.reference} is awarded.")
        return str(self.object.get_absolute_url())


_OF = "rfqs/<uuid:id>/suppliers/<uuid:invitation>"

urlpatterns = [
    path(f"{_OF}/quote/", QuoteCreate.as_view(), name="quote_create"),
    path(f"{_OF}/sheet/", QuoteSheet.as_view(), name="quote_sheet"),
    path(f"{_OF}/upload/", QuoteUpload.as_view(), name="quote_upload"),
    path(f"{_OF}/link/", LinkIssue.as_view(), name="quote_link"),
    path(f"{_OF}/link/revoke/", LinkRevoke.as_view(), name="quote_link_revoke"),
    path("rfqs/<uuid:id>/quotes/", QuoteMatrix.as_view(), name="rfq_matrix"),
    path("rfqs/<uuid:id>/award/", RfqAward.as_view(), name="rfq_award"),
    path("quotes/<uuid:id>/", QuotePage.as_view(), name="quote_detail"),
]
