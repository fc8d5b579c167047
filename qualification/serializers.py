"""Serializers of cases and the work of their gates."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.models.catalogue import RiskClass
from parts.serializers import people, plants, products
from qualification.case_key import PATTERN, number_of
from qualification.models import Case, ChecklistItem, HoldPoint, HoldPointFigures, StepKind
from qualification.models.cases import GATES, State
from qualification.next_move import unmet
from qualification.plan_serializers import CaseDates, Planned, RampStepShape
from secondsource.accounts.models import User
from secondsource.accounts.rights import Function
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, ReasonShape, RecordShape, Shape
from suppliers.models import Site, Source
from suppliers.serializers import ManufacturerPartRef, sources
from suppliers.serializers.companies import sites

GATE_CHOICES = [(str(gate), gate.label) for gate in GATES]
TEAM_FUNCTIONS = [choice for choice in Function.choices if choice[0] != Function.SPONSOR]


class CaseSource(serializers.Serializer[Any]):
    """The source of the case."""

    id = fields.Text(source="key")
    manufacturer_part = ManufacturerPartRef()
    status = fields.Word(choices=Source.Status.choices)

    def to_representation(self, source: Source) -> dict[str, Any]:
        part = source.manufacturer_part
        manufacturer = {"manufacturer": part.manufacturer.name, "mpn": part.mpn}
        return {"id": source.key, "manufacturer_part": manufacturer, "status": source.status}


class TeamMemberShape(Shape):
    """A person's function in a case."""

    person = fields.Text(source="user.email")
    name = fields.Text(source="user.name")
    function = fields.Word(choices=Function.choices)


class PassageShape(Shape):
    """When the case entered a gate and left it."""

    gate = fields.Word(choices=State.choices)
    entered_at = fields.Moment()
    left_at = fields.Moment(allow_null=True)
    passed = fields.Flag()


class SiteOfCase(Shape):
    """A site of the manufacturer."""

    id = fields.Text(source="public_id")
    name = fields.Text()
    activity = fields.Word(choices=Site.Activity.choices)


class CaseShape(RecordShape):
    """A qualification case; its ``state`` only changes by moves."""

    key = fields.Text()
    part = fields.Text(source="part.ipn")
    source = CaseSource()
    kind = fields.Word(choices=Case.Kind.choices)
    risk_class = fields.Word(choices=RiskClass.choices)
    state = fields.Word(choices=State.choices)
    held_from = fields.Text()
    lead = fields.Text(source="lead.email")
    sponsor = fields.Text(source="sponsor.email", allow_null=True)
    team = TeamMemberShape(many=True)
    products = fields.Codes()
    plants = fields.Codes()
    sites = SiteOfCase(many=True)
    summary = fields.Text()
    start_reason = fields.Text()
    gates = PassageShape(source="passages", many=True)
    planned = Planned(source="*")
    timing = CaseDates(source="*")
    blockers = serializers.SerializerMethodField()

    @extend_schema_field(ReasonShape(many=True))
    def get_blockers(self, case: Case) -> list[dict[str, str]]:
        """All reasons against the next move."""
        return [reason.as_json() for reason in unmet(case)]


class MemberInput(Input):
    """A person and a function."""

    person = fields.Key(people, "email")
    function = fields.Word(choices=TEAM_FUNCTIONS)


class RampStepInput(Input):
    """A step of the ramp; its share applies until the next step."""

    month = fields.Whole(min_value=1, max_value=120)
    share = fields.DecimalText(low=0, high=1)


class PlannedGateInput(Input):
    """The day of a gate; null removes it."""

    gate = fields.Word(choices=GATE_CHOICES)
    due = fields.Day(allow_null=True)


class CaseChanges(Input):
    """Fields of an open case that can be changed; ``team`` replaces the whole team."""

    summary = fields.Text(max_length=20_000, required=False, allow_blank=True)
    start_reason = fields.Text(max_length=2_000, required=False, allow_blank=True)
    risk_class = fields.Word(choices=RiskClass.choices, required=False)
    due_date = fields.Day(required=False, allow_null=True)
    lead = fields.Key(people, "email", required=False)
    sponsor = fields.Key(people, "email", required=False, allow_null=True)
    pilot_quantity = fields.Whole(
        required=False, allow_null=True, min_value=1, max_value=2_000_000_000
    )
    transition_share = fields.DecimalText(required=False, allow_null=True, low=0, high=1)
    ramp = RampStepInput(many=True, required=False, max_length=120)
    planned_gates = PlannedGateInput(many=True, required=False, max_length=6)
    rollback_hours = fields.DecimalText(required=False, allow_null=True, low=0, high=99_999)
    rollback_stock = fields.Whole(
        required=False, allow_null=True, min_value=0, max_value=2_000_000_000
    )
    rollback_rehearsed_on = fields.Day(required=False, allow_null=True)
    team = MemberInput(many=True, required=False, max_length=100)
    products = fields.Items(child=fields.Key(products), required=False, max_length=500)
    plants = fields.Items(child=fields.Key(plants), required=False, max_length=500)
    sites = fields.Items(child=fields.Key(sites, "public_id"), required=False, max_length=500)


class CaseInput(Input):
    """A new case on an alternate, as a draft."""

    source = fields.Key(sources, "public_id")
    kind = fields.Word(choices=Case.Kind.choices, required=False)
    risk_class = fields.Word(choices=RiskClass.choices, required=False)
    lead = fields.Key(people, "email", required=False)
    sponsor = fields.Key(people, "email", required=False, allow_null=True)
    summary = fields.Text(max_length=20_000, required=False, allow_blank=True)
    start_reason = fields.Text(max_length=2_000, required=False, allow_blank=True)
    due_date = fields.Day(required=False, allow_null=True)
    team = MemberInput(many=True, required=False, max_length=100)
    products = fields.Items(child=fields.Key(products), required=False, max_length=500)
    plants = fields.Items(child=fields.Key(plants), required=False, max_length=500)
    sites = fields.Items(child=fields.Key(sites, "public_id"), required=False, max_length=500)


class ItemShape(RecordShape):
    """A checklist item of a gate."""

    gate = fields.Word(choices=State.choices)
    position = fields.Whole()
    text = fields.Text()
    required = fields.Flag()
    evidence_required = fields.Flag()
    evidence_count = fields.Whole()
    owner = fields.Text(source="owner.email", allow_null=True)
    due_date = fields.Day(allow_null=True)
    note = fields.Text()
    done = serializers.SerializerMethodField()
    done_by = fields.Text(source="done_by.email", allow_null=True)
    done_at = fields.Moment(source="finished_at", allow_null=True)
    code = fields.Text()
    kind = serializers.SerializerMethodField()
    link = fields.Word(choices=ChecklistItem.Link.choices, allow_blank=True)
    guidance = fields.Text()
    unit = fields.Text()
    lower = fields.DecimalText(allow_null=True)
    upper = fields.DecimalText(allow_null=True)
    value = fields.DecimalText(allow_null=True)
    problem = fields.Text()
    functions = fields.Texts()

    @extend_schema_field({"type": "string", "enum": ["tick", "value", "document", "link"]})
    def get_kind(self, item: ChecklistItem) -> str:
        """How the step is done; ``link`` by other work of the case."""
        return "link" if item.link else str(item.kind)

    def get_done(self, item: ChecklistItem) -> bool:
        """Whether the item is ticked, or its linked work is done."""
        return item.finished_at is not None


class ItemInput(Input):
    """A new item of a gate that is not passed."""

    gate = fields.Word(choices=GATE_CHOICES)
    text = fields.Text(max_length=300)
    required = fields.Flag(required=False)
    kind = fields.Word(choices=StepKind.choices, required=False)
    unit = fields.Text(max_length=12, required=False, allow_blank=True)
    lower = fields.DecimalText(required=False, allow_null=True, places=4)
    upper = fields.DecimalText(required=False, allow_null=True, places=4)
    guidance = fields.Text(max_length=2_000, required=False, allow_blank=True)
    evidence_required = fields.Flag(required=False)
    owner = fields.Key(people, "email", required=False, allow_null=True)
    due_date = fields.Day(required=False, allow_null=True)


class ItemChanges(Input):
    """Changes of an item: tick or value, owner, day, note."""

    done = fields.Flag(required=False)
    value = fields.DecimalText(required=False, allow_null=True, places=4)
    note = fields.Text(max_length=10_000, required=False, allow_blank=True)
    owner = fields.Key(people, "email", required=False, allow_null=True)
    due_date = fields.Day(required=False, allow_null=True)


class EvidenceShape(Shape):
    """A file on an item or a row of the work, with its hash."""

    id = fields.PublicId()
    item = fields.Text()
    gate = fields.Text()
    name = fields.Text()
    size = fields.Whole()
    sha256 = fields.Text()
    content_type = fields.Text()
    uploaded_by = fields.Text(source="uploaded_by.email")
    created_at = fields.Moment()


class EvidenceInput(Input):
    """A file for an item of the current gate, or a row of the work, by its id."""

    item = serializers.UUIDField()
    file = serializers.FileField(max_length=200)


class SignOffShape(RecordShape):
    """A function's signature of a gate; void after a send-back.

    ``case_version`` is the version of the case that was signed, ``work_versions`` those of its
    linked work.
    """

    gate = fields.Word(choices=State.choices)
    function = fields.Word(choices=Function.choices)
    signed_by = fields.Text(source="signed_by.email")
    signed_at = fields.Moment()
    note = fields.Text()
    voided_at = fields.Moment(allow_null=True)
    void_reason = fields.Text()
    case_version = fields.Whole(allow_null=True)
    work_versions = serializers.DictField(child=serializers.IntegerField())


class SignOffInput(Input):
    """Sign the current gate for a function; ``expected`` is the case's version.

    A change of the work of the gate raises that version; ``If-Match`` says the same.
    """

    function = fields.Word(choices=Function.choices)
    note = fields.Text(max_length=10_000, required=False, allow_blank=True)
    expected = fields.Whole(required=False, min_value=1)


class SponsorInput(Input):
    """A sponsor, and the reason for another one."""

    sponsor = fields.Key(people, "email")
    note = fields.Text(max_length=2_000, required=False, allow_blank=True)
    expected = fields.Whole(required=False, min_value=1)


class CommentShape(Shape):
    """A contribution to the discussion."""

    id = fields.PublicId()
    author = fields.Text(source="author.email")
    text = fields.Text(source="said")
    created_at = fields.Moment()


class CommentInput(Input):
    """A new comment."""

    text = fields.Text(max_length=10_000)


class HoldPointFiguresShape(Shape):
    """What receipts, order lines and pilot builds say; frozen once the hold point is judged.

    Rates of on-time delivery and yield are in per cent. ``outdated_at``: receipts were corrected or
    entered since the judgement.
    """

    since = fields.Day()
    until = fields.Day()
    received = fields.DecimalText()
    rejected = fields.DecimalText()
    returned = fields.DecimalText()
    lines_due = fields.Whole()
    lines_on_time = fields.Whole()
    started = fields.Whole()
    good = fields.Whole()
    dppm = fields.DecimalText(allow_null=True)
    otd = fields.DecimalText(allow_null=True)
    pilot_yield = fields.DecimalText(allow_null=True)
    dppm_most = fields.DecimalText()
    otd_least = fields.DecimalText()
    yield_least = fields.DecimalText()
    received_least = fields.DecimalText()
    proposal = fields.Word(choices=HoldPointFigures.Proposal.choices)
    computed_at = fields.Moment()
    frozen_at = fields.Moment(allow_null=True)
    outdated_at = fields.Moment(allow_null=True)


class CheckpointShape(RecordShape):
    """A hold point of the transition."""

    due = fields.Day()
    verdict = fields.Text()
    note = fields.Text()
    judged_by = fields.Text(source="judged_by.email", allow_null=True)
    judged_at = fields.Moment(allow_null=True)
    figures = HoldPointFiguresShape(allow_null=True, default=None)


class RunShape(Shape):
    """One run of the transition; ``outcome`` is empty while it is planned or goes on."""

    run = fields.Whole()
    started_on = fields.Day(allow_null=True)
    ended_on = fields.Day(allow_null=True)
    outcome = fields.Text()
    ramp = RampStepShape(many=True)
    checkpoints = CheckpointShape(source="hold_points", many=True)


class TransitionShape(Shape):
    """The transition: the newest run, and in ``runs`` all runs from the first on.

    ``ends_on`` is the day of the last hold point; ``share`` is that of this month; before and after
    the run that of the ramp's end.
    """

    started_on = fields.Day(source="run.started_on", allow_null=True)
    ends_on = fields.Day(source="run.ends_on", allow_null=True)
    share = fields.DecimalText(source="share_today", allow_null=True)
    ramp = RampStepShape(many=True)
    checkpoints = CheckpointShape(source="hold_points", many=True)
    runs = RunShape(many=True)


class VerdictInput(Input):
    """The verdict on a hold point that is due."""

    verdict = fields.Word(choices=HoldPoint.Verdict.choices)
    note = fields.Text(max_length=10_000, required=False, allow_blank=True, default="")
    expected = fields.Whole(required=False, min_value=1)


class InterimInput(Input):
    """An interim approval: up to a quantity and a last day."""

    quantity = fields.Whole(min_value=1, max_value=2_000_000_000)
    share = fields.DecimalText(required=False, allow_null=True, low=0, high=1)
    until = fields.Day()
    note = fields.Text(max_length=10_000)
    expected = fields.Whole(required=False, min_value=1)


class CaseKeyField(fields.Key):
    """A case by its key."""

    def _value(self, rows: QuerySet[Any], text: str) -> Any:
        return number_of(text) if re.fullmatch(PATTERN, text) else None


def cases(user: User | None) -> QuerySet[Case]:
    """Cases within the caller's scope."""
    found: QuerySet[Case] = Case.objects.visible_to(user)
    return found
