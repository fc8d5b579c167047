"""The list of imports, and the list of jobs with their stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from secondsource.core import jobs
from secondsource.core.errors import PermissionRefused, RuleRefused
from secondsource.core.models import Job
from secondsource.core.tables import Column
from secondsource.core.views import SIGNED_IN, ListPage, ObjectPage, go_to
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.filters import ImportFilter, JobFilter
from secondsource.exchange.models import Import
from secondsource.exchange.views.phrases import job_result


class ImportList(ListPage):
    """Imported files and their state, the newest first."""

    permission_required = "exchange.view_import"
    template_name = "exchange/import_list.html"
    page_title = "Imports"
    noun = ("import", "imports")
    filterset_class = ImportFilter
    search_field = "search"
    search_label = "File name"
    default_sort = "-when"
    export_stem = "imports"
    views: ClassVar[Mapping[str, str]] = {
        "All": "",
        "To confirm": "state=previewed",
        "Done": "state=done",
        "Failed": "state=failed",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("name", "File", order="name", link=True, css="ell", mobile="title"),
        Column("kind", "Kind", order="kind", source=lambda row: KINDS[row.kind].label, css="nw",
               mobile="sub"),
        Column(
            "product", "Product", order="product_code", source="product_code", css="nw",
            template="exchange/cells/product.html", mobile="sub",
        ),
        Column("state", "State", order="state", template="exchange/cells/state.html", css="nw",
               mobile="end"),
        Column("lines", "Lines", source=lambda row: row.totals.get("lines", row.totals.get("rows")),
               align="r"),
        Column("warnings", "To look at",
               source=lambda row: len(row.warnings) or row.totals.get("bad") or None, align="r"),
        Column("revision", "Revision", source=lambda row: row.revision and str(row.revision),
               css="nw"),
        Column("by", "By", order="uploaded_by__name", source="uploaded_by__name", css="nw"),
        Column("when", "When", order="-id", source="created_at", css="nw", align="r",
               template="exchange/cells/when.html", mobile="sub"),
    )  # fmt: skip

    @property
    def first_use(self) -> Mapping[str, str]:  # type: ignore[override]
        """What an import does, and the one way to begin."""
        words = (
            "Upload a bill of material, or lists of parts, suppliers, orders and receipts: CSV,"
            " TSV, TXT, XLS, XLSX or ODS. You see how each column and row was read before"
            " anything is written, and can take an import back."
        )
        if not self.request.user.has_perm("exchange.import_data"):
            who = "Files that engineers, quality, procurement and integrations bring in are listed"
            return {"title": "No imports yet", "text": f"{who} here, each with what it changed."}
        return {
            "title": "No imports yet", "text": words, "url": reverse("import_create"),
            "action": "Import a file",
        }  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        """Imports of the reader's scope."""
        return Import.objects.visible_to(self.request.user).with_list_columns()


def visible_jobs(user: Any) -> QuerySet[Job]:
    """One's own jobs; an administrator's list has all."""
    rows = Job.objects.select_related("owner")
    return rows if user.has_perm("accounts.manage_jobs") else rows.filter(owner=user)


class JobList(ListPage):
    """Long work: one's own, for administrators everybody's."""

    permission_required = SIGNED_IN
    template_name = "exchange/job_list.html"
    page_title = "Jobs"
    noun = ("job", "jobs")
    filterset_class = JobFilter
    default_sort = "-when"
    views: ClassVar[Mapping[str, str]] = {
        "All": "",
        "Running": "state=queued&state=running",
        "Failed": "state=failed",
    }
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No jobs yet",
        "text": "Long work, an import for example, is listed here with its progress and result.",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("label", "Job", source=lambda job: job.label or job.kind, css="ell",
               mobile="title"),
        Column("state", "State", order="state", template="exchange/cells/job_state.html",
               css="nw", mobile="end"),
        Column("progress", "Progress", source=lambda job: _steps(job), align="r", css="nw"),
        Column("result", "Result", source=job_result, css="nw", mobile="sub"),
        Column("problem", "Problem", source=lambda job: jobs.problem_in_words(job.problem), css="s",
               mobile="sub"),
        Column("owner", "Started by", source="owner__name", css="nw"),
        Column("when", "Queued", order=("-created_at", "pk"), source="created_at", align="r",
               template="exchange/cells/when.html", css="nw", mobile="sub"),
        Column("stop", "Stop", template="exchange/cells/stop.html", label_hidden=True, css="w0",
               source=lambda job: job.state in (Job.State.QUEUED, Job.State.RUNNING)),
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        """What :func:`visible_jobs` says."""
        return visible_jobs(self.request.user)


def _steps(job: Job) -> str:
    progress = jobs.progress_of(job)
    return f"{progress['done']} of {progress['total']}" if progress["total"] else "–"


class JobStop(ObjectPage):
    """Stop a job, after asking."""

    permission_required = SIGNED_IN
    template_name = "exchange/job_stop.html"
    page_title = "Stop job"
    lookup: ClassVar[Mapping[str, str]] = {"pk": "pk"}
    context_name = "job"

    def get_queryset(self) -> QuerySet[Any]:
        """Jobs that the reader sees."""
        return visible_jobs(self.request.user)

    def back(self) -> str:
        """Where the person came from, else the list."""
        wanted = self.request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, {self.request.get_host()})
        return wanted if safe else reverse("job_list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """At once when it waits, else at its next step."""
        try:
            job = jobs.cancel(self.object, actor=self.actor)
        except PermissionRefused as refusal:
            raise PermissionDenied(refusal.permission or str(refusal)) from refusal
        except RuleRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            over = job.state == Job.State.CANCELLED
            messages.success(request, "Stopped." if over else "Stopping at the next step.")
        return go_to(request, self.back())
