"""The spec review of a case: its comparison line by line, and what was decided on each line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parts.models import Requirement
from qualification import linked_work
from qualification.models import Case, ChecklistItem, Disposition
from secondsource.core.errors import Reason
from suppliers import spec_sheet
from suppliers.models import Parameter, Source
from suppliers.spec_sheet import SpecCell, SpecRow

#: Verdicts on which an engineer decides where our requirement has a limit.
DECIDED = ("deviation", "blocks", "unknown")
_NEED = ("rule", "minimum", "maximum", "text", "unit", "on_typical")
_VALUE = ("minimum", "typical", "maximum", "text", "unit")


@dataclass(frozen=True, kw_only=True)
class ReviewLine:
    """A parameter of the comparison with the decision on it, if there is one."""

    row: SpecRow
    parameter: str
    basis: dict[str, Any]
    disposition: Disposition | None = None

    @property
    def test_condition(self) -> str:
        """The condition under which the datasheets state the value."""
        return self.row.condition

    @property
    def name(self) -> str:
        """``Run current, at 168 MHz``."""
        return ", ".join(filter(None, [self.parameter, self.test_condition]))

    @property
    def incumbent(self) -> SpecCell:
        """The incumbent's value."""
        return self.row.cells[0]

    @property
    def candidate(self) -> SpecCell:
        """The candidate's value with its verdict."""
        return self.row.cells[1]

    @property
    def verdict(self) -> str:
        """The verdict on the candidate."""
        return str(self.candidate.verdict)

    @property
    def needs_decision(self) -> bool:
        """Whether an engineer decides: a limit is not met, or met worse than before."""
        return self.row.is_judged and self.verdict in DECIDED

    @property
    def has_changed(self) -> bool:
        """Whether the values are others than those that were decided on."""
        return self.disposition is not None and self.disposition.basis != self.basis

    @property
    def holds(self) -> bool:
        """Whether a decision was made on the present values."""
        return self.disposition is not None and not self.has_changed

    @property
    def state(self) -> str:
        """``open``, ``changed``, ``rejected``, ``unconfirmed``, ``accepted``; '' for none."""
        if not self.needs_decision:
            return ""
        if self.disposition is None or self.has_changed:
            return "open" if self.disposition is None else "changed"
        if self.disposition.decision == Disposition.Decision.REJECT:
            return "rejected"
        return "unconfirmed" if self.disposition.needs_confirmation else "accepted"

    @property
    def is_open(self) -> bool:
        """Whether the line keeps the review from being done."""
        return self.state not in ("", "accepted")

    @property
    def key(self) -> str:
        """The address of the line in the review of its case."""
        return key_of(self.parameter, self.test_condition)

    @property
    def seen(self) -> str:
        """The values and the decision as they are read: a decision names what it was made on."""
        made = self.disposition
        return _digest([self.basis, [made.pk, made.version] if made else None])

    @property
    def problem(self) -> str:
        """What is wrong, in words: ``Flash: unknown, typical only``."""
        told = {"deviation": "deviation", "blocks": "a limit is missed", "unknown": "unknown"}
        value = self.candidate.value or "no value"
        return f"{self.name}: {told[self.verdict]}, {value} against {self.row.required}."

    def reason(self) -> Reason | None:
        """Why the line is open; None where it is not."""
        made = self.disposition
        if not self.is_open:
            return None
        if self.state == "open" or made is None:
            fix = "An engineer of the team decides on it."
            if self.verdict == "unknown":
                fix = "Enter the value, or an engineer of the team decides on it."
            return Reason(f"{self.verdict}_open", self.problem, fix, self.key)
        if self.state == "changed":
            detail = f"{self.name}: the values changed since {made.decided_by} decided."
            return Reason("decision_outdated", detail, "Decide on the present values.", self.key)
        if self.state == "rejected":
            detail = f"Rejected: {self.name}, {made.reason}"
            fix = "Withdraw the case or change the candidate."
            return Reason("deviation_rejected", detail, fix, self.key)
        detail = f"{self.name}: {made.decided_by} accepts a missed limit."
        return Reason("not_confirmed", detail, "Quality confirms it.", self.key)


def key_of(parameter: str, test_condition: str = "") -> str:
    """The key of the line of a parameter; upper and lower case are the same."""
    return _digest([parameter.casefold(), test_condition.casefold()])


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _fields(line: Any, names: Iterable[str]) -> dict[str, Any] | None:
    return None if line is None else {name: getattr(line, name) for name in names}


def lines(case: Case) -> list[ReviewLine]:
    """The comparison of the candidate of a case with our requirements and the incumbent."""
    candidate = Parameter.objects.filter(manufacturer_part__sources=case.source_id)
    incumbents = Source.objects.filter(part=case.part_id, role=Source.Role.INCUMBENT)
    used = incumbents.exclude(pk=case.source_id).values("manufacturer_part")
    compared = spec_sheet.sheet(
        requirements=Requirement.objects.filter(part=case.part_id),
        sources=[list(Parameter.objects.filter(manufacturer_part__in=used)), list(candidate)],
        incumbent=0,
    )
    decided = {
        (made.parameter.casefold(), made.test_condition.casefold()): made
        for made in case.dispositions.select_related("decided_by", "confirmed_by")
    }
    return [_line(row, decided) for row in compared.rows]


def _line(row: SpecRow, decided: dict[tuple[str, str], Disposition]) -> ReviewLine:
    present = next((value for value in row.values if value is not None), None)
    parameter = row.need.parameter if row.need else present.name if present else row.label
    basis = {
        "required": _fields(row.need, _NEED),
        "incumbent": _fields(row.values[0], _VALUE),
        "candidate": _fields(row.values[1], _VALUE),
        "verdict": str(row.cells[1].verdict),
    }
    made = decided.get((parameter.casefold(), row.condition.casefold()))
    return ReviewLine(row=row, parameter=parameter, basis=basis, disposition=made)


def missing(case: Case) -> list[Reason]:
    """Every line that is open; also a comparison without a requirement is not done."""
    return reasons_of(lines(case))


def reasons_of(found: Iterable[ReviewLine]) -> list[Reason]:
    """The same of lines that were read before."""
    judged = [line for line in found if line.row.is_judged]
    if not judged:
        detail = "Nothing is compared: the part has no requirement with a limit."
        return [Reason("nothing_compared", detail, "Enter what we need of the part.")]
    return [reason for line in judged if (reason := line.reason())]


def told(case: Case) -> str:
    """``9 parameters compared. 2 of 3 differences accepted.``."""
    return told_of(lines(case))


def told_of(compared: Iterable[ReviewLine]) -> str:
    """The same of lines that were read before."""
    found = [line for line in compared if line.row.is_judged]
    asked = [line for line in found if line.needs_decision]
    said = f"{len(found)} {'parameter' if len(found) == 1 else 'parameters'} compared."
    if not asked:
        return f"{said} No deviation." if found else "Nothing is compared yet."
    accepted = sum(line.state == "accepted" for line in asked)
    noun = "difference" if len(asked) == 1 else "differences"
    return f"{said} {accepted} of {len(asked)} {noun} accepted."


def conditions(case: Case) -> list[str]:
    """The conditions of accepted differences; they belong to the approval."""
    return conditions_of(lines(case))


def conditions_of(found: Iterable[ReviewLine]) -> list[str]:
    """The same of lines that were read before."""
    accepted = [(line.name, line.disposition) for line in found if line.state == "accepted"]
    return [f"{name}: {made.condition}" for name, made in accepted if made and made.condition]


def stands(case: Case) -> tuple[list[Reason], str]:
    """What is missing and where it stands, from one comparison."""
    found = lines(case)
    return reasons_of(found), told_of(found)


linked_work.register(
    linked_work.LinkedWork(
        ChecklistItem.Link.DEVIATIONS, "case_spec_review", missing, told, stands=stands
    )
)
