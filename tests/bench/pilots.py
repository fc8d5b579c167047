"""100,000 measurements of a pilot build by file: read and written by jobs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from parts import services as catalogue
from qualification import services as qualification
from qualification.models import Case
from qualification.models.cases import OPEN_STATES, State
from qualification.services.pilot_plans import (
    PlannedModel,
    PlannedParameter,
    PlannedPilot,
    lock_pilot_plan,
    save_pilot_plan,
)
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core.actors import Actor
from secondsource.exchange import services as exchange
from suppliers.models import Source
from tests.bench import measure
from tests.bench.bulk import run_apart
from tests.bench.measure import Table

MEASUREMENTS, PARAMETERS, MOST_MS = 100_000, 10, 5_000


def measure_measurements(table: Table, actor: Actor, say: Callable[[str], None]) -> None:
    """Import generated measurements once; they stay, as facts do."""
    case = _case_at_pilot(actor)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "measurements.csv"
        with path.open("w") as file:
            file.writelines(measurement_lines(case.key, MEASUREMENTS))
        with path.open("rb") as stream:
            upload = UploadedFile(stream, path.name, "text/csv", path.stat().st_size)
            imported = exchange.upload(file=upload, kind="measurements", actor=actor)
    read_s, _ = run_apart(imported)
    exchange.confirm(imported=imported, actor=actor)
    write_s, _ = run_apart(imported)
    if imported.result.get("created") != MEASUREMENTS:
        raise RuntimeError(f"the import ended as {imported.state}: {imported.result}")
    name = f"{MEASUREMENTS:,} measurements"
    table.add(measure.of_runs(f"{name}, preview", [[read_s * 1000]]), most=MOST_MS)
    table.add(measure.of_runs(f"{name}, import", [[write_s * 1000]]), most=MOST_MS)
    say(f"{name}: read in {read_s:.1f} s, written in {write_s:.1f} s")


def measurement_lines(key: str, rows: int) -> Iterator[str]:
    """CSV of values of both arms, a serial number for each unit."""
    yield "Case,Parameter,Value,Source,Lot,Serial number\n"
    for n in range(rows):
        unit, parameter = divmod(n, PARAMETERS)
        arm = "alternate" if unit % 2 else "incumbent"
        value = 3.3 + (n * 7919 % 1000 - 500) / 10_000
        yield f"{key},P{parameter},{value:.4f},{arm},LOT-{unit % 7},S{unit:06d}\n"


def free_source() -> Source:
    """An alternate without an open case."""
    free = Source.objects.filter(role=Source.Role.ALTERNATE).exclude(cases__state__in=OPEN_STATES)
    source = free.select_related("part__category").first()
    if source is None:
        raise RuntimeError("there is no alternate without a case")
    return source


def _case_at_pilot(actor: Actor) -> Case:
    """A case at its pilot build on a source without one, with a locked plan of ten parameters."""
    source = free_source()
    products = [
        catalogue.add_product(code=f"BENCH-{source.pk}-{n}", name="Bench", actor=actor)
        for n in (1, 2)
    ]
    for product in products:
        line = catalogue.NewLine(part_id=source.part_id, quantity=Decimal(1))
        catalogue.add_revision(product=product, lines=[line], actor=actor, origin="bench")
    case = qualification.open_case(source=source, actor=actor)
    planned = PlannedPilot(
        models=[PlannedModel(product=one, units=100, floor=Decimal("0.9")) for one in products],
        parameters=[
            PlannedParameter(name=f"P{n}", lower_limit=3.0, upper_limit=3.6)
            for n in range(PARAMETERS)
        ],
    )
    plan = save_pilot_plan(case=case, planned=planned, actor=actor)
    quality = User.objects.create_user(
        f"bench-quality-{case.pk}@generated.example", None, name="Generated", roles=[Role.QUALITY]
    )
    lock_pilot_plan(plan=plan, actor=Actor(user=quality))
    Case.objects.filter(pk=case.pk).update(state=State.PILOT_BUILD)
    case.refresh_from_db()
    return case
