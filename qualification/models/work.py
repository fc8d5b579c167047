"""The work of a gate: its checklist and its sign-offs."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models

from qualification.models.cases import Case, State
from secondsource.accounts.rights import Function
from secondsource.core.models import Record, change_history, words_known


@words_known
class ChecklistItem(Record):
    """A step before a gate is passed; some require a file as evidence.

    A step with a ``link`` is done when that work of the case is (``linked_work``); nobody ticks it.
    """

    class Link(models.TextChoices):
        BUSINESS_CASE = "business_case", "business case"
        DEVIATIONS = "deviations", "deviations"
        CLEARANCE = "clearance", "IP clearance"
        DECLARATIONS = "declarations", "declarations"
        COMPONENT_TESTS = "component_tests", "component tests"
        INSPECTIONS = "inspections", "incoming inspections"
        PPAP = "ppap", "PPAP"
        FMEA = "fmea", "FMEA"
        PILOT_PLAN = "pilot_plan", "pilot plan"
        PILOT_RESULTS = "pilot_results", "pilot results"
        ACCEPTED_RISKS = "accepted_risks", "accepted risks"
        CUSTOMER_APPROVALS = "customer_approvals", "customer approvals"

    case = models.ForeignKey(Case, models.CASCADE, related_name="checklist")
    gate = models.CharField(max_length=14, choices=State)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    required = models.BooleanField(default=True)
    evidence_required = models.BooleanField(default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_date = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    link = models.CharField(max_length=20, choices=Link, blank=True, default="", db_default="")
    met_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "gate", "position"], name="item_place_once"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="item_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(link="", met_at__isnull=True)
                | ~models.Q(link="") & models.Q(done_at__isnull=True),
                name="item_met_or_ticked",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def finished_at(self) -> dt.datetime | None:
        """When the step was ticked, or its linked work was done."""
        return self.met_at if self.link else self.done_at


@words_known
class SignOff(Record):
    """A function's signature of a gate; a person signs a gate for one function.

    ``case_version`` is the version of the case that was signed (None for signatures from before it
    was kept), ``work_versions`` those of the gate's linked work that has versions of its own, by
    link.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="sign_offs")
    gate = models.CharField(max_length=14, choices=State)
    function = models.CharField(max_length=13, choices=Function)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_offs"
    )
    signed_at = models.DateTimeField()
    note = models.TextField(blank=True, default="")
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True, default="")
    case_version = models.PositiveIntegerField(null=True, blank=True)
    work_versions = models.JSONField(default=dict, blank=True, db_default={})
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "gate", "function"],
                condition=models.Q(voided_at__isnull=True),
                name="sign_off_once",
            ),
            models.UniqueConstraint(
                fields=["case", "gate", "signed_by"],
                condition=models.Q(voided_at__isnull=True),
                name="sign_off_one_function_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} {self.function}"
