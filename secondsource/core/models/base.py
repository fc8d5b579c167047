"""The base of business records: an opaque id, a version to lock by, and field history."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import connection, models
from django.db.models.functions import Now
from django.dispatch import receiver
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record


class Record(models.Model):
    """A business object.

    ``public_id`` is what the API calls ``id``; ``version`` rises with every save through
    ``core.audit.save_as`` and is what callers lock by.
    """

    public_id = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    #: The history manager that ``change_history()`` puts on each concrete model.
    history: ClassVar[Any]

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """What people and integrations call this object; natural keys override it."""
        return str(self.public_id)


class HistoryEntry(models.Model):
    """What each history row holds besides the fields: the entrance the change came by."""

    history_origin = models.CharField(max_length=8, default="", db_default="")

    class Meta:
        abstract = True


def _user_of(historical: Any) -> Any:
    from django.contrib.auth import get_user_model  # the user model loads after this module

    if historical.history_user_id is None:
        return None
    return get_user_model().objects.filter(pk=historical.history_user_id).first()


def _set_user(historical: Any, user: Any) -> None:
    historical.history_user_id = user.pk if user is not None else None


class FieldHistory(HistoricalRecords):
    """History that is asked for by the record alone, so its other columns carry no index.

    An import writes tens of thousands of entries; eight indexes on each cost more than the rows.
    """

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        """Copies of the model's fields, the record's id alone indexed."""
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name == model._meta.pk.name
        return fields


def change_history() -> HistoricalRecords:
    """History of every field, people by bare id so that erasing a name keeps the record."""
    return FieldHistory(
        bases=[HistoryEntry],
        history_user_id_field=models.BigIntegerField(null=True, blank=True),
        history_user_getter=_user_of,
        history_user_setter=_set_user,
        get_user=_history_user_of_instance,
        history_change_reason_field=models.TextField(null=True, blank=True),
    )


def _history_user_of_instance(instance: Any, **_: Any) -> Any:
    return getattr(instance, "_history_user", None)


@receiver(pre_create_historical_record)
def _note_origin(sender: Any, **kwargs: Any) -> None:
    origin = getattr(kwargs["instance"], "_history_origin", "")
    kwargs["history_instance"].history_origin = origin


class Counter(models.Model):
    """The last number handed out of a named series (cases, part numbers)."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"

    @classmethod
    def take(cls, name: str, count: int = 1) -> range:
        """The next ``count`` numbers of the series; concurrent takers wait for each other."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_counter (name, value) VALUES (%s, %s) ON CONFLICT (name)"
                " DO UPDATE SET value = core_counter.value + excluded.value RETURNING value",
                (name, count),
            )
            last = cursor.fetchone()[0]
        return range(last - count + 1, last + 1)
