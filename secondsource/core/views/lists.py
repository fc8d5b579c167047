"""Base view of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.module_loading import import_string

from secondsource.core import exports, filterbar, keyset, saved_views
from secondsource.core.api.visibility import hides
from secondsource.core.row_counts import capped_counts
from secondsource.core.tables import Column, Sort, Table
from secondsource.core.views.pages import Page, wants_fragment

#: For empty lists: the filters that are tried without, and the cap of their counts.
MOST_FILTERS_TRIED, MOST_COUNTED = 6, 999


class ListPage(Page):
    """A queryset, a FilterSet and columns: sorted, filtered, paged, exported by the server.

    ``columns``, ``default_sort`` (a column's name, ``-`` for descending), ``filterset_class``,
    ``noun`` (one, many), ``views`` (saved views: label → query string), ``search_field`` and
    ``search_label``, ``bulk_template`` (buttons for selected rows), ``export_stem`` ('' = none),
    ``first_use`` (title, text, url, action of the empty state). Override ``get_queryset``
    (start from ``visible_to``), ``view_counts``, ``get_totals``.
    """

    template_name = "list_page.html"
    fragments: ClassVar[Mapping[str, str]] = {"list": "components/list_fragment.html"}
    columns: ClassVar[Sequence[Column]] = ()
    default_sort: ClassVar[str] = ""
    filterset_class: ClassVar[Any] = None
    noun: ClassVar[tuple[str, str]] = ("row", "rows")
    views: ClassVar[Mapping[str, str]] = {}
    search_field: ClassVar[str] = ""
    search_label: ClassVar[str] = "Search"
    bulk_template: ClassVar[str] = ""
    tools_template: ClassVar[str] = ""
    export_stem: ClassVar[str] = ""
    first_use: ClassVar[Mapping[str, str]] = {}
    #: Right, URL name and label of the one action of the empty state.
    first_action: ClassVar[tuple[str, str, str] | None] = None
    #: The query that an address without one stands for; ``view=all`` lists all rows.
    opens_with: ClassVar[str] = ""
    page_size: ClassVar[int] = keyset.PAGE_SIZE
    #: No totals are shown for more rows.
    most_summed: ClassVar[int] = keyset.COUNT_CAP

    def get_queryset(self) -> QuerySet[Any]:
        """The rows that this reader may see."""
        raise ImproperlyConfigured(f"{type(self).__name__} needs get_queryset().")

    @cached_property
    def rows_seen(self) -> QuerySet[Any]:
        """The rows that this reader may see, written once for a request."""
        return self.get_queryset()

    @cached_property
    def columns_seen(self) -> list[Column]:
        """The columns without those that are hidden from this reader.

        A column is hidden by its ``hidden_field`` or by the declaration of the model.
        """
        model = self.rows_seen.model
        return [
            column
            for column in self.columns
            if self.sees(column.hidden_field)
            and not any(hides(self.actor, model, path) for path in column.reads)
        ]

    def shown_columns(self) -> list[Column]:
        """The columns in ``?columns=``, else all; the title always."""
        columns, wanted = self.columns_seen, set(self.request.GET.getlist("columns"))
        asked = [c for c in columns if c.name in wanted or c.mobile == "title" or c.label_hidden]
        return asked if wanted & {column.name for column in columns} else columns

    def _column_choice(self) -> list[tuple[Column, bool]]:
        """The choices of the menu of columns: optional columns, and whether they are shown."""
        shown = self.shown_columns()
        may_go = [c for c in self.columns_seen if c.mobile != "title" and not c.label_hidden]
        return [(column, column in shown) for column in may_go]

    def view_counts(self) -> Mapping[str, int | str]:
        """Counts of the views by label, from stored figures."""
        return {}

    @cached_property
    def own_views(self) -> dict[str, str]:
        """The person's saved views: name → query string."""
        return saved_views.of(self.request.user, self.list_name)

    @property
    def list_name(self) -> str:
        """The URL name under which views of this list are saved."""
        match = self.request.resolver_match
        return match.view_name if match and not match.kwargs else ""

    def get_views(self) -> Mapping[str, str]:
        """The list's views, then the person's own: label → query string."""
        own = self.own_views if self.list_name else {}
        mine = {name if name not in self.views else f"{name} (mine)": q for name, q in own.items()}
        return {**self.views, **mine}

    def _saving(self, tabs: Sequence[filterbar.Tab]) -> dict[str, Any]:
        """Whether the page offers to save the query or to remove the present view."""
        current = next((tab for tab in tabs if tab.current), None)
        own = self.own_views if self.list_name else {}
        shown = next((n for n, q in own.items() if current and q == current.query), "")
        asks = any(name not in ("cursor", "export") for name in self.request.GET)
        return {
            "list_name": self.list_name,
            "saved_view": shown,
            "can_save": bool(self.list_name and asks and current is None),
        }

    def get_totals(self, queryset: QuerySet[Any]) -> Sequence[tuple[str, str]]:
        """Totals for the filter bar: (label, value); for at most ``most_summed`` rows."""
        return ()

    def filtered(self) -> tuple[Any, QuerySet[Any]]:
        """The bound FilterSet (or None) and its rows; no rows with an invalid value."""
        queryset = self.rows_seen
        if self.filterset_class is None:
            return None, queryset
        bound = self.filterset_class(self.request.GET, queryset=queryset, request=self.request)
        return bound, bound.qs if bound.is_valid() else queryset.none()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The list, or a file of all its rows (``?export=csv``); 400 for invalid values.

        URLs with parameters that say nothing redirect to those without them.
        """
        tidy = self._tidy(request.GET) or QueryDict(self.opens_with)
        moved = tidy != request.GET
        address = f"{request.path}?{tidy.urlencode()}".rstrip("?")
        if moved and not wants_fragment(request):
            return HttpResponseRedirect(address)
        request.GET = tidy  # type: ignore[assignment]
        response = self._answer()
        if moved:
            response["HX-Push-Url"] = address
        return response

    def _tidy(self, query: QueryDict) -> QueryDict:
        """The query without empty parameters, and without ``columns`` if it names them all."""
        kept = filterbar.tidy(query)
        if {column.name for column, _ in self._column_choice()} <= set(kept.getlist("columns")):
            kept.pop("columns", None)
        return kept

    def _answer(self) -> HttpResponseBase:
        bound, queryset = self.filtered()
        wanted = self.request.GET.get("export", "")
        refused = bound is not None and not bound.is_valid()
        if wanted and self.export_stem and not refused:
            return self.export(queryset, wanted)
        context = self.get_context_data(filter=bound, queryset=queryset)
        return self.respond(context, status=400 if refused else 200)

    def export(self, queryset: QuerySet[Any], wanted: str) -> HttpResponseBase:
        """Export all filtered rows; for large lists start a job and show its page."""
        if wanted not in exports.FORMATS:
            raise Http404("No such file format.")
        if queryset.order_by()[exports.LARGE_ROWS : exports.LARGE_ROWS + 1].exists():
            query = self.request.GET.copy()
            query.pop("export")
            started = import_string(settings.EXPORT_BY_JOB)(
                list_name=self.list_name, query=query.urlencode(), file_format=wanted,
                actor=self.actor,
            )  # fmt: skip
            return HttpResponseRedirect(started.get_absolute_url())
        rows = self.exported_rows(queryset).iterator(chunk_size=1000)
        return exports.FORMATS[wanted](rows, self.exported_columns(), self.export_stem)

    def exported_columns(self) -> list[Column]:
        """The columns of a file: the chosen ones that the reader sees."""
        return exports.exported(self.shown_columns())

    def exported_rows(self, queryset: QuerySet[Any] | None = None) -> QuerySet[Any]:
        """The rows of a file: all filtered rows in the present order."""
        rows = self.filtered()[1] if queryset is None else queryset
        keys = keyset.keys_for(rows, self.get_sort(self.columns_seen).paths)
        return rows.order_by(*(key.order(backwards=False) for key in keys))

    def get_sort(self, columns: Sequence[Column]) -> Sort:
        """The order of the query string, else the default."""
        return Sort.parse(self.request.GET.get("sort", ""), columns, self.default_sort)

    def get_table(self, queryset: QuerySet[Any]) -> Table:
        """The page of rows with its heads and neighbours."""
        sort = self.get_sort(self.columns_seen)
        page = self._paginate(queryset, sort)
        return Table(
            columns=self.shown_columns(),
            page=page,
            sort=sort,
            query=self.request.GET,
            caption=self.get_caption(sort),
            noun=self.noun,
            selectable=bool(self.bulk_template),
            totals=self.get_totals(queryset) if page.total.value <= self.most_summed else (),
        )

    def _paginate(self, queryset: QuerySet[Any], sort: Sort) -> keyset.KeysetPage:
        """The page of rows; the first one for an invalid cursor."""
        cursor = self.request.GET.get("cursor", "")
        try:
            return keyset.paginate(queryset, sort.paths, cursor=cursor, size=self.page_size)
        except keyset.NoSuchCursor:
            return keyset.paginate(queryset, sort.paths, size=self.page_size)

    def get_caption(self, sort: Sort) -> str:
        """The table's caption: its title and order."""
        title = self.get_page_title()
        if sort.column is None:
            return title
        return (
            f"{title}, sorted by {sort.column.label}, "
            f"{'descending' if sort.descending else 'ascending'}"
        )

    def get_first_use(self) -> Mapping[str, str]:
        """The empty state, with its action for readers who have the right to it."""
        if self.first_action is None:
            return self.first_use
        right, name, label = self.first_action
        if not self.request.user.has_perm(right):
            return self.first_use
        return {**self.first_use, "url": reverse(name), "action": label}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds table, tabs, filter chips and fields, exports."""
        bound, queryset = context.pop("filter"), context.pop("queryset")
        form = bound.form if bound else None
        found = [self._kept_open(chip) for chip in filterbar.chips(form, self.request.GET)]
        tabs = filterbar.tabs(self.get_views(), self.request.GET, self.view_counts())
        table = self.get_table(queryset)
        return super().get_context_data(
            table=table,
            without_each=[] if table.page.rows else self._without_each(found),
            column_choice=self._column_choice(),
            all_columns=table.url(columns=None),
            filter=bound,
            filter_chips=found,
            filter_problems=filterbar.problems(form, self.request.GET),
            filter_fields=self._menu_fields(form),
            is_filtered=bool(found) and not self._is_untouched(table),
            tabs=tabs,
            **self._saving(tabs),
            exports=self._export_links(),
            search_field=self.search_field,
            search_label=self.search_label,
            bulk_template=self.bulk_template,
            tools_template=self.tools_template,
            first_use=self.get_first_use(),
            **context,
        )

    def _kept_open(self, chip: filterbar.Chip) -> filterbar.Chip:
        """Add ``view=all`` to a URL without filters if the list has a default query."""
        bare = self.opens_with and chip.url == "?"
        return replace(chip, url="?view=all") if bare else chip

    def _is_untouched(self, table: Table) -> bool:
        """Whether the list is empty without filters."""
        opening = QueryDict(self.opens_with) == self.request.GET
        return opening and not table.page.rows and not self.get_queryset().exists()

    def _without_each(self, found: Sequence[filterbar.Chip]) -> list[tuple[filterbar.Chip, int]]:
        """Filters without which there would be rows, with their counts, the most first."""
        given = {
            chip.name: self.filterset_class(
                QueryDict(chip.url[1:]), queryset=self.get_queryset(), request=self.request
            ).qs
            for chip in found[:MOST_FILTERS_TRIED]
        }
        counts = capped_counts(given, cap=MOST_COUNTED) if given else {}
        would = [(chip, counts[chip.name]) for chip in found if counts.get(chip.name)]
        return sorted(would, key=lambda one: -one[1])

    def _menu_fields(self, form: Any) -> list[Any]:
        names = {self.search_field, *filterbar.POSITION}
        return [field for field in form if field.name not in names] if form else []

    def _export_links(self) -> list[tuple[str, str]]:
        if not self.export_stem:
            return []
        query = self.request.GET.copy()
        query.pop("cursor", None)
        links = []
        for wanted in exports.FORMATS:
            query["export"] = wanted
            links.append((wanted.upper(), f"?{query.urlencode()}"))
        return links
