"""Filter bars of a FilterSet: removable chips, the fields of the menu, saved views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import BoundField
from django.http import QueryDict

#: Parameters of position and order, which do not filter.
POSITION = ("cursor", "sort", "view", "item")


@dataclass(frozen=True)
class Chip:
    """An active filter: parameter, label, value in words, and the URL without it."""

    name: str
    label: str
    value: str
    url: str


@dataclass(frozen=True)
class Tab:
    """A saved view: a named query, with a count if the view has one."""

    label: str
    query: str
    count: int | str | None = None
    current: bool = False

    @property
    def url(self) -> str:
        """The URL of the view, relative to the page."""
        return f"?{self.query}"


def chips(form: Any, query: QueryDict) -> list[Chip]:
    """A chip for each filter with a valid value."""
    if form is None or not form.is_bound:
        return []
    form.is_valid()
    return [
        Chip(bound.name, str(bound.label), in_words(bound, value), without(query, bound))
        for bound in form
        if bound.name not in POSITION and (value := form.cleaned_data.get(bound.name)) not in _EMPTY
    ]


_EMPTY: tuple[Any, ...] = (None, "", [], ())


def in_words(bound: BoundField, value: Any) -> str:
    """The value in words: labels of choices, names of objects, yes and no."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, slice):
        return "–".join(str(end) if end is not None else "…" for end in (value.start, value.stop))
    if isinstance(value, Model):
        return str(value)
    labels = {str(key): str(label) for key, label in _flat(getattr(bound.field, "choices", ()))}
    if isinstance(value, list | tuple | QuerySet):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    return labels.get(str(value), str(value))


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """Choices without their groups; objects are shown by their names."""
    if type(choices).__name__ == "ModelChoiceIterator":
        return
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def without(query: QueryDict, bound: BoundField) -> str:
    """The URL without this filter, for the first page."""
    rest = query.copy()
    for name in (
        "cursor",
        bound.name,
        *(f"{bound.name}_{end}" for end in ("min", "max", "after", "before")),
    ):
        rest.pop(name, None)
    return f"?{rest.urlencode()}"


def problems(form: Any, query: QueryDict) -> list[Chip]:
    """Filters with invalid values: the error, and the URL without the filter."""
    if form is None or not form.is_bound:
        return []
    return [
        Chip(bound.name, str(bound.label), " ".join(bound.errors), without(query, bound))
        for bound in form
        if bound.errors
    ]


def tidy(query: QueryDict) -> QueryDict:
    """The query without empty parameters, each value once."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if said := [value for value in dict.fromkeys(values) if value != ""]:
            kept.setlist(name, said)
    return kept


def tabs(
    views: Mapping[str, str],
    query: QueryDict,
    counts: Mapping[str, int | str] | None = None,
) -> list[Tab]:
    """Saved views as tabs: label → query string; the one that equals the address is current."""
    here = _normal(query)
    return [
        Tab(
            label,
            text,
            (counts or {}).get(label),
            current=_normal(QueryDict(text)) == here,
        )
        for label, text in views.items()
    ]


def _normal(query: QueryDict) -> dict[str, list[str]]:
    """A query without position and blanks, for comparing."""
    return {
        name: sorted(filter(None, values))
        for name, values in query.lists()
        if name not in POSITION and any(values)
    }
