"""Large lists as files: written by a job, with the eyes of the person who asked."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Generator
from contextlib import closing
from functools import partial
from tempfile import TemporaryFile
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, QueryDict
from django.urls import NoReverseMatch, resolve, reverse

from secondsource.core import clock, exports, jobs
from secondsource.core.actors import Actor
from secondsource.core.api.filters import repeatable
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    ValuesRefused,
)
from secondsource.core.models import Job
from secondsource.core.stored_files import removed_on_failure
from secondsource.core.tables import Column
from secondsource.core.views import SIGNED_IN, ListPage
from secondsource.core.views.pages import check_text
from secondsource.exchange.models import Export

JOB = "exchange.export"
KEPT_FOR = dt.timedelta(days=3)
_REPORTED_EVERY, _MOST_NAMED = 1_000, 50
#: Lists that can be exported by name: the API's word → the URL name of the page.
LISTS = {
    "parts": "part_list", "products": "product_list", "suppliers": "supplier_list",
    "cases": "case_list", "imports": "import_list",
}  # fmt: skip
_OPEN = (Job.State.QUEUED, Job.State.RUNNING)


@transaction.atomic
def start(*, list_name: str, query: str, file_format: str, actor: Actor) -> Export:
    """Queue the export of a list; one that waits already for the same rows is enough.

    Raises ``ValuesRefused`` by ``/list`` and ``/format``, ``PermissionRefused``.
    """
    if file_format not in Export.Format.values:
        raise ValuesRefused.one("/format", "unknown", "There is no such file format.")
    page = page_for(list_name, query, actor)
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    wanted = {
        "owner": actor.user, "list_name": list_name, "query": query, "format": file_format,
        "scopes": scopes,
    }  # fmt: skip
    same = Export.objects.filter(job__state__in=_OPEN, scopes__isnull=scopes is None)
    for export in same.filter(**{n: v for n, v in wanted.items() if n != "scopes"}):
        if export.scopes == scopes:
            return export
    label = f"Export {page.noun[1]} as {Export.Format(file_format).label}"
    job = jobs.start(JOB, actor=actor, payload={}, label=label)
    return Export.objects.create(job=job, created_at=clock.now(), **wanted)


def page_for(list_name: str, query: str, actor: Actor) -> ListPage:
    """The list's page as this actor opens it. Raises ``ValuesRefused``, ``PermissionRefused``."""
    try:
        path = reverse(list_name)
    except NoReverseMatch:
        raise _no_such_list() from None
    match = resolve(path)
    view = getattr(match.func, "view_class", None)
    if view is None or not issubclass(view, ListPage) or not view.export_stem:
        raise _no_such_list()
    if actor.user is None:
        raise PermissionRefused("Only a person exports a list.")
    if view.permission_required != SIGNED_IN:
        actor.require(view.permission_required)
    request: Any = HttpRequest()
    request.method, request.path, request.resolver_match = "GET", path, match
    request.GET, request.user, request.actor = QueryDict(query), actor.user, actor
    request.user.in_browser = actor.scopes is None  # an integration sees more by its token alone
    page: ListPage = view()
    page.setup(request)
    return page


def _no_such_list() -> ValuesRefused:
    return ValuesRefused.one("/list", "unknown", "There is no such list, or it has no export.")


def check_query(list_name: str, query: str, actor: Actor) -> None:
    """Refuse every name and value of a query that the list does not take. Raises ``ValuesRefused``.

    A page is more lenient: what it cannot read narrows nothing.
    """
    page = page_for(list_name, query, actor)
    check_text(page.request, {})
    bound, _ = page.filtered()
    filters = bound.filters if bound else {}
    given, several = page.request.GET, {"columns", *repeatable(type(bound) if bound else None)}
    problems = [
        FieldProblem("/query", "unknown_parameter", f"There is no parameter {name!r} here.")
        for name in given
        if name not in {"sort", "columns", *filters}
    ]
    problems += [
        FieldProblem("/query", "repeated", f"Give the parameter {name!r} only once.")
        for name in given
        if name not in several and len(given.getlist(name)) > 1
    ]
    if bound is not None and not bound.is_valid():
        for name, texts in bound.form.errors.items():
            problems += [FieldProblem("/query", "invalid", f"{name}: {text}") for text in texts]
    problems += _unknown_columns(page)
    if problems:
        raise ValuesRefused(problems[:_MOST_NAMED])


def _unknown_columns(page: ListPage) -> list[FieldProblem]:
    """Columns to sort by or to write that this reader's list does not have."""
    given, columns = page.request.GET, page.columns_seen
    sorts = {
        name for column in columns if column.paths for name in (column.name, f"-{column.name}")
    }
    wanted = given.getlist("columns")
    unknown = [name for name in wanted if name not in {column.name for column in columns}]
    unknown += [name for name in given.getlist("sort") if name not in sorts]
    return [
        FieldProblem("/query", "unknown_column", f"There is no column {name!r} here.")
        for name in unknown
    ]


@jobs.runs(JOB, queue="exchange")
def run_export(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`start`: rows, columns and rights as they are now."""
    export = Export.objects.select_related("owner").get(job=progress.job)
    page = page_for(export.list_name, export.query, actor_of(export))
    columns, rows = page.exported_columns(), _reported(page.exported_rows(), progress)
    with TemporaryFile() as file, removed_on_failure(export.file), closing(rows):
        write = exports.write_xlsx if export.format == Export.Format.XLSX else exports.write_csv
        try:
            export.rows = write(file, rows, columns, page.export_stem)
        except exports.TooManyRows as error:
            raise RuleRefused([Reason("too_many_rows", str(error), "Export as CSV.")]) from error
        export.file.save("export", File(file), save=False)
        export.columns, export.rights = _names(columns), rights_of(export.owner)
        export.save(update_fields=["rows", "file", "columns", "rights"])
    return {"export": str(export.public_id), "rows": export.rows}


def _reported(rows: QuerySet[Any], progress: jobs.Progress) -> Generator[Any, None, None]:
    total = rows.count()
    for number, row in enumerate(rows.iterator(chunk_size=_REPORTED_EVERY)):
        if number % _REPORTED_EVERY == 0:
            progress.report(number, total)
        yield row


def actor_of(export: Export) -> Actor:
    """Who asked, limited to the scopes of their token."""
    scopes = None if export.scopes is None else frozenset(export.scopes)
    return Actor(user=export.owner, origin="job", scopes=scopes)


def rights_of(user: Any) -> str:
    """A digest of what decides which rows and fields a person sees."""
    facts = [user.is_active, sorted(user.roles), [sorted(ids) for ids in user.places]]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _names(columns: list[Column]) -> list[str]:
    return [column.name for column in columns]


def check_download(export: Export, actor: Actor) -> None:
    """Refuse a file that holds more than this actor may see now. Raises ``Refused``."""
    if export.job.state != Job.State.DONE or not export.file:
        raise RuleRefused([Reason("not_ready", "The file is not written yet.", "Wait for it.")])
    page = page_for(export.list_name, export.query, actor)
    seen = _names(exports.exported(page.columns_seen))
    if set(export.columns) - set(seen) or export.rights != rights_of(export.owner):
        detail = "What you may see has changed since this file was written."
        raise PermissionRefused(detail, "Export the list again.")


def download(export: Export) -> HttpResponseBase:
    """The file under the name of its list and day. Raises ``Http404`` when its bytes are gone."""
    try:
        opened = export.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The bytes of this file are missing.") from error
    stem = page_for(export.list_name, export.query, actor_of(export)).export_stem
    response = FileResponse(
        opened, as_attachment=True, filename=exports.file_name(stem, export.format),
        content_type=exports.TYPES[export.format],
    )  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    return response


@transaction.atomic
def forget_old() -> int:
    """Remove exports older than three days with their files; answers how many."""
    old = Export.objects.filter(created_at__lt=clock.now() - KEPT_FOR).exclude(job__state__in=_OPEN)
    for export in old:
        if export.file:
            transaction.on_commit(partial(export.file.storage.delete, str(export.file.name)))
    return old.delete()[1].get("exchange.Export", 0)
