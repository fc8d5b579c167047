"""The log of actual cost: list with export, new entry, counter-entry, evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from qualification import services
from qualification.business_case_forms import CostEntryForm
from qualification.forms import ReasonForm
from qualification.models import Case, CostEntry
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from qualification.views.business_case import OfCosts, amounts
from secondsource.core import formats
from secondsource.core.models import Attachment
from secondsource.core.tables import Column
from secondsource.core.templatetags.ui import chip
from secondsource.core.views import ListPage

SUBJECT = "qualification.costentry"


def files_of(entries: Sequence[CostEntry]) -> dict[int, list[Attachment]]:
    """The evidence of these entries, in one query."""
    found: dict[int, list[Attachment]] = {}
    ids = [entry.pk for entry in entries]
    rows = Attachment.objects.filter(subject_type=SUBJECT, subject_id__in=ids, removed_at=None)
    for file in rows.order_by("id"):
        found.setdefault(file.subject_id, []).append(file)
    return found


def _kind_label(row: Any) -> str:
    return str(capfirst(row.get_kind_display()))


def _kind(row: Any, value: Any, view: Any) -> SafeString:
    if row.corrects_id:
        return format_html("{} {}", value, chip("Counter-entry", "out", icon="undo-2"))
    if hasattr(row, "correction"):
        return format_html("{} {}", value, chip("Corrected", "warn"))
    return format_html("{}", value)


def _amount(row: Any, value: Any, view: Any) -> SafeString:
    return format_html("{}", formats.money_exact(value, row.currency))


def _day(row: Any, value: Any, view: Any) -> SafeString:
    return format_html("{}", formats.day(value))


def _files(row: Any, value: Any, view: Any) -> SafeString:
    return format_html_join(
        " ", '<a class="lk" href="{}" download>{}</a>',
        ((reverse("case_cost_file", args=[view.case.number, file.public_id]), file.name)
         for file in view.files.get(row.pk, ())),
    )  # fmt: skip


def _correction(row: Any, value: Any, view: Any) -> SafeString:
    user = view.request.user
    own = user.pk in (row.entered_by_id, view.case.lead_id)
    if row.corrects_id or hasattr(row, "correction") or not own:
        return SafeString("")
    url = reverse("case_cost_correct", args=[view.case.number, row.public_id])
    name = f"{row.get_kind_display()} of {formats.day(row.day)}"
    return format_html('<a class="lk" href="{}">Correct<span class="vh"> {}</span></a>', url, name)


class CostLogPage(ListPage):
    """All actual costs of a case that the reader sees, the newest first."""

    permission_required = "qualification.view_cost"
    template_name = "qualification/cost_log.html"
    noun = ("entry", "entries")
    default_sort = "-day"
    export_stem = "costs"
    columns: ClassVar[Sequence[Column]] = (
        Column("day", "Day", order="day", draw=_day, css="nw", mobile="sub"),
        Column("kind", "Kind", source=_kind_label, draw=_kind, css="nw", mobile="title"),
        Column("note", "What for", css="ell", mobile="sub"),
        Column("hours", "Hours", align="r", css="nw", mobile="named"),
        Column("amount", "Amount", order="amount", draw=_amount, align="r", css="nw",
               mobile="end"),
        Column("currency", "Currency", css="nw"),
        Column("person", "Logged by", source="entered_by__name", css="nw", mobile="sub"),
        Column("files", "Evidence", source="pk", draw=_files, mobile="sub", export=False),
        Column("act", "Correct", source="pk", draw=_correction, label_hidden=True, css="nw",
               mobile="sub", export=False),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No cost logged yet",
        "text": "Log invoices and working hours as they come. Savings are reduced by them.",
    }

    @cached_property
    def case(self) -> Case:
        """The case of the URL. Raises ``Http404``."""
        seen = Case.objects.visible_to(self.request.user).with_list_columns()  # type: ignore[arg-type]
        found: Case = get_object_or_404(
            seen.prefetch_related("team__user"), number=self.kwargs["number"]
        )
        return found

    def permission_object(self) -> Case:
        """The case."""
        return self.case

    def get_page_title(self) -> str:
        """The case."""
        return f"Cost log of {self.case.key}"

    def get_queryset(self) -> QuerySet[Any]:
        """The entries that the reader sees."""
        listed = CostEntry.objects.visible_to(self.request.user, self.case)  # type: ignore[arg-type]
        return listed.select_related("entered_by", "correction")

    @cached_property
    def files(self) -> dict[int, list[Attachment]]:
        """The evidence of all entries of the case."""
        return files_of(list(self.get_queryset()))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the case and the right to log."""
        may_log = self.actor.may("qualification.log_cost", self.case)
        return super().get_context_data(case=self.case, may_log=may_log, **context)


class CostEntryCreate(OfCosts, CaseForm, OnCase):
    """Log an actual cost."""

    permission_required = "qualification.log_cost"
    template_name = "qualification/cost_form.html"
    form_class = CostEntryForm
    submit_label = "Log cost"
    success_message = "Cost logged."

    def get_page_title(self) -> str:
        """The case."""
        return f"Log a cost of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Team members who do not work in cases log hours alone."""
        only_hours = not self.actor.may("qualification.plan_cost", self.case)
        return {"only_hours": only_hours, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Log it with its evidence."""
        values = dict(form.cleaned_data)
        services.log_cost(
            case=self.case, actor=self.actor, upload=values.pop("file"), **amounts(values)
        )
        return self.get_cancel_url()


class CostEntryCorrect(CaseForm, OnPartOfCase):
    """Correct a wrong cost by a counter-entry."""

    permission_required = "qualification.log_cost"
    part_of = CostEntry
    argument = "entry"
    form_class = ReasonForm
    submit_label = "Record counter-entry"
    success_message = "Counter-entry recorded. Log the right cost."
    danger = True

    def get_queryset(self) -> QuerySet[Any]:
        """Entries that the reader may see."""
        user: Any = self.request.user
        case = get_object_or_404(Case.objects.visible_to(user), number=self.kwargs["number"])
        listed = CostEntry.objects.visible_to(user, case).values("pk")
        return super().get_queryset().filter(pk__in=listed)

    def get_page_title(self) -> str:
        """The entry."""
        entry = self.object
        amount = formats.money_exact(entry.amount, entry.currency)
        return f"Correct {entry.get_kind_display()} of {formats.day(entry.day)}, {amount}"

    def get_cancel_url(self) -> str:
        """The business case."""
        return reverse("case_business_case", args=[self.case.number])

    def save(self, form: Any) -> str:
        """Record the counter-entry."""
        services.correct_cost(
            entry=self.object, reason=form.cleaned_data["reason"], actor=self.actor
        )
        return self.get_cancel_url()


class CostFilePage(OnCase):
    """Download the evidence of a cost."""

    permission_required = "qualification.view_cost"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send the file as an attachment. Raises ``Http404``."""
        listed = CostEntry.objects.visible_to(request.user, self.case)  # type: ignore[arg-type]
        file = get_object_or_404(
            Attachment.objects.filter(subject_type=SUBJECT, subject_id__in=listed.values("pk")),
            public_id=self.kwargs["file"],
        )
        try:
            content = file.file.open("rb")
        except FileNotFoundError as error:
            raise Http404("The file is not in the store.") from error
        response = FileResponse(
            content, as_attachment=True, filename=file.name, content_type="application/octet-stream"
        )
        response["X-Content-Type-Options"] = "nosniff"
        return response
