"""The demonstration's FMEAs: rows by part, with actions, evidence and accepted AP-High."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile

from qualification import services as qualification
from qualification.models import Case, FmeaRow
from qualification.services.fmea import reopen_fmeas
from secondsource.core import clock
from secondsource.workspace.demo.people import Cast


@dataclass(frozen=True)
class Act:
    """An action; with ``after`` (O, D) it is completed, else ``aim`` is its target."""

    text: str
    owner: str = "engineer"
    kind: str = "prevention"
    after: tuple[int, int] | None = None
    aim: tuple[int, int] | None = None
    status: str = "open"
    days: int = 12


@dataclass(frozen=True)
class Mode:
    """A row: its cells in the order of the worksheet, its action, why it is accepted."""

    cells: tuple[str, str, str, int | None, str, str, str, int | None, int | None]
    act: Act | None = None
    accepted: str = ""


_SUPPLY = Mode(
    ("Supply 40 % share", "Alternate on allocation", "Line down, 3 days", 8,
     "Single fab of the alternate", "Capacity agreed by the quarter",
     "Quarterly capacity review", 6, 6),
    accepted="One fab is the only choice of this manufacturer; six weeks of the incumbent are"
             " held and the rollback takes 48 hours.",
)  # fmt: skip
_MIXED = Mode(
    ("Be traceable", "Mixed lots on one reel", "Recall doubles", 6, "Repacked by a distributor",
     "Full reels only", "Scan in receiving", 4, 7),
    Act("Agree on full, unopened reels", "procurement", after=(2, 2)),
)  # fmt: skip
_SOLDER = Mode(
    ("Fit the footprint", "Lead coplanarity escapes", "ICT fails, rework", 5, "New assembly site",
     "Drawings compared", "SPI and AOI on the pilot lot", 3, 4),
)  # fmt: skip

MODES: dict[str, tuple[Mode, ...]] = {
    "mcu": (
        _SUPPLY,
        Mode(("Keep data in flash", "Calibration lost after an update", "Unit needs rework", 7,
              "Sector map differs, 16 KB instead of 2 KB", "Driver reads the map",
              "Update soak, 200 cycles", 6, 3),
             Act("Port the flash driver to the other sector map", after=(2, 2))),
        Mode(("Meet EMC class B", "Radiated peak at 168 MHz, 4 dB more", "Retest, shipping stops",
              9, "Faster edges of the outputs", "Slew rate set to low", "Pre-scan in the chamber",
              3, 5), Act("Set the slew rate to low and scan again", after=(2, 3))),
        Mode(("Run the firmware", "Boot hangs below −20 °C", "Unit dead in the field", 8,
              "Wait states differ at the upper address range", "Errata compared",
              "500 cold boots at −30 °C", 4, 4),
             Act("Move the vector table below 512 KB", kind="design", after=(2, 2))),
        Mode(("Run from 3.3 V", "Brown-out reset at cold start", "Watchdog loop", 7,
              "Supply minimum is 2.6 V instead of 1.8 V", "Ramp of the supply",
              "Rail log at −10 % input", 3, 4)),
        _MIXED,
        _SOLDER,
    ),
    "interface": (
        Mode(("Talk to other nodes", "Frames lost on long cables", "Drive stops", 8,
              "Loop delay is longer", "Bus budget calculated", "200 m cable at both corners", 6, 4),
             Act("Measure the loop delay of three lots", "engineer", "detection", aim=(3, 3),
                 status="implementation_pending", days=9)),
        _SUPPLY,
        Mode(("Meet emission limits", "Common mode noise on the bus", "Retest", 7,
              "Asymmetric drivers", "Choke fitted", "Pre-scan in the chamber", 4, 5),
             Act("Fit the choke with the higher impedance", kind="design", aim=(2, 3), days=24)),
        Mode(("Survive handling", "Lower ESD class of the bus pins", "Early failures", 7,
              "Weaker protection", "Suppressor on the connector", "ESD gun on ten units", 3, 3)),
        _MIXED,
        Mode(("Survive soldering", "Cracks after reflow", "Latent failures", 8, "MSL 3 not 1",
              "", "", None, None)),
    ),
    "power": (
        Mode(("Keep the output in limits", "Overshoot after a load step", "Reset of the board", 7,
              "Control loop is slower", "Output capacitor sized for it", "Load step 10 to 90 %",
              4, 5), Act("Add 22 µF at the output and measure again", kind="design",
                         after=(2, 2))),
        Mode(("Start in the cold", "Start-up stalls below −20 °C", "Unit does not boot", 8,
              "Under-voltage lockout is 80 mV higher", "Margin of the input calculated",
              "50 cold starts at −30 °C", 4, 4),
             Act("Lower the divider of the enable pin", kind="design", after=(2, 2))),
        Mode(("Stay cool", "Case is 9 K warmer at full load", "Life is shorter", 6,
              "Other thermal pad", "Copper area checked", "Thermal camera, one hour", 3, 3)),
        _MIXED,
        _SOLDER,
    ),
    "memory": (
        Mode(("Keep data", "Bits flip after 1,000 h at 85 °C", "Settings are lost", 8,
              "Thinner oxide of the cell", "Check sum of each page", "Bake and read back", 3, 4),
             Act("Bake 77 pieces of three lots and read back", "quality", "detection",
                 after=(2, 2))),
        Mode(("Write in time", "Page write takes 1.5 ms longer", "Update fails", 6,
              "Other charge pump", "Time-out of the driver raised", "200 updates in the soak", 4,
              3)),
        Mode(("Be recognised", "Identification differs", "Boot loader refuses it", 7,
              "Other manufacturer code", "Table of known codes", "Boot test of each board", 3, 2)),
        _MIXED,
        _SOLDER,
    ),
    "analog": (
        Mode(("Measure exactly", "Offset drifts over temperature", "Reading is off by 0.4 %", 7,
              "Other input stage", "Limits guaranteed over temperature", "Both corners, 77 pieces",
              4, 5), Act("Measure the drift of three lots", "quality", "detection", after=(3, 2))),
        Mode(("Be stable", "Rings with 100 pF at the output", "Noise in the reading", 6,
              "Less phase margin", "Series resistor fitted", "Step response on the bench", 4, 4)),
        Mode(("Survive surges", "Input latches at −0.5 V", "Channel is dead", 8,
              "Weaker clamp diodes", "Schottky clamp fitted", "Surge test, 20 units", 3, 4)),
        _MIXED,
        _SOLDER,
    ),
    "discrete": (
        Mode(("Switch the load", "Avalanche energy is lower", "Short circuit of a phase", 8,
              "Smaller die", "Clamp energy calculated", "Repeated unclamped switching", 4, 4),
             Act("Test 30 pieces at 120 % of the energy", "quality", "detection", after=(2, 2))),
        Mode(("Stay cool", "On resistance is 12 % higher at 125 °C", "Heat sink is too hot", 6,
              "Older trench process", "Losses calculated", "Thermal camera at full load", 4, 4)),
        Mode(("Switch quietly", "Faster edge, 6 dB more at 30 MHz", "EMC retest", 7,
              "Lower gate charge", "Gate resistor can be raised", "Pre-scan in the chamber", 3, 5)),
        _MIXED,
        _SOLDER,
    ),
    "passives": (
        Mode(("Hold its value", "Capacitance falls with bias", "Ripple grows", 6,
              "Thinner dielectric", "Curve of the datasheet compared",
              "Measured at working voltage", 4, 4)),
        Mode(("Survive bending", "Crack at the end of the board", "Short circuit in the field", 8,
              "Termination without a soft layer", "Keep-out of 5 mm at the edge",
              "Bend test, 2 mm, 30 boards", 3, 4),
             Act("Ask for the soft termination", "procurement", after=(2, 3))),
        Mode(("Live long", "Equivalent resistance doubles after 2,000 h", "Supply is noisy", 6,
              "Other electrolyte", "Rated 105 °C, used at 70 °C", "Life test 2,000 h", 3, 5)),
        _MIXED,
        _SOLDER,
    ),
    "other": (
        Mode(("Meet the specification", "Drift at a temperature corner", "Function degraded", 7,
              "Other process", "Limits guaranteed over temperature", "Samples at both corners",
              4, 5), Act("Measure 77 pieces of each of three lots", "quality", "detection",
                         after=(3, 2))),
        _MIXED,
        _SOLDER,
        Mode(("Stay as approved", "Change at a sub-tier without notice", "Data do not hold", 6,
              "No notice down the chain", "Notice of change agreed", "Yearly analysis", 3, 4)),
    ),
}  # fmt: skip
_NAMES = (
    "function", "failure_mode", "effect", "severity", "cause", "prevention", "detection_control",
    "occurrence", "detection",
)  # fmt: skip


def write(case: Case, cast: Cast, *, whole: bool) -> None:
    """Write the FMEA of a case: closed, or as it stands in the middle of its gate."""
    for number, mode in enumerate(_modes(case), 1):
        if whole and None in mode.cells:
            continue
        row = _write(case, mode, cast, number)
        if mode.act is not None:
            _act(row, mode.act, cast, done=whole)
        if mode.accepted and whole:
            qualification.accept_row(row=row, reason=mode.accepted, actor=cast["quality"])


def reopen(case: Case, cast: Cast) -> None:
    """Reopen a passed FMEA, as a change of a site does."""
    reopen_fmeas(
        Case.objects.filter(pk=case.pk), cast["quality"], "final test moves to another site"
    )


def _modes(case: Case) -> tuple[Mode, ...]:
    return MODES.get(case.part.category.path, MODES["other"])


def _write(case: Case, mode: Mode, cast: Cast, number: int) -> FmeaRow:
    values = dict(zip(_NAMES, mode.cells, strict=True))
    with clock.at(clock.now() - dt.timedelta(minutes=90 - 7 * number)):
        return qualification.add_row(case=case, values=values, actor=cast["engineer"])


def _act(row: FmeaRow, act: Act, cast: Cast, *, done: bool) -> None:
    today = clock.business_day()
    values = {
        "description": act.text, "kind": act.kind, "owner": cast.users[act.owner],
        "due_date": today + dt.timedelta(days=act.days), "status": act.status,
    }  # fmt: skip
    after = act.after if done or act.aim is None else None
    if after is None and not done:
        aim = act.aim or (2, 2)
        values |= {"target_occurrence": aim[0], "target_detection": aim[1]}
        qualification.add_action(row=row, values=values, actor=cast["engineer"])
        return
    occurrence, detection = after or act.aim or (2, 2)
    text = f"Demonstration evidence: {act.text}\n"
    file = SimpleUploadedFile(f"fmea-row-{row.position}.txt", text.encode())
    values |= {
        "status": "completed", "completed_on": today,
        "revised_occurrence": occurrence, "revised_detection": detection,
    }  # fmt: skip
    qualification.add_action(row=row, values=values, actor=cast["engineer"], upload=file)
