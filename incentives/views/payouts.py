"""Payouts: the list for the payroll, and the statement of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from incentives import statement
from incentives.models import Payout
from incentives.pool_filters import PayoutFilter
from incentives.pool_querysets import sees_all
from incentives.pool_words import FIRST_YEAR, LAST_YEAR, in_percent
from secondsource.accounts.models import User
from secondsource.core.formats import money_exact
from secondsource.core.money import posted
from secondsource.core.tables import Column
from secondsource.core.views import ListPage, Page


def _money(name: str) -> Any:
    return lambda row: money_exact(getattr(row, name), row.batch.currency)


def _plain(name: str) -> Any:
    return lambda row: getattr(row, name)


def _posted(name: str) -> Any:
    return lambda row: posted(getattr(row, name), row.batch.currency)


class PayoutList(ListPage):
    """What was paid and what came back; finance exports it for the payroll."""

    permission_required = "incentives.view_pool"
    page_title = "Payouts"
    noun = ("payout", "payouts")
    filterset_class = PayoutFilter
    search_field = "search"
    search_label = "Person or case"
    export_stem = "payroll"
    default_sort = "-day"
    columns: ClassVar[Sequence[Column]] = (
        Column("day", "Day", order=("batch__day", "id"), source="batch__day", css="nw",
               mobile="sub"),
        Column("person", "Person", order="person__name", source="person__name", css="nw",
               mobile="title"),
        Column("email", "Address", order="person__email", source="person__email", css="ell"),
        Column("case", "Case", order="batch__pool__case__number", css="nw mono", mobile="sub",
               source=lambda row: row.batch.pool.case.key),
        Column("function", "Function", css="nw",
               source=lambda row: row.allocation.get_function_display()),
        Column("kind", "Kind", order="batch__kind", css="nw", mobile="sub",
               source=lambda row: row.batch.get_kind_display().capitalize()),
        Column("base", "Base", align="r", css="nw", export=_posted("base"),
               source=lambda row: money_exact(row.batch.base, row.batch.currency)),
        Column("rate", "Rate", align="r", export=lambda row: row.batch.rate,
               source=lambda row: in_percent(row.batch.rate)),
        Column("share", "Share", order="share", align="r", export=_plain("share"),
               source=lambda row: in_percent(row.share)),
        Column("amount", "Amount", order="amount", align="r", css="nw", source=_money("amount"),
               export=_posted("amount")),
        Column("netted", "Settles clawbacks", order="netted", align="r", css="nw",
               source=_money("netted"), export=_posted("netted")),
        Column("payroll", "Payroll", order="payroll", align="r", css="nw", mobile="end",
               source=_money("payroll"), export=_posted("payroll")),
        Column("currency", "Currency", order="batch__currency", source="batch__currency"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "Nothing is paid yet",
        "text": "A pool is paid after two persons released it and its case is closed.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """The reader's own payouts; all for finance and executives."""
        return Payout.objects.visible_to(self.actor.user).select_related(
            "person", "allocation", "batch__pool__case"
        )


class StatementFile(Page):
    """The statement of a person and year as a PDF: their own, for finance and executives any."""

    permission_required = "incentives.view_pool"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the file. Raises ``Http404`` for the statement of somebody else."""
        person = self._person()
        year = self.kwargs["year"]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Http404(f"There is no year {year}.")
        content = statement.typeset(statement.of(person, year, reader=self.request.user))
        name = f"statement-{year}.pdf"
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _person(self) -> User:
        reader = self.request.user
        wanted = self.kwargs.get("person")
        if wanted is None or str(reader.public_id) == str(wanted):  # type: ignore[union-attr]
            return reader  # type: ignore[return-value]
        if not sees_all(reader):  # type: ignore[arg-type]
            raise Http404("You see your own statement alone.")
        return get_object_or_404(User, public_id=wanted)
