"""A person's own share of the pools of a year: paid, held back, not released yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from incentives.models import Allocation, BonusPool
from incentives.pool_figures import RELEASED
from secondsource.accounts.models import User

_UNSEEN = (BonusPool.State.DRAFT, BonusPool.State.CANCELLED)


@dataclass
class OwnShare:
    """The shares of a person in a currency.

    ``held`` was released and is paid once the cases ``until`` are closed; ``proposed`` waits for
    the agreement and the release.
    """

    currency: str
    paid: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    proposed: Decimal = Decimal(0)
    until: list[str] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """What was released."""
        return self.paid + self.held


def of_year(person: User, year: int) -> list[OwnShare]:
    """The shares of the pools that were proposed in a year, by currency."""
    rows = Allocation.objects.filter(person=person, pool__proposed_on__year=year)
    seen = rows.exclude(pool__state__in=_UNSEEN).with_paid().select_related("pool__case")
    return _summed(seen.order_by("pool__currency", "pk"))


def _summed(rows: Iterable[Allocation]) -> list[OwnShare]:
    found: dict[str, OwnShare] = {}
    for one in rows:
        sums = found.setdefault(one.currency, OwnShare(one.currency))
        if one.pool.state not in RELEASED:
            sums.proposed += one.amount
            continue
        paid: Decimal = one.paid  # type: ignore[attr-defined]  # with_paid
        sums.paid += paid
        if one.amount > paid:
            sums.held += one.amount - paid
            sums.until.append(one.pool.case.key)
    return list(found.values())
