"""Pages of requests for quotation: list, one request, its form, lines, suppliers and moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils.safestring import SafeString

from parts.house_rules import CompanyPolicy
from secondsource.core import clock, policies
from secondsource.core.errors import ValuesRefused
from secondsource.core.tables import Column
from secondsource.core.views import (
    DetailPage,
    FormPage,
    ListPage,
    MovePage,
    ObjectPage,
    VersionedForm,
    go_to,
)
from suppliers import services
from suppliers.models import QuoteLink, Rfq, RfqLine
from suppliers.rfq_filters import RfqFilter
from suppliers.rfq_forms import (
    LineCostForm,
    ReopenForm,
    RfqForm,
    RfqLineFormSet,
    SentRfqForm,
    SuppliersForm,
)
from suppliers.rfq_workflow import RFQ_FLOW
from suppliers.views import cells, chips, rfq_history
from suppliers.views.rfq_objects import WRITE, OfInvitation, OfRfq

#: Moves with a page of their own.
_ELSEWHERE = {"award", "reopen"}


def _state(row: Any, value: str, view: Any) -> SafeString:
    return chips.rfq(row.state)


class RfqList(ListPage):
    """Requests for quotation; those that are due first come first."""

    permission_required = "suppliers.view_rfq"
    template_name = "suppliers/rfqs/rfq_list.html"
    page_title = "RFQs"
    noun = ("RFQ", "RFQs")
    filterset_class = RfqFilter
    search_field = "search"
    search_label = "Title, number or part"
    export_stem = "rfqs"
    default_sort = "-number"
    views: ClassVar[Mapping[str, str]] = {
        "All": "", "Open": "state=draft&state=sent", "To award": "state=closed",
        "Awarded": "state=awarded",
    }  # fmt: skip
    columns: ClassVar[Sequence[Column]] = (
        Column("number", "RFQ", order="number", link=True, css="nw", mobile="title",
               source=lambda row: row.reference),
        Column("title", "Title", order="title", css="ell", mobile="sub"),
        Column("state", "State", order="state", draw=_state, css="nw", mobile="end",
               export=lambda row: row.get_state_display()),
        Column("due", "Due", order="due", draw=cells.day, css="nw", mobile="sub"),
        Column("lines_asked", "Parts", align="r"),
        Column("asked", "Suppliers asked", align="r"),
        Column("answered", "Quoted", align="r", mobile="named"),
        Column("buyer", "Buyer", source=lambda row: row.buyer.name if row.buyer else "",
               css="ell"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No RFQs yet",
        "text": "An RFQ asks several suppliers for prices of the same parts and volumes, and"
        " compares what they quote by total cost.",
    }
    first_action = (WRITE, "rfq_create", "New RFQ")

    def get_queryset(self) -> QuerySet[Any]:
        """Requests of which the reader sees every part."""
        rows: QuerySet[Any] = Rfq.objects.visible_to(self.actor.user)
        return rows.select_related("buyer").annotate(
            lines_asked=Count("lines", distinct=True),
            asked=Count("invitations", distinct=True),
            answered=Count("invitations", filter=Q(invitations__revision__gt=0), distinct=True),
        )


class RfqPage(OfRfq, DetailPage):
    """One request: what is asked, who is asked and who has quoted."""

    template_name = "suppliers/rfqs/rfq.html"
    page_title = "{self.object.title}"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds lines, suppliers with their links, moves and history."""
        rfq = self.object
        invitations = list(rfq.invitations.select_related("supplier").order_by("supplier__name"))
        living = QuoteLink.objects.filter(
            invitation__in=invitations, revoked_at=None, expires_at__gt=clock.now()
        )
        links = {link.invitation_id: link for link in living}
        may_write = self.actor.may(WRITE, rfq)
        quotes = services.last_quotes(invitations)
        return super().get_context_data(
            state=chips.rfq(rfq.state),
            lines=rfq.lines.select_related("part"),
            invitations=[(one, links.get(one.pk), quotes.get(one.pk)) for one in invitations],
            quoted=sum(one.revision > 0 for one in invitations),
            may_write=may_write,
            sees_quotes=self.actor.may("suppliers.view_quote"),
            is_draft=rfq.state == Rfq.State.DRAFT,
            is_open=rfq.state in (Rfq.State.DRAFT, Rfq.State.SENT),
            is_sent=rfq.state == Rfq.State.SENT,
            moves=self._moves() if may_write else [],
            events=rfq_history.of_rfq(rfq),
            **context,
        )

    def _moves(self) -> list[dict[str, Any]]:
        return [
            {
                "name": offer.name,
                "label": offer.label,
                "why": ""
                if offer.name in _ELSEWHERE
                else " ".join(r.detail for r in offer.reasons),
                "url": self._address(offer.name),
            }
            for offer in RFQ_FLOW.offered(self.object, self.actor)
        ]

    def _address(self, move: str) -> str:
        key = self.object.public_id
        if move == "award":
            return reverse("rfq_matrix", args=[key])
        return (
            reverse("rfq_reopen", args=[key])
            if move == "reopen"
            else reverse("rfq_move", args=[key, move])
        )


class RfqCreate(FormPage):
    """A new request: its head; parts and suppliers follow on its page."""

    permission_required = WRITE
    template_name = "suppliers/rfqs/rfq_form.html"
    page_title = "New RFQ"
    form_class = RfqForm
    submit_label = "Go on to the parts"
    cancel_name = "rfq_list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The company's currency."""
        currency = policies.active(CompanyPolicy)[0].currency
        return super().get_form_kwargs() | {"initial": {"currency": currency}}

    def save(self, form: Any) -> str:
        rfq = services.add_rfq(actor=self.actor, **form.cleaned_data)
        return reverse("rfq_lines", args=[rfq.public_id])


class RfqEdit(OfRfq, VersionedForm):
    """Change the head of a request; once sent, only its due date."""

    permission_required = WRITE
    template_name = "suppliers/rfqs/rfq_form.html"
    page_title = "Change {self.object.reference}"
    success_message = "Saved."

    def get_form(self) -> Any:
        """The form of the state, filled in with the present values."""
        rfq = self.object
        form_class = RfqForm if rfq.state == Rfq.State.DRAFT else SentRfqForm
        initial = {name: getattr(rfq, name) for name in form_class.base_fields}
        return form_class(**self.get_form_kwargs(), initial=initial)

    def save(self, form: Any) -> str:
        services.change_rfq(
            rfq=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return str(self.object.get_absolute_url())


class RfqLines(OfRfq, VersionedForm):
    """The parts and volumes of a draft."""

    permission_required = WRITE
    template_name = "suppliers/rfqs/rfq_lines.html"
    page_title = "Parts of {self.object.reference}"
    prefix = "lines"
    beside = "The parts."

    def get_form(self) -> Any:
        """The table; “More rows” adds five."""
        data = self.request.POST.copy() if self.request.method == "POST" else None
        if data is not None and "more" in data:
            total = str(data.get(f"{self.prefix}-TOTAL_FORMS", ""))
            count = int(total) if total.isdecimal() and len(total) < 4 else 0
            data[f"{self.prefix}-TOTAL_FORMS"] = str(count + 5)
        initial = [
            {"ipn": line.part.ipn}
            | {n: getattr(line, n) for n in ("volumes", "qualification_cost", "amortise_units")}
            | {"note": line.note}
            for line in self.object.lines.select_related("part")
        ]
        return RfqLineFormSet(
            data, prefix=self.prefix, initial=initial, form_kwargs={"user": self.actor.user}
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """More rows, or the write."""
        if "more" in request.POST:
            return self.respond(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def typed(self, form: Any) -> Mapping[str, Any]:
        """Nothing of the record's own fields."""
        return {}

    def save(self, form: Any) -> str | HttpResponseBase:
        filled = [one for one in form if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        lines = [
            {"part": one.cleaned_data["ipn"]}
            | {n: v for n, v in one.cleaned_data.items() if n not in ("ipn", "DELETE")}
            for one in filled
        ]
        try:
            services.set_lines(
                rfq=self.object, lines=lines, actor=self.actor, expected=self.expected
            )
        except ValuesRefused as refusal:
            for problem in refusal.problems:
                _point(filled, problem.pointer, problem.detail)
            return self.refuse(form)
        first = not self.object.invitations.exists()
        return reverse("rfq_suppliers" if first else "rfq_detail", args=[self.object.public_id])


def _point(filled: Sequence[Any], pointer: str, detail: str) -> None:
    """Show a refusal at the row and field that it names."""
    steps = pointer.strip("/").split("/")
    row = filled[int(steps[1])] if len(steps) > 1 else filled[0]
    name = {"part": "ipn"}.get(steps[-1], steps[-1])
    row.add_error(name if name in row.fields else None, detail)


class RfqSuppliers(OfRfq, VersionedForm):
    """Suppliers to ask, beside those that are asked already."""

    permission_required = WRITE
    template_name = "suppliers/rfqs/rfq_suppliers.html"
    page_title = "Whom to ask for {self.object.reference}"
    form_class = SuppliersForm
    submit_label = "Ask them"
    beside = "The suppliers."

    def get_form_kwargs(self) -> dict[str, Any]:
        known = list(self.object.invitations.values_list("supplier", flat=True))
        return super().get_form_kwargs() | {"known": known}

    def typed(self, form: Any) -> Mapping[str, Any]:
        """Nothing of the record's own fields."""
        return {}

    def save(self, form: Any) -> str:
        services.invite_suppliers(
            rfq=self.object, suppliers=form.cleaned_data["suppliers"], actor=self.actor,
            expected=self.expected,
        )  # fmt: skip
        return str(self.object.get_absolute_url())


class RfqMove(OfRfq, MovePage):
    """Send, close or cancel."""

    workflow = RFQ_FLOW
    http_method_names = ("get", "post")

    @property
    def danger(self) -> bool:  # type: ignore[override]
        """Cancelling ends the request."""
        return self.move == "cancel"

    def get_offer(self) -> Any:
        """Moves without a page of their own, for buyers."""
        if not self.actor.may(WRITE, self.object):
            raise PermissionDenied(WRITE)
        return super().get_offer()

    def get_success_message(self, moved: Any) -> str:
        return f"{moved.reference} is {moved.get_state_display().lower()}."


class RfqReopen(OfRfq, VersionedForm):
    """Take quotes again until a new due date."""

    permission_required = WRITE
    template_name = "suppliers/rfqs/rfq_form.html"
    page_title = "Reopen {self.object.reference}"
    form_class = ReopenForm
    submit_label = "Reopen"

    def save(self, form: Any) -> str:
        due = form.cleaned_data["due"].isoformat()
        RFQ_FLOW.fire(
            self.object.pk, "reopen", actor=self.actor, note=form.cleaned_data["note"],
            data={"due": due}, expected=self.expected,
        )  # fmt: skip
        return str(self.object.get_absolute_url())


class RfqLineCost(VersionedForm, ObjectPage):
    """What the qualification of an alternate costs, known before or after the quotes."""

    permission_required = WRITE
    template_name = "form_page.html"
    lookup: ClassVar[Mapping[str, str]] = {"id": "rfq__public_id", "asked": "public_id"}
    context_name = "line"
    page_title = "Qualification of an alternate of {self.object.part.ipn}"
    form_class = LineCostForm

    def get_queryset(self) -> QuerySet[Any]:
        """Lines of requests that the reader sees."""
        seen: Any = Rfq.objects.visible_to(self.actor.user)
        return RfqLine.objects.filter(rfq__in=seen).select_related("rfq", "part")

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = {name: getattr(self.object, name) for name in LineCostForm.base_fields}
        return super().get_form_kwargs() | {"initial": initial}

    def get_cancel_url(self) -> str:
        return reverse("rfq_matrix", args=[self.object.rfq.public_id])

    def save(self, form: Any) -> str:
        services.cost_line(
            line=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()


class InvitationWithdraw(OfInvitation):
    """Ask a supplier no longer."""

    permission_required = WRITE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Withdraw it, in a draft."""
        url = self.object.rfq.get_absolute_url()
        self.act(lambda: services.withdraw_invitation(invitation=self.object, actor=self.actor))
        return go_to(request, url)


urlpatterns = [
    path("rfqs/", RfqList.as_view(), name="rfq_list"),
    path("rfqs/new/", RfqCreate.as_view(), name="rfq_create"),
    path("rfqs/<uuid:id>/", RfqPage.as_view(), name="rfq_detail"),
    path("rfqs/<uuid:id>/edit/", RfqEdit.as_view(), name="rfq_edit"),
    path("rfqs/<uuid:id>/lines/", RfqLines.as_view(), name="rfq_lines"),
    path("rfqs/<uuid:id>/lines/<uuid:asked>/cost/", RfqLineCost.as_view(), name="rfq_line_cost"),
    path("rfqs/<uuid:id>/suppliers/", RfqSuppliers.as_view(), name="rfq_suppliers"),
    path("rfqs/<uuid:id>/moves/<slug:move>/", RfqMove.as_view(), name="rfq_move"),
    path("rfqs/<uuid:id>/reopen/", RfqReopen.as_view(), name="rfq_reopen"),
    path(
        "rfqs/<uuid:id>/suppliers/<uuid:invitation>/withdraw/",
        InvitationWithdraw.as_view(),
        name="rfq_withdraw",
    ),
]
