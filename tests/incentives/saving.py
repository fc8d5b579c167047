"""A case whose savings are counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from incentives import services
from incentives.models import SavingLine
from qualification.models import Case
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import Receipt, Source
from tests import factories
from tests.factories import JOB, Team

OPENED = dt.date(2026, 1, 10)
JUNE, JULY, AUGUST = (dt.date(2026, month, 1) for month in (6, 7, 8))


class Saving:
    """A part bought at 3.10, its case in transition, and finance outside the team."""

    def __init__(self, price: str | None = "3.10", currency: str = "USD") -> None:
        part = factories.part()
        self.incumbent: Source = factories.incumbent(part)
        with clock.at(OPENED):
            if price:
                self.receive(self.incumbent, OPENED, 1000, price, currency=currency, po="88213")
            self.team = Team(factories.alternate(part))
            self.team.jump_to(State.TRANSITION)
        self.alternate: Source = self.team.source
        self.finance: Actor = factories.actor("finance")

    @property
    def case(self) -> Case:
        """The case."""
        return self.team.case

    @property
    def buyer(self) -> Actor:
        """Procurement in the team."""
        return self.team["procurement"]

    def receive(
        self, source: Source, day: dt.date, quantity: int, price: str | None, **fields: Any
    ) -> Receipt:
        """A receipt of that day."""
        currency = fields.pop("currency", "USD")
        money = {"unit_price": Decimal(price), "currency": currency} if price else {}
        fields.setdefault("lot", f"LOT-{day}-{price}" if quantity > 0 else "")
        with clock.at(day):
            return sourcing.record_receipt(
                source=source, received_date=day, received_qty=Decimal(quantity), actor=JOB,
                confirmed=True, **money, **fields,
            )  # fmt: skip

    def summer(self) -> None:
        """Receipts of June and July: negotiated at 2.70, shifted at 1.94, and a return."""
        self.receive(self.incumbent, dt.date(2026, 6, 10), 34200, "2.70")
        self.receive(self.alternate, dt.date(2026, 6, 20), 3800, "1.94")
        self.receive(self.incumbent, dt.date(2026, 7, 10), 28500, "2.70")
        self.receive(self.alternate, dt.date(2026, 7, 12), 9500, "1.94")
        self.receive(self.alternate, dt.date(2026, 7, 28), -120, "1.94")

    def compute(self, day: dt.date = AUGUST) -> Any:
        """Run the job on a day."""
        with clock.at(day):
            return services.recompute_realised(actor=JOB)

    def close(self, *months: dt.date) -> None:
        """Close months in August."""
        with clock.at(AUGUST):
            for month in months:
                services.close_month(month=month, actor=self.finance)

    def settle(self, *months: dt.date) -> list[SavingLine]:
        """Close months and validate their lines."""
        self.close(*months)
        rows = SavingLine.objects.filter(case=self.case, month__in=months)
        with clock.at(AUGUST):
            return services.validate_lines(
                lines=list(rows), reason="receipts checked", actor=self.finance
            )

    def lines(self, **wanted: Any) -> list[SavingLine]:
        """The lines of the case in order."""
        return list(SavingLine.objects.filter(case=self.case, **wanted).order_by("month", "id"))


def figures(lines: Iterable[SavingLine]) -> list[tuple[str, str, Decimal, Decimal | None]]:
    """Month, kind, amount and quantity of each line."""
    return sorted((f"{row.month:%Y-%m}", str(row.kind), row.amount, row.quantity) for row in lines)
