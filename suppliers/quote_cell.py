"""A quoted line in a comparison: its cost, why it is not counted, and its other terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from secondsource.core.errors import Reason
from secondsource.core.formats import day as shown_day
from secondsource.core.formats import number
from suppliers.models import Quote, QuoteLine, Source, Supplier
from suppliers.tco import TotalCost


@dataclass
class Cell:
    """A supplier's quote for a line; ``reasons`` say why it is not counted.

    ``state``: ``counted``, ``expired``, ``not_comparable``, ``declined``. ``difference`` is the
    fraction above the least counted cost of the line.
    """

    quoted: QuoteLine
    quote: Quote
    day: dt.date
    state: str = "counted"
    reasons: list[Reason] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    cost: TotalCost | None = None
    order_qty: int | None = None
    source: Source | None = None
    supplier: Supplier | None = None
    countries: Sequence[str] = ()
    difference: Decimal | None = None
    best: bool = False

    @property
    def counted(self) -> bool:
        """Whether the offer takes part in the comparison."""
        return self.state == "counted"

    @property
    def why(self) -> str:
        """All reasons against counting it."""
        return " ".join(reason.detail for reason in self.reasons)

    @property
    def lead_days(self) -> int | None:
        """The longest promised lead time, else the shortest."""
        longest = self.quoted.lead_time_days_max
        return self.quoted.lead_time_days_min if longest is None else longest

    @property
    def pcf_kg(self) -> Decimal | None:
        """kg CO₂e a piece, cradle to gate."""
        number_on_record = self.quoted.manufacturer_part
        return number_on_record.pcf_kg if number_on_record else None

    @property
    def independence(self) -> str:
        """The badge of the source, with what it shares; '' for an unknown part."""
        if self.source is None:
            return ""
        label = str(self.source.get_independence_display()).lower()
        if self.source.independence == Source.Independence.UNKNOWN:
            label = "independence not known"
        shared = self.source.shared
        return f"{label} (shares {', '.join(shared)})" if shared else label

    @property
    def standing(self) -> str:
        """What quality thinks of the supplier."""
        return str(self.supplier.get_standing_display()).lower() if self.supplier else ""

    @property
    def lifecycle(self) -> str:
        """The lifecycle of the quoted part; '' for an unknown one."""
        made = self.quoted.manufacturer_part
        return str(made.get_lifecycle_display()).lower() if made else ""

    @property
    def risk(self) -> str:
        """What is on record about risk: standing, lifecycle, countries of the sites."""
        made = f"made in {', '.join(self.countries)}" if self.countries else "sites not known"
        lifecycle = f"lifecycle {self.lifecycle}" if self.lifecycle else "lifecycle not known"
        return f"Standing {self.standing} · {lifecycle} · {made}"

    @property
    def esg(self) -> str:
        """The evidence that the supplier states, with its last day."""
        if not self.quote.esg_kind:
            return ""
        said = f"{self.quote.get_esg_kind_display()} {self.quote.esg_result}".strip()
        until = self.quote.esg_valid_to
        return f"{said} to {shown_day(until)}" if until else f"{said}, no last day"

    @property
    def facts(self) -> list[str]:
        """The other terms: lead time, carbon, ESG evidence, status of the source."""
        days, pcf = self.lead_days, self.pcf_kg
        lead = "lead time not stated" if days is None else f"{days} days"
        carbon = "CO₂e not known" if pcf is None else f"{number(pcf)} kg CO₂e"
        over = ", expired" if self.esg_expired else ""
        found = [f"{lead} · {carbon}", f"ESG {self.esg or 'not stated'}{over}"]
        if self.source is None:
            found.append("Independence not known")
        elif self.source.role == Source.Role.INCUMBENT:
            found.append(f"{self.source.get_status_display()} · incumbent".capitalize())
        else:
            status = str(self.source.get_status_display()).capitalize()
            found.append(f"{status} · {self.independence}")
        return [*found, self.risk]

    @property
    def esg_expired(self) -> bool:
        """Whether the evidence was over on the day of the comparison."""
        until = self.quote.esg_valid_to
        return bool(until and until < self.day)
