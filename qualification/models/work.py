"""The work of a gate: its checklist and its sign-offs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.base import ModelState

from qualification.models.cases import Case, State
from qualification.models.steps import Step, StepKind, step_constraints
from secondsource.accounts.rights import Function
from secondsource.core.models import Record, change_history, words_known


@words_known
class ChecklistItem(Step, Record):
    """A step before a gate is passed, as it was in the SOP when the case opened.

    A step with a ``link`` is done when that work of the case is (``linked_work``); nobody ticks it.
    A ``value`` is done while it is within its limits, a document while it has a file: ``done_at``
    says so for them too.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="checklist")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_date = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        indexes = [
            models.Index(
                fields=["due_date"],
                name="item_due",
                condition=models.Q(due_date__isnull=False),
            )
        ]
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
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(kind=StepKind.VALUE),
                name="item_value_of_kind",
            ),
            *step_constraints("checklistitem"),
        ]

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        """As Django's without its signals and checks by field: My work reads hundreds of steps."""
        row = cls.__new__(cls)
        row.__dict__.update(zip(field_names, values, strict=True))
        row._state = ModelState()
        row._state.adding, row._state.db = False, db
        return row

    def __str__(self) -> str:
        return self.text

    @property
    def problem(self) -> str:
        """Why its value keeps the step open; '' for a value within the limits and for none."""
        return self.misses(self.value) if self.value is not None else ""

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


@words_known
class RequiredSignature(models.Model):
    """A function that has to sign a gate of a case, in the order of signing."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="required_signatures")
    gate = models.CharField(max_length=14, choices=State)
    function = models.CharField(max_length=13, choices=Function)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "gate", "function"], name="signature_required_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gate} {self.function}"
