"""Take-overs: the list, one batch with its rows and moves, and the form that proposes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parts.views.cells import part_link
from secondsource.core import formats
from secondsource.core.tables import Column
from secondsource.core.views import ListPage, MovePage, ObjectPage
from suppliers.models import Takeover, TakeoverRow
from suppliers.takeover_filters import TakeoverFilter, TakeoverRowFilter
from suppliers.views import cells, chips, takeover_history
from suppliers.workflow import TAKEOVER_FLOW, foresee

_LONGEST_ID = 19


def _state(row: Any, value: str, view: Any) -> SafeString:
    return chips.takeover(row.state)


def _moment(row: Any, value: Any, view: Any) -> SafeString:
    return format_html("{}", formats.moment(value))


def _until(row: TakeoverRow, value: Any, view: Any) -> SafeString:
    return cells.day(row, row.approval.valid_to if row.approval else value, view)


def _reason(row: TakeoverRow, value: str, view: Any) -> SafeString:
    return format_html("{}", value or "")


class TakeoverList(ListPage):
    """Batches of approvals that were given elsewhere, the newest first."""

    permission_required = "suppliers.view_takeover"
    template_name = "suppliers/takeovers/takeover_list.html"
    page_title = "Take-overs"
    noun = ("take-over", "take-overs")
    filterset_class = TakeoverFilter
    search_field = "search"
    search_label = "Document or part"
    export_stem = "take-overs"
    default_sort = "-created"
    views: ClassVar[Mapping[str, str]] = {
        "All": "",
        "To confirm": "state=proposed",
        "For the second person": "state=confirmed",
        "Done": "state=done",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("reference", "Document", order="document", link=True, css="ell", mobile="title",
               source=lambda row: row.reference),
        Column("state", "State", order="state", draw=_state, css="nw",
               mobile="end", export=lambda row: row.get_state_display()),
        Column("proposed_rows", "To confirm", align="r"),
        Column("confirmed_rows", "Confirmed", align="r"),
        Column("approved_rows", "Approved", align="r"),
        Column("refused_rows", "Refused", align="r"),
        Column("origin", "From", css="ell", mobile="sub"),
        Column("created", "Proposed", order="created_at", source="created_at",
               draw=_moment, css="nw", mobile="sub"),
    )  # fmt: skip
    first_use: ClassVar[Mapping[str, str]] = {
        "title": "No take-overs yet",
        "text": "Sources that were approved elsewhere come in as a batch, by form or by file."
        " Quality confirms it, a second person of engineering or procurement approves.",
    }

    def get_queryset(self) -> QuerySet[Any]:
        """Batches with a row in the reader's scope."""
        seen: QuerySet[Any] = Takeover.objects.visible_to(self.actor.user).with_counts()
        return seen


class OfTakeover(ObjectPage):
    """A page about one batch."""

    permission_required = "suppliers.view_takeover"
    lookup: ClassVar[Mapping[str, str]] = {"batch": "public_id"}
    context_name = "takeover"


class TakeoverPage(ListPage, OfTakeover):
    """One batch: its reference and scope, its rows by state, and the moves."""

    template_name = "suppliers/takeovers/takeover.html"
    noun = ("row", "rows")
    filterset_class = TakeoverRowFilter
    search_field = "search"
    search_label = "Part or MPN"
    export_stem = "take-over"
    default_sort = "position"
    page_size = 100
    views: ClassVar[Mapping[str, str]] = {
        "All rows": "",
        "To confirm": "state=proposed",
        "Confirmed": "state=confirmed",
        "Approved": "state=approved",
        "Refused": "state=refused",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("position", "Row", order="position", align="r", css="w0"),
        Column("part", "Part", order="source__part__ipn", source="source__part__ipn",
               draw=part_link, css="nw", mobile="title"),
        Column("number", "Manufacturer part", source=lambda row: row.source.manufacturer_part,
               css="ell", mobile="sub"),
        Column("manufacturer", "Manufacturer", css="ell", mobile="sub",
               source="source__manufacturer_part__manufacturer__name"),
        Column("scope", "Products", source=lambda row: _codes(row.products.all()), css="ell",
               mobile="named"),
        Column("valid_to", "Valid until", order="valid_to", draw=_until,
               css="nw", mobile="named"),
        Column("evidence", "Evidence", css="ell", mobile="named"),
        Column("state", "State", draw=_state, mobile="end",
               export=lambda row: row.get_state_display()),
        Column("reason", "Reason", draw=_reason, css="ell", mobile="sub"),
    )  # fmt: skip
    page_title = "{self.object.reference}"

    def get_object(self) -> Any:
        """The batch, of those with a row in the reader's scope."""
        seen = Takeover.objects.visible_to(self.actor.user).select_related("proposed_by")
        return get_object_or_404(seen, public_id=self.kwargs["batch"])

    def get_queryset(self) -> QuerySet[Any]:
        """The rows that the reader sees."""
        rows: QuerySet[Any] = self.object.rows.visible_to(self.actor.user).with_names()
        return rows

    @property
    def bulk_template(self) -> str:  # type: ignore[override]
        """Checkboxes while a row is undecided."""
        return "suppliers/takeovers/takeover_bulk.html" if self._buttons() else ""

    def view_counts(self) -> Mapping[str, int | str]:
        """Rows by state."""
        states = TakeoverRow.State
        counts = self.object.rows.visible_to(self.actor.user).aggregate(
            all=Count("pk"), **{s: Count("pk", filter=Q(state=s)) for s in states.values}
        )
        words = zip(self.views, ("all", *states.values), strict=True)
        return {label: counts[name] for label, name in words}

    def _buttons(self) -> list[dict[str, Any]]:
        """The moves that the reader may make, with why one cannot be made now."""
        if not hasattr(self, "_offers"):
            may = self.actor.may
            self._offers = [
                {
                    "name": offer.name,
                    "label": offer.label,
                    "allowed": offer.allowed,
                    "why": " ".join(reason.detail for reason in offer.reasons),
                    "url": reverse("takeover_move", args=[self.object.public_id, offer.name]),
                }
                for offer in TAKEOVER_FLOW.offered(self.object, self.actor)
                if may(TAKEOVER_FLOW.transitions[offer.name].permission, self.object)
            ]
        return self._offers

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the batch's head and its moves."""
        takeover = self.object
        return super().get_context_data(
            buttons=self._buttons(),
            may_edit=takeover.state == Takeover.State.PROPOSED
            and self.actor.may("suppliers.propose_takeover"),
            products=_codes(takeover.products.all()),
            plants=_codes(takeover.plants.all()),
            deciders=self._deciders(),
            state=chips.takeover(takeover.state),
            events=takeover_history.of_takeover(takeover),
            **context,
        )

    def _deciders(self) -> list[str]:
        """People who confirmed and approved rows that the reader sees."""
        rows = self.object.rows.visible_to(self.actor.user).order_by()
        approved = rows.filter(state=TakeoverRow.State.APPROVED)
        named = (
            ("Confirmed", rows.values_list("confirmed_by__name", flat=True)),
            ("Approved", approved.values_list("decided_by__name", flat=True)),
        )
        found = [(word, sorted(filter(None, names.distinct()))) for word, names in named]
        return [f"{word} by {', '.join(names)}." for word, names in found if names]


def _codes(rows: Any) -> str:
    return ", ".join(sorted(row.code for row in rows))


class TakeoverMove(MovePage, OfTakeover):
    """Confirm, approve or refuse rows: what it would do first, then the act.

    ``selected`` names rows; without it the move takes all that it can.
    """

    template_name = "suppliers/takeovers/takeover_move.html"
    workflow = TAKEOVER_FLOW

    def get_queryset(self) -> QuerySet[Any]:
        """Batches with a row in the reader's scope."""
        seen: QuerySet[Any] = Takeover.objects.visible_to(self.actor.user)
        return seen

    @property
    def danger(self) -> bool:  # type: ignore[override]
        """A refusal ends the rows."""
        return self.move == "refuse"

    def get_move_data(self) -> dict[str, Any]:
        """The ids of the chosen rows, nothing for all."""
        chosen = self.request.POST.getlist("selected")
        if not chosen and "some" not in self.request.POST:
            return {}
        numbers = [int(one) for one in chosen if one.isdecimal() and len(one) < _LONGEST_ID]
        keys = self.object.rows.filter(pk__in=numbers).values_list("public_id", flat=True)
        return {"rows": [str(key) for key in keys]}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The confirmation, and once it is given, the move."""
        if "sure" in request.POST:
            return super().post(request, *args, **kwargs)
        offer = self.get_offer()
        return self.respond(self.get_context_data(offer=offer, reasons=offer.reasons))

    def get_offer(self) -> Any:
        """The move on the chosen rows. Raises ``Http404``."""
        data = self.get_move_data()
        for offer in self.workflow.offered(self.object, self.actor, data):
            if offer.name == self.move:
                return offer
        raise Http404(f"There is no move {self.move!r} from here.")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the effect of the move in numbers."""
        data = self.get_move_data()
        return super().get_context_data(
            chosen=self.request.POST.getlist("selected") if data else [],
            some=bool(data),
            **foresee(self.object, self.move, self.actor, data),
            **context,
        )

    def get_success_message(self, moved: Any) -> str:
        """The state of the batch."""
        done = {"confirm": "Confirmed", "approve": "Approved", "refuse": "Refused"}[self.move]
        return f"{done}. {moved.reference} is {moved.state}."
