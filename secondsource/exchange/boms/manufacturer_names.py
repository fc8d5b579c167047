"""Names of one manufacturer that an import would take for two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from secondsource.exchange.bom import BomLine, PartRef, Warning
from secondsource.exchange.bom.manufacturers import canonical
from secondsource.exchange.boms.lookup import Records
from suppliers.names import normal_name


def _places(line: BomLine) -> Iterator[tuple[PartRef, int]]:
    """The parts of a line, each with the row where it was read."""
    if line.primary:
        yield line.primary, line.row
    for other in line.alternates:
        yield other.part, other.row


def two_names(
    lines: Iterable[BomLine], records: Records, same: Mapping[str, str]
) -> Iterator[Warning]:
    """One question for each further name of a manufacturer, at the first row where it stands.

    Names that are on record as those of one supplier are one manufacturer already, and so are
    those that somebody called the ``same`` (normal name → that of the other).
    """
    first: dict[str, tuple[str, int | str]] = {}
    told: set[str] = set()
    for line in lines:
        for ref, row in _places(line):
            name = ref.manufacturer or ""
            normal = normal_name(name)
            if not normal or normal in told:
                continue
            identity: int | str = records.suppliers.get(normal, same.get(normal, normal))
            other, known = first.setdefault(canonical(name), (name, identity))
            if known != identity:
                told.add(normal)
                detail = f"{name} and {other} may be one manufacturer; as written they are two."
                yield Warning(row, None, "one_manufacturer_two_names", detail, line.sheet)
