"""Forms of negotiations: a new one, its rounds, award and end."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet

from incentives import services
from incentives.bidding import pairs_among, pairs_of
from incentives.forms import (
    AwardForm,
    ImportForm,
    NegotiationForm,
    ReasonForm,
    RoundForm,
    TermsForm,
)
from incentives.leverage import Leverage, read_leverage
from incentives.models import Negotiation, NegotiationRound
from incentives.quoted import Quoted, newest_quotes
from incentives.views.negotiations import OnNegotiation
from parts.house_rules import CompanyPolicy
from secondsource.core import clock, formats, policies
from secondsource.core.views import FormPage, VersionedForm
from suppliers.price_facts import QUANTITY

_WRITE = "incentives.write_negotiation"


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
        quoted = newest_quotes(self.object, self.actor.user)
        about = {"negotiation": self.object, "pairs": pairs_of(self.object.part, quoted)}
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
        quoted = newest_quotes(negotiation, self.actor.user)
        priced = [(one.source_id, one.supplier_id) for one in self.object.prices.all()]
        pairs = pairs_of(negotiation.part, quoted, priced)
        about = {"negotiation": negotiation, "pairs": pairs}
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


class QuoteImport(AboutNegotiation):
    """Take the newest quotes of the part into a round."""

    template_name = "incentives/quote_import.html"
    form_class = ImportForm
    submit_label = "Take into the round"
    page_title = "Import quotes into {self.object.key}"
    beside = "The rounds."

    @cached_property
    def quoted(self) -> list[Quoted]:
        """The newest quote of each supplier."""
        return newest_quotes(self.object, self.actor.user)

    @cached_property
    def last(self) -> NegotiationRound | None:
        """The newest round."""
        return self.object.rounds.order_by("-number").first()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the quotes and the newest round."""
        about = {"quoted": self.quoted, "last": self.last}
        return {"initial": {"sent_on": clock.business_day()}, **super().get_form_kwargs(), **about}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds a row for each quote, with its box where it can be taken."""
        context = super().get_context_data(**context)
        form = context["form"]
        boxes = {one.data["value"]: one for one in form["quotes"]}
        rows = [
            {
                "quoted": one, "box": boxes.get(one.line.key),
                "price": formats.money_exact(one.price, one.line.quote.currency)
                if one.price is not None else formats.MISSING,
            }
            for one in self.quoted
        ]  # fmt: skip
        return context | {"rows": rows, "usable": bool(boxes)}

    def typed(self, form: Any) -> Mapping[str, Any]:
        """Nothing of the record's own fields."""
        return {}

    def save(self, form: Any) -> str:
        """Take them."""
        values = form.cleaned_data
        made = services.import_quotes(
            negotiation=self.object, quote_lines=form.lines(), actor=self.actor,
            into=None if values["into"] == "new" else self.last, sent_on=values["sent_on"],
            put_on_table=values["put_on_table"], expected=self.expected,
        )  # fmt: skip
        messages.success(self.request, f"{made} has the quoted prices.")
        return self.object.get_absolute_url()


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
