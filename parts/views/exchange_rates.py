"""Exchange rates: the list by currency and day, a new rate, a correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parts import services
from parts.filters import ExchangeRateFilter
from parts.forms import ExchangeRateForm, RateCorrectionForm
from parts.models import ExchangeRate
from parts.views.currency import InCompanyCurrency
from secondsource.core import formats
from secondsource.core.tables import Column
from secondsource.core.views import FormPage, ListPage, ObjectPage, VersionedForm

_WRITE = "parts.write_exchangerate"


def _in_words(row: ExchangeRate, *_: Any) -> str:
    return f"1 {row.currency} = {formats.rate(row.rate)} {row.quote}"


def _turned(row: ExchangeRate) -> str:
    return f"1 {row.quote} = {formats.rate(1 / row.rate)} {row.currency}"


def _correction(row: ExchangeRate, value: Any, view: Any) -> SafeString:
    """The link for those who may follow it."""
    if not view.request.user.has_perm(_WRITE):
        return SafeString("")
    url = reverse("exchange_rate_correct", args=[row.public_id])
    return format_html(
        '<a class="lk" href="{}">Correct<span class="vh"> {}</span></a>', url, _in_words(row)
    )


class ExchangeRateList(ListPage):
    """All rates, the newest first."""

    permission_required = "parts.view_exchangerate"
    template_name = "parts/exchange_rates/list.html"
    page_title = "Exchange rates"
    noun = ("rate", "rates")
    filterset_class = ExchangeRateFilter
    search_field = "currency"
    search_label = "Currency"
    export_stem = "exchange-rates"
    default_sort = "-as_of"
    columns: ClassVar[Sequence[Column]] = (
        Column("rate", "Rate", source=_in_words, css="nw num", mobile="title",
               export=lambda row: row.rate),
        Column("currency", "Currency", order="currency", css="nw mono"),
        Column("quote", "In", order="quote", css="nw mono"),
        Column("turned", "Inverse", source=_turned, css="nw num", export=False),
        Column("as_of", "Day", order="as_of", css="nw", mobile="sub"),
        Column("publisher", "Publisher", order="publisher", css="ell", mobile="sub"),
        Column("updated_at", "Recorded", css="nw"),
        Column("act", "Correct", draw=_correction, source="pk", label_hidden=True, mobile="end",
               export=False),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No exchange rates yet",
        "text": "Without a rate, money in another currency has no value in any figure.",
    }
    first_action = (_WRITE, "exchange_rate_create", "Add rate")

    def get_queryset(self) -> QuerySet[Any]:
        return ExchangeRate.objects.all()


class ExchangeRateCreate(InCompanyCurrency, FormPage):
    """A new rate."""

    permission_required = _WRITE
    template_name = "parts/exchange_rates/form.html"
    page_title = "Add exchange rate"
    form_class = ExchangeRateForm
    submit_label = "Add rate"
    cancel_name = "exchange_rate_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The company's currency as initial value."""
        return super().get_form_kwargs() | {"currency": self.currency}

    def save(self, form: Any) -> str:
        """Through the service; figures follow by job."""
        row = services.record_rate(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, f"Added: {_in_words(row)}. Figures follow in a moment.")
        return self.get_cancel_url()


class ExchangeRateCorrect(VersionedForm, ObjectPage):
    """A correction of a wrong rate."""

    permission_required = _WRITE
    template_name = "parts/exchange_rates/form.html"
    form_class = RateCorrectionForm
    submit_label = "Correct rate"
    success_message = "Corrected. Figures follow in a moment."
    lookup: ClassVar[Mapping[str, str]] = {"id": "public_id"}
    context_name = "exchange_rate"
    cancel_name = "exchange_rate_list"

    def get_queryset(self) -> QuerySet[Any]:
        return ExchangeRate.objects.all()

    def get_page_title(self) -> str:
        """Names currencies, day and publisher."""
        row = self.object
        return f"Correct {row.currency} in {row.quote}, {row.as_of}, {row.publisher}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present rate."""
        return super().get_form_kwargs() | {"exchange_rate": self.object}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the earlier rates, newest first."""
        return super().get_context_data(
            earlier=list(self.object.history.order_by("-history_id")), **context
        )

    def save(self, form: Any) -> str:
        """Through the service; a stale version is refused."""
        services.correct_rate(
            exchange_rate=self.object, actor=self.actor, expected=self.expected,
            **form.cleaned_data,
        )  # fmt: skip
        return self.get_cancel_url()


urlpatterns = [
    path("", ExchangeRateList.as_view(), name="exchange_rate_list"),
    path("new/", ExchangeRateCreate.as_view(), name="exchange_rate_create"),
    path("<uuid:id>/correct/", ExchangeRateCorrect.as_view(), name="exchange_rate_correct"),
]
