"""Tables: columns for heads, sorting, cells and exports, rendered by one template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.template.base import Template
from django.template.engine import Engine
from django.utils.html import format_html
from django.utils.safestring import SafeString

from secondsource.core import keyset

if TYPE_CHECKING:
    from django.http import QueryDict


@dataclass(frozen=True)
class Column:
    """A column of a list.

    ``order``: ORM path or paths that it sorts by (``"-risk"`` to start descending); empty
    means it cannot be sorted. ``template``: a file that gets ``row``, ``value`` and
    ``column``; ``draw``: a function of row, value and view that returns safe text, for lists with
    hundreds of cells; without either the plain value is shown. ``source``: where the value is, an
    ORM path (default: the name) or a function of the row. ``align``: "", "r" (numbers) or "c".
    ``hidden_field``: the name of the protected field; the column is hidden from readers without it.
    ``css``: ell (takes the rest, cut), nw, w0. ``mobile``: its place in the two-line list of a
    phone: title, sub, named (sub, with its label), end or hide. ``link``: the plain value links to
    the row's page. ``export``: a function of the row for files; False leaves the column out of
    files.
    """

    name: str
    label: str
    order: str | Sequence[str] = ()
    template: str | None = None
    draw: Callable[[Any, Any, Any], SafeString] | None = None
    align: str = ""
    hidden_field: str | None = None
    source: str | Callable[[Any], Any] | None = None
    css: str = ""
    mobile: str = "hide"
    link: bool = False
    title: str = ""
    label_hidden: bool = False
    export: Callable[[Any], Any] | bool = True

    def of(self, row: Any) -> Any:
        """The column's value on a row, or None."""
        if callable(self.source):
            return self.source(row)
        return keyset.read(row, self.source or self.name)

    def exported(self, row: Any) -> Any:
        """The column's value for files."""
        return self.export(row) if callable(self.export) else self.of(row)

    def compiled(self, engine: Engine) -> Template:
        """The cell's template, loaded once per process (the loader caches it)."""
        return engine.get_template(self.template or "")

    @property
    def paths(self) -> tuple[str, ...]:
        """The ORM paths of its order; () if it cannot be sorted."""
        return (self.order,) if isinstance(self.order, str) else tuple(self.order)

    @property
    def reads(self) -> tuple[str, ...]:
        """The ORM paths that it reads."""
        shown = () if callable(self.source) else (self.source or self.name,)
        return (*shown, *self.paths)

    @property
    def classes(self) -> str:
        """Classes of head and cells."""
        place = "sub" if self.mobile == "named" else self.mobile
        return " ".join(part for part in (self.align, self.css, f"m-{place}") if part)

    @property
    def phone_label(self) -> SafeString:
        """The label before the value, on phones only."""
        if self.mobile != "named":
            return SafeString("")
        return format_html('<span class="only-m">{} </span>', self.label)


@dataclass(frozen=True)
class Sort:
    """The chosen order: a column's name, and whether its direction is reversed."""

    column: Column | None
    reverse: bool
    paths: tuple[str, ...]

    @classmethod
    def parse(cls, wanted: str, columns: Sequence[Column], default: str) -> Sort:
        """The order by ``?sort=risk`` or ``-risk``; unknown and hidden columns mean the default."""
        for text in (wanted, default):
            name = text.lstrip("-")
            column = next((c for c in columns if c.name == name and c.paths), None)
            if column:
                return cls.of(column, descending=text.startswith("-"))
        return cls(None, False, ())

    @classmethod
    def of(cls, column: Column, *, descending: bool) -> Sort:
        """The order by a column and the direction of its first path."""
        reverse = column.paths[0].startswith("-") != descending
        paths = tuple(_turned(path) if reverse else path for path in column.paths)
        return cls(column, reverse, paths)

    @property
    def descending(self) -> bool:
        """Whether the first path is descending."""
        return bool(self.paths) and self.paths[0].startswith("-")


def _turned(path: str) -> str:
    return path[1:] if path.startswith("-") else f"-{path}"


@dataclass(frozen=True)
class Head:
    """A head cell: the column, the URL that sorts by it, its aria-sort."""

    column: Column
    url: str
    aria_sort: str


@dataclass
class Table:
    """The data of ``components/table.html``."""

    columns: Sequence[Column]
    page: keyset.KeysetPage
    sort: Sort
    query: QueryDict
    caption: str
    noun: tuple[str, str] = ("row", "rows")
    selectable: bool = False
    totals: Sequence[tuple[str, str]] = ()

    @cached_property
    def heads(self) -> list[Head]:
        """The head cells in order."""
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        if not column.paths:
            return Head(column, "", "")
        active = self.sort.column is column
        downwards = not self.sort.descending if active else column.paths[0].startswith("-")
        url = self.url(sort=("-" if downwards else "") + column.name, cursor=None)
        direction = "descending" if self.sort.descending else "ascending"
        return Head(column, url, direction if active else "")

    def url(self, **changes: str | None) -> str:
        """The URL of this list with some parameters changed or (None) removed."""
        query = self.query.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}"

    @property
    def first_url(self) -> str:
        """The URL of the first page."""
        return self.url(cursor=None)

    @property
    def last_url(self) -> str:
        """The URL of the last page."""
        return self.url(cursor="end")

    @property
    def next_url(self) -> str:
        """The URL of the next page, '' on the last one."""
        return self.url(cursor=self.page.next) if self.page.next else ""

    @property
    def previous_url(self) -> str:
        """The URL of the page before, '' on the first one."""
        return self.url(cursor=self.page.previous) if self.page.previous else ""

    @property
    def paged(self) -> bool:
        """Whether there is more than one page."""
        return bool(self.page.next or self.page.previous)

    @property
    def counted(self) -> str:
        """``18 parts``."""
        one, many = self.noun
        return f"{self.page.total} {one if self.page.total.value == 1 else many}"
