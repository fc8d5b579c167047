"""Real files yield exactly the figures that a careful reader counted."""

from collections import Counter

import pytest

from secondsource.exchange.bom import PartRef

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


# Questions that the files really raise; the other files are clean and raise none.
QUESTIONS = {
    "bbb_beaglebone_black.csv": {
        "garbled": 3,
        "lifecycle_note": 3,
        "manufacturer_misspelled": 1,
        "manufacturer_unnamed": 1,
        "mpn_doubtful": 1,
        "not_installed_list": 1,
        "one_number_two_manufacturers": 1,
        "value_differs": 2,
    },
    "bitaxe_gamma.csv": {
        "name_differs": 1,
    },
    "cantact_v1.0.xls": {
        "designator_repeated": 1,
    },
    "fomu_evt3.csv": {
        "distributor_number": 1,
        "placeholder": 1,
    },
    "fomu_pvt1.csv": {
        "distributor_number": 4,
        "manufacturer_unnamed": 1,
        "placeholder": 1,
    },
    "glasgow_revC3.csv": {
        "manufacturer_misspelled": 1,
        "mpn_normalised": 1,
        "part_numbers_unread": 1,
    },
    "inkplate6_v1.0.xlsx": {
        "mpn_doubtful": 1,
        "placeholder": 1,
    },
    "libresolar_bms_c1.csv": {
        "manufacturer_misspelled": 1,
        "merged_parts": 1,
        "possible_alternate": 1,
    },
    "libresolar_mppt2420lc.csv": {
        "manufacturer_misspelled": 1,
    },
    "limesdr_usb_1v4_r4.xls": {
        "manufacturer_differs": 2,
    },
    "limesdr_usb_1v4_r7.xls": {
        "manufacturer_differs": 3,
    },
    "macchina_m2_interface.csv": {
        "manufacturer_misspelled": 1,
        "row_skipped": 1,
    },
    "microbit_v2.21.csv": {
        "manufacturer_misspelled": 1,
        "mpn_doubtful": 1,
    },
    "odrive_v3.4_24V.csv": {
        "mpn_doubtful": 1,
    },
    "olimex_a20_lime_revJ.ods": {
        "fitted_unclear": 1,
    },
    "opencellular_bbu_revC_alternates.xlsx": {
        "distributor_number": 1,
        "manufacturer_differs": 1,
        "manufacturer_misspelled": 3,
        "name_differs": 1,
        "one_number_two_manufacturers": 1,
        "row_skipped": 3,
    },
    "opencellular_gbc_rotundu_v3.6.xlsx": {
        "manufacturer_differs": 1,
        "manufacturer_misspelled": 1,
    },
    "opencellular_oc2g_900mhz.xls": {
        "alternate_repeated": 1,
        "manufacturer_differs": 1,
        "manufacturer_is_distributor": 1,
        "manufacturer_misspelled": 2,
        "mpn_doubtful": 1,
        "one_number_two_manufacturers": 1,
        "value_differs": 2,
    },
    "particle_photon_v1.0.0.xlsx": {
        "placeholder": 1,
    },
    "pocketbeagle.csv": {
        "possible_alternate": 1,
    },
    "rambo.txt": {
        "designator_repeated": 1,
        "designators_in_words": 1,
        "manufacturer_misspelled": 1,
        "mpn_doubtful": 1,
        "name_differs": 1,
        "quantity_differs": 3,
        "quantity_zero": 1,
    },
    "speeduino_m52tu_L9637D_utf16.csv": {
        "mpn_doubtful": 1,
        "name_differs": 1,
        "placeholder": 1,
    },
    "speeduino_m52tu_MAX13020_utf16.csv": {
        "mpn_doubtful": 1,
        "name_differs": 1,
        "placeholder": 1,
    },
    "ulx3s_bom.csv": {
        "manufacturer_without_number": 2,
        "two_part_numbers": 2,
    },
}


# What must be answered before such a file is imported; of the other files nothing.
STOPS = {
    "ulx3s_bom.csv": ["part_numbers"] * 4,
}


@pytest.mark.parametrize("name", NAMES)
def test_questions_are_those_that_the_file_raises(name):
    found = Counter(warning.code for warning in imported(name).warnings)
    assert found == Counter(QUESTIONS.get(name, {}))
    assert [question.code for question in imported(name).questions] == STOPS.get(name, [])


@pytest.mark.parametrize("name", NAMES)
def test_designators_are_those_of_the_careful_reader(name):
    if expectations()[name].get("refdes_scored") is False:
        pytest.skip("prose designators are not scored")
    # The careful reader lost the suffix of ranges such as R65_D..R68_D.
    lines = [
        (line.row, sorted(name.removesuffix("_D") for name in line.designators))
        for line in imported(name).lines
    ]
    truth = [
        (line["row0"] + 1, sorted(name.removesuffix("_D") for name in line["refs"]))
        for line in true_lines()[name]
    ]
    assert sorted(lines) == sorted(truth)


@pytest.mark.parametrize("name", NAMES)
def test_parts_are_those_of_the_careful_reader(name):
    """Primary part first; of alternates in numbered columns the order is that of the numbers."""
    truth = Counter(
        (line["row0"] + 1, line["qty"], tuple(line["mpns"][:1]), frozenset(line["mpns"]))
        for line in true_lines()[name]
    )
    found = Counter(
        (
            line.row,
            float(line.quantity),
            tuple(_as_written(name, part) for part in line.parts[:1]),
            frozenset(_as_written(name, part) for part in line.parts),
        )
        for line in imported(name).lines
    )
    different = [key for key in found if key not in truth]
    assert sorted(key[0] for key in different) == READ_OTHERWISE.get(name, [])
    assert found.total() == truth.total()


# Where the careful reader wrote down a cell as it stands and we take it apart.
READ_OTHERWISE = {
    "libresolar_bms_c1.csv": [52],  # two parts of one line, joined by a comma
    "libresolar_mppt2420lc.csv": [30],  # Bourns SRR6045TA-470Y is a manufacturer and its number
}


def _as_written(name: str, part: PartRef) -> str:
    """The original, with the manufacturer where the file has both in one cell."""
    original = " ".join(part.mpn_original.split())
    return original.rstrip(".,") if name == "pocketbeagle.csv" else original


@pytest.mark.parametrize("name", NAMES)
def test_lines_that_are_not_fitted(name):
    """A line whose designators are all in an NF(…) list is not fitted as a whole."""
    truth = Counter((line["row0"] + 1, line["qty"]) for line in true_lines()[name] if line["dnp"])
    found = Counter(
        (line.row, float(line.quantity))
        for line in imported(name).lines
        if not line.fitted and not line.dnp_reason.startswith("NF(")
    )
    assert found == truth


def test_places_that_nobody_else_reads():
    bbb = imported("bbb_beaglebone_black.csv")
    assert len(bbb.not_installed) == 23
    assert imported("libresolar_bms_c1.csv").totals.alternates_inferred == 19
    assert imported("rambo.txt").totals.alternates_inferred == 3
    lime = imported("limesdr_usb_1v4_r7.xls").lines
    assert sum(len(line.not_fitted_designators) for line in lime) == 60
