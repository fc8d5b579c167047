"""Kinds whose rows make several records: a part, its manufacturer, MPN and source.

A :class:`Steps` kind is a :class:`RecordKind` for its main records; the records that these need
(``before``) and that hang on them (``behind``) are steps: small record kinds that go over the same
staging table, one after the other, each about some of its rows. All of them note what undo needs;
undo goes through them backwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.db import models

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.exchange.bulk import removal
from secondsource.exchange.bulk.kind import Counts
from secondsource.exchange.bulk.records import RecordKind
from secondsource.exchange.bulk.staging import PROBLEM, STAGE, Stage
from secondsource.exchange.models import Import, ImportedRow


class Step(RecordKind):
    """Records besides the main ones. ``about``: SQL condition on the rows ``s`` that name one;
    ``into``: the id column that gets it.
    """

    columns = ()
    permission = ""
    about: ClassVar[str]
    into: ClassVar[str]
    several_rows = True

    def run(self, stage: Stage, imported: Import) -> None:
        """Write the step's records; the staging table is as before, ``into`` apart."""
        stage.sql(
            "UPDATE {s} s SET bad = true"  # noqa: S608 (conditions of kinds)
            f" WHERE NOT bad AND NOT COALESCE(({self.about}), false)"
        )
        self.prepare(stage)
        self.write(stage, imported)
        clear(stage, into=self.into)

    def prepare(self, stage: Stage) -> None:
        """Fill what the step's expressions need."""


class Steps(RecordKind):
    """A kind of several record kinds; see the module's docstring."""

    #: The id column that keeps the main record for the steps behind it.
    main_id: ClassVar[str] = ""
    before: ClassVar[Sequence[Step]] = ()
    behind: ClassVar[Sequence[Step]] = ()

    @property
    def parts_of_it(self) -> list[RecordKind]:
        """All record kinds in the order of writing."""
        return [*self.before, self, *self.behind]

    def write(self, stage: Stage, imported: Import) -> Counts:
        """Each step in turn; the counts are the main records'."""
        clear(stage)
        for step in self.before:
            step.run(stage, imported)
        self.prepare(stage, imported)
        counts = super().write(stage, imported)
        clear(stage, into=self.main_id)
        for step in self.behind:
            step.run(stage, imported)
        self.tell_all(imported)
        return counts

    def prepare(self, stage: Stage, imported: Import) -> None:
        """Called between the steps before the main records and these."""

    def tell_all(self, imported: Import) -> None:
        """Send the signals of everything that was written."""

    def lock(self, imported: Import) -> None:
        for one in self.parts_of_it:
            removal.lock(imported, one)

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        def made(model: type[models.Model]) -> list[int]:
            return journaled(imported, model, new=True)

        return [
            reason
            for one in self.parts_of_it
            for reason in removal.reasons_against(imported, one, made)
        ]

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        for one in reversed(self.parts_of_it):
            removal.take_back(imported, one, actor=actor)


#: What a step leaves behind in the staging table → what the next one finds.
_FORGOTTEN = {
    "target_id": "NULL::bigint",
    "act": "NULL::text",
    "head": "NULL::integer",
    "bad": f"EXISTS (SELECT FROM {PROBLEM} p WHERE p.row = s.row)",
}


def clear(stage: Stage, into: str = "") -> None:
    """Forget what the last step did to the rows; its records' ids stay in the column ``into``.

    The table is written anew: rows that a transaction changes again and again lie there in all
    their versions, and every further change of them is slower than the last.
    """
    names = stage.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum",
        (STAGE,),
    )
    kept = {into: f"CASE WHEN s.bad THEN s.{into} ELSE s.target_id END"} if into else {}
    new = _FORGOTTEN | kept
    columns = ", ".join(f"{new.get(name, 's.' + name)} AS {name}" for (name,) in names)
    stage.sql(
        f"CREATE TEMP TABLE import_fresh ON COMMIT DROP AS SELECT {columns} FROM {{s}} s"  # noqa: S608
    )
    stage.sql("DROP TABLE {s}")
    stage.sql("ALTER TABLE import_fresh RENAME TO {s}")
    stage.sql("ALTER TABLE {s} ADD PRIMARY KEY (row)")
    stage.sql("ANALYZE {s}")


def journaled(imported: Import, model: type[models.Model], *, new: bool | None = None) -> list[int]:
    """Ids of the model's rows that an import made (``new``), changed (False), or either (None)."""
    rows = ImportedRow.objects.filter(imported=imported, model=audit.label(model))
    if new is not None:
        rows = rows.filter(before__isnull=new)
    return list(rows.values_list("object_id", flat=True))
