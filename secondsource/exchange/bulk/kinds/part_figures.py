"""What kinds that only change figures of parts have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from parts.models import Part
from parts.signals import parts_changed
from secondsource.core import clock
from secondsource.exchange.bulk import cells
from secondsource.exchange.bulk.records import RecordKind
from secondsource.exchange.bulk.references import find_parts, refuse_fractions
from secondsource.exchange.bulk.staging import Stage

QUANTITY = cells.Number(18, 4)


class PartFiguresKind(RecordKind):
    """Rows name a part by our number; parts are never made by these."""

    permission = "parts.write_part"
    ids = ("part_id",)
    model = Part
    creates = False
    key = "t.id = s.part_id"
    unique, unique_words = ("ipn",), "part"
    #: Staging columns with quantities, and those of them that cannot be below zero.
    quantities: ClassVar[Sequence[str]]
    not_negative: ClassVar[Sequence[str]]

    def find(self, stage: Stage) -> None:
        find_parts(stage)

    def check(self, stage: Stage) -> None:
        stage.refuse_duplicates(self.unique, self.unique_words)
        for name in self.not_negative:
            stage.refuse(name, "negative", "This cannot be below zero.", f"s.{name} < 0")
        refuse_fractions(stage, self.quantities)
        day = next(one.name for one in self.columns if one.name.endswith("_as_of"))
        tomorrow = clock.business_day() + dt.timedelta(days=1)
        stage.refuse(day, "in_future", "This date has not come yet.", f"s.{day} > %s", [tomorrow])
        given = ", ".join(f"s.{name}" for name in self.quantities)
        stage.refuse(
            self.quantities[0], "nothing_given", "The row names a part and no quantity.",
            f"COALESCE({given}) IS NULL AND NOT EXISTS"
            " (SELECT FROM import_problem x WHERE x.row = s.row)",
        )  # fmt: skip

    def tell(self, stage: Stage) -> None:
        touched = {pk for (pk,) in stage.fetch("SELECT part_id FROM {s} WHERE act = 'u'")}
        if touched:
            parts_changed.send(sender=Part, part_ids=touched)

    def after_undo(self, created: list[int], changed: list[int]) -> None:
        if changed:
            parts_changed.send(sender=Part, part_ids=set(changed))
