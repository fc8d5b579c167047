"""Bases of business records: opaque id, version for optimistic locking, and field history."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import connection, models
from django.db.models.functions import Now
from simple_history.models import HistoricalRecords


class Record(models.Model):
    """A business object.

    ``public_id`` is the ``id`` of the API; ``version`` rises with every save by
    ``core.audit.save_as`` and is for optimistic locking.
    """

    public_id = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    #: The history manager that ``change_history()`` adds to each concrete model.
    history: ClassVar[Any]

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """The public key of this object; models with a natural key override it."""
        return str(self.public_id)


M = TypeVar("M", bound=type[models.Model])


def words_known(model: M) -> M:
    """Decorate a model with constraints on the ``choices`` of its fields.

    Fields with ``blank`` can be empty; in lists each item must be one of the choices.
    """
    options: Any = model._meta
    for field in options.concrete_fields:
        listed = isinstance(field, ArrayField)
        choices = (field.base_field if listed else field).choices
        if not choices:
            continue
        words = [str(word) for word, _ in choices]
        words += [""] if field.blank and not listed and "" not in words else []
        lookup = "contained_by" if listed else "in"
        options.constraints.append(
            models.CheckConstraint(
                condition=models.Q(**{f"{field.name}__{lookup}": words}),
                name=f"{options.model_name}_{field.name}_known",
            )
        )
    options.original_attrs["constraints"] = options.constraints  # for migrations
    return model


class HistoryEntry(models.Model):
    """Base of history rows: the origin of the change."""

    history_origin = models.CharField(max_length=8, default="", db_default="")

    class Meta:
        abstract = True


def _user_of(historical: Any) -> Any:
    from django.contrib.auth import get_user_model  # the user model is loaded after this module

    if historical.history_user_id is None:
        return None
    return get_user_model().objects.filter(pk=historical.history_user_id).first()


class FieldHistory(HistoricalRecords):
    """History written by the database and indexed by record only.

    Triggers write it (``core.traces``) for every statement. Its columns have no further indexes,
    because an import writes tens of thousands of entries and eight indexes cost more than the rows.
    """

    def post_save(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing, because the trigger writes the history."""

    def post_delete(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing, because the trigger writes the history."""

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        """Copies of the model's fields; only the record's id is indexed."""
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name == model._meta.pk.name
        return fields


def change_history() -> HistoricalRecords:
    """History of all fields; people are stored by id, so that erasing one keeps the history."""
    return FieldHistory(
        bases=[HistoryEntry],
        history_user_id_field=models.BigIntegerField(null=True, blank=True),
        history_user_getter=_user_of,
        history_change_reason_field=models.TextField(null=True, blank=True),
    )


class Counter(models.Model):
    """The last number of a series (cases, part numbers)."""

    untraced = "the numbers given stand in the rows"

    name = models.CharField(max_length=60, primary_key=True)
    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"

    @classmethod
    def take(cls, name: str, count: int = 1) -> range:
        """The next ``count`` numbers of the series; concurrent calls wait for each other."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_counter (name, value) VALUES (%s, %s) ON CONFLICT (name)"
                " DO UPDATE SET value = core_counter.value + excluded.value RETURNING value",
                (name, count),
            )
            last = cursor.fetchone()[0]
        return range(last - count + 1, last + 1)
