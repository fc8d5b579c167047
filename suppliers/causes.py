"""Causes of a source's status that other apps provide.

An app registers SQL that selects its causes (a case, a notice, a switch), and ``suppliers.resolve``
derives all sources in one query.
"""

from __future__ import annotations

#: The columns that a provider's SQL selects, in this order:
#: ``source_id`` bigint; ``cause`` one of the words below; ``code`` and ``detail`` text, the reason
#: that pages and ``/check/`` show ('' = none); ``share`` numeric, a cap (null = none);
#: ``quantity`` numeric, units granted, and ``since`` timestamptz, from when on units count.
#: ``%(parts)s`` is the array of part ids, ``%(day)s`` the day.
COLUMNS = "source_id, cause, code, detail, share, quantity, since"

#: The source has an open case, which can grant a quantity.
IN_QUALIFICATION = "in_qualification"
#: The source must be qualified again; its share must not rise.
REQUALIFY = "requalify"

_providers: dict[str, str] = {}


def provide(name: str, sql: str) -> None:
    """Register the SQL of an app's causes; another one of the same name replaces it."""
    _providers[name] = sql


def forget(name: str) -> None:
    """Remove a provider."""
    _providers.pop(name)


def query() -> str:
    """All causes as one SELECT."""
    nothing = (
        "SELECT NULL::bigint AS source_id, NULL::text AS cause, NULL::text AS code,"
        " NULL::text AS detail, NULL::numeric AS share, NULL::numeric AS quantity,"
        " NULL::timestamptz AS since WHERE false"
    )
    known = [f"SELECT {COLUMNS} FROM ({sql}) {name}" for name, sql in sorted(_providers.items())]  # noqa: S608
    return "\nUNION ALL\n".join([nothing, *known])
