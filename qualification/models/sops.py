"""SOPs: what the gates of a case ask for, by category and risk class, in versions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from parts.models import Category
from parts.models.catalogue import RiskClass
from qualification.families import Family
from qualification.models.steps import Step, step_constraints
from secondsource.core.models import Record, change_history, words_known


@words_known
class Sop(Record):
    """A version of the SOP of a category, of a family of parts or of all parts.

    A person drafts and proposes a version, another one of quality activates it. ``shipped``
    versions came with the product. A case takes over the version in force when it opens.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PROPOSED = "proposed"
        ACTIVE = "active", "in force"
        SUPERSEDED = "superseded"
        DISCARDED = "discarded"

    family = models.CharField(max_length=10, choices=Family, blank=True, default="")
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="sops"
    )
    risk_class = models.CharField(max_length=6, choices=RiskClass)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    shipped = models.BooleanField(default=False)
    derived_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True, default="")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True)
    history = change_history()

    class Meta:
        verbose_name = "SOP"
        ordering: ClassVar[list[str]] = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "category", "risk_class", "number"],
                nulls_distinct=False,
                name="sop_number_once",
            ),
            models.UniqueConstraint(
                fields=["family", "category", "risk_class"],
                condition=Q(state="active"),
                nulls_distinct=False,
                name="sop_one_active",
            ),
            models.UniqueConstraint(
                fields=["family", "category", "risk_class"],
                condition=Q(state__in=["draft", "proposed"]),
                nulls_distinct=False,
                name="sop_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(family="") | Q(category__isnull=True), name="sop_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(activated_by__isnull=True) | ~Q(activated_by=models.F("drafted_by")),
                name="sop_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def scope(self) -> str:
        """The parts that it is for: ``Passives``, ``All parts``, the name of a category."""
        if self.category is not None:
            return self.category.name
        return Family(self.family).label if self.family else "All parts"

    @property
    def title(self) -> str:
        """``Passives, low risk``."""
        return f"{self.scope}, {self.risk_class} risk"

    def get_absolute_url(self) -> str:
        return reverse("sop_detail", args=[self.public_id])

    def siblings(self) -> models.QuerySet[Sop]:
        """All versions for the same parts and risk class."""
        return Sop.objects.filter(
            family=self.family, category=self.category_id, risk_class=self.risk_class
        )


@words_known
class SopItem(Step, Record):
    """A step of an SOP; its code is the same in all versions."""

    sop = models.ForeignKey(Sop, models.CASCADE, related_name="items")
    lesson = models.ForeignKey(
        "qualification.Lesson", models.SET_NULL, null=True, blank=True, related_name="steps"
    )
    history = change_history()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sop", "code"], name="sop_item_code_once"),
            models.CheckConstraint(condition=~Q(code=""), name="sop_item_has_code"),
            *step_constraints("sopitem"),
        ]

    def __str__(self) -> str:
        return self.text
