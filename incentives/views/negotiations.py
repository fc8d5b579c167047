"""Pages of negotiations: the list, and one with its rounds and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Count, Max, QuerySet
from django.utils.safestring import SafeString

from incentives import case_ledger
from incentives.filters import NegotiationFilter
from incentives.leverage import Leverage, read_leverage, time_line
from incentives.models import Negotiation
from incentives.paid import PaidInMonth, paid_in_last_month
from incentives.price_history import MOST_SHOWN, price_history
from incentives.price_ladder import Rung, ladder_chart, ladder_of
from incentives.price_sight import PriceSight
from incentives.rebates import RebateLost, rebates_lost
from incentives.views.timeline import told
from parts.views.cells import part_link
from qualification.models import Case
from secondsource.core import formats
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import DetailPage, ListPage, ObjectPage
from suppliers.models import Source

_WRITE = "incentives.write_negotiation"
_LOOKS = {
    "open": ("info", "handshake"), "awarded": ("good", "award"), "abandoned": ("out", "ban"),
}  # fmt: skip
#: Sources whose offer a buyer can take today.
_ORDERABLE = (Source.Status.APPROVED, Source.Status.INTERIM)


def _state(row: Negotiation, value: Any, view: Any) -> SafeString:
    tone, icon = _LOOKS[row.state]
    return chip(row.get_state_display().capitalize(), tone, icon=icon)


class NegotiationList(ListPage):
    """Negotiations, the newest first."""

    permission_required = "incentives.view_negotiation"
    template_name = "incentives/negotiation_list.html"
    page_title = "Negotiations"
    noun = ("negotiation", "negotiations")
    filterset_class = NegotiationFilter
    search_field = "search"
    search_label = "Key or part"
    export_stem = "negotiations"
    default_sort = "-key"
    views: ClassVar[Mapping[str, str]] = {
        "All": "", "Open": "state=open", "Awarded": "state=awarded",
        "Abandoned": "state=abandoned",
    }  # fmt: skip
    columns: ClassVar[Sequence[Column]] = (
        Column("key", "Key", order="number", link=True, css="nw mono", mobile="title",
               source=lambda row: row.key),
        Column("part", "Part", order="part__ipn", source="part__ipn", draw=part_link, css="nw",
               mobile="sub"),
        Column("description", "Description", source="part__description", css="ell", mobile="sub"),
        Column("case", "Case", css="nw mono",
               source=lambda row: row.case.key if row.case else None),
        Column("quantity", "Quantity", order="quantity", align="r",
               source=lambda row: formats.number(row.quantity),
               export=lambda row: row.quantity),
        Column("rounds", "Rounds", source="round_count", order="round_count", align="r"),
        Column("last_round", "Last round", source=lambda row: formats.day(row.last_sent),
               order="last_sent", css="nw", export=lambda row: row.last_sent),
        Column("state", "State", order="state", draw=_state, css="nw", mobile="end",
               export=lambda row: row.get_state_display()),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No negotiations yet",
        "text": "A negotiation holds the rounds with the incumbent and the candidates of a part.",
    }
    first_action = (_WRITE, "negotiation_create", "Open a negotiation")

    def get_queryset(self) -> QuerySet[Any]:
        """Negotiations of the parts in the reader's scope."""
        rows: QuerySet[Any] = Negotiation.objects.visible_to(self.actor.user)
        return rows.select_related("part", "case").annotate(
            round_count=Count("rounds"), last_sent=Max("rounds__sent_on")
        )


class OnNegotiation(ObjectPage):
    """A page about one negotiation."""

    lookup: ClassVar[Mapping[str, str]] = {"number": "number"}
    context_name = "negotiation"

    def get_queryset(self) -> QuerySet[Any]:
        """Negotiations that the reader may see."""
        rows: QuerySet[Any] = Negotiation.objects.visible_to(self.actor.user)
        return rows.select_related("part__figures", "case", "decided_by")


class NegotiationPage(OnNegotiation, DetailPage):
    """One negotiation: figures, ladder, rounds, leverage, price history and award."""

    permission_required = "incentives.view_negotiation"
    template_name = "incentives/negotiation.html"

    @cached_property
    def leverage(self) -> Leverage:
        """The rounds beside the gates."""
        return read_leverage(self.object)

    @cached_property
    def sight(self) -> PriceSight:
        """Prices as the reader sees them, compared with the first price of the incumbent."""
        return PriceSight.of(self.actor, self.object.currency, self.leverage.reference)

    @cached_property
    def ledger(self) -> case_ledger.CaseLedger | None:
        """The savings of the case; None without a case."""
        return case_ledger.read(self.object.case) if self.object.case else None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the figures, charts and tables."""
        one = self.object
        if one.case is not None:
            context |= case_ledger.may(one.case, self.actor)
        rungs = ladder_of(one.part, one.quantity, one.currency)
        sight = self.sight
        if sight.reference is None and rungs:
            sight = PriceSight.of(self.actor, one.currency, rungs[0].at(one.quantity))
        last = self.leverage.rows[-1].round if self.leverage.rows else None
        history = price_history(one.part, one.quantity)
        return super().get_context_data(
            kpis=self._kpis(rungs, sight),
            bidders=self.leverage.bidders,
            rounds=self._rounds(sight),
            last_round=last,
            ladder=ladder_chart(rungs, one.quantity, sight),
            rates={r.offer.currency: r.rate for r in rungs if r.rate} if sight.exact else {},
            time_line=time_line(self.leverage, sight),
            gates=self.leverage.gates,
            moves=self.leverage.moves,
            history=[self._history(row, sight) for row in history[:MOST_SHOWN]],
            more_history=max(0, len(history) - MOST_SHOWN),
            award=self._award(sight),
            rebates=self._rebates(sight),
            case=one.case,
            events=told(one),
            sees_prices=sight.exact,
            ledger=self.ledger,
            exact=sight.exact,
            relative=self.sees("relative_prices"),
            **context,
        )

    def _kpis(self, rungs: Sequence[Rung], sight: PriceSight) -> list[dict[str, Any]]:
        """First price, best offer, paid on average."""
        one = self.object
        first = {"label": "First price of the incumbent", "value": sight.show(sight.reference)}
        first["note"] = "In its first round" if self.leverage.rows else "No round yet"
        frozen = self.ledger.baseline if self.ledger and sight.exact else None
        if frozen is not None:
            first = {
                "label": "Baseline, frozen",
                "value": formats.money_exact(frozen.price, frozen.currency),
                "note": f"Paid {formats.day(frozen.price_on)}, {frozen.evidence}",
            }
            if frozen.currency == sight.currency:
                sight = replace(sight, reference=frozen.price)
        cells = [first, _best(rungs, one.quantity, sight), self._paid(sight)]
        if one.case is not None:
            cells += self._of_case(one.case, sight)
        return cells

    def _of_case(self, case: Case, sight: PriceSight) -> list[dict[str, Any]]:
        """The validated savings of the case, with its frozen baseline."""
        if not sight.exact:
            return []
        assert self.ledger is not None
        base = self.ledger.base
        shown = "" if self.ledger.baseline else ". No baseline is frozen"
        cost = formats.money_exact(base.project_cost, base.currency)
        return [{
            "label": "Validated savings, net",
            "value": formats.money_exact(base.net, base.currency),
            "note": f"After {cost} project cost{shown}", "url": case.get_absolute_url(),
        }]  # fmt: skip

    def _paid(self, sight: PriceSight) -> dict[str, Any]:
        paid = paid_in_last_month(self.object.part, self.object.currency)
        if paid is None:
            return {"label": "Paid on average", "value": formats.MISSING,
                    "note": "No receipt with a price in this currency"}  # fmt: skip
        other = f", {paid.other} without a price in it" if paid.other else ""
        return {
            "label": f"Paid on average, {paid.month:%B}", "value": sight.show(paid.average),
            "unit": sight.change(paid.average) if sight.exact else "",
            "note": f"{_received(paid, sight)} received{other}",
        }  # fmt: skip

    def _rounds(self, sight: PriceSight) -> list[dict[str, Any]]:
        return [
            {
                "round": row.round,
                "prices": [
                    {"text": sight.show(price.price if price else None),
                     "moved": any(m.bidder == bidder for m in row.moves),
                     "from": price.valid_from if price else None,
                     "offer": price.offer if price and sight.exact else None,
                     "quote": price.quote_line.quote
                     if price and price.quote_line and sight.exact else None}
                    for bidder, price in zip(self.leverage.bidders, row.prices, strict=True)
                ],
                "standing": [f"{g.mpn}: {g.label} passed {formats.day(g.day)}"
                             for g in row.standing],
                "target": sight.show(row.round.target_price) if sight.exact else "",
            }
            for row in self.leverage.rows
        ]  # fmt: skip

    def _history(self, row: Any, sight: PriceSight) -> dict[str, Any]:
        """A line of the price history; offers in other currencies only in their own."""
        same = row.currency == sight.currency
        own = PriceSight(sight.exact, row.currency, sight.reference if same else None)
        return {
            "at": row.at, "offer": row.offer, "price": own.show(row.price),
            "before": own.show(row.before),
            "change": formats.change((row.price - row.before) / row.before)
            if row.price is not None and row.before else "",
        }  # fmt: skip

    def _award(self, sight: PriceSight) -> list[dict[str, Any]]:
        rows = self.object.award.select_related(
            "source__manufacturer_part__manufacturer", "supplier"
        )
        return [
            {"line": row, "price": sight.show(row.price), "change": sight.change(row.price)}
            for row in rows
        ]

    def _rebates(self, sight: PriceSight) -> list[RebateLost]:
        """Rebates that the awarded shares lose; for readers with prices."""
        shares: dict[int, Decimal] = {}
        for row in self.object.award.all():
            shares[row.source_id] = shares.get(row.source_id, Decimal(0)) + row.share
        if not shares or not sight.exact:
            return []
        figures = getattr(self.object.part, "figures", None)
        return rebates_lost(self.object.part, shares, figures and figures.annual_demand)


def _received(paid: PaidInMonth, sight: PriceSight) -> str:
    """``28,500 at $2.70 and 9,500 at $1.94``; of one source the quantity alone."""
    if len(paid.by_source) < 2:
        return formats.number(paid.quantity)
    return " and ".join(
        f"{formats.number(quantity)} at {sight.show(price)}" for quantity, price in paid.by_source
    )


def _best(rungs: Sequence[Rung], quantity: int, sight: PriceSight) -> dict[str, Any]:
    """The best offer among sources that may be ordered."""
    label = "Best offer, approved source"
    usable = [
        (price, rung)
        for rung in rungs
        if rung.source.status in _ORDERABLE and (price := rung.at(quantity)) is not None
    ]
    if not usable:
        return {"label": label, "value": formats.MISSING, "note": "No valid offer"}
    price, rung = min(usable, key=lambda one: one[0])
    until = f", to {formats.day(rung.offer.valid_to)}" if rung.offer.valid_to else ""
    cap = rung.source.share_cap
    capped = f", share cap {formats.percent(cap)}" if cap is not None else ""
    return {
        "label": label, "value": sight.show(price),
        "unit": sight.change(price) if sight.exact else "",
        "note": f"{rung.name}{until}{capped}",
    }  # fmt: skip
