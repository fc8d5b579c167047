"""The timing of a case against the phases of the products that use the part."""

from __future__ import annotations

from dataclasses import dataclass

from parts.models import Product
from qualification import business_case
from qualification.house_rules import TimingPolicy
from qualification.models import Case
from secondsource.core import policies

_AS_LATE = {Product.Phase.END_OF_LIFE: "mass_production"}
_MOST_NAMED = 3


@dataclass(frozen=True)
class CaseTiming:
    """The product whose change costs most, its factor, and the reason for a late start.

    ``factor`` is None if no product with a phase uses the part.
    """

    factor: int | None
    sentence: str
    needs_reason: bool
    reason: str

    @property
    def lacks_reason(self) -> bool:
        """Whether the start is late and nobody has given the reason."""
        return self.needs_reason and not self.reason


def of(case: Case) -> CaseTiming:
    """The timing of a case today."""
    policy, _ = policies.active(TimingPolicy)
    used = Product.objects.filter(usages__part=case.part_id).exclude(phase="")
    rows = used.order_by("code").values_list("code", "phase").distinct()
    found = [
        (business_case.timing(phase=_AS_LATE.get(Product.Phase(phase), phase), policy=policy), row)
        for row in rows
        for phase in [row[1]]
    ]
    if not found:
        sentence = "No product with a phase uses the part, so nothing says how late this is."
        return CaseTiming(None, sentence, needs_reason=False, reason=case.start_reason)
    factor = max(timing.cost_factor for timing, _ in found)
    worst = [(timing, row) for timing, row in found if timing.cost_factor == factor]
    return CaseTiming(
        factor=factor,
        sentence=_sentence(factor, worst),
        needs_reason=any(timing.needs_reason for timing, _ in found),
        reason=case.start_reason,
    )


def _sentence(factor: int, worst: list[tuple[business_case.Timing, tuple[str, str]]]) -> str:
    codes = [code for _, (code, _) in worst]
    phases = dict.fromkeys(Product.Phase(phase).label for _, (_, phase) in worst)
    named = ", ".join(codes[:_MOST_NAMED])
    if more := len(codes) - _MOST_NAMED:
        named += f" and {more} more" if more > 0 else ""
    be = "is" if len(codes) == 1 else "are"
    where = f"{named} {be} in {' or '.join(phases)}"
    if all(timing.best_time for timing, _ in worst):
        return f"{where}: the best time for a change."
    if factor <= 1:
        return f"{where}: a change costs no more than in development."
    return f"{where}: a change costs {factor} times what it costs in development."
