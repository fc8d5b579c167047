"""Who can own a step or an action: people to whom work comes."""

from __future__ import annotations

from secondsource.accounts.models import User
from secondsource.core.errors import FieldProblem


def owner_problems(owner: User | None, pointer: str = "/owner") -> list[FieldProblem]:
    """Problems of an owner: they left, or they only read and would never be told of it."""
    if owner is None:
        return []
    if not owner.is_active:
        return [FieldProblem(pointer, "inactive", f"{owner.name} has left.")]
    if not owner.has_perm("workspace.view_my_work"):
        detail = f"{owner.name} has no role in which work is done. Choose somebody else."
        return [FieldProblem(pointer, "no_worker", detail)]
    return []
