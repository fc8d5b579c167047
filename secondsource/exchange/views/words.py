"""Stored states and problems in words."""

from __future__ import annotations

from typing import Any


def problem_in_words(problem: dict[str, Any] | None) -> str:
    """Every reason of a stored problem as sentences; '' without one."""
    if not problem:
        return ""
    listed = problem.get("reasons") or problem.get("errors") or [problem]
    return " ".join(filter(None, (str(one.get("detail", "")) for one in listed)))
