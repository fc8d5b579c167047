"""Savings of all cases: list, totals, chart, validation in bulk, months and budget rates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.text import capfirst

from incentives import services, totals, waiting
from incentives.case_ledger import company_currency
from incentives.models import Baseline, BudgetRate, ClosedMonth, SavingLine
from incentives.querysets import REALISED
from incentives.saving_filters import SavingFilter
from incentives.saving_forms import BudgetRateForm, CloseMonthForm, ValidationForm
from incentives.views import cells
from qualification.models import Case
from secondsource.core import formats
from secondsource.core.models import Job
from secondsource.core.tables import Column
from secondsource.core.views import FormPage, ListPage
from secondsource.core.views.jobs import job_shown

_LONGEST_ID = 19
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
#: Cases without a baseline that are named; their number is shown.
_NAMED = 5


def shown_months(view: Any, lines: Any) -> list[totals.MonthTotals]:
    """Totals for the reader: exact, or of yesterday and with two digits."""
    if view.sees("prices"):
        return totals.by_month(lines)
    return totals.by_month(totals.before_today(lines), rounded=True)


class SavingsPage(ListPage):
    """Every line of the ledger, with the totals of its stages."""

    permission_required = "incentives.view_saving"
    template_name = "incentives/savings.html"
    page_title = "Savings"
    noun = ("line", "lines")
    filterset_class = SavingFilter
    search_field = "q"
    search_label = "Case, part or MPN"
    export_stem = "savings"
    default_sort = "-month"
    views: ClassVar[Mapping[str, str]] = {
        "Posted": "",
        "To validate": "stage=realised&kind=negotiated&kind=volume_shift",
        "Validated": "stage=validated",
        "Apart": "kind=avoidance&kind=shortage_avoidance",
        "Taken back": "stage=reversed",
        "Foreseen": "stage=idea&stage=committed&stage=contracted",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("month", "Month", order=("month", "id"), draw=cells.month, css="nw",
               mobile="sub", export=lambda row: row.month),
        Column("case", "Case", order="case__number", source=lambda row: row.case.key, link=True,
               css="nw mono", mobile="title"),
        Column("source", "Source", css="nw mono", mobile="sub",
               source=lambda row: row.source.manufacturer_part.mpn if row.source else ""),
        Column("kind", "Kind", order="kind", css="nw", mobile="sub",
               source=lambda row: capfirst(row.get_kind_display())),
        Column("reason", "Reason", css="ell"),
        Column("baseline_price", "Baseline", draw=cells.price, align="r", css="nw"),
        Column("paid_price", "Paid", draw=cells.price, align="r", css="nw"),
        Column("relative", "Price", source=lambda row: row.relative, draw=cells.relative,
               hidden_field="relative_prices", align="r", css="nw", title="Against the baseline"),
        Column("quantity", "Received", draw=cells.quantity, align="r", css="nw",
               mobile="named", export=lambda row: row.quantity),
        Column("amount", "Savings", order="amount", draw=cells.amount, align="r", css="nw",
               mobile="end"),
        Column("fx_effect", "FX", draw=cells.price, align="r", css="nw",
               title="Effect of exchange rates against the budget rate"),
        Column("market_effect", "Market", draw=cells.price, align="r", css="nw",
               title="What the index of the baseline moved; it is no saving"),
        Column("stage", "Stage", draw=cells.stage, css="nw", mobile="end",
               export=lambda row: row.get_stage_display()),
    )  # fmt: skip
    fragments = ListPage.fragments | {"months": "incentives/months.html"}
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No savings yet",
        "text": "A line appears with the first production receipt at a new price of a case.",
    }

    @property
    def bulk_template(self) -> str:  # type: ignore[override]
        """Boxes for finance."""
        may = self.actor.may("incentives.validate_saving")
        return "incentives/savings_bulk.html" if may else ""

    def get_queryset(self) -> QuerySet[Any]:
        """Lines of cases that the reader sees; foreseen ones where their stages are asked for."""
        rows: QuerySet[Any] = SavingLine.objects.visible_to(self.actor.user).listed()  # type: ignore[arg-type]
        return rows if "stage" in self.request.GET else rows.filter(REALISED)

    @cached_property
    def columns_seen(self) -> list[Column]:
        """Without the effect of indices where no baseline follows one."""
        linked = Baseline.objects.filter(index__isnull=False).exists()
        found = super().columns_seen
        return [one for one in found if linked or one.name != "market_effect"]

    @cached_property
    def months(self) -> list[totals.MonthTotals]:
        """Totals of all lines that the reader sees."""
        return shown_months(self, SavingLine.objects.visible_to(self.actor.user))  # type: ignore[arg-type]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds totals, chart, leakage, months, and cases without a baseline."""
        currency = company_currency()
        closed = list(ClosedMonth.objects.select_related("closed_by").order_by("-month")[:24])
        lines = SavingLine.objects.visible_to(self.actor.user)  # type: ignore[arg-type]
        leaks = totals.leakage(lines, [row.month for row in closed]) if self.sees("prices") else []
        without = waiting.without_baseline(Case.objects.visible_to(self.actor.user))
        without = without.order_by("number")
        return super().get_context_data(
            tiles=_tiles(self.months, currency),
            chart=totals.chart(self.months, currency),
            leaks=leaks,
            currency=currency,
            closed=closed,
            closings=[self._closing(job) for job in services.closings()],
            without_baseline=list(without[:_NAMED]),
            without_count=without.count(),
            may_close=self.actor.may("incentives.close_month"),
            **context,
        )

    def _closing(self, job: Job) -> dict[str, Any]:
        """The bar of a month that is being closed; who asked can stop it."""
        shown = job_shown(job, reverse("saving_list"))
        if shown["state"] == "running":
            month = dt.date.fromisoformat(job.payload["month"])
            shown["label"] = f"{formats.month_name(month)} is being closed"
        return shown | {"stop_url": shown["stop_url"] if job.owner_id == self.actor.user_id else ""}


def _tiles(months: Sequence[totals.MonthTotals], currency: str) -> list[dict[str, Any]]:
    sums = totals.in_all(months)
    notes = {
        "forecast": "By business cases, signed or not yet.",
        "contracted": "By price agreements.",
        "realised": "From receipts, validated or not.",
        "validated": "By finance. The base of bonus pools, before project cost.",
    }
    return [
        {
            "label": name.capitalize(), "value": formats.money(sums[name], currency),
            "note": notes[name],
        }
        for name in totals.STAGES
    ]  # fmt: skip


class _OfSelected(FormPage):
    """An act on the lines that were selected in a list; it asks first."""

    permission_required = "incentives.validate_saving"
    template_name = "incentives/selected.html"
    form_class = ValidationForm
    cancel_name = "saving_list"

    def lines(self) -> list[SavingLine]:
        """The lines that were selected."""
        numbers = [
            int(one)
            for one in self.request.POST.getlist("selected")
            if one.isdecimal() and len(one) < _LONGEST_ID
        ]
        seen: Any = SavingLine.objects.visible_to(self.actor.user)  # type: ignore[arg-type]
        return list(seen.listed().filter(pk__in=numbers).order_by("month", "id"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing is selected yet: the list."""
        return self.go(reverse("saving_list"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Bound once it was confirmed."""
        return super().get_form_kwargs() if "sure" in self.request.POST else {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The confirmation, and once it is given, the act."""
        if "sure" in request.POST:
            return super().post(request, *args, **kwargs)
        return self.respond(self.get_context_data(form=self.get_form()))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the lines and their sum."""
        lines = self.lines()
        return super().get_context_data(
            lines=lines, total=sum(line.amount for line in lines), currency=company_currency(),
            **context,
        )  # fmt: skip


class ValidatePage(_OfSelected):
    """Validate the selected lines."""

    page_title = "Validate savings"
    submit_label = "Validate"

    def save(self, form: Any) -> str:
        """Validate all of them, or none."""
        done = services.validate_lines(
            lines=self.lines(), reason=form.cleaned_data["reason"], actor=self.actor
        )
        messages.success(self.request, f"Validated: {len(done)}.")
        return reverse("saving_list")


class ReversePage(_OfSelected):
    """Take the selected lines back."""

    page_title = "Take savings back"
    submit_label = "Take back"
    danger = True

    def save(self, form: Any) -> str:
        """Post an opposite line for each."""
        done = services.reverse_lines(
            lines=self.lines(), reason=form.cleaned_data["reason"], actor=self.actor
        )
        messages.success(self.request, f"Taken back: {len(done)}.")
        return reverse("saving_list")


class CloseMonthPage(FormPage):
    """Close a month."""

    permission_required = "incentives.close_month"
    page_title = "Close a month"
    form_class = CloseMonthForm
    submit_label = "Close month"
    cancel_name = "saving_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The month of the address, else the last one."""
        asked = self.request.GET.get("month", "")
        initial = {"month": asked} if _MONTH.fullmatch(asked) else {}
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Queue the closing; the list shows how far it is."""
        services.start_closing(actor=self.actor, **form.cleaned_data)
        month = formats.month_name(form.cleaned_data["month"])
        messages.success(self.request, f"{month} is being closed.")
        return self.get_cancel_url()


class BudgetRateList(ListPage):
    """Budget rates by year."""

    permission_required = "incentives.view_saving"
    template_name = "incentives/rates.html"
    page_title = "Budget rates"
    noun = ("rate", "rates")
    export_stem = "budget-rates"
    default_sort = "-year"
    columns: ClassVar[Sequence[Column]] = (
        Column("year", "Year", order=("year", "currency"), css="nw", mobile="sub"),
        Column("currency", "Currency", order="currency", css="nw mono", mobile="title"),
        Column("rate", "Rate", css="nw num", align="r", mobile="end",
               source=lambda row: f"1 {row.currency} = {formats.rate(row.rate)} {row.quote}",
               export=lambda row: row.rate),
        Column("quote", "In", css="nw mono"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No budget rates yet",
        "text": "Receipts in another currency are counted at the budget rate of their year.",
    }
    first_action = ("incentives.write_budgetrate", "budget_rate_create", "Plan rate")

    def get_queryset(self) -> QuerySet[Any]:
        return BudgetRate.objects.all()


class BudgetRateCreate(FormPage):
    """Plan the rate of a currency, or change it while no month of its year is closed."""

    permission_required = "incentives.write_budgetrate"
    page_title = "Plan a budget rate"
    form_class = BudgetRateForm
    submit_label = "Plan rate"
    success_message = "Planned. Savings follow with the next run."
    cancel_name = "budget_rate_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The company's currency."""
        return {"quote": company_currency(), **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Plan it."""
        services.plan_rate(actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()
