"""Design-in: the parts of a product before its design freeze that have no second source.

It is the best time to change a part: the house rule of timing tells what it costs later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from parts.models import Part, PartUsage, Product
from qualification import business_case, exposure
from qualification.house_rules import TimingPolicy
from qualification.models import Case
from qualification.models.cases import OPEN_STATES
from qualification.start_small import ENDING, Sight
from secondsource.accounts.visibility import sees
from secondsource.core import policies, queries
from secondsource.core.actors import Actor
from secondsource.core.money import round_half_up, two_digits
from suppliers.house_rules import PreferredPolicy
from suppliers.models import Source
from suppliers.preferred import PreferenceFacts, PreferenceRating, preference

#: The phases in which parts are chosen.
DESIGN_PHASES = (Product.Phase.CONCEPT, Product.Phase.DEVELOPMENT)
#: The most parts on a page.
MOST = 200

_SINGLE = """
WITH exposed_parts AS (
    SELECT u.part_id FROM parts_partusage u JOIN parts_partfigures f ON f.part_id = u.part_id
     WHERE u.product_id = %(product)s AND u.quantity > 0 AND f.counted_sources < 2
       AND NOT EXISTS (SELECT FROM parts_product a WHERE a.part_id = u.part_id)
), {EXPOSED}, offering AS (
    SELECT s.part_id, count(DISTINCT o.supplier_id) AS offers
      FROM exposed_parts e
      JOIN suppliers_source s ON s.part_id = e.part_id
      JOIN suppliers_offer o ON o.manufacturer_part_id = s.manufacturer_part_id
       AND o.valid_from <= %(today)s AND (o.valid_to IS NULL OR o.valid_to >= %(today)s)
     GROUP BY s.part_id
)
SELECT x.part_id, x.exposure, x.withheld, x.products, x.lost_wk, x.without_margin,
       coalesce(o.offers, 0) AS offers, count(*) OVER () AS parts
  FROM exposed x
  JOIN parts_part p ON p.id = x.part_id
  JOIN parts_partfigures f ON f.part_id = x.part_id
  LEFT JOIN offering o ON o.part_id = x.part_id
 ORDER BY CASE WHEN %(sums)s THEN x.exposure END DESC NULLS LAST, x.lost_wk DESC NULLS LAST,
       f.counted_sources, p.ipn
 LIMIT {MOST}
""".replace("{EXPOSED}", exposure.EXPOSED.strip()).replace("{MOST}", str(MOST))


@dataclass(frozen=True, kw_only=True)
class DesignPart:
    """A part of the product without a second source, as the reader sees it.

    ``exposure`` is None where it is not known or hidden; ``lost_wk`` are weeks without the part
    while its source is down. ``candidate`` can be qualified, ``case`` is the newest one on it.
    """

    part: Part
    quantity: Decimal
    rating: PreferenceRating
    exposure: Decimal | None
    withheld: bool
    lost_wk: Decimal | None
    candidate: Source | None
    case: Case | None

    @property
    def has_open_case(self) -> bool:
        """Whether a case is under way."""
        return self.case is not None and self.case.state in OPEN_STATES


@dataclass(frozen=True, kw_only=True)
class DesignIn:
    """The parts by exposure, and what a change costs in this phase compared with later ones."""

    product: Product
    parts: Sequence[DesignPart]
    in_all: int
    used: int
    currency: str
    sees_exposure: bool
    sight: Sight

    @property
    def is_open(self) -> bool:
        """Whether parts are still chosen."""
        return self.product.phase in DESIGN_PHASES

    @cached_property
    def factors(self) -> list[tuple[str, int]]:
        """What a change costs by phase, as a multiple."""
        rules, _ = policies.active(TimingPolicy)
        phases = (Product.Phase(word) for word in business_case.PHASES)
        return [(phase.label, int(getattr(rules, phase))) for phase in phases]

    @property
    def factor(self) -> int | None:
        """The multiple of the product's phase; None where it has none."""
        label = self.product.get_phase_display()
        return dict(self.factors).get(label)


def design_in(product: Product, actor: Actor) -> DesignIn:
    """The parts of a product without a second source. None are read after design freeze."""
    sight = Sight(prices=sees(actor, "prices"), margins=sees(actor, "margins"))
    sums = sees(actor, "exposure")
    given = exposure.parameters(round_margins=not sight.margins)
    rows: list[dict[str, Any]] = []
    if product.phase in DESIGN_PHASES:
        rows = queries.records(_SINGLE, {**given, "product": product.pk, "sums": sums})
    used = PartUsage.objects.filter(product=product, quantity__gt=0)
    return DesignIn(
        product=product,
        parts=_parts(rows, product, actor, sums=sums, exact=sight.margins),
        in_all=rows[0]["parts"] if rows else 0,
        used=used.count(),
        currency=given["currency"],
        sees_exposure=sums,
        sight=sight,
    )


def _parts(
    rows: list[dict[str, Any]], product: Product, actor: Actor, *, sums: bool, exact: bool
) -> list[DesignPart]:
    ids = [row["part_id"] for row in rows]
    parts = Part.objects.visible_to(actor.user).with_list_columns().in_bulk(ids)
    quantities = dict(
        PartUsage.objects.filter(product=product, part__in=ids).values_list("part", "quantity")
    )
    candidates, cases = _candidates(ids), _cases(ids, actor)
    rules, _ = policies.active(PreferredPolicy)
    return [
        DesignPart(
            part=part,
            quantity=quantities[part.pk],
            rating=_rating(part, row["offers"], rules),
            exposure=_shown(row["exposure"], exact=exact) if sums else None,
            withheld=row["withheld"] or not sums,
            lost_wk=row["lost_wk"],
            candidate=candidates.get(part.pk),
            case=cases.get(part.pk),
        )
        for row in rows
        if (part := parts.get(row["part_id"])) is not None
    ]


def _shown(amount: Any, *, exact: bool) -> Any:
    if amount is None:
        return None
    return round_half_up(amount if exact else two_digits(amount))


def _rating(part: Part, offers: int, rules: PreferredPolicy) -> PreferenceRating:
    figures = part.figures
    facts = PreferenceFacts(
        independent=figures.independent_sources,
        counted=figures.counted_sources,
        lifecycle=part.lifecycle,
        lead_wk=None if figures.lead_wk is None else float(figures.lead_wk),
        offers=offers,
    )
    return preference(facts, policy=rules)


def _candidates(ids: Sequence[int]) -> dict[int, Source]:
    """The first alternate of each part that a case could begin on."""
    free = Source.objects.filter(
        part__in=ids, role=Source.Role.ALTERNATE, status=Source.Status.CANDIDATE,
        manufacturer_part__manufacturer__placeholder=False,
    )  # fmt: skip
    rows = free.exclude(manufacturer_part__lifecycle__in=ENDING).with_manufacturers()
    found: dict[int, Source] = {}
    for source in rows.order_by("id"):
        found.setdefault(source.part_id, source)
    return found


def _cases(ids: Sequence[int], actor: Actor) -> dict[int, Case]:
    """The newest case on each part that the reader sees."""
    seen = Case.objects.visible_to(actor.user).filter(part__in=ids).order_by("part", "-number")
    return {case.part_id: case for case in seen.distinct("part")}
