"""The worksheet of a case's FMEA: the grid, its cells, and the forms of its rows."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from parts.models import Product
from qualification import fmea_sheet, guards, services
from qualification.fmea_forms import (
    SCALES,
    AcceptForm,
    RemoveRowForm,
    RowForm,
)
from qualification.fmea_sheet import CELLS, RATINGS
from qualification.models import Case, Fmea, FmeaRow
from qualification.models.cases import OPEN_STATES, State
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from secondsource.core.errors import Refused, Stale, ValuesRefused
from secondsource.core.formats import day, moment
from secondsource.core.views import DetailPage
from secondsource.core.views.conflicts import conflict, posted_version, shown

#: ``?show=`` → which rows, and its label.
FILTERS = {"": "All", "open": "Open", "high": "High"}


class Worksheet:
    """What grid, cells and print share: the rows with what the reader may do. Mix into a page."""

    case: Case
    actor: Any
    request: HttpRequest

    def get_sheet(self) -> Fmea | None:
        """The FMEA of the case; None before its first row."""
        return Fmea.objects.filter(case=self.case).first()

    def rights(self, sheet: Fmea | None) -> dict[str, bool]:
        """Whether the reader may write and accept."""
        case = self.case
        reopened = sheet is not None and sheet.status == Fmea.Status.REOPENED
        ahead = guards.is_ahead(case, State.FMEA) or reopened
        works = ahead and case.state in OPEN_STATES and case.state != State.ON_HOLD
        signs = works and self.actor.may("qualification.sign_case", case)
        return {
            "may_write": works and self.actor.may("qualification.write_case", case),
            "may_accept": signs,
            "may_review": signs and reopened,
            "may_reopen": self._may_reopen(sheet),
        }

    def _may_reopen(self, sheet: Fmea | None) -> bool:
        passed = sheet is not None and sheet.status == Fmea.Status.PASSED
        works = self.case.state in OPEN_STATES and self.case.state != State.ON_HOLD
        return passed and works and self.actor.may("qualification.write_case", self.case)

    def summary(self, rows: list[FmeaRow]) -> dict[str, Any]:
        """The figures above the grid."""
        pending = [a for row in rows for a in row.actions.all() if a.is_pending]
        return {
            "before": Counter(row.action_priority for row in rows if row.action_priority),
            "after": Counter(row.priority_now for row in rows if row.priority_now),
            "unrated": sum(not row.action_priority for row in rows),
            "high_open": sum(row.is_open_high for row in rows),
            "high_accepted": sum(row.accepted_by_id is not None for row in rows),
            "actions_open": len(pending),
            "next_due": min((a.due_date for a in pending if a.due_date), default=None),
            "filters": self._filters(rows),
        }

    def _filters(self, rows: list[FmeaRow]) -> list[dict[str, Any]]:
        wanted = self.request.GET.get("show", "")
        return [
            {
                "label": label,
                "count": sum(_is_shown(row, name) for row in rows),
                "url": f"?show={name}" if name else "?",
                "current": name == (wanted if wanted in FILTERS else ""),
            }
            for name, label in FILTERS.items()
        ]


def _is_shown(row: FmeaRow, which: str) -> bool:
    """Whether a filter shows the row: open work, or AP-High now."""
    if which == "high":
        return row.priority_now == "H"
    if which == "open":
        pending = any(action.is_pending for action in row.actions.all())
        return pending or row.is_open_high or not row.action_priority
    return True


class FmeaPage(Worksheet, OnCase, DetailPage):
    """The worksheet; ``?show=open`` or ``high`` filters it."""

    permission_required = "qualification.view_case"
    template_name = "qualification/fmea.html"

    def get_page_title(self) -> str:
        """The alternate and the number of products."""
        number = Product.objects.filter(usages__part=self.case.part_id).distinct().count()
        on = f" on {number} product{'' if number == 1 else 's'}" if number else ""
        return f"FMEA, {self.case.source.manufacturer_part.mpn}{on}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds rows, figures and rights."""
        rows = list(fmea_sheet.rows_of(self.case))
        which = self.request.GET.get("show", "")
        sheet = self.get_sheet()
        return super().get_context_data(
            sheet=sheet,
            chip=status_chip(sheet),
            rows=[row for row in fmea_sheet.ranked(rows) if _is_shown(row, which)],
            any_rows=bool(rows),
            summary=self.summary(rows),
            scales=[(name, SCALES[name]) for name in RATINGS],
            **self.rights(sheet),
            **context,
        )


def status_chip(sheet: Fmea | None) -> tuple[str, str, str]:
    """Text, tone and icon: ``Passed 26 Jun, reopened 17 Aug``."""
    if sheet is None or sheet.status == Fmea.Status.OPEN:
        return "Open", "", "circle-dashed"
    passed = f"Passed {day(sheet.passed_at)}" if sheet.passed_at else ""
    if sheet.status == Fmea.Status.PASSED:
        return passed, "good", "circle-check"
    again = f"reopened {day(sheet.reopened_at)}"
    return f"{passed}, {again}" if passed else again.capitalize(), "warn", "rotate-ccw"


class OnRow(OnPartOfCase):
    """A page about a row of an FMEA."""

    part_of = FmeaRow
    to_case = "fmea__case"
    argument = "mode"

    @property
    def case(self) -> Case:
        """The case of the row."""
        found: Case = self.object.fmea.case
        return found

    def get_cancel_url(self) -> str:
        """The row in the worksheet."""
        return row_url(self.object)


def row_url(row: FmeaRow) -> str:
    """The address of a row in the worksheet."""
    return f"{reverse('case_fmea', args=[row.fmea.case.number])}#row-{row.public_id}"


class FmeaCell(Worksheet, OnRow):
    """Save one cell; the answer is its row and the figures above the grid.

    422 and 409 have the typed value and a message in the cell. A change of another cell by somebody
    else is no conflict.
    """

    permission_required = "qualification.write_case"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save the cell."""
        name, typed = request.POST.get("cell", ""), request.POST.get("value", "")
        if name not in CELLS:
            raise Http404("No such cell.")
        problem: dict[str, Any] = {}
        status = 200
        try:
            self._save(name, fmea_sheet.rating_of(typed) if name in RATINGS else typed)
        except Stale:
            status, problem = 409, {"message": self._conflict(name, typed), "mine": True}
        except ValuesRefused as refusal:
            status, problem = 422, {"message": refusal.problems[0].detail}
        except Refused as refusal:
            told = " ".join(f"{r.detail} {r.fix}".strip() for r in refusal.reasons)
            status, problem = 422, {"message": told}
        if problem:
            problem |= {"cell": name, "typed": typed}
        return self.answer(self.object, problem, status)

    def _save(self, name: str, value: Any) -> None:
        expected = posted_version(self.request.POST)
        now = FmeaRow.objects.get(pk=self.object.pk)
        if expected is not None and expected != now.version and self._same_since(now, name):
            expected = now.version
        services.change_row(
            row=self.object, values={name: value}, actor=self.actor, expected=expected
        )

    def _same_since(self, now: FmeaRow, name: str) -> bool:
        """Whether the cell has the value of the version that the reader saw."""
        seen = now.history.filter(version=posted_version(self.request.POST)).first()
        return seen is not None and getattr(seen, name) == getattr(now, name)

    def _conflict(self, name: str, typed: str) -> str:
        """``Ada changed it at 09:38: saved is 5, you have 6.``"""
        now = FmeaRow.objects.get(pk=self.object.pk)
        told = conflict(now, posted_version(self.request.POST) or 0, actor=self.actor)
        who, at = (told["who"], f" at {moment(told['at'])}") if told else ("Somebody", "")
        return f"{who} changed it{at}: saved is {shown(getattr(now, name))}, you have {typed}."

    def answer(self, row: FmeaRow, problem: dict[str, Any], status: int) -> HttpResponseBase:
        """The row and the figures as a fragment."""
        rows = list(fmea_sheet.rows_of(self.case))
        fresh = next((one for one in rows if one.pk == row.pk), row)
        sheet = self.get_sheet()
        context = self.get_context_data(
            row=fresh, problem=problem, summary=self.summary(rows), **self.rights(sheet)
        )
        template = "qualification/fmea_saved.html"
        return TemplateResponse(self.request, template, context, status=status)


class NewRowPage(Worksheet, CaseForm, OnCase):
    """Add a failure mode by its form; the grid adds an empty one and edits it in place."""

    form_class = RowForm
    template_name = "qualification/fmea_row_form.html"
    submit_label = "Add failure mode"

    def get_page_title(self) -> str:
        """The case."""
        return f"Add a failure mode to {self.case.key}"

    def get_cancel_url(self) -> str:
        """The worksheet."""
        return reverse("case_fmea", args=[self.case.number])

    def save(self, form: Any) -> str | HttpResponseBase:
        """Add the row."""
        row = services.add_row(case=self.case, values=form.cleaned_data, actor=self.actor)
        return _added(self, row)


def _added(page: Any, row: FmeaRow) -> str | HttpResponseBase:
    """The new row: for the grid as a fragment, else in the worksheet."""
    if "grid" not in page.request.POST:
        messages.success(page.request, f"Row {row.position} added.")
        return row_url(row)
    rows = list(fmea_sheet.rows_of(page.case))
    fresh = next(one for one in rows if one.pk == row.pk)
    rights = page.rights(page.get_sheet())
    context = page.get_context_data(form=None, row=fresh, summary=page.summary(rows), **rights)
    return TemplateResponse(page.request, "qualification/fmea_saved.html", context)


class RowPage(Worksheet, CaseForm, OnRow):
    """All cells of a row in a form, with its actions."""

    form_class = RowForm
    template_name = "qualification/fmea_row_form.html"
    submit_label = "Save row"
    success_message = "Row saved."

    def get_page_title(self) -> str:
        """The row."""
        return str(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present cells."""
        initial = {name: getattr(self.object, name) for name in CELLS}
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save the cells."""
        services.change_row(
            row=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return row_url(self.object)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the row with its actions, and rights."""
        row = fmea_sheet.rows_of(self.case).get(pk=self.object.pk)
        return super().get_context_data(row=row, **self.rights(self.get_sheet()), **context)


class DuplicateRow(Worksheet, CaseForm, OnRow):
    """Add a row with the same cells; the grid gets it as a fragment."""

    http_method_names = ("post",)
    form_class = forms.Form
    submit_label = "Duplicate row"

    def get_page_title(self) -> str:
        """The row."""
        return f"Duplicate row {self.object.position}"

    def save(self, form: Any) -> str | HttpResponseBase:
        """Duplicate it."""
        return _added(self, services.duplicate_row(row=self.object, actor=self.actor))


class RemoveRowPage(CaseForm, OnRow):
    """Remove a row with its actions."""

    form_class = RemoveRowForm
    submit_label = "Remove row"
    danger = True

    def get_page_title(self) -> str:
        """The row."""
        return f"Remove row {self.object.position}"

    def save(self, form: Any) -> str:
        """Remove it."""
        number = self.object.position
        services.remove_row(
            row=self.object, reason=form.cleaned_data["reason"], actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        messages.success(self.request, f"Row {number} removed. The history keeps it.")
        return reverse("case_fmea", args=[self.case.number])


class AcceptRowPage(CaseForm, OnRow):
    """Accept a row that stays at AP-High."""

    permission_required = "qualification.sign_case"
    form_class = AcceptForm
    submit_label = "Accept at AP-High"
    success_message = "Accepted."

    def get_page_title(self) -> str:
        """The row."""
        return f"Accept row {self.object.position} at AP-High"

    def save(self, form: Any) -> str:
        """Accept it."""
        services.accept_row(
            row=self.object, reason=form.cleaned_data["reason"], actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return row_url(self.object)
