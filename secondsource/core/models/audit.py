"""The human timeline and its seals; both append-only for the application's role."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from secondsource.core.models.base import words_known


class Event(models.Model):
    """Who did what to which object, when, by which entrance and why.

    People stand here by id and are looked up when shown, so that erasing a person keeps the
    record. ``subject_type`` is the model's label (``qualification.case``).
    """

    at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True, blank=True)
    job = models.CharField(max_length=60, blank=True, default="", db_default="")
    origin = models.CharField(max_length=8)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_key = models.CharField(max_length=120, blank=True, default="", db_default="")
    note = models.TextField(blank=True, default="", db_default="")
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"]),
            models.Index(fields=["action", "-id"]),
            models.Index(fields=["-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_key}"


@words_known
class RowChange(models.Model):
    """A change of a row that has no history table of its own: members, scopes, tokens, spellings.

    Written by trigger (``core.traces``). ``owner_id`` is the object that the row belongs to (the
    row itself when it stands alone); ``before`` and ``after`` hold its columns by name, null for a
    row that was created or deleted.
    """

    class Kind(models.TextChoices):
        CREATED = "+"
        CHANGED = "~"
        DELETED = "-"

    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=1, choices=Kind)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    at = models.DateTimeField(db_default=Now())
    user_id = models.BigIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=8, blank=True, default="")
    reason = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["table", "owner_id", "-id"], name="row_change_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.table} {self.row_id}"


class AuditSeal(models.Model):
    """A hash over one table's rows written in a range of transactions, chained to the last.

    Rows belong to a seal by their transaction number (column ``sealed_tx``), because ids are
    handed out before a commit while every transaction below the oldest running one is over.
    A transaction with very many rows has several seals, each with a range of keys: ``from_id``
    and ``until_id`` (0 = none). ``row_marks`` holds for each row its key and the beginning of its
    hash, 8 bytes each, so that a row that differs can be named; seals of before have none.
    """

    table = models.CharField(max_length=63)
    from_tx = models.BigIntegerField()
    from_id = models.BigIntegerField(default=0, db_default=0)
    until_tx = models.BigIntegerField()
    until_id = models.BigIntegerField(default=0, db_default=0)
    rows = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    row_marks = models.BinaryField(null=True, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "from_tx", "from_id"], name="seal_one_successor"
            ),
            models.CheckConstraint(
                condition=models.Q(until_tx__gt=models.F("from_tx"))
                | models.Q(until_tx=models.F("from_tx"), until_id__gt=models.F("from_id")),
                name="seal_range_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} [{self.from_tx}, {self.until_tx})"


class SealedColumns(models.Model):
    """The columns of a table that its seals cover from ``from_tx`` and ``from_id`` on.

    A migration that adds a column leaves older seals as they were: they are recomputed from the
    columns that they were made of. A shorter list cannot hide a change, because hashes differ too
    when a column is missing.
    """

    table = models.CharField(max_length=63)
    from_tx = models.BigIntegerField()
    from_id = models.BigIntegerField(default=0, db_default=0)
    columns = ArrayField(models.CharField(max_length=63))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "from_tx", "from_id"], name="sealed_columns_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} from {self.from_tx}"
