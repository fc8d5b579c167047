"""Pages of negotiations: the list, one with its rounds and charts, and its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, Max, QuerySet
from django.utils.safestring import SafeString

from incentives import case_ledger, services
from incentives.bidding import pairs_among, pairs_of
from incentives.filters import NegotiationFilter
from incentives.forms import AwardForm, NegotiationForm, ReasonForm, RoundForm, TermsForm
from incentives.leverage import Leverage, read_leverage, time_line
from incentives.models import Negotiation, NegotiationRound
from incentives.paid import paid_in_last_month
from incentives.price_history import MOST_SHOWN, price_history
from incentives.price_ladder import Rung, ladder_chart, ladder_of
from incentives.price_sight import PriceSight
from incentives.rebates import RebateLost, rebates_lost
from incentives.views.timeline import told
from parts.house_rules import CompanyPolicy
from parts.views.cells import part_link
from qualification.models import Case
from secondsource.core import clock, formats, policies
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import DetailPage, FormPage, ListPage, ObjectPage, VersionedForm
from suppliers.models import Source
from suppliers.price_facts import QUANTITY

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
            time_line=time_line(self.leverage, sight),
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
        cells = [first, _best(rungs, one.quantity, sight), self._paid(sight)]
        if one.case is not None:
            cells += self._of_case(one.case, sight)
        return cells

    def _of_case(self, case: Case, sight: PriceSight) -> list[dict[str, Any]]:
        """The validated savings of the case, with its frozen baseline."""
        if not sight.exact:
            return []
        assert self.ledger is not None
        base, frozen = self.ledger.base, self.ledger.baseline
        shown = "No baseline is frozen"
        if frozen is not None:
            price = formats.money_exact(frozen.price, frozen.currency)
            shown = f"Baseline {price}, frozen {formats.day(frozen.frozen_at)}"
        cost = formats.money_exact(base.project_cost, base.currency)
        return [{
            "label": "Validated savings, net",
            "value": formats.money_exact(base.net, base.currency),
            "note": f"After {cost} project cost. {shown}", "url": case.get_absolute_url(),
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
            "note": f"{formats.number(paid.quantity)} received{other}",
        }  # fmt: skip

    def _rounds(self, sight: PriceSight) -> list[dict[str, Any]]:
        return [
            {
                "round": row.round,
                "prices": [
                    {"text": sight.show(price.price if price else None),
                     "moved": any(m.bidder == bidder for m in row.moves),
                     "from": price.valid_from if price else None,
                     "offer": price.offer if price and sight.exact else None}
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


class NegotiationCreate(FormPage):
    """Open a negotiation; ``?part=`` and ``?case=`` fill the form."""

    permission_required = _WRITE
    page_title = "Open a negotiation"
    form_class = NegotiationForm
    submit_label = "Open negotiation"
    cancel_name = "negotiation_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the reader and what the address names."""
        initial = {
            "part": self.request.GET.get("part", ""), "case": self.request.GET.get("case", ""),
            "currency": policies.active(CompanyPolicy)[0].currency, "quantity": QUANTITY,
        }  # fmt: skip
        return super().get_form_kwargs() | {"user": self.actor.user, "initial": initial}

    def save(self, form: Any) -> str:
        """Open it."""
        made = services.open_negotiation(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, f"Opened {made.key}.")
        return made.get_absolute_url()


class AboutNegotiation(VersionedForm, OnNegotiation):
    """A form about a negotiation."""

    permission_required = _WRITE
    template_name = "incentives/form.html"


class NegotiationEdit(AboutNegotiation):
    """Change quantity, currency and terms."""

    form_class = TermsForm
    page_title = "Terms of {self.object.key}"
    success_message = "Saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present values."""
        initial = {name: getattr(self.object, name) for name in TermsForm.base_fields}
        return super().get_form_kwargs() | {"initial": initial}

    def save(self, form: Any) -> str:
        """Change it."""
        services.change_negotiation(
            negotiation=self.object, values=form.cleaned_data, actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return self.object.get_absolute_url()


class RoundCreate(AboutNegotiation):
    """Record the next round."""

    template_name = "incentives/round_form.html"
    form_class = RoundForm
    submit_label = "Record round"
    success_message = "Round recorded."
    page_title = "Record a round of {self.object.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the suppliers who can answer."""
        about = {"negotiation": self.object, "pairs": pairs_of(self.object.part)}
        return {"initial": {"sent_on": clock.business_day()}, **super().get_form_kwargs(), **about}

    def save(self, form: Any) -> str:
        """Record it."""
        services.record_round(
            negotiation=self.object, prices=form.prices(), actor=self.actor,
            expected=self.expected, **form.values(),
        )  # fmt: skip
        return self.object.get_absolute_url()


class RoundEdit(AboutNegotiation):
    """Change a round of an open negotiation."""

    template_name = "incentives/round_form.html"
    form_class = RoundForm
    submit_label = "Save round"
    success_message = "Round saved."
    page_title = "{self.object} of {self.object.negotiation.key}"
    lookup: ClassVar[Mapping[str, str]] = {"number": "negotiation__number", "round": "public_id"}
    context_name = "round"

    def get_queryset(self) -> QuerySet[Any]:
        """Rounds of negotiations that the reader may see."""
        seen = Negotiation.objects.visible_to(self.actor.user)
        rows = NegotiationRound.objects.filter(negotiation__in=seen)
        return rows.select_related("negotiation__part").prefetch_related("prices")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the negotiation for the crumbs."""
        return super().get_context_data(negotiation=self.object.negotiation, **context)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the round and the suppliers who can answer."""
        negotiation = self.object.negotiation
        about = {"negotiation": negotiation, "pairs": pairs_of(negotiation.part)}
        return super().get_form_kwargs() | about | {"round_": self.object}

    def get_cancel_url(self) -> str:
        """The negotiation."""
        return str(self.object.negotiation.get_absolute_url())

    def save(self, form: Any) -> str:
        """Change it."""
        services.change_round(
            negotiation_round=self.object, values=form.values(), prices=form.prices(),
            actor=self.actor, expected=self.expected,
        )  # fmt: skip
        return self.get_cancel_url()


class AwardPage(AboutNegotiation):
    """Award the volume, with reasons."""

    permission_required = "incentives.award_negotiation"
    template_name = "incentives/award_form.html"
    form_class = AwardForm
    submit_label = "Award"
    page_title = "Award {self.object.key}"

    @cached_property
    def leverage(self) -> Leverage:
        """Who gave a price."""
        return read_leverage(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the suppliers who gave a price."""
        pairs = pairs_among(self.object.part, self.leverage.bidders)
        return super().get_form_kwargs() | {"pairs": pairs}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the last price of each supplier."""
        found = self.leverage.last_prices()
        lines = [
            (bidder, formats.money_exact(found[bidder.pair], self.object.currency))
            for bidder in self.leverage.bidders
        ]
        return super().get_context_data(last_prices=lines, **context)

    def save(self, form: Any) -> str:
        """Award it."""
        services.award_negotiation(
            negotiation=self.object, lines=form.lines(), reason=form.cleaned_data["reason"],
            actor=self.actor, expected=self.expected,
        )  # fmt: skip
        messages.success(self.request, f"Awarded {self.object.key}.")
        return self.object.get_absolute_url()


class AbandonPage(AboutNegotiation):
    """End a negotiation without an award."""

    permission_required = "incentives.award_negotiation"
    form_class = ReasonForm
    submit_label = "Abandon"
    danger = True
    success_message = "Abandoned."
    page_title = "Abandon {self.object.key}"

    def save(self, form: Any) -> str:
        """Abandon it."""
        services.abandon_negotiation(
            negotiation=self.object, reason=form.cleaned_data["reason"], actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return self.object.get_absolute_url()
