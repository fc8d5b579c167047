"""The six figures of a business case as tiles of a page."""

from __future__ import annotations

from typing import Any

from qualification.economics import facts, readers
from qualification.economics.figures import CaseFigures
from qualification.economics.readers import SeenFigures
from qualification.models import Case
from qualification.models.cases import State
from qualification.services import signed_version
from secondsource.core.actors import Actor
from secondsource.core.formats import MISSING, money, number

_HIDDEN = "hidden"
_BASIS_HIDDEN = "You do not see this figure."


def figures_to_sign(case: Case, actor: Actor) -> list[dict[str, Any]]:
    """The figures that a signature of the business case is given on; none at another gate.

    Those of the version that others signed, else today's.
    """
    if case.state != State.BUSINESS_CASE:
        return []
    view, stored = readers.sight(actor, case), signed_version(case)
    if stored is not None:
        return tiles(readers.version(stored, view))
    return tiles(readers.today(facts.read_once(case), view))


def promise(case: Case, actor: Actor) -> str:
    """``Exposure $1,200 → $300 when approved · forecast saving $84,136 a year``, as it was signed.

    Empty before the business case is signed, and for readers who see none of it.
    """
    stored = signed_version(case)
    if stored is None:
        return ""
    seen = readers.version(stored, readers.sight(actor, case))
    found, (exposed, what) = seen.figures, _exposure(seen)
    parts = []
    if exposed != MISSING:
        label = "Exposure" if found.exposure_before is not None else what.capitalize()
        parts.append(f"{label} {exposed} when approved")
    if found.saving is not None:
        parts.append(f"forecast saving {_money(found, found.saving)} a year")
    return " · ".join(parts)


def tiles(seen: SeenFigures) -> list[dict[str, Any]]:
    """Label, value and basis of the six figures, as ``components/kpis.html`` draws them."""
    found = seen.figures
    about = f" {_ROUNDED}" if seen.rounded else ""
    return [
        _tile(seen, "Expected saving", "saving", _money(found, found.saving), "a year", about),
        _tile(seen, "One-time cost", "one_time_cost", _money(found, found.one_time_cost)),
        _tile(seen, "Payback", "payback", *_payback(found), field="payback_months"),
        _tile(seen, "Net present value", "npv", _money(found, found.npv), "", about),
        _tile(seen, "Exposure", "exposure", *_exposure(seen), field="exposure_before"),
        _tile(seen, "Time to survive", "survival", *_survival(found), field="survival_before"),
    ]


_ROUNDED = "Rounded to two digits."


def _tile(
    seen: SeenFigures, label: str, name: str, value: str, unit: str = "", more: str = "",
    field: str = "",
) -> dict[str, Any]:  # fmt: skip
    basis = seen.figures.basis.get(name, "")
    if (field or name) in seen.hidden and name != "exposure":
        return {"label": label, "value": MISSING, "unit": _HIDDEN, "note": _BASIS_HIDDEN}
    return {
        "label": label,
        "value": value,
        "unit": "" if value == MISSING else unit,
        "note": basis + (more if value != MISSING else ""),
    }


def _money(found: CaseFigures, amount: Any) -> str:
    return money(amount, found.currency)


def _payback(found: CaseFigures) -> tuple[str, str]:
    if found.pays_back is False:
        return "Never", "nothing is saved"
    return number(found.payback_months, 1), "months"


def _exposure(seen: SeenFigures) -> tuple[str, str]:
    """In money, else in pieces."""
    found = seen.figures
    if found.exposure_before is not None:
        sides = [_money(found, one) for one in (found.exposure_before, found.exposure_after)]
        return " → ".join(sides), "margin lost"
    if found.lost_before is None:
        return MISSING, ""
    return f"{number(found.lost_before)} → {number(found.lost_after)}", "pieces missed"


def _survival(found: CaseFigures) -> tuple[str, str]:
    if found.survival_before is None:
        return MISSING, ""
    shown = f"{number(found.survival_before, 1)} → {number(found.survival_after, 1)}"
    return shown, "weeks"
