"""Start small: the next low-risk parts to qualify a second source for, and why.

The ranking is that of ``business_case.start_small``, in one statement over all parts. Readers who
do not see prices or margins get figures, and an order, from amounts that were rounded to two
digits before anything was calculated.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from parts.models import Category, Part
from parts.models.catalogue import ACTIVE_LIFECYCLES, Lifecycle
from parts.querysets import scope_of
from qualification import exposure, start_small_basis
from qualification.house_rules import BusinessCasePolicy, StartSmallPolicy
from qualification.models import Lesson
from qualification.models.cases import OPEN_STATES
from qualification.start_small_ranking import RANKED
from secondsource.accounts.models import User
from secondsource.accounts.visibility import sees
from secondsource.core import policies, queries
from secondsource.core.actors import Actor
from secondsource.core.money import round_half_up, two_digits
from suppliers.models import Source
from suppliers.price_facts import relative
from suppliers.spec_sheet import sheet

#: So many parts are proposed.
MOST = 10
#: So many ranked candidates are read; their data sheets are compared until enough are clear.
LOOKED_AT = 300
_BATCH = 20
#: Lessons of earlier cases beside a proposal.
LESSONS = 3
#: Life cycles of a manufacturer part that nobody designs in.
ENDING = (
    Lifecycle.NRND, Lifecycle.PHASE_OUT, Lifecycle.LAST_TIME_BUY, Lifecycle.DISCONTINUED,
)  # fmt: skip
#: Why a part is not eligible, in the order in which it is asked. ``blocked`` is found last, by the
#: comparison of data sheets, among the best ranked.
WHY_NOT = {
    "risk_class": "Its category is of medium or high risk.",
    "lifecycle_unknown": "Its life cycle is not known.",
    "lifecycle": "Its life cycle is not active.",
    "several": "It has two or more sources already.",
    "under_way": "A case on it is open.",
    "no_candidate": "It has no candidate source.",
    "saving_unknown": "Its spend is not known, and no offers tell the saving.",
    "blocked": "Every candidate misses a required limit.",
}


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What the reader sees of the money behind the ranking."""

    prices: bool
    margins: bool


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A part with its best clear candidate, and the figures as the reader sees them.

    ``saving`` is of a year, from ``offers`` or, until there are quotes, from the ``spend``.
    ``exposure`` is None where it is not known or ``withheld``; it counts as 0 in ``points``, the
    money of a year for each day of effort.
    """

    place: int
    source: Source
    incumbent_mpn: str
    currency: str
    saving: Decimal
    from_offers: bool
    spend: Decimal | None
    unit_saving: Decimal | None
    relative_price: Decimal | None
    demand: Decimal | None
    share: Decimal
    saving_rate: Decimal
    exposure: Decimal | None
    withheld: bool
    products: int
    without_margin: Sequence[str]
    recovery_wk: Decimal | None
    recovery_stated: bool
    stock_wk: Decimal | None
    lost_wk: Decimal | None
    margin_wk: Decimal | None
    exposure_weight: Decimal
    effort_days: Decimal
    points: Decimal
    computed_at: dt.datetime
    sight: Sight
    lessons: Sequence[Lesson] = ()

    @property
    def saving_basis(self) -> str:
        """How the saving came about."""
        return start_small_basis.of_saving(self)

    @property
    def exposure_basis(self) -> str:
        """How the exposure came about, or why there is none."""
        return start_small_basis.of_exposure(self)

    @property
    def points_basis(self) -> str:
        """How the rank came about."""
        return start_small_basis.of_points(self)

    @property
    def part(self) -> Part:
        """The part."""
        return self.source.part

    @property
    def spend_basis(self) -> str:
        """The basis of the spend in words."""
        return str(self.part.figures.get_spend_basis_display()).lower()


@dataclass(frozen=True)
class LeftOut:
    """A reason, and how many parts are left out for it first."""

    code: str
    parts: int
    detail: str


@dataclass(frozen=True, kw_only=True)
class StartSmall:
    """The proposals, and ``counts`` of the other parts by the code of the first reason."""

    proposals: Sequence[Proposal]
    counts: dict[str, int]
    eligible: int
    currency: str
    sight: Sight

    @property
    def parts(self) -> int:
        """Bought parts of the reader's scope."""
        return self.eligible + sum(self.counts.values())

    @cached_property
    def reasons(self) -> list[LeftOut]:
        """Each reason with its number of parts, the most frequent first."""
        found = [LeftOut(code, n, WHY_NOT[code]) for code, n in self.counts.items() if n]
        return sorted(found, key=lambda one: -one.parts)

    @property
    def prices_rounded(self) -> bool:
        """Whether amounts that rest on prices are rounded."""
        return not self.sight.prices

    @property
    def margins_rounded(self) -> bool:
        """Whether amounts that rest on margins are rounded."""
        return not self.sight.margins


def propose(actor: Actor, *, most: int = MOST) -> StartSmall:
    """The next parts to begin with, for a reader."""
    sight = Sight(prices=sees(actor, "prices"), margins=sees(actor, "margins"))
    given = _parameters(actor.user, sight)
    rows = queries.records(RANKED, given)
    counts: dict[str, int] = json.loads(rows[0]["counts"] or "{}")
    ranked = [row for row in rows if row["source_id"] is not None]
    clear, blocked = _clear(ranked, most)
    lessons = lessons_of(actor.user, {source.part.category for _, source in clear})
    rules = policies.active(StartSmallPolicy)[0]
    eligible = counts.pop("eligible", 0)
    return StartSmall(
        proposals=[
            _proposal(place, row, source, given, rules, sight, lessons)
            for place, (row, source) in enumerate(clear, 1)
        ],
        counts={**counts, "blocked": blocked},
        eligible=eligible - blocked,
        currency=given["currency"],
        sight=sight,
    )


def _parameters(user: User | None, sight: Sight) -> dict[str, Any]:
    rules, _ = policies.active(StartSmallPolicy)
    planned, _ = policies.active(BusinessCasePolicy)
    plants, lines = scope_of(user) or (None, None)
    return {
        **exposure.parameters(round_margins=not sight.margins),
        "round_prices": not sight.prices,
        "active": [str(one) for one in ACTIVE_LIFECYCLES],
        "ending": [str(one) for one in ENDING],
        "open": [str(state) for state in OPEN_STATES],
        "plants": plants,
        "lines": lines,
        "share": planned.planned_share,
        "saving_rate": rules.saving_rate,
        "weight": rules.exposure_weight,
        "effort": rules.effort_days_low,
        "looked_at": LOOKED_AT,
    }


def _clear(ranked: list[dict[str, Any]], most: int) -> tuple[list[tuple[Any, Source]], int]:
    """The best rows, one a part, whose candidate blocks nothing; and how many parts have none."""
    found: dict[int, tuple[dict[str, Any], Source]] = {}
    shut: set[int] = set()
    for start in range(0, len(ranked), _BATCH):
        if len(found) == most:
            break
        rows = ranked[start : start + _BATCH]
        clear = _without_block([row["source_id"] for row in rows])
        for row in rows:
            if row["source_id"] not in clear:
                shut.add(row["part_id"])
            elif len(found) < most:
                found.setdefault(row["part_id"], (row, clear[row["source_id"]]))
    return list(found.values()), len(shut - set(found))


def _without_block(ids: list[int]) -> dict[int, Source]:
    """Those of these candidates that miss no required limit."""
    sources = Source.objects.filter(pk__in=ids).with_manufacturers()
    read = sources.select_related("part__category", "part__figures").prefetch_related(
        "part__requirements", "manufacturer_part__parameters"
    )
    return {source.pk: source for source in read if not _blocks(source)}


def _blocks(source: Source) -> bool:
    lines = source.manufacturer_part.parameters.all()
    needs = source.part.requirements.all()
    return bool(sheet(requirements=needs, sources=[lines], incumbent=None).count("blocks"))


def _proposal(
    place: int,
    row: dict[str, Any],
    source: Source,
    given: dict[str, Any],
    rules: StartSmallPolicy,
    sight: Sight,
    lessons: dict[int, list[Lesson]],
) -> Proposal:
    old, new = row["incumbent_price"], row["candidate_price"]
    prices, margins = sight.prices, sight.margins
    offered = row["unit_saving"] is not None and row["annual_demand"] is not None
    return Proposal(
        place=place,
        source=source,
        incumbent_mpn=source.part.figures.incumbent_mpn,
        currency=given["currency"],
        saving=_shown(row["saving"], exact=prices),
        from_offers=offered,
        spend=row["spend"],
        unit_saving=row["unit_saving"],
        relative_price=relative(new, old),
        demand=row["annual_demand"],
        share=given["share"],
        saving_rate=rules.saving_rate,
        exposure=_shown(row["exposure"], exact=margins),
        withheld=row["withheld"],
        products=row["products"],
        without_margin=row["without_margin"] or (),
        recovery_wk=row["recovery_wk"],
        recovery_stated=row["recovery_stated"],
        stock_wk=row["stock_wk"],
        lost_wk=row["lost_wk"],
        margin_wk=row["margin_wk"],
        exposure_weight=rules.exposure_weight,
        effort_days=rules.effort_days_low,
        points=_shown(row["points"], exact=prices and margins),
        sight=sight,
        computed_at=source.part.figures.computed_at,
        lessons=lessons.get(source.part.category_id, ()),
    )


def _shown(amount: Any, *, exact: bool) -> Any:
    """To the cent, or to two digits."""
    if amount is None:
        return None
    return round_half_up(amount if exact else two_digits(amount))


def lessons_of(reader: User | None, categories: Iterable[Category]) -> dict[int, list[Lesson]]:
    """The newest lessons of earlier cases by category, its parents and children included."""
    found = list(categories)
    if not found:
        return {}
    about = Q()
    for category in found:
        about |= Q(pk__in=Lesson.objects.about(category).values("pk"))
    seen = Lesson.objects.visible_to(reader).filter(about)
    rows = list(seen.select_related("case", "category")[: LESSONS * 10 * len(found)])
    return {one.pk: list(_first(rows, one.path)) for one in found}


def _first(rows: Sequence[Lesson], path: str) -> Iterator[Lesson]:
    own = [row for row in rows if _related(row.category.path, path)]
    yield from own[:LESSONS]


def _related(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
