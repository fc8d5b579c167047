"""Saved views: named queries of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import QueryDict

from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.models import SavedView

if TYPE_CHECKING:
    from secondsource.accounts.models import User

MOST = 20
_PASSING = ("cursor", "export", "item")


def of(user: User, page: str) -> dict[str, str]:
    """The person's views of a page: name → query string, in the order of their creation."""
    rows = SavedView.objects.filter(owner=user, page=page).order_by("id")
    return dict(rows.values_list("name", "query"))


@transaction.atomic
def save(*, user: User, page: str, name: str, query: str) -> SavedView:
    """Save a query; the same name replaces it.

    Raises ``ValuesRefused`` for names and queries that are empty or too long, ``RuleRefused`` for
    too many views.
    """
    kept = QueryDict(query, mutable=True)
    for passing in _PASSING:
        kept.pop(passing, None)
    name, text = " ".join(name.split()), kept.urlencode()
    problems = []
    if not 1 <= len(name) <= 60:
        problems.append(FieldProblem("/name", "length", "A view needs a name of 1 to 60 letters."))
    if not 1 <= len(text) <= 2000:
        problems.append(FieldProblem("/query", "length", "Filter or sort the list first."))
    refuse_values(problems)
    others = SavedView.objects.filter(owner=user, page=page).exclude(name=name)
    if others.count() >= MOST:
        raise RuleRefused.one("too_many", f"{MOST} views a list.", "Remove one of them.")
    view, _ = SavedView.objects.update_or_create(
        owner=user, page=page, name=name, defaults={"query": text}
    )
    return view


@transaction.atomic
def remove(*, user: User, page: str, name: str) -> str:
    """Remove a view. Returns its query, '' without one."""
    found = SavedView.objects.select_for_update().filter(owner=user, page=page, name=name)
    query = "".join(found.values_list("query", flat=True))
    found.delete()
    return query
