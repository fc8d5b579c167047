"""Pages of splits: the calculation for a part, the proposals, and their decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.safestring import SafeString

from incentives import services
from incentives.filters import SplitFilter
from incentives.forms import NoteForm, ReasonForm, SplitForm, SplitQueryForm
from incentives.models import SplitProposal
from incentives.price_sight import PriceSight
from incentives.rebates import rebates_lost
from incentives.split_facts import SplitFacts
from incentives.split_page import frontier_chart, histogram, lead_lanes, source_rows
from incentives.split_reading import read_split
from incentives.split_tracking import tracked
from incentives.views.timeline import told
from incentives.workflow import in_force
from parts.models import Part
from parts.views.cells import part_link
from secondsource.accounts.visibility import sees
from secondsource.core import formats, policies
from secondsource.core.inputs import InputError
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import DetailPage, FormPage, ListPage, ObjectPage, VersionedForm
from suppliers.house_rules import SplitPolicy

_LOOKS = {
    "proposed": ("Proposed", "info", "hourglass"), "accepted": ("In force", "good", "circle-check"),
    "declined": ("Declined", "out", "ban"), "ended": ("Ended", "out", "archive"),
    "withdrawn": ("Withdrawn", "out", "undo-2"),
}  # fmt: skip


def look(split: SplitProposal) -> str:
    """The word of a split's state."""
    return "ended" if split.ended_at else str(split.state)


def state_chip(row: SplitProposal, value: Any = None, view: Any = None) -> SafeString:
    """The state as a chip."""
    text, tone, icon = _LOOKS[look(row)]
    return chip(text, tone, icon=icon)


def _shares(row: SplitProposal) -> str:
    """``70 % / 30 %``."""
    return " / ".join(formats.percent(one.share) for one in row.shares.all() if one.share)


class SplitList(ListPage):
    """Proposed splits, the newest first."""

    permission_required = "incentives.view_split"
    page_title = "Splits"
    noun = ("split", "splits")
    filterset_class = SplitFilter
    export_stem = "splits"
    default_sort = "-proposed"
    views: ClassVar[Mapping[str, str]] = {
        "All": "", "Proposed": "state=proposed", "In force": "in_force=true",
        "Declined": "state=declined", "Withdrawn": "state=withdrawn",
    }  # fmt: skip
    columns: ClassVar[Sequence[Column]] = (
        Column("split", "Split", source=str, link=True, css="nw", mobile="title"),
        Column("part", "Part", order="part__ipn", source="part__ipn", draw=part_link, css="nw"),
        Column("shares", "Shares", source=_shares, css="nw", mobile="sub"),
        Column("demand", "Demand a year", align="r", order="demand",
               source=lambda row: formats.number(row.demand), export=lambda row: row.demand),
        Column("reason", "Reason", css="ell", mobile="sub"),
        Column("proposed", "Proposed", order="created_at", css="nw",
               source=lambda row: formats.moment(row.created_at),
               export=lambda row: row.created_at),
        Column("state", "State", order="state", draw=state_chip, css="nw", mobile="end",
               export=look),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No split is proposed yet",
        "text": "The page of a part, “Split”, shows what each share costs and what it saves.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """Splits of the parts in the reader's scope."""
        rows: QuerySet[Any] = SplitProposal.objects.visible_to(self.actor.user)
        return rows.select_related("part").prefetch_related("shares")


class SplitPage(FormPage, ObjectPage):
    """The split of a part: bounds, cost against risk, lead times, and the form that proposes it."""

    permission_required = "incentives.view_split"
    template_name = "incentives/split.html"
    page_title = "Split of {self.object.ipn}"
    form_class = SplitForm
    submit_label = "Propose to procurement"
    lookup: ClassVar[Mapping[str, str]] = {"ipn": "ipn"}
    context_name = "part"

    def get_queryset(self) -> QuerySet[Any]:
        """Parts in the reader's scope."""
        rows: QuerySet[Any] = Part.objects.visible_to(self.actor.user)
        return rows

    @cached_property
    def query(self) -> SplitQueryForm:
        """Demand and warm share of the address; without it those of figures and policy."""
        return SplitQueryForm(self.request.GET)

    @cached_property
    def facts(self) -> SplitFacts:
        """The basis of the split."""
        asked = self.query.cleaned_data if self.query.is_valid() else {}
        return read_split(
            self.object, demand=asked.get("demand"), warm_share=asked.get("warm"),
            exact_margins=sees(self.actor, "margins"),
        )  # fmt: skip

    @cached_property
    def solved(self) -> dict[int, Decimal] | InputError:
        """The cheapest split, or why there is none."""
        if self.facts.obstacles():
            return InputError("", "infeasible", "")
        return self.facts.cheapest()

    @property
    def shares(self) -> dict[int, Decimal]:
        """The typed shares where they are whole, else the cheapest split."""
        form = getattr(self, "_typed", None)
        if form is not None:
            given = {row.source.pk: row.share for row in form.shares()}
            if sum(given.values()) == 1:
                return given
        return self.solved if isinstance(self.solved, dict) else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the sources that take part, with the cheapest split."""
        solved = self.solved if isinstance(self.solved, dict) else {}
        initial = {f"share_{pk}": share * 100 for pk, share in solved.items()}
        about = {"sources": self.facts.sources, "initial": initial}
        return super().get_form_kwargs() | about

    def get_form(self) -> Any:
        """The form; on a preview its shares are drawn."""
        form = super().get_form()
        if form.is_bound and form.is_valid():
            self._typed = form
        return form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Propose the split, or draw the typed one first."""
        if "preview" in request.POST:
            form = self.get_form()
            form.fields["reason"].required = False
            form.full_clean()
            self._typed = form if form.is_valid() else None
            return self.respond(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def save(self, form: Any) -> str:
        """Propose it."""
        asked = self.query.cleaned_data if self.query.is_valid() else {}
        made = services.propose_split(
            part=self.object, shares=form.shares(), reason=form.cleaned_data["reason"],
            actor=self.actor, demand=asked.get("demand"), warm_share=asked.get("warm"),
        )  # fmt: skip
        messages.success(self.request, "Proposed. Procurement accepts or declines it.")
        return made.get_absolute_url()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the bounds, the frontier and the lead times."""
        facts, shares = self.facts, self.shares
        base = facts.first.unit_cost if facts.first else None
        sight = PriceSight.of(self.actor, facts.currency, base)
        step = policies.active(SplitPolicy)[0].frontier_step
        second = facts.second
        chosen = shares.get(second.source.pk) if second else None
        lanes, unknown = lead_lanes(facts, shares)
        proposals = SplitProposal.objects.filter(part=self.object).prefetch_related("shares")[:5]
        return super().get_context_data(
            facts=facts, query=self.query, rows=source_rows(facts, shares, sight),
            obstacles=self._obstacles(), frontier=frontier_chart(
                facts, facts.frontier(step), chosen, sight
            ),
            lanes=lanes, unknown=unknown, histogram=histogram(facts, shares),
            priced=self._priced(shares, sight),
            cold=facts.warm_missing(shares) if shares else "", second=second,
            in_force=in_force(self.object.pk),
            proposals=[(row, state_chip(row), _shares(row)) for row in proposals],
            rebates=rebates_lost(self.object, shares, facts.demand)
            if sight.exact and shares else (),
            may_propose=self.actor.may("incentives.propose_split", self.object), **context,
        )  # fmt: skip

    def _obstacles(self) -> list[Any]:
        found: list[Any] = list(self.facts.obstacles())
        if not found and isinstance(self.solved, InputError):
            found = [{"detail": f"No split keeps all bounds: {self.solved.field} "
                                f"{self.solved.message}."}]  # fmt: skip
        return found

    def _priced(self, shares: Mapping[int, Decimal], sight: PriceSight) -> dict[str, str]:
        if not shares or self.facts.demand is None:
            return {}
        known = {one.source.pk for one in self.facts.sources}
        found = self.facts.priced({pk: share for pk, share in shares.items() if pk in known})
        alone = (self.facts.first.unit_cost * self.facts.demand) if self.facts.first else None
        cost = PriceSight(sight.exact, sight.currency, alone)
        money = found.exposure is not None
        risk = (
            formats.money_short(found.exposure, self.facts.currency)
            if money
            else (
                f"{formats.number(found.lost)} pieces"
                if found.lost is not None
                else formats.MISSING
            )
        )
        return {
            "cost": formats.money(found.cost, sight.currency) if sight.exact
            else cost.show(found.cost),
            "change": cost.change(found.cost), "risk": risk,
        }  # fmt: skip


class OnSplit(ObjectPage):
    """A page about one proposed split."""

    lookup: ClassVar[Mapping[str, str]] = {"split": "public_id"}
    context_name = "split"

    def get_queryset(self) -> QuerySet[Any]:
        """Splits of the parts in the reader's scope."""
        rows: QuerySet[Any] = SplitProposal.objects.visible_to(self.actor.user)
        return rows.select_related(
            "part", "case", "negotiation", "proposed_by", "decided_by"
        ).prefetch_related("shares__source__manufacturer_part__manufacturer")


class SplitDetail(OnSplit, DetailPage):
    """A proposed split, the decision, and the share bought since."""

    permission_required = "incentives.view_split"
    template_name = "incentives/split_detail.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what was bought, and the reader's rights."""
        split = self.object
        rows = list(split.shares.all())
        base = next((row.unit_cost for row in rows if row.unit_cost), None)
        sight = PriceSight.of(self.actor, split.currency, base)
        waits = split.state == SplitProposal.State.PROPOSED
        return super().get_context_data(
            rows=[(row, sight.show(row.unit_cost)) for row in rows], state=state_chip(split),
            tracked=tracked(split), sees_prices=sight.exact, events=told(split),
            may_decide=waits and self.actor.may("incentives.decide_split", split),
            own=waits and split.proposed_by_id == self.actor.user_id, **context,
        )  # fmt: skip


class DecisionPage(VersionedForm, OnSplit):
    """A decision about a proposed split."""

    permission_required = "incentives.decide_split"
    template_name = "incentives/split_form.html"
    accepted: ClassVar[bool] = True

    def save(self, form: Any) -> str:
        """Decide."""
        note = form.cleaned_data.get("note") or form.cleaned_data.get("reason", "")
        services.decide_split(
            split=self.object, accepted=self.accepted, note=note, actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return str(self.object.get_absolute_url())


class AcceptPage(DecisionPage):
    """Accept a split: its shares become those of the sources."""

    form_class = NoteForm
    submit_label = "Accept"
    success_message = "Accepted. The shares stand at the sources."
    page_title = "Accept the split of {self.object.part.ipn}"


class DeclinePage(DecisionPage):
    """Decline a split, with a reason."""

    accepted = False
    form_class = ReasonForm
    submit_label = "Decline"
    danger = True
    success_message = "Declined."
    page_title = "Decline the split of {self.object.part.ipn}"


class WithdrawPage(VersionedForm, OnSplit):
    """Withdraw one's own proposal, with a reason."""

    permission_required = "incentives.withdraw_split"
    template_name = "incentives/split_form.html"
    form_class = ReasonForm
    submit_label = "Withdraw"
    danger = True
    success_message = "Withdrawn."
    page_title = "Withdraw the split of {self.object.part.ipn}"

    def save(self, form: Any) -> str:
        """Withdraw it."""
        services.withdraw_split(
            split=self.object, note=form.cleaned_data["reason"], actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return str(self.object.get_absolute_url())
