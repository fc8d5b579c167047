"""Incentives: the pools of a year or quarter with one in front, and its acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from incentives import pool_chips, pool_figures, pool_sheet
from incentives.house_rules import ContributionPolicy, PoolPolicy
from incentives.models import Allocation, BonusPool
from incentives.pool_forms import PoolForm, RateForm, SharesForm
from incentives.pool_querysets import sees_all
from incentives.pool_words import FIRST_YEAR, LAST_YEAR
from incentives.pool_workflow import ALLOCATION_FLOW, POOL_FLOW
from incentives.services import pools as services
from qualification.fmea_sheet import counts
from secondsource.core import clock, policies
from secondsource.core.errors import Refused
from secondsource.core.views import FormPage, MovePage, ObjectPage, Page, VersionedForm, go_to

#: The state of a pool → how early it stands in front: who waits for whom.
_FRONT = {"in_agreement": 0, "held": 1, "released": 2, "draft": 3, "clawed_back": 4, "paid": 5}
_YEARS = 8
#: Title and text of the page without pools.
_EMPTY_ALL = (
    "No pools in this period",
    "A pool is proposed for a case in transition or closed, from its validated savings and the work"
    " that people did.",
)
_EMPTY_OWN = (
    "No share in this period",
    "Pool = rate × validated realised hard savings, net of cost. When a pool of your case is"
    " proposed, your share and every point behind it are shown here.",
)


class OfPools(Page):
    """A page about pools that the reader sees."""

    permission_required = "incentives.view_pool"

    def pools(self) -> QuerySet[Any]:
        """Pools with the names of their parts and their figures."""
        seen = BonusPool.objects.visible_to(self.actor.user).with_figures()
        return seen.select_related(
            "case__part__figures", "case__source__manufacturer_part", "finance_by", "executive_by"
        )


class IncentivesPage(OfPools):
    """The pools of a year or a quarter, one of them in front."""

    template_name = "incentives/incentives.html"
    page_title = "Incentives"

    @property
    def year(self) -> int:
        """The year of the query, else this one."""
        text = self.request.GET.get("year", "")
        this = clock.business_day().year
        typed = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else this
        return typed if FIRST_YEAR <= typed <= LAST_YEAR else this

    @property
    def quarter(self) -> int | None:
        """The quarter of the query, None for the whole year."""
        text = self.request.GET.get("quarter", "")
        return int(text) if text in ("1", "2", "3", "4") else None

    def front(self, pools: list[BonusPool]) -> BonusPool | None:
        """The pool that needs somebody first."""
        return min(pools, key=lambda pool: _FRONT.get(pool.state, 9), default=None)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The list and the pool in front."""
        of_period = self.pools().of_year(self.year, self.quarter)
        listed = list(of_period)
        front = self.front(listed)
        everything = sees_all(self.actor.user)
        return super().get_context_data(
            year=self.year,
            quarter=self.quarter,
            quarters=(1, 2, 3, 4),
            years=self._years(),
            sees_all=everything,
            rows=[(pool, pool_chips.of_pool(pool)) for pool in listed],
            totals=pool_sheet.totals(of_period) if everything else {},
            own={} if everything else pool_sheet.own_paid(self.actor, listed),
            functions=pool_sheet.by_function(of_period, self.actor),
            policy=policies.active(PoolPolicy),
            points=policies.active(ContributionPolicy)[0],
            propose="Propose a pool",
            empty=_EMPTY_ALL if everything else _EMPTY_OWN,
            may_write=self.actor.may("incentives.write_pool"),
            front=front,
            **(self._of(front) if front else {}),
            **context,
        )

    def _years(self) -> list[int]:
        days = BonusPool.objects.visible_to(self.actor.user).dates("proposed_on", "year")
        known = {day.year for day in days} | {self.year, clock.business_day().year}
        return sorted(known)[-_YEARS:]

    def _of(self, pool: BonusPool) -> dict[str, Any]:
        lines = pool_sheet.share_lines(pool, self.actor)
        rules = pool_figures.policy_of(pool)
        return {
            "lines": lines,
            "others": pool.allocations.count() - len(lines),
            "steps": pool_sheet.steps(pool, self.actor),
            "chip": pool_chips.of_pool(pool),
            "not_in_base": pool_sheet.not_in_base(pool) if sees_all(self.actor.user) else [],
            "window_last": pool.window_end - dt.timedelta(days=1) if pool.window_end else None,
            "cents": pool_sheet.cents_note(pool, lines) if sees_all(self.actor.user) else "",
            "rules": rules,
            "caps": pool_figures.caps_in_words(rules, pool.currency),
            "above_caps": pool_figures.above_caps(pool),
            "no_work": pool_sheet.without_work(pool, lines) if sees_all(self.actor.user) else "",
            "month_of": pool_sheet.month_of_window(pool),
            "high_open": counts(pool.case)["high_open"],
            "is_open": pool.state in pool_figures.OPEN,
            "more": self._more(pool),
        }

    def _more(self, pool: BonusPool) -> list[tuple[str, str]]:
        """Moves of the menu."""
        may, names = self.actor.may, ("withdraw", "cancel")
        return [
            (offer.label, reverse("pool_move", args=[pool.public_id, offer.name]))
            for offer in POOL_FLOW.offered(pool, self.actor)
            if offer.name in names and may(POOL_FLOW.transitions[offer.name].permission, pool)
        ]


class PoolPage(IncentivesPage, ObjectPage):
    """One pool in front of those of its year."""

    lookup: ClassVar[Mapping[str, str]] = {"pool": "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """Pools that the reader sees."""
        return self.pools()

    @property
    def year(self) -> int:
        """The year of the pool."""
        return int(self.object.proposed_on.year)

    @property
    def quarter(self) -> int | None:
        """The whole year."""
        return None

    def front(self, pools: list[BonusPool]) -> BonusPool | None:
        """This pool."""
        found: BonusPool = self.object
        return found


class NewPoolPage(FormPage):
    """Propose the pool of a case."""

    permission_required = "incentives.write_pool"
    form_class = PoolForm
    page_title = "Propose a pool"
    submit_label = "Propose pool and shares"
    success_message = "Proposed from the evidence. Look at the shares, then ask for agreement."
    cancel_name = "incentives"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The cases of the reader and the rate of the policy."""
        rules, _ = policies.active(PoolPolicy)
        rates = (rules.least_rate, rules.most_rate)
        initial = {"rate": rules.rate}
        return {
            "user": self.actor.user, "rates": rates, "initial": initial,
            **super().get_form_kwargs(),
        }  # fmt: skip

    def save(self, form: Any) -> str:
        """Propose it."""
        pool = services.propose_pool(**form.cleaned_data, actor=self.actor)
        return pool.get_absolute_url()


class OnPool(OfPools, ObjectPage):
    """A page about one pool."""

    lookup: ClassVar[Mapping[str, str]] = {"pool": "public_id"}

    def get_queryset(self) -> QuerySet[Any]:
        """Pools that the reader sees."""
        return self.pools()


class RatePage(VersionedForm, OnPool):
    """Set the rate of a pool that is not released."""

    permission_required = "incentives.write_pool"
    form_class = RateForm
    page_title = "Rate of {self.object}"
    submit_label = "Set rate"
    success_message = "Rate set. A release of finance is void."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present rate."""
        rules = pool_figures.policy_of(self.object)
        rates = (rules.least_rate, rules.most_rate)
        return {"rates": rates, "initial": {"rate": self.object.rate}, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Set it."""
        pool = services.set_rate(
            pool=self.object, rate=form.cleaned_data["rate"], actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return pool.get_absolute_url()


class SharesPage(VersionedForm, OnPool):
    """Set the shares of a pool that is not released."""

    permission_required = "incentives.write_pool"
    form_class = SharesForm
    page_title = "Shares of {self.object}"
    submit_label = "Set shares"
    success_message = "Shares set. Everybody whose share changed is asked again."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The pool."""
        return {"pool": self.object, **super().get_form_kwargs()}

    def typed(self, form: Any) -> Mapping[str, Any]:
        """The fields of the form are no fields of the pool."""
        return {}

    def save(self, form: Any) -> str:
        """Set them."""
        pool = services.set_shares(
            pool=self.object, values=form.shares, reason=form.cleaned_data["reason"],
            actor=self.actor, expected=self.expected,
        )  # fmt: skip
        return pool.get_absolute_url()


class SplitPage(OnPool):
    """Propose the shares of a draft again."""

    permission_required = "incentives.write_pool"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Propose them from the evidence as it is now."""
        try:
            services.propose_split(pool=self.object, actor=self.actor)
        except Refused as refusal:
            messages.error(request, " ".join(reason.detail for reason in refusal.reasons))
        else:
            messages.success(request, "Shares proposed again from the evidence.")
        return go_to(request, self.object.get_absolute_url())


class PoolMovePage(MovePage, OnPool):
    """A move of a pool."""

    template_name = "incentives/pool_move.html"
    workflow = POOL_FLOW

    @property
    def danger(self) -> bool:  # type: ignore[override]
        """Taking back and cancelling undo something."""
        return self.move in ("withdraw", "cancel")

    def get_page_title(self) -> str:
        """The move and the pool."""
        transition = POOL_FLOW.transitions.get(self.move)
        return f"{transition.label if transition else 'Move'}: {self.object}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what the payment pays."""
        pool = self.object
        due = pool_figures.payable(pool, list(pool.allocations.all()))
        total = sum(due.values(), Decimal(0))
        return super().get_context_data(pool=pool, due=total, people=len(due), **context)


class OnShare(ObjectPage):
    """A page about one share that the reader sees."""

    permission_required = "incentives.view_pool"
    lookup: ClassVar[Mapping[str, str]] = {"share": "public_id"}
    context_name = "share"

    def get_queryset(self) -> QuerySet[Any]:
        """The reader's own shares; all for finance and executives."""
        seen = Allocation.objects.visible_to(self.actor.user).with_paid()
        return seen.select_related("person", "decided_by", "pool__case")


class SharePage(OnShare):
    """The acts behind a share: every point with the page it comes from."""

    template_name = "incentives/share.html"
    page_title = "{self.object}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The acts and what was paid."""
        share = self.object
        acts = share.contributions.select_related("allocation__pool__case")
        return super().get_context_data(
            pool=share.pool,
            state=pool_chips.of_share(share),
            acts=acts,
            payouts=share.payouts.select_related("batch"),
            **context,
        )


class ShareMovePage(MovePage, OnShare):
    """A move of a share: agree, ask, dispute, answer, decide."""

    template_name = "incentives/share_move.html"
    workflow = ALLOCATION_FLOW

    def get_page_title(self) -> str:
        """The move and the share."""
        transition = ALLOCATION_FLOW.transitions.get(self.move)
        return f"{transition.label if transition else 'Move'}: {self.object}"
