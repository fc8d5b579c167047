"""The spec review of a case, finished through the services that the product uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parts import services as catalogue
from qualification import services as qualification
from qualification import spec_review
from qualification.services import ChosenLine
from qualification.spec_review import ReviewLine
from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers import services as sourcing
from suppliers.models import Declaration

if TYPE_CHECKING:
    from tests.factories import Team

JOB = Actor.named_job("tests")


def compare(team: Team, needs: list[dict[str, Any]], *datasheets: list[dict[str, Any]]) -> None:
    """Requirements of the part, then the datasheets of candidate and incumbent."""
    part = team.source.part
    catalogue.set_requirements(part=part, requirements=needs, actor=JOB)
    sources = [team.source, *part.sources.exclude(pk=team.source.pk).order_by("pk")]
    for source, lines in zip(sources, datasheets, strict=False):
        sourcing.set_parameters(
            manufacturer_part=source.manufacturer_part, parameters=lines, actor=JOB
        )
    team.reload()


def finish_deviations(team: Team) -> None:
    """Every difference accepted; a part without requirements gets one, which was measured."""
    if not any(line.row.is_judged for line in spec_review.lines(team.case)):
        need = {"parameter": "Voltage", "rule": "at_least", "minimum": 3.0, "unit": "V"}
        catalogue.set_requirements(part=team.source.part, requirements=[need], actor=JOB)
    for line in spec_review.lines(team.reload()):
        if line.is_open:
            _accept(team, line)
    team.reload()


def finish_clearance(team: Team) -> None:
    """A search without a conflict."""
    qualification.add_clearance(
        case=team.case, kind="clone", subject="Pin-compatible to the incumbent",
        searched_in="Espacenet", result="clear", actor=team["engineering"],
    )  # fmt: skip


def declare(team: Team, scheme: str, **values: Any) -> Declaration:
    """A declaration of the candidate that holds, unless said otherwise."""
    usual: dict[str, dict[str, Any]] = {
        "rohs": {"status": "compliant"},
        "reach": {"status": "no_svhc", "list_date": clock.business_day()},
        "conflict_minerals": {"status": "conformant"},
    }
    return sourcing.declare(
        manufacturer_part=team.source.manufacturer_part, scheme=scheme, actor=team["engineering"],
        values={"document": "D-1"} | usual[scheme] | values,
    )  # fmt: skip


def finish_declarations(team: Team) -> None:
    """Declarations of all schemes."""
    for scheme in Declaration.Scheme.values:
        declare(team, scheme)


def _accept(team: Team, line: ReviewLine) -> None:
    missed = line.verdict == "blocks"
    [made] = qualification.decide(
        case=team.case, chosen=[ChosenLine(line.parameter, line.test_condition)],
        decision="accept_with_condition" if missed else "accept",
        condition="As measured" if missed else "", reason="Measured on 5 samples",
        actor=team["engineering"],
    )  # fmt: skip
    if made.needs_confirmation:
        qualification.confirm(disposition=made, actor=team["quality"])
