"""Triggers that write the history of business rows.

The database writes the history of every statement: a service's save, a bulk load,
``QuerySet.update``, SQL by hand. A model with ``history = change_history()`` has
a table of its own; changes of other models (members, scopes, tokens, spellings …) are rows of
``core.RowChange``. :func:`attribute` sets actor and reason. Models can opt out: ``untraced =
"reason"`` for computed and transient rows, ``untraced_inserts = "reason"`` if the rows themselves
are enough until they change, ``untraced_columns`` for secrets and times of use. Append-only tables
need no triggers. Triggers are installed after migrations from the models; ``verify_audit`` reports
missing ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from psycopg2 import sql

from secondsource.core import clock, queries
from secondsource.core.actors import Actor
from secondsource.core.database_roles import append_only_tables
from secondsource.core.models import RowChange

#: Trigger → its event and transition tables; PostgreSQL requires one trigger for each.
_EVENTS = {
    "trace_insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed",
    "trace_update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS before NEW TABLE AS changed",
    "trace_delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed",
    "trace_truncate": "BEFORE TRUNCATE ON {table}",
}


class _Attribution(str):
    """The attribution of the transaction's changes, kept among Django's ``on_commit`` functions.

    A rollback to a savepoint resets the database's setting and that list together, so the last one
    in the list is the present setting.
    """

    def __call__(self) -> None:
        """Does nothing after the commit."""


def attribute(actor: Actor, reason: str = "") -> None:
    """Set actor and reason of the following changes in this transaction.

    Without it changes are attributed to the database role. Call it inside a transaction.
    """
    said = {**_who(actor), "reason": reason or actor.job}
    if (moment := clock.moved()) is not None:
        said["at"] = moment.isoformat()  # the database only accepts it from the owner's role
    _say(_Attribution(json.dumps(said)))


def forget() -> None:
    """End the attribution: the owner's role says by each row itself who wrote it."""
    _say(_Attribution())


def _say(now: _Attribution) -> None:
    if _present_attribution() == now:
        return
    queries.execute("SELECT set_config('app.change', %s, true)", (str(now),))
    transaction.on_commit(now)


def attribute_to(actor: Actor) -> None:
    """As :func:`attribute`, but keep a reason that this actor gave before."""
    present = json.loads(_present_attribution() or "{}")
    if not _who(actor).items() <= present.items():
        attribute(actor)


def _who(actor: Actor) -> dict[str, Any]:
    return {"user": actor.user_id, "job": actor.job, "origin": actor.origin}


def _present_attribution() -> _Attribution | None:
    follows = (entry[1] for entry in reversed(connection.run_on_commit))
    return next((one for one in follows if isinstance(one, _Attribution)), None)


@dataclass(frozen=True)
class Trace:
    """How changes of a table are traced: the trigger's function and its arguments."""

    table: str
    function: str
    arguments: tuple[str, ...]
    inserts: bool = True

    def triggers(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Name of each trigger → its function and arguments."""
        found = dict.fromkeys(_EVENTS, (self.function, self.arguments))
        found["trace_truncate"] = ("core_refuse_truncate", ())
        if not self.inserts:
            del found["trace_insert"]
        return found


def traces() -> Iterator[Trace]:
    """The traces of all models."""
    append_only = {*append_only_tables(), *_versioned_tables()}
    there = set(connection.introspection.table_names())
    for model in _own_models():
        table = model._meta.db_table
        if table in append_only or table not in there or hasattr(model, "untraced"):
            continue
        if hasattr(model, "history"):
            yield Trace(table, "core_keep_history", (model.history.model._meta.db_table,))
        elif model._meta.pk.column != "id":
            raise ImproperlyConfigured(f"{model._meta.label} needs an id, or to be untraced.")
        else:
            omitted: tuple[str, ...] = getattr(model, "untraced_columns", ())
            inserts = not getattr(model, "untraced_inserts", "")
            yield Trace(table, "core_keep_row", (owner_field(model).column, *omitted), inserts)


def _own_models() -> Iterator[Any]:
    """The product's own models with a table, without histories."""
    for config in apps.get_app_configs():
        if "site-packages" in config.path:
            continue
        for model in config.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy and not hasattr(model, "history_type"):
                yield model


def model_of(table: str) -> type[models.Model]:
    """The model of one of the product's own tables."""
    return next(model for model in _own_models() if model._meta.db_table == table)


def owner_field(model: type[models.Model]) -> Any:
    """The key of the object to which a row belongs and with which it is deleted; else its own."""
    for field in model._meta.concrete_fields:
        if field.many_to_one and getattr(field.remote_field, "on_delete", 0) is models.CASCADE:
            return field
    return model._meta.pk


def rows_of(owner: type[models.Model]) -> dict[str, type[models.Model]]:
    """Tables traced in ``core.RowChange`` whose rows belong to objects of this model."""
    return {
        model._meta.db_table: model
        for model in _own_models()
        if not hasattr(model, "history")
        and not hasattr(model, "untraced")
        and owner_field(model).related_model is owner
    }


def _versioned_tables() -> set[str]:
    return set(
        queries.column("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'versioned'")
    )


def _present() -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    """Table and name of each enabled trigger → its function and arguments."""
    triggers = queries.rows(
        "SELECT tgrelid::regclass::text, tgname, proname, encode(tgargs, 'escape')"
        " FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid"
        " WHERE tgname = ANY(%s) AND tgenabled IN ('O', 'A')",
        (list(_EVENTS),),
    )
    return {
        (table, name): (function, tuple(arguments.split("\\000")[:-1]))
        for table, name, function, arguments in triggers
    }


def missing() -> list[str]:
    """Tables with missing, disabled or different triggers."""
    present = _present()
    return sorted(
        trace.table
        for trace in traces()
        if any(present.get((trace.table, n)) != want for n, want in trace.triggers().items())
    )


def install(**_: Any) -> None:
    """Install the triggers of the models after migrations, and remove all others."""
    if RowChange._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to a state without traces
    present = _present()
    wanted = {
        (trace.table, name): trigger
        for trace in traces()
        for name, trigger in trace.triggers().items()
    }
    for table, name in present.keys() - wanted.keys():
        drop = sql.SQL("DROP TRIGGER {} ON {}")
        queries.execute(drop.format(sql.Identifier(name), sql.Identifier(table)))
    for (table, name), (function, arguments) in wanted.items():
        if present.get((table, name)) != (function, arguments):
            _create(table, name, function, arguments)


def _create(table: str, name: str, function: str, arguments: tuple[str, ...]) -> None:
    statement = (
        "CREATE OR REPLACE TRIGGER {name} " + _EVENTS[name] + " FOR EACH STATEMENT"
        " EXECUTE FUNCTION {function}({arguments})"
    )
    queries.execute(
        sql.SQL(statement).format(
            name=sql.Identifier(name),
            table=sql.Identifier(table),
            function=sql.Identifier(function),
            arguments=sql.SQL(", ").join(map(sql.Literal, arguments)),
        )
    )
