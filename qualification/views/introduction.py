"""The introduction of an alternate, and where it is built in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from parts.models import Product
from qualification import introduction, services
from qualification.filters import BuiltInFilterSet
from qualification.forms import ReasonForm
from qualification.introduction_forms import BuiltForm, IntroductionForm
from qualification.models import AsBuilt, Case
from qualification.models.cases import OPEN_STATES, State
from qualification.services.introductions import BuiltLot
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from qualification.views.list import incumbent
from secondsource.core import clock
from secondsource.core.errors import FieldProblem, ValuesRefused
from secondsource.core.tables import Column
from secondsource.core.views import DetailPage, ListPage

#: Lots on the page of a case; the list shows all.
MOST_LOTS = 20


class IntroductionPage(OnCase, DetailPage):
    """How the alternate comes in, and the lots in which it was built."""

    permission_required = "qualification.view_case"
    template_name = "qualification/introduction.html"
    page_title = "Introduction of {self.object.key}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the plan, what it lacks, and the lots."""
        case, row = self.case, introduction.introduction_of(self.case)
        lots = introduction.built_in(case)
        shown = list(lots[:MOST_LOTS])
        is_open = case.state in OPEN_STATES and case.state != State.ON_HOLD
        writes = self.actor.may("qualification.write_case", case)
        revisions = row.revisions.select_related("product", "revision") if row else []
        return super().get_context_data(
            incumbent=incumbent(case),
            introduction=row,
            revisions=list(revisions),
            lacking=introduction.missing(case),
            lots=shown,
            early={lot.pk for lot in shown if introduction.is_before_cut_in(lot, row)},
            lot_count=lots.count(),
            units=introduction.units_in(lots),
            list_url=f"{reverse('built_in_list')}?q={case.source.manufacturer_part.mpn}",
            may_plan=is_open and writes,
            may_build=writes,
            **context,
        )


class IntroductionForms(CaseForm):
    """A form of the introduction; it leads back to its page."""

    def get_cancel_url(self) -> str:
        """The page of the introduction."""
        return reverse("case_introduction", args=[self.case.number]) + self.anchor


class IntroductionEdit(IntroductionForms, OnCase):
    """Plan the introduction."""

    form_class = IntroductionForm
    template_name = "qualification/introduction_form.html"
    submit_label = "Save introduction"
    success_message = "Introduction saved."
    page_title = "Introduction of {self.object.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the case and the present plan."""
        row = introduction.introduction_of(self.case)
        return {"case": self.case, "introduction": row, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save what differs."""
        services.plan_introduction(
            case=self.case, values=form.values(), revisions=form.revisions(), actor=self.actor
        )
        return self.get_cancel_url()


class BuiltPage(IntroductionForms, OnCase):
    """Record a lot in which the alternate was built."""

    form_class = BuiltForm
    template_name = "qualification/introduction_form.html"
    submit_label = "Record lot"
    success_message = "Lot recorded."
    page_title = "Lot with the alternate of {self.object.key}"
    anchor = "#built-in"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Built today, to begin with."""
        initial = {"built_on": clock.business_day()}
        reader: Any = self.request.user
        given = {"case": self.case, "reader": reader, "initial": initial}
        return given | super().get_form_kwargs()

    def save(self, form: Any) -> str:
        """Record it."""
        lot = BuiltLot(source=self.case.source, **form.cleaned_data)
        try:
            services.record_built(lots=[lot], actor=self.actor)
        except ValuesRefused as refused:
            raise ValuesRefused(
                FieldProblem(p.pointer.removeprefix("/0"), p.code, p.detail)
                for p in refused.problems
            ) from None
        return self.get_cancel_url()


class WithdrawBuiltPage(IntroductionForms, OnPartOfCase):
    """Withdraw a lot that was entered wrongly."""

    part_of = AsBuilt
    argument = "built"
    to_case = "source__cases"
    form_class = ReasonForm
    submit_label = "Withdraw"
    danger = True
    success_message = "Withdrawn. It stays on record."
    page_title = "Withdraw lot {self.object.lot}"
    anchor = "#built-in"

    def get_queryset(self) -> QuerySet[Any]:
        """Lots with a source of the cases that the reader may see."""
        seen = Case.objects.visible_to(self.request.user)
        mine = AsBuilt.objects.standing().filter(source__in=seen.values("source"))
        return mine.select_related("source__manufacturer_part")

    @property
    def lookup(self) -> Mapping[str, str]:  # type: ignore[override]
        """The source must be that of the case in the URL."""
        return {"number": "source__cases__number", "built": "public_id"}

    @property
    def case(self) -> Any:
        """The case in the URL."""
        return self.object.source.cases.get(number=self.kwargs["number"])

    def save(self, form: Any) -> str:
        """Withdraw it."""
        services.withdraw_built(
            row=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()


class BuiltInListPage(ListPage):
    """The lots of products with the sources that they hold; the list of a containment."""

    #: A containment list is read, printed and worked off as a whole.
    page_size = 200
    permission_required = "qualification.view_case"
    page_title = "Where it is built in"
    noun = ("lot", "lots")
    filterset_class = BuiltInFilterSet
    search_field = "q"
    search_label = "MPN, lot or product"
    default_sort = "-built"
    export_stem = "built-in"
    columns = (
        Column("product", "Product", order="product__code", source="product__code",
               css="nw mono", mobile="title"),
        Column("lot", "Lot", order="lot", css="nw mono", mobile="sub"),
        Column("serials", "Serials", css="nw mono"),
        Column("source", "Source", css="nw mono",
               source=lambda row: str(row.source.manufacturer_part), mobile="sub"),
        Column("part_lot", "Lot of the part", order="part_lot", css="nw mono", mobile="sub"),
        Column("quantity", "Units", align="r", css="nw", mobile="end"),
        Column("failed", "Failed", align="r", css="nw"),
        Column("plant", "Plant", source="plant__name", css="nw"),
        Column("built", "Built", order="built_on", source="built_on", css="nw", align="r"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No lot is on record",
        "text": "Lots are recorded on the page Introduction of a case, by file, or over the API.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """Standing rows of products that the reader sees."""
        seen = Product.objects.visible_to(self.request.user)
        rows = AsBuilt.objects.standing().filter(product__in=seen.values("pk"))
        found: QuerySet[Any] = rows.select_related(
            "product", "plant", "part", "source__manufacturer_part__manufacturer"
        )
        return found
