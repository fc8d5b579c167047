"""The work of the approval gate: accepted risks, customers' approvals, regulatory files."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from parts.models import Product
from qualification.models.cases import Case
from qualification.querysets import WithdrawableQuerySet
from secondsource.accounts.rights import Function
from secondsource.core.models import Record, change_history, words_known

#: The functions that sign an accepted risk, each by another person.
RISK_SIGNERS = (Function.ENGINEERING, Function.PROCUREMENT)


class WithdrawableRecord(Record):
    """A row that is never removed: it is withdrawn with a reason and stays on record."""

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField(max_length=300, blank=True, default="", editable=False)

    objects = WithdrawableQuerySet.as_manager()

    class Meta:
        abstract = True


#: The condition of unique constraints among standing rows.
STANDING = Q(withdrawn_at__isnull=True)


@words_known
class AcceptedRisk(WithdrawableRecord):
    """A risk that stays with the alternate, shared by engineering and procurement.

    ``origin`` and ``reference`` name where it comes from, for example the id of a row of the FMEA.
    """

    class Origin(models.TextChoices):
        FMEA_ROW = "fmea_row", "FMEA row"
        DEVIATION = "deviation"
        FREE = "free", "team"

    case = models.ForeignKey(Case, models.PROTECT, related_name="accepted_risks")
    text = models.TextField()
    severity = models.CharField(max_length=200, blank=True, default="")
    mitigation = models.TextField(blank=True, default="")
    origin = models.CharField(max_length=9, choices=Origin, default=Origin.FREE)
    reference = models.CharField(max_length=60, blank=True, default="")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="raised_risks"
    )
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="risk_has_text"),
            models.CheckConstraint(
                condition=Q(origin="free", reference="") | ~Q(origin="free") & ~Q(reference=""),
                name="risk_names_its_origin",
            ),
            models.UniqueConstraint(
                fields=["case", "origin", "reference"],
                condition=STANDING & ~Q(origin="free"),
                name="risk_once_of_an_origin",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


@words_known
class RiskSignature(Record):
    """A function's signature of an accepted risk, on the version of its text."""

    risk = models.ForeignKey(AcceptedRisk, models.PROTECT, related_name="signatures")
    function = models.CharField(
        max_length=13, choices=[(function.value, function.label) for function in RISK_SIGNERS]
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="signed_risks"
    )
    signed_at = models.DateTimeField()
    risk_version = models.PositiveIntegerField()
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["risk", "function"],
                condition=Q(voided_at__isnull=True),
                name="risk_signed_once",
            ),
            models.UniqueConstraint(
                fields=["risk", "signed_by"],
                condition=Q(voided_at__isnull=True),
                name="risk_signed_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} {self.function}"


class NoRiskStatement(WithdrawableRecord):
    """The lead's statement that no risk of the case is accepted."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="no_risk_statements")
    reason = models.TextField()
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    history = change_history()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=STANDING, name="no_risk_statement_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="no_risk_statement_has_reason"),
        ]

    def __str__(self) -> str:
        return f"no accepted risk in {self.case_id}"


@words_known
class CustomerApproval(WithdrawableRecord):
    """What a customer of a product was asked about the change, and the answer.

    ``silence_clause`` names the clause of the customer's agreement by which no answer until ``due``
    is an approval. Without one silence is no approval.
    """

    class Kind(models.TextChoices):
        CHANGE_NOTICE = "change_notice", "change notice"
        PPAP = "ppap", "PPAP"

    class Answer(models.TextChoices):
        APPROVED = "approved"
        APPROVED_WITH_CONDITIONS = "approved_with_conditions", "approved with conditions"
        REFUSED = "refused"

    case = models.ForeignKey(Case, models.PROTECT, related_name="customer_approvals")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    customer = models.CharField(max_length=120)
    kind = models.CharField(max_length=13, choices=Kind, default=Kind.CHANGE_NOTICE)
    sent_on = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    silence_clause = models.CharField(max_length=200, blank=True, default="")
    answered_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=24, choices=Answer, blank=True, default="")
    conditions = models.TextField(blank=True, default="")
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["product_id", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(customer=""), name="customer_approval_of_somebody"),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, answered_on__isnull=True)
                | Q(sent_on__isnull=False, due__isnull=False, due__gte=F("sent_on")),
                name="customer_approval_sent_with_due",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True)
                | ~Q(answer="") & Q(answered_on__isnull=False, answered_on__gte=F("sent_on")),
                name="customer_approval_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answer="approved_with_conditions") & ~Q(conditions="")
                | ~Q(answer="approved_with_conditions") & Q(conditions=""),
                name="customer_approval_conditions",
            ),
            models.UniqueConstraint(
                "case", "product", Lower("customer"), "kind",
                condition=STANDING, name="customer_approval_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.customer}, {self.get_kind_display()}"

    def approved_by_silence(self, today: dt.date) -> bool:
        """Whether the customer's agreement makes the missing answer an approval."""
        return bool(
            self.silence_clause
            and not self.answer
            and self.sent_on is not None
            and self.due is not None
            and self.due < today
        )

    def is_approved(self, today: dt.date) -> bool:
        """Whether the customer approves, by an answer or by silence."""
        answered = (self.Answer.APPROVED, self.Answer.APPROVED_WITH_CONDITIONS)
        return self.answer in answered or self.approved_by_silence(today)

    def is_overdue(self, today: dt.date) -> bool:
        """Whether the answer is late and does not count as given."""
        late = self.due is not None and self.due < today and not self.answer
        return late and not self.approved_by_silence(today)


class RegulatoryFile(WithdrawableRecord):
    """A file with an authority, and whether the change needs an update of it.

    ``update_needed`` is None while nobody has decided; "no" needs a reason.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="regulatory_files")
    name = models.CharField(max_length=200)
    authority = models.CharField(max_length=120, blank=True, default="")
    update_needed = models.BooleanField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    updated_on = models.DateField(null=True, blank=True)
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="regulatory_file_has_name"),
            models.CheckConstraint(
                condition=Q(updated_on__isnull=True) | Q(update_needed=True),
                name="regulatory_file_updated_if_needed",
            ),
            models.CheckConstraint(
                condition=~Q(update_needed=False) | ~Q(reason=""),
                name="regulatory_file_reason_if_not",
            ),
            models.UniqueConstraint(
                "case", Lower("name"), Lower("authority"),
                condition=STANDING, name="regulatory_file_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}, {self.authority}" if self.authority else self.name
