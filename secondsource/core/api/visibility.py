"""Hidden fields, by the function in the setting ``HIDDEN_NAMES``."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.module_loading import import_string

from secondsource.core.actors import Actor


@cache
def _rule() -> Any:
    return import_string(settings.HIDDEN_NAMES)


def hidden_names(actor: Actor | None, model_label: str) -> set[str]:
    """Names of the model's fields that are hidden from this actor; without an actor all."""
    names: set[str] = _rule()(actor or Actor(), model_label) if model_label else set()
    return names


def hides(actor: Actor | None, model: type[Model], path: str) -> bool:
    """Whether an ORM path (``figures__spend_12m``) leads through a field hidden from the actor."""
    here: Any = model
    for name in path.lstrip("-").split("__"):
        if name in hidden_names(actor, here._meta.label_lower):
            return True
        try:
            here = here._meta.get_field(name).related_model
        except FieldDoesNotExist:
            return False
        if here is None:
            return False
    return False
