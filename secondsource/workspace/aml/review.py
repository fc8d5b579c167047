"""To review: approvals that came in without a case, by spend and age; kept or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from parts.views.currency import InCompanyCurrency
from qualification.case_key import case_key
from qualification.models import Case
from qualification.models.cases import OPEN_STATES
from secondsource.core.tables import Column
from secondsource.core.views import FormPage, ListPage
from secondsource.workspace.aml.forms import KeepForm, WithdrawForm
from suppliers import services
from suppliers.filters import SourceReviewFilter
from suppliers.models import Source

_CELLS = "workspace/aml/cells/"
_LONGEST_ID = 19


def _open_case(row: Any) -> str:
    return case_key(row.open_case) if row.open_case else ""


class ReviewList(InCompanyCurrency, ListPage):
    """Legacy and taken-over approvals, the dearest and oldest first."""

    permission_required = "suppliers.view_source"
    template_name = "workspace/aml/review_list.html"
    page_title = "To review"
    noun = ("approval", "approvals")
    filterset_class = SourceReviewFilter
    search_field = "search"
    search_label = "Part or manufacturer part number"
    export_stem = "to-review"
    views: ClassVar[Mapping[str, str]] = {
        "All": "",
        "Due now": "review=due",
        "Legacy": "approval=legacy",
        "Taken over": "approval=takeover",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("part", "Part", order="part__ipn", source="part__ipn",
               template=_CELLS + "source_part.html", css="nw", mobile="title"),
        Column("number", "Manufacturer part", source="manufacturer_part__mpn", css="ell mono",
               mobile="sub"),
        Column("manufacturer", "Manufacturer", source="manufacturer_part__manufacturer__name",
               css="ell", mobile="sub"),
        Column("kind", "Approval", source=lambda row: row.approval.get_kind_display(),
               template=_CELLS + "kind.html", css="nw", mobile="end"),
        Column("evidence", "Evidence", source="approval__evidence_ref", css="ell",
               mobile="named"),
        Column("since", "Since", order="approval_id", source="approval__valid_from",
               template=_CELLS + "day.html", css="nw", mobile="named"),
        # Worked out for each row, so no order: the view "Due now" narrows by it.
        Column("due", "Review due", source="review_due",
               template=_CELLS + "due.html", css="nw", mobile="named",
               export=lambda row: row.review_due),
        Column("spend", "Spend", order="-part__figures__spend_12m", align="r",
               source="part__figures__spend_12m", hidden_field="prices",
               template=_CELLS + "spend.html", title="Of the part, over 12 months",
               mobile="named"),
        Column("case", "Case", source=_open_case, template=_CELLS + "case.html", css="nw",
               mobile="named"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "Nothing to review",
        "text": "Approvals that came in without a case, legacy or taken over, stand here until"
        " a case approves the source.",
    }

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        """By spend for those who see it, else by age."""
        return "-spend" if self.sees("prices") else "since"

    @property
    def bulk_template(self) -> str:  # type: ignore[override]
        """Boxes for who may review."""
        may = self.actor.may("suppliers.review_approval")
        return "workspace/aml/review_bulk.html" if may else ""

    @cached_property
    def may_open_case(self) -> bool:
        """Whether the reader opens qualification cases."""
        return self.actor.may("qualification.open_case")

    def get_queryset(self) -> QuerySet[Any]:
        """Sources in the reader's scope, with the open case on each."""
        seen = Source.objects.visible_to(self.actor.user).to_review()
        open_one = Case.objects.filter(source=OuterRef("pk"), state__in=OPEN_STATES)
        seen = seen.filter(part__figures__isnull=False)  # an inner join: the order of its indexes
        rows = seen.select_related("part__figures", "approval", "manufacturer_part__manufacturer")
        return rows.annotate(open_case=Subquery(open_one.values("number")[:1]))


class ReviewPage(FormPage):
    """A decision about selected approvals: shown first, then made with a reason."""

    permission_required = "suppliers.review_approval"
    template_name = "workspace/aml/review_form.html"

    def get_sources(self) -> list[Source]:
        """The selected approvals that the reader sees."""
        chosen = [
            int(one)
            for one in self.request.POST.getlist("selected")
            if one.isdecimal() and len(one) < _LONGEST_ID
        ]
        seen = Source.objects.visible_to(self.actor.user).to_review().filter(pk__in=chosen)
        return list(seen.select_related("part", "approval", "manufacturer_part__manufacturer"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing is selected by an address: back to the list."""
        return HttpResponseRedirect(reverse("review_list"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form for what is selected, and once it was filled in, the act."""
        self.sources = self.get_sources()
        if not self.sources:
            messages.error(request, "Choose at least one approval.")
            return HttpResponseRedirect(reverse("review_list"))
        if "sure" in request.POST:
            return super().post(request, *args, **kwargs)
        return self.respond(self.get_context_data(form=self.form_class()))

    def get_cancel_url(self) -> str:
        """Back to the list."""
        return reverse("review_list")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what is selected."""
        return super().get_context_data(sources=self.sources, **context)


class KeepPage(ReviewPage):
    """Keep approvals for some months."""

    page_title = "Keep approvals"
    form_class = KeepForm
    submit_label = "Keep"

    def save(self, form: Any) -> str:
        """Taken-over ones wait for a second person."""
        waiting = services.keep_approvals(
            sources=self.sources, actor=self.actor, **form.cleaned_data
        )
        if waiting is None:
            messages.success(self.request, f"Kept {len(self.sources)}.")
            return self.get_cancel_url()
        messages.success(self.request, "Kept. A second person approves the taken-over ones.")
        return waiting.get_absolute_url()


class WithdrawPage(ReviewPage):
    """Withdraw approvals: their sources must be qualified."""

    page_title = "Withdraw approvals"
    form_class = WithdrawForm
    submit_label = "Withdraw"
    danger = True

    def save(self, form: Any) -> str:
        """At once, with the reason."""
        number = services.withdraw_approvals(
            sources=self.sources, actor=self.actor, **form.cleaned_data
        )
        messages.success(self.request, f"Withdrew {number}.")
        return self.get_cancel_url()
