"""The pages that a supplier opens by its link, without a login.

They show what is asked of this supplier and what it quoted, nothing of others. Wrong, ended and
revoked links look alike. Requests are limited by address and by link; nothing is cached.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from rest_framework.throttling import BaseThrottle

from secondsource.core import clock
from secondsource.core.api.throttling import counted, left_of, parse_rate
from secondsource.core.errors import Refused, ValuesRefused
from secondsource.core.views import PUBLIC, Page
from secondsource.core.views.conflicts import posted_version
from secondsource.core.views.forms import add_problems
from suppliers import services
from suppliers.models import Quote, QuoteLink, Rfq, RfqInvitation
from suppliers.quote_forms import MOST_LINES_ON_FORM, QuoteSheetForm, quote_form
from suppliers.quote_sheet import record_sheet
from suppliers.services.quote_links import BY_LINK
from suppliers.views.quotes import QuoteEntry, sheet_response


class ByLink(QuoteEntry, Page):
    """A page about the invitation of a link."""

    permission_required = PUBLIC
    channel: ClassVar[str] = Quote.Channel.LINK
    by = BY_LINK
    link: QuoteLink
    status = 422

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Limit, find the link, and answer what nobody caches or indexes."""
        token = str(kwargs["token"])
        limited = self._limited(request, token)
        if limited is not None:
            return limited
        link = services.link_of(token)
        if link is None:
            raise Http404("This link is not valid.")
        self.link = link
        QuoteLink.objects.filter(pk=link.pk).update(last_used_at=clock.now())
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def _limited(self, request: HttpRequest, token: str) -> HttpResponse | None:
        most, window = parse_rate(settings.QUOTE_LINK_RATE)
        ident = BaseThrottle().get_ident(request)  # type: ignore[arg-type]
        keys = (f"link-a{ident}", f"link-t{QuoteLink.digest_of(token)}")
        counts = [counted(key, window) for key in keys]
        if not most or max(counts) <= most:
            return None
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(int(left_of(window)) + 1)
        add_never_cache_headers(response)
        return response

    @property
    def invitation(self) -> RfqInvitation:
        """Who is asked."""
        return self.link.invitation

    def address(self) -> str:
        """The page of the link."""
        return reverse("quote_by_link", args=[self.kwargs["token"]])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what is asked, and the supplier's own last quote."""
        rfq: Rfq = self.invitation.rfq
        lines = list(rfq.lines.select_related("part"))
        own = self.invitation.quotes.filter(revision=self.invitation.revision)
        typed = self.request.POST.get("expected") if self.request.method == "POST" else None
        is_open = rfq.state == Rfq.State.SENT and rfq.due >= clock.business_day()
        return super().get_context_data(
            rfq=rfq, invitation=self.invitation, lines=lines, is_open=is_open,
            last=own.prefetch_related("lines__breaks", "lines__line__part").first(),
            expected=typed if typed is not None else self.invitation.revision,
            by_sheet=len(lines) > MOST_LINES_ON_FORM, token=self.kwargs["token"],
            buyer=rfq.buyer.name if rfq.buyer else "", **context,
        )  # fmt: skip


class QuoteByLink(ByLink):
    """What is asked, and the form of a quote."""

    template_name = "suppliers/rfqs/link_quote.html"
    page_title = "Request for quotation"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form, filled in with the last quote."""
        form, _ = quote_form(self.invitation)
        return self.respond(self.get_context_data(form=form, file=QuoteSheetForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Record the quote, or show what is wrong."""
        form, _ = quote_form(self.invitation, request.POST)
        if form.is_valid() and self.record(form) is not None:
            return self.done()
        context = self.get_context_data(form=form, file=QuoteSheetForm())
        return self.respond(context, status=self.status)

    def done(self) -> HttpResponseBase:
        """Back to the page, which shows the quote."""
        response = HttpResponse(status=303)
        response["Location"] = self.address()
        return response


class SheetByLink(QuoteByLink):
    """The sheet of the supplier, and its way back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The workbook, while quotes are taken."""
        if self.invitation.rfq.state != Rfq.State.SENT:
            raise Http404("This RFQ takes no quotes.")
        return sheet_response(self.invitation)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read a filled-in sheet."""
        file = QuoteSheetForm(request.POST, request.FILES)
        if file.is_valid():
            try:
                record_sheet(
                    invitation=self.invitation, upload=file.cleaned_data["file"], actor=self.by,
                    channel=self.channel, expected=posted_version(request.POST),
                )  # fmt: skip
            except ValuesRefused as refusal:
                add_problems(file, refusal)
            except Refused as refusal:
                for reason in refusal.reasons:
                    file.add_error(None, f"{reason.detail} {reason.fix}".strip())
            else:
                return self.done()
        form, _ = quote_form(self.invitation)
        return self.respond(self.get_context_data(form=form, file=file), status=422)


urlpatterns = [
    path("quote/<str:token>/", QuoteByLink.as_view(), name="quote_by_link"),
    path("quote/<str:token>/sheet/", SheetByLink.as_view(), name="quote_by_link_sheet"),
]
