"""Refusals: exceptions raised by services.

Pages turn them into a 422 fragment, the API into problem+json, jobs into a logged count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

_LONGEST_POINTER, _LONGEST_DETAIL = 200, 500


@dataclass(frozen=True)
class Reason:
    """An unmet condition: a stable code, a sentence and a remedy.

    ``about`` is its object for pages: a function, the id of a step.
    """

    code: str
    detail: str
    fix: str = ""
    about: str = field(default="", compare=False)

    def as_json(self) -> dict[str, str]:
        """The reason as the API shows it."""
        return {"code": self.code, "detail": self.detail, "fix": self.fix}


@dataclass(frozen=True)
class FieldProblem:
    """A refused value: its JSON pointer, a code and a sentence."""

    pointer: str
    code: str
    detail: str

    def as_json(self) -> dict[str, str]:
        """The problem as the API shows it; long names and values are cut."""
        return {
            "pointer": self.pointer[:_LONGEST_POINTER],
            "code": self.code,
            "detail": self.detail[:_LONGEST_DETAIL],
        }


class Refused(Exception):
    """Base of all refusals; ``reasons`` are all unmet conditions."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(reason.detail for reason in self.reasons))


class RuleRefused(Refused):
    """A rule of the business forbids it (422)."""

    @classmethod
    def one(cls, code: str, detail: str, fix: str = "") -> Self:
        """A refusal with a single reason."""
        return cls([Reason(code, detail, fix)])


class TransitionRefused(RuleRefused):
    """A move with unmet guards, or one that the state does not offer (422)."""


class PermissionRefused(Refused):
    """The actor may not do this (403); ``permission`` is the missing right."""

    def __init__(
        self,
        detail: str,
        fix: str = "Ask an administrator for the role.",
        *,
        permission: str = "",
    ) -> None:
        self.permission = permission
        super().__init__([Reason("not_permitted", detail, fix)])


class Stale(Refused):
    """Somebody changed the object since the caller read it (409)."""

    def __init__(self, *, expected: int, current: int) -> None:
        self.expected, self.current = expected, current
        super().__init__(
            [
                Reason(
                    "stale",
                    f"Somebody changed this since you opened it (version {current}, "
                    f"not {expected}).",
                    "Open it again to see the change, then repeat yours.",
                )
            ]
        )


class Duplicate(Refused):
    """An object with this natural key exists already (409)."""

    def __init__(self, detail: str) -> None:
        super().__init__([Reason("duplicate", detail)])


class ValuesRefused(Exception):
    """Refused values (422), each with its pointer.

    ``total`` is their number if ``problems`` are only the first of them.
    """

    def __init__(self, problems: Iterable[FieldProblem], *, total: int = 0) -> None:
        self.problems = list(problems)
        self.total = total or len(self.problems)
        super().__init__("; ".join(f"{p.pointer}: {p.detail}" for p in self.problems))

    def under(self, pointers: Mapping[str, str]) -> ValuesRefused:
        """The same with other pointers: the start of each, up to a slash, by ``pointers``."""
        return ValuesRefused((_under(one, pointers) for one in self.problems), total=self.total)

    @classmethod
    def one(cls, pointer: str, code: str, detail: str) -> ValuesRefused:
        """A refusal of a single value."""
        return cls([FieldProblem(pointer, code, detail)])


def refuse_values(problems: Iterable[FieldProblem]) -> None:
    """Raise :class:`ValuesRefused` with these problems, if there are any."""
    if found := list(problems):
        raise ValuesRefused(found)


def _under(problem: FieldProblem, pointers: Mapping[str, str]) -> FieldProblem:
    for start, other in pointers.items():
        if f"{problem.pointer}/".startswith(f"{start}/"):
            return replace(problem, pointer=other + problem.pointer[len(start) :])
    return problem
