"""Prices as a reader sees them: exact, or relative to a reference for those without prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from secondsource.accounts.visibility import sees
from secondsource.core import formats
from secondsource.core.actors import Actor
from suppliers.price_facts import relative


@dataclass(frozen=True)
class PriceSight:
    """``reference`` is the price that others are compared with."""

    exact: bool
    currency: str
    reference: Decimal | None

    @classmethod
    def of(cls, actor: Actor, currency: str, reference: Decimal | None) -> PriceSight:
        """How an actor sees prices."""
        return cls(sees(actor, "prices"), currency, reference)

    def show(self, price: Decimal | None) -> str:
        """``$1.94``, or ``−37 %``; the reference itself is ``100 %``."""
        if price is None:
            return formats.MISSING
        if self.exact:
            return formats.money_exact(price, self.currency)
        return formats.percent(self.share(price)) if self.reference else formats.MISSING

    def share(self, price: Decimal) -> Decimal:
        """The price as a fraction of the reference."""
        return price / self.reference if self.reference else Decimal(1)

    def change(self, price: Decimal | None) -> str:
        """The difference from the reference: ``−37 %``."""
        return formats.change(relative(price, self.reference))

    def value(self, price: Decimal) -> float:
        """The price on the axis of a chart: money, or per cent of the reference."""
        return float(price) if self.exact else float(self.share(price) * 100)

    def tick(self, value: float) -> str:
        """A text of that axis."""
        if self.exact:
            return formats.money(value, self.currency, 2)
        return formats.percent(value / 100)
