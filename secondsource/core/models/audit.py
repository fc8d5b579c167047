"""Events of the timeline and seals; append-only for the application's role."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from secondsource.core.models.base import words_known


class Event(models.Model):
    """An event: actor, action, object, time, origin and reason.

    People are stored by id, so that the event stays when a person is erased. ``subject_type`` is
    the model's label (``qualification.case``).
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
    """A change of a row without a history table of its own: members, scopes, tokens, spellings.

    Written by triggers (``core.traces``). ``owner_id`` is the object to which the row belongs (the
    row itself if it has none); ``before`` and ``after`` are its columns by name, null if it was
    created or deleted.
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
    """A hash over a table's rows in a range of transactions, chained to the seal before.

    Rows belong to a seal by their transaction number (column ``sealed_tx``), because ids are
    handed out before a commit while every transaction below the oldest running one is over.
    A transaction with very many rows has several seals, each with a range of keys: ``from_id``
    and ``until_id`` (0 = none). ``row_marks`` holds for each row its key and the beginning of its
    hash, 8 bytes each, so that rows that differ can be found; older seals have none.
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

    Migrations that add columns do not affect older seals, which are recomputed from their own
    columns. A shorter list cannot hide a change, because the hashes then differ too.
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
