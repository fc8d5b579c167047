"""The ledger of a case: its page, its file, and the forms of what no receipt shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from incentives import case_ledger, services
from incentives.case_ledger import CaseLedger
from incentives.ledger import baseline_of
from incentives.models import Baseline, BonusPool, SavingLine
from incentives.pool_words import in_percent
from incentives.saving_forms import AvoidanceForm, BaselineForm, RebateForm, ShortageForm
from incentives.views.savings import SavingsPage
from qualification.forms import ReasonForm
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from secondsource.core import exports
from secondsource.core.api.visibility import hides
from secondsource.core.formats import change, day, money, money_exact, number
from secondsource.core.money import minor_units, round_half_up, two_digits
from secondsource.core.views import DetailPage


class SavingsOfCasePage(OnCase, DetailPage):
    """What the case saved, month by month, up to the base of its bonus pool."""

    permission_required = "incentives.view_saving"
    template_name = "incentives/case.html"
    page_title = "Savings of {self.object.key}"

    def get_queryset(self) -> Any:
        """Cases with their team, by which rights are judged."""
        return super().get_queryset().prefetch_related("team__user")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the lines as a file."""
        if request.GET.get("export") == "csv":
            return _file(case_ledger.lines_of(self.case), self)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the ledger, and the rights of the reader."""
        ledger = case_ledger.read(self.case)
        exact = self.sees("prices")
        return super().get_context_data(
            ledger=ledger,
            exact=exact,
            relative=self.sees("relative_prices"),
            tiles=_tiles(ledger, exact=exact),
            is_priced=ledger.baseline is not None,
            pool=self._pool(),
            **case_ledger.may(self.case, self.actor),
            **context,
        )

    def _pool(self) -> BonusPool | None:
        """The last pool of the case, if the reader sees it."""
        if not self.actor.may("incentives.view_pool"):
            return None
        seen = BonusPool.objects.visible_to(self.actor.user).filter(case=self.case)
        found: BonusPool | None = seen.exclude(state="cancelled").order_by("number").last()
        return found


def _tiles(ledger: CaseLedger, *, exact: bool) -> list[dict[str, Any]]:
    """Baseline, what was realised and validated; without prices rounded sums of several lines."""
    base, baseline, currency = ledger.base, ledger.baseline, ledger.currency
    sections = {one.label: one.lines for one in ledger.sections}
    waiting = sections.get("Realised, not validated yet", [])
    places = minor_units(currency)

    def told(amount: Decimal, lines: int) -> str:
        if exact:
            return money_exact(round_half_up(amount, places), currency)
        return money(two_digits(amount), currency) if lines > 1 else "not shown"

    frozen = "–"
    if baseline is not None:
        frozen = money_exact(baseline.price, baseline.currency) if exact else "frozen"
    return [
        {"label": "Baseline, frozen", "value": frozen,
         "note": _of_baseline(baseline) if baseline else "None on record."},
        {"label": "Against the baseline",
         "value": "–" if ledger.pct is None else f"{change(-ledger.pct / 100, 1)}",
         "note": "Hard savings of all receipts in the window."},
        {"label": "Realised, not validated",
         "value": told(sum((one.amount for one in waiting), Decimal(0)), len(waiting))
         if waiting else "–", "note": "Finance validates closed months only."},
        {"label": "Validated savings, net", "value": told(base.net, base.lines),
         "note": f"After {told(base.project_cost, base.lines)} project cost."
         if base.project_cost else "No project cost is logged."},
    ]  # fmt: skip


def _of_baseline(baseline: Baseline) -> str:
    """Its evidence, and the formula by which it follows an index."""
    if baseline.index is None:
        return baseline.evidence
    share = in_percent(baseline.linked_share or Decimal(0))
    return (
        f"{share} follows {baseline.index.code}, {number(baseline.index_base)} on"
        f" {day(baseline.index_base_on)}. {baseline.evidence}"
    )


def _file(lines: Any, view: Any) -> HttpResponseBase:
    """The lines with the columns of the list that the reader sees."""
    shown = [
        one
        for one in SavingsPage.columns
        if view.sees(one.hidden_field)
        and not any(hides(view.actor, SavingLine, path) for path in one.reads)
    ]
    stem = f"savings-{view.case.key}"
    return exports.as_csv(lines.iterator(), exports.exported(shown), stem)


class LedgerForm(CaseForm):
    """A form of the ledger; it leads back to it."""

    permission_required = "incentives.write_saving"

    def get_cancel_url(self) -> str:
        """The ledger."""
        return reverse("case_savings", args=[self.case.number])


class BaselinePage(LedgerForm, OnCase):
    """Enter the price that was paid when the case opened."""

    form_class = BaselineForm
    page_title = "Baseline of {self.object.key}"
    submit_label = "Freeze baseline"
    success_message = "Baseline frozen."

    @property
    def record(self) -> Any:
        """The baseline that is superseded, else the case."""
        return baseline_of(self.case) or self.case

    def get_form_kwargs(self) -> dict[str, Any]:
        """The case, and the present baseline."""
        present = baseline_of(self.case)
        initial = (
            {
                name: getattr(present, name)
                for name in (
                    "source",
                    "price",
                    "price_on",
                    "volume",
                    "window_months",
                    "index",
                    "linked_share",
                )
            }
            | {"currency": present.currency}
            if present
            else {}
        )
        currency = case_ledger.company_currency()
        given = {"case": self.case, "currency": currency, "initial": initial}
        return {**given, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Freeze it; the lines follow."""
        present = baseline_of(self.case)
        services.enter_baseline(
            case=self.case, actor=self.actor, expected=self.expected if present else None,
            **form.cleaned_data,
        )  # fmt: skip
        return self.get_cancel_url()


class _Entry(LedgerForm, OnCase):
    submit_label = "Enter"
    success_message = "Entered. Finance validates it when its month is closed."
    enter: ClassVar[Any] = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """The case and the company's currency."""
        currency = case_ledger.company_currency()
        return {"case": self.case, "currency": currency, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Enter it."""
        type(self).enter(case=self.case, actor=self.actor, **form.cleaned_data)
        return self.get_cancel_url()


class AvoidancePage(_Entry):
    """Enter a cost that was avoided."""

    form_class = AvoidanceForm
    page_title = "Avoidance of {self.object.key}"
    enter = staticmethod(services.enter_avoidance)


class ShortagePage(_Entry):
    """Enter a shortage that was avoided."""

    form_class = ShortageForm
    page_title = "Shortage avoided by {self.object.key}"
    enter = staticmethod(services.enter_shortage_avoidance)


class RebatePage(_Entry):
    """Enter a rebate that was lost."""

    form_class = RebateForm
    page_title = "Rebate lost by {self.object.key}"
    enter = staticmethod(services.enter_rebate_lost)


class WithdrawEntryPage(LedgerForm, OnPartOfCase):
    """Remove an entered line of an open month."""

    part_of = SavingLine
    argument = "line"
    form_class = ReasonForm
    page_title = "Remove “{self.object.reason}”"
    submit_label = "Remove"
    success_message = "Removed. The history keeps it."
    danger = True

    def save(self, form: Any) -> str:
        """Remove it."""
        url = self.get_cancel_url()
        services.withdraw_entry(
            line=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return url
