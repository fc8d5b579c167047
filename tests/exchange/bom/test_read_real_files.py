"""Real files yield exactly the figures that a careful reader counted."""

import pytest

from .real_files import FIGURES, expectations, imported, true_lines

# Where we read a file otherwise on purpose: file, figure → our number and why. At most five.
DEVIATIONS: dict[tuple[str, str], tuple[float, str]] = {}

NAMES = sorted(expectations()) or [
    pytest.param("", marks=pytest.mark.skip(reason="../shared/data/bom is not there"))
]


def test_deviations_are_few():
    assert len(DEVIATIONS) <= 5


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_exact(name):
    expected = dict(expectations()[name])
    found = imported(name).as_dict()
    for ours, theirs in FIGURES:
        if ours == "designators" and expected.get("refdes_scored") is False:
            continue
        wanted = DEVIATIONS.get((name, ours), (expected[theirs], ""))[0]
        assert float(found[ours]) == wanted, ours


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_those_of_the_careful_reader(name):
    truth = sorted((line["row0"] + 1, line["qty"]) for line in true_lines()[name])
    lines = imported(name).lines
    assert sorted((line.row, float(line.quantity)) for line in lines) == truth
