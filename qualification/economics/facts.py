"""What the product knows for the business case of a case: prices, demand, stock, margins."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from parts import exchange
from parts.house_rules import CompanyPolicy
from parts.models import PartFigures, PartUsage
from qualification import survival
from qualification.economics import costs
from qualification.economics.costs import CostTotal
from qualification.house_rules import BusinessCasePolicy, StartSmallPolicy
from qualification.models import BusinessCase, Case
from secondsource.core import clock, policies
from secondsource.core.money import two_digits
from suppliers import price_facts
from suppliers.cover import SurvivalTime
from suppliers.models import Source
from suppliers.price_facts import PriceFact

MONTHS = 12


@dataclass(frozen=True)
class CaseSource:
    """A source of the part as ``survival.SourceFacts``."""

    source: Source
    price: PriceFact
    case: Case | None


@dataclass(frozen=True)
class Survival:
    """How long the part lasts when its first source stops, with or without the candidate.

    ``weeks`` is None if it never runs out; ``lost`` are the pieces missed until recovery, None
    without an approved source.
    """

    weeks: float | None
    lost: float | None


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """Facts and inputs behind the six figures; None where they are not on record.

    ``unit_saving`` is the incumbent's price less the candidate's, ``margin_wk`` the margin of a
    week of all products that use the part, all in ``currency``.
    """

    day: dt.date
    currency: str
    inputs: BusinessCase
    given_saving: Decimal | None
    share: Decimal
    share_is_given: bool
    discount_rate: Decimal
    horizon_months: int
    saving_rate: Decimal
    demand: Decimal | None
    spend: Decimal | None
    incumbent: Source | None
    candidate: Source
    incumbent_price: PriceFact
    candidate_price: PriceFact
    unit_saving: Decimal | None
    planned: CostTotal
    before: Survival | None
    after: Survival | None
    stock: Decimal | None
    per_week: Decimal | None
    recovery_wk: float | None
    margin_wk: Decimal | None
    products: int
    without_margin: tuple[str, ...]

    def in_two_digits(self) -> CaseFacts:
        """The facts with hidden ones rounded to two digits, for readers who do not see them.

        They are rounded before anything is calculated. A rounded result alone would let a reader
        find the exact price by changing the share or the demand until the result jumps.
        """
        return replace(
            self,
            given_saving=_rounded(self.given_saving),
            unit_saving=_rounded(self.unit_saving),
            spend=_rounded(self.spend),
            margin_wk=_rounded(self.margin_wk),
        )


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else two_digits(amount)


def inputs_of(case: Case) -> BusinessCase:
    """The stored inputs of a case; without any an unsaved row of version 0."""
    found = BusinessCase.objects.filter(case=case).first()
    return found or BusinessCase(case=case, version=0)


def read(case: Case) -> CaseFacts:
    """The facts of a case today."""
    rules, _ = policies.active(BusinessCasePolicy)
    small, _ = policies.active(StartSmallPolicy)
    day, currency = clock.business_day(), policies.active(CompanyPolicy)[0].currency
    inputs = inputs_of(case)
    figures: PartFigures | None = getattr(case.part, "figures", None)
    demand = figures.annual_demand if figures else None
    share = inputs.share or case.transition_share or rules.planned_share
    sources = list(Source.objects.filter(part=case.part_id).with_sites_and_scope().in_order())
    candidate = next(one for one in sources if one.pk == case.source_id)
    incumbent = _incumbent(sources, candidate)
    prices = _prices(incumbent, candidate, demand, share)
    margin, products, without = _margin(case, currency, day)
    return CaseFacts(
        day=day,
        currency=currency,
        inputs=inputs,
        given_saving=_converted(inputs.saving_per_year, inputs.currency, currency, day),
        share=share,
        share_is_given=inputs.share is not None,
        discount_rate=_or(inputs.discount_rate, rules.discount_rate),
        horizon_months=_or(inputs.horizon_months, rules.horizon_months),
        saving_rate=small.saving_rate,
        demand=demand,
        spend=figures.spend_12m if figures else None,
        incumbent=incumbent,
        candidate=candidate,
        incumbent_price=prices[0],
        candidate_price=prices[1],
        unit_saving=_difference(*prices),
        planned=costs.planned(case),
        **_lasting(case, sources),
        margin_wk=margin,
        products=products,
        without_margin=without,
    )


def read_once(case: Case) -> CaseFacts:
    """The same for a page, which shows one moment: read once for this object of the case."""
    found: CaseFacts | None = vars(case).get("_facts_of_page")
    if found is None:
        found = vars(case)["_facts_of_page"] = read(case)
    return found


def _or(given: Any, proposed: Any) -> Any:
    return proposed if given is None else given


def _incumbent(sources: list[Source], candidate: Source) -> Source | None:
    """The source that the candidate is compared with; None for a case on the incumbent itself."""
    found = (one for one in sources if one.role == Source.Role.INCUMBENT and one != candidate)
    return None if candidate.role == Source.Role.INCUMBENT else next(found, None)


def _prices(
    incumbent: Source | None, candidate: Source, demand: Decimal | None, share: Decimal
) -> tuple[PriceFact, PriceFact]:
    """Today's prices: the incumbent's for a month's demand, the candidate's for its share of it."""
    month = (demand or Decimal(0)) / MONTHS

    def price(source: Source | None, quantity: Decimal) -> PriceFact:
        if source is None:
            return PriceFact()
        pk = source.manufacturer_part_id
        pieces = max(1, math.ceil(quantity))
        return price_facts.of_manufacturer_parts([pk], quantity=pieces).get(pk, PriceFact())

    return price(incumbent, month), price(candidate, month * share)


def _difference(incumbent: PriceFact, candidate: PriceFact) -> Decimal | None:
    if incumbent.price is None or candidate.price is None:
        return None
    return incumbent.price - candidate.price


def _converted(amount: Decimal | None, given: str, wanted: str, day: dt.date) -> Decimal | None:
    if amount is None or given == wanted:
        return amount
    found = exchange.conversion(given=given, wanted=wanted, day=day)
    return amount * found.rate if found else None


def _lasting(case: Case, sources: list[Source]) -> dict[str, Any]:
    """Survival without and with the candidate, the stock, the weekly demand and the recovery."""
    part = case.part
    ids = [source.manufacturer_part_id for source in sources]
    prices = price_facts.of_manufacturer_parts(ids)
    columns = [
        CaseSource(one, prices.get(one.manufacturer_part_id, PriceFact()),
                   case if one.pk == case.source_id else None)
        for one in sources
        if one.status == Source.Status.APPROVED or one.pk == case.source_id
    ]  # fmt: skip
    without = survival.of(part, [c for c in columns if c.source.pk != case.source_id])
    found = survival.of(part, columns)
    if without is None or found is None:
        none = dict.fromkeys(("before", "after", "stock", "per_week", "recovery_wk"))
        return {**none, "stock": part.stock_qty}
    return {
        "before": _survival(without.now),
        "after": _survival(found.later or found.now),
        "stock": found.stock,
        "per_week": found.per_week,
        "recovery_wk": without.recovery.weeks if without.recovery else None,
    }


def _survival(found: SurvivalTime) -> Survival:
    return Survival(found.tts_wk, found.lost_units)


def _margin(case: Case, currency: str, day: dt.date) -> tuple[Decimal | None, int, tuple[str, ...]]:
    """Margin of a week, the number of products built, and codes of those without a margin."""
    used = PartUsage.objects.filter(part=case.part_id, product__monthly_volume__gt=0)
    rows = used.order_by("product__code").values_list(
        "product__code", "product__monthly_volume", "product__unit_margin", "product__currency"
    )
    known = [
        (
            code,
            None
            if margin is None or not volume
            else _converted(margin * volume, given, currency, day),
        )
        for code, volume, margin, given in rows
    ]
    without = tuple(code for code, margin in known if margin is None)
    if not known or without:
        return None, len(known), without
    month = sum((margin for _, margin in known if margin is not None), Decimal(0))
    return month * MONTHS / survival.WEEKS_A_YEAR, len(known), without
