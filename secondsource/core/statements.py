"""Queries whose SQL is worked out once a process and asked with other values each time.

Working out the SQL of a query set takes longer than the database takes to answer it. What every
request asks in the same form (whose token is it, which columns have these rows) is kept as text,
and its plan by the sessions of the database.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

from django.db import connection
from django.db.models import F, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler

_names = itertools.count(1)


class AnyOf(Lookup):
    """``column = ANY(list)``: one parameter, however many values."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition; the list goes to the driver as it is."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, self.rhs)

    @classmethod
    def of(cls, path: str, values: Any) -> AnyOf:
        """The condition on an ORM path."""
        return cls(F(path), values)


class Statement:
    """The SQL of ``rows`` (a ``values_list``), with names for some of its values.

    ``names``: name → the value by which it stands in ``rows``, found by identity or, as the text
    that Django made of it, by equality; each stands there once. ``planned``: whether sessions
    keep its plan, which they never forget: only for statements of which there are few.
    """

    def __init__(
        self, rows: QuerySet[Any, Any], names: Mapping[str, Any], *, planned: bool = True
    ) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        self.sql, params = compiler.as_sql()
        self._params = list(params)
        self._at = {name: self._place(value) for name, value in names.items()}
        self._name = f"kept_{next(_names)}"
        places = ", ".join(["%s"] * len(self._params))
        self._planned = planned
        self._call = f"EXECUTE {self._name} ({places})" if planned else self.sql
        self._numbered = self.sql % tuple(f"${n}" for n in range(1, len(self._params) + 1))
        self._sessions: WeakSet[Any] = WeakSet()
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(columns)

    def _place(self, value: Any) -> int:
        found = [i for i, given in enumerate(self._params) if given is value or given == value]
        if len(found) != 1:
            raise ValueError(f"{value!r} stands {len(found)} times in the query")
        return found[0]

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The answer for these values, one for each name."""
        params = list(self._params)
        for name, place in self._at.items():
            params[place] = values[name]
        with connection.cursor() as cursor:
            self._prepare(cursor)
            cursor.execute(self._call, params)
            found = cursor.fetchall()
        return [self._converted(row) for row in found] if self._converters else found

    def _prepare(self, cursor: Any) -> None:
        """Let the database keep the plan too: planning takes longer than the answer.

        It does so for a session, hence the connection is never one of a pool by transaction.
        """
        session: Any = connection.connection
        if self._planned and session not in self._sessions:
            cursor.execute(f"PREPARE {self._name} AS {self._numbered}")
            self._sessions.add(session)

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)
