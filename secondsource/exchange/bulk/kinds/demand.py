"""Yearly demand of parts, as a planner or an ERP gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secondsource.core import clock
from secondsource.exchange.bulk import cells, heads
from secondsource.exchange.bulk.kind import Column
from secondsource.exchange.bulk.kinds.part_figures import PartFiguresKind
from secondsource.exchange.bulk.measures import Rate
from secondsource.exchange.bulk.staging import Stage

_YEARLY = "COALESCE(s.given_demand, s.month_demand * 12)"


class Demand(PartFiguresKind):
    """Changes parts that are there. A given demand goes before the one that BOMs lead to."""

    name, label, noun = "demand", "Demand", ("demand of a part", "demands of parts")
    help = "One row a part: its IPN and how many we need in a year, or in a month."
    columns = (
        heads.ipn(required=True),
        Column("given_demand", "Yearly demand", Rate(18, 4, base="y"), heads.DEMAND,
               example="120000"),
        Column("month_demand", "Monthly demand", cells.Number(18, 4), heads.MONTH_DEMAND,
               example="10000",
               help="Times twelve, where no yearly demand stands."),
        heads.as_of("demand_as_of"),
    )  # fmt: skip
    one_of = (("given_demand", "month_demand"),)
    values = {"given_demand": _YEARLY, "demand_as_of": "s.demand_as_of"}
    also = {"demand_source": "CASE WHEN s.demand_as_of IS NOT NULL THEN {origin} END"}
    quantities = not_negative = ("given_demand", "month_demand")

    def check(self, stage: Stage) -> None:
        super().check(stage)
        stage.sql(
            "UPDATE {s} s SET demand_as_of = %s FROM parts_part p WHERE p.id = s.part_id"  # noqa: S608
            f" AND s.demand_as_of IS NULL AND {_YEARLY} IS NOT NULL"
            f" AND {_YEARLY} IS DISTINCT FROM p.given_demand",
            (clock.business_day(),),
        )

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        ((yearly,),) = stage.fetch(f"SELECT sum({_YEARLY}) FROM {{s}} s WHERE NOT bad")  # noqa: S608
        return {"Pieces a year": yearly}
