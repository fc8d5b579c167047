"""``/negotiations/``, ``/negotiations/{key}/rounds/``, ``/splits/`` and ``/split/``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from incentives import services
from incentives.filters import NegotiationFilter, SplitFilter
from incentives.leverage import read_leverage
from incentives.models import Negotiation, NegotiationRound, SplitProposal
from incentives.negotiation_key import PATTERN, number_of
from incentives.quoted import newest_quotes
from incentives.serializers import negotiations as shapes
from incentives.serializers import splits as split_shapes
from incentives.split_answers import cheapest_splits
from incentives.split_tracking import tracked
from incentives.workflow import NewAward
from secondsource.accounts.visibility import sees
from secondsource.core.api.history import History
from secondsource.core.api.pagination import WholeList
from secondsource.core.api.views import Addable, ById, Changeable, Endpoint, Readable
from secondsource.core.errors import ValuesRefused


class NegotiationResource(Readable, Addable, Changeable, History):
    """Negotiations, addressed by key."""

    permission = {
        "read": "incentives.view_negotiation", "write": "incentives.write_negotiation",
    }  # fmt: skip
    shape = shapes.NegotiationShape
    input_class = shapes.NegotiationInput
    changes_class = shapes.NegotiationChanges
    filterset_class = NegotiationFilter
    lookup_field = "number"
    lookup_url_kwarg = "key"
    lookup_value_regex = PATTERN
    orderings = {"key": "number"}
    ordering = ("-key",)

    def rows(self) -> QuerySet[Negotiation]:
        """Negotiations of the parts in the caller's scope."""
        seen: QuerySet[Negotiation] = Negotiation.objects.visible_to(self.actor.user)
        return seen.select_related("part", "case", "opened_by", "decided_by").prefetch_related(
            "award__source", "award__supplier"
        )

    def get_object(self) -> Negotiation:
        """The negotiation with this key."""
        self.kwargs = {"key": number_of(self.kwargs["key"])}
        found: Negotiation = super().get_object()
        return found

    def address_of(self, obj: Negotiation) -> str:
        """The key."""
        return obj.key

    def add(self, values: dict[str, Any]) -> Negotiation:
        """Open a negotiation."""
        return services.open_negotiation(**values, actor=self.actor)

    def change(self, obj: Negotiation, values: dict[str, Any], expected: int | None) -> Negotiation:
        """Change its terms."""
        return services.change_negotiation(
            negotiation=obj, values=values, actor=self.actor, expected=expected
        )

    @extend_schema(request=shapes.AwardInput, responses=shapes.NegotiationShape)
    @action(detail=True, methods=["post"], permission="incentives.award_negotiation")
    def award(self, request: Request, **kwargs: Any) -> Response:
        """Award the volume, with a reason."""
        found = self.get_object()
        values = self.take_expected(shapes.AwardInput, found)
        lines = [NewAward(**line) for line in values.pop("lines")]
        made = services.award_negotiation(
            negotiation=found, lines=lines, actor=self.actor, **values
        )
        return self.show(self.fresh(made))

    @extend_schema(request=shapes.AbandonInput, responses=shapes.NegotiationShape)
    @action(detail=True, methods=["post"], permission="incentives.award_negotiation")
    def abandon(self, request: Request, **kwargs: Any) -> Response:
        """End it without an award, with a reason."""
        found = self.get_object()
        values = self.take_expected(shapes.AbandonInput, found)
        made = services.abandon_negotiation(negotiation=found, actor=self.actor, **values)
        return self.show(self.fresh(made))

    @extend_schema(methods=["GET"], responses=shapes.QuotedShape(many=True), filters=False)
    @extend_schema(methods=["POST"], request=shapes.QuotesInput, responses={201: shapes.RoundShape})
    @action(
        detail=True, methods=["get", "post"], permission="incentives.write_negotiation",
        sparse=False, filterset_class=None, pagination_class=WholeList,
    )  # fmt: skip
    def quotes(self, request: Request, **kwargs: Any) -> Response:
        """The newest quotes of the part; posted lines are taken into a round."""
        found = self.get_object()
        if request.method == "GET":
            shape = shapes.QuotedShape.for_reader(self.shape_context())
            rows = newest_quotes(found, self.actor.user)
            return self.whole_list([shape.to_representation(row) for row in rows])
        values = self.take_expected(shapes.QuotesInput, found)
        made = services.import_quotes(
            negotiation=found, into=_round_of(found, values.pop("round", None)), actor=self.actor,
            **values,
        )  # fmt: skip
        return Response(self.shape_for_reader(shapes.RoundShape).to_representation(made), 201)

    @extend_schema(responses=shapes.LeverageShape, filters=False)
    @action(detail=True, sparse=False, filterset_class=None)
    def leverage(self, request: Request, **kwargs: Any) -> Response:
        """The gates that alternates passed, and what moved in which round."""
        found = read_leverage(self.get_object())
        compares = sees(self.actor, "prices") or sees(self.actor, "relative_prices")
        return Response(shapes.LeverageShape(found, context={"compares": compares}).data)


def _round_of(negotiation: Negotiation, number: int | None) -> NegotiationRound | None:
    """The round with this number. Raises ``ValuesRefused``."""
    if number is None:
        return None
    found: NegotiationRound | None = negotiation.rounds.filter(number=number).first()
    if found is None:
        detail = f"{negotiation.key} has no round {number}."
        raise ValuesRefused.one("/round", "does_not_exist", detail)
    return found


class RoundResource(ById, Readable, Addable, Changeable, History):
    """The rounds of a negotiation."""

    permission = NegotiationResource.permission
    queryset = NegotiationRound.objects.none()
    shape = shapes.RoundShape
    input_class = shapes.RoundInput
    changes_class = shapes.RoundChanges
    orderings = {"number": "number"}
    ordering = ("number",)

    @property
    def negotiation(self) -> Negotiation:
        """The negotiation in the URL. Raises ``Http404``."""
        seen = Negotiation.objects.visible_to(self.actor.user)
        found: Negotiation | None = seen.filter(
            number=number_of(self.kwargs["negotiation"])
        ).first()
        if found is None:
            raise Http404
        return found

    def rows(self) -> QuerySet[NegotiationRound]:
        """The rounds of the negotiation."""
        mine = NegotiationRound.objects.filter(negotiation=self.negotiation).order_by()
        return mine.select_related("negotiation", "held_by").prefetch_related(
            "prices__source", "prices__supplier", "prices__offer", "prices__quote_line"
        )

    def add(self, values: dict[str, Any]) -> NegotiationRound:
        """Record a round."""
        prices = [services.NewPrice(**row) for row in values.pop("prices", ())]
        return services.record_round(
            negotiation=self.negotiation, prices=prices, actor=self.actor, **values
        )

    def change(
        self, obj: NegotiationRound, values: dict[str, Any], expected: int | None
    ) -> NegotiationRound:
        """Change a round."""
        given = values.pop("prices", None)
        prices = None if given is None else [services.NewPrice(**row) for row in given]
        return services.change_round(
            negotiation_round=obj, values=values, prices=prices, actor=self.actor,
            expected=expected,
        )  # fmt: skip


class SplitResource(ById, Readable, Addable, History):
    """Splits that were proposed to procurement."""

    permission = {"read": "incentives.view_split", "write": "incentives.propose_split"}
    shape = split_shapes.SplitShape
    input_class = split_shapes.SplitInput
    filterset_class = SplitFilter
    orderings = {"created_at": "id"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[SplitProposal]:
        """Splits of the parts in the caller's scope."""
        seen: QuerySet[SplitProposal] = SplitProposal.objects.visible_to(self.actor.user)
        return seen.select_related("part", "case", "proposed_by", "decided_by").prefetch_related(
            "shares__source__manufacturer_part"
        )

    def add(self, values: dict[str, Any]) -> SplitProposal:
        """Propose a split."""
        shares = [services.NewShare(**row) for row in values.pop("shares")]
        return services.propose_split(shares=shares, actor=self.actor, **values)

    @extend_schema(request=split_shapes.DecisionInput, responses=split_shapes.SplitShape)
    @action(detail=True, methods=["post"], permission="incentives.decide_split")
    def accept(self, request: Request, **kwargs: Any) -> Response:
        """Accept it: its shares become those of the sources."""
        return self._decide(accepted=True)

    @extend_schema(request=split_shapes.DecisionInput, responses=split_shapes.SplitShape)
    @action(detail=True, methods=["post"], permission="incentives.decide_split")
    def decline(self, request: Request, **kwargs: Any) -> Response:
        """Decline it, with a note that says why."""
        return self._decide(accepted=False)

    @extend_schema(request=split_shapes.DecisionInput, responses=split_shapes.SplitShape)
    @action(detail=True, methods=["post"], permission="incentives.withdraw_split")
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Withdraw one's own proposal, with a reason."""
        found = self.get_object()
        values = self.take_expected(split_shapes.DecisionInput, found)
        made = services.withdraw_split(split=found, actor=self.actor, **values)
        return self.show(self.fresh(made))

    def _decide(self, *, accepted: bool) -> Response:
        found = self.get_object()
        values = self.take_expected(split_shapes.DecisionInput, found)
        made = services.decide_split(split=found, accepted=accepted, actor=self.actor, **values)
        return self.show(self.fresh(made))

    @extend_schema(responses=split_shapes.TrackedShape, filters=False)
    @action(detail=True, sparse=False, filterset_class=None)
    def bought(self, request: Request, **kwargs: Any) -> Response:
        """What was bought since it was accepted; 404 before."""
        found = tracked(self.get_object())
        if found is None:
            raise Http404
        return Response(split_shapes.TrackedShape(found).data)


class CalculateSplits(Endpoint):
    """The cheapest split of each part within all bounds of today. It writes nothing."""

    permission = {"read": "incentives.view_split", "write": "incentives.view_split"}

    @extend_schema(
        request=split_shapes.CalculateInput, responses=split_shapes.CalculatedShape(many=True)
    )
    def post(self, request: Request) -> Response:
        """Calculate the splits of up to 100 parts."""
        values = self.take(split_shapes.CalculateInput)
        found = cheapest_splits(values["parts"], warm_share=values.get("warm_share"))
        shape = split_shapes.CalculatedShape.for_reader(self.shape_context())
        return Response([shape.to_representation(one) for one in found])
