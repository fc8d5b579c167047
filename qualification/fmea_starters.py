"""Starter failure modes of a second source, by family of part. Our own choice [D]; never forced.

Each is offered without ratings: they depend on the product.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from qualification.families import Family, family_of


@dataclass(frozen=True)
class StarterMode:
    """A failure mode with the texts of a row; ``code`` identifies it."""

    code: str
    function: str
    failure_mode: str
    effect: str
    cause: str
    prevention: str = ""
    detection_control: str = ""

    def values(self) -> dict[str, str]:
        """The cells of the row."""
        values = asdict(self)
        del values["code"]
        return values


_M = StarterMode

#: For every part.
GENERAL = (
    _M("corner", "Meet the specification", "Parametric shift at a temperature corner",
       "Function lost in the cold or heat", "Characterised at 25 °C only",
       "Limits guaranteed over temperature", "Test of samples at both corners"),
    _M("package", "Fit the footprint", "Package, footprint or coplanarity differs",
       "Open or weak solder joints", "Other package drawing or lead forming",
       "Comparison of the package drawings", "AOI and X-ray of the pilot lot"),
    _M("msl", "Survive soldering", "Lower moisture sensitivity level or reflow limit",
       "Cracks in the package after reflow", "Other mould compound or lead frame",
       "Floor life and profile by the lower limit", "Acoustic microscopy after reflow"),
    _M("esd", "Survive handling", "Lower ESD class",
       "Latent damage, early failures", "Weaker protection on the die",
       "Handling by the lower class", "ESD class in the incoming inspection"),
    _M("counterfeit", "Come from the manufacturer", "Counterfeit or grey channel",
       "Failures without a traceable cause", "Bought outside franchised channels",
       "Franchised distributors only", "Inspection of marking and date code"),
    _M("lots", "Stay the same over lots", "Lot-to-lot variation",
       "Yield differs from lot to lot", "Process of the source not stable",
       "Capability of key parameters agreed", "Key parameters of three lots"),
    _M("dates", "Be stored and mixed in order", "Wrong mixing of date codes",
       "Recall of more units than needed", "Reels of both sources in one feeder",
       "One source and date code a feeder", "Scan of reels at set-up"),
    _M("trace", "Be traceable", "Labelling or traceability is lost",
       "Units cannot be found in a recall", "Label does not carry lot and source",
       "Label specification agreed", "Scan of the label in receiving"),
    _M("subtier", "Stay as approved", "Change at a sub-tier without notice",
       "Approved data does not hold any more", "Notice of change not agreed down the chain",
       "Notice of change in the agreement", "Yearly construction analysis"),
    _M("licence", "Be free of claims", "Claim on intellectual property or licence",
       "Delivery stopped", "Pin-compatible copy without licence",
       "Search for conflicts before approval"),
)  # fmt: skip

INTERFACE = "interface"
_INTERFACE = re.compile(r"(?i)interfac|transceiv|\bphy\b|\bcan\b|isolat|\blogic|driver")

#: What a family of parts adds.
FAMILIES: dict[str, tuple[StarterMode, ...]] = {
    Family.MCU: (
        _M("firmware", "Run the firmware", "Device ID or errata differ",
           "Firmware refuses to start or hangs", "Other silicon revision or peripherals",
           "Comparison of the errata sheets", "Regression of the firmware on samples"),
        _M("brownout", "Start from a slow supply", "Reset threshold differs",
           "Hangs at a slow or noisy supply", "Other brown-out levels",
           "Thresholds compared", "Supply ramps at three temperatures"),
        _M("flash", "Keep data in flash", "Endurance or sector map differs",
           "Calibration lost after an update", "Other flash cell or layout",
           "Driver reads the sector map", "Update soak with power cuts"),
    ),
    Family.MEMORY: (
        _M("write", "Store data", "Write time or endurance differs",
           "Lost data at power-down", "Other cell technology",
           "Driver waits for the slower part", "Write cycles at both corners"),
        _M("ident", "Be recognised", "JEDEC ID or command set differs",
           "Memory is not found at start", "ID not in the list of the driver",
           "IDs of both sources in the driver", "Start with samples of both sources"),
    ),
    Family.POWER: (
        _M("loop", "Regulate without oscillation", "Control loop is unstable",
           "Ripple, resets under load", "Other compensation or output capacitor range",
           "Stability range with our capacitors", "Load steps and phase margin"),
        _M("thermal", "Stay within temperature", "Thermal resistance is higher",
           "Shutdown at high load", "Other die attach or pad",
           "Losses and copper area calculated", "Case temperature at full load"),
        _M("startup", "Start into the load", "Start-up or current limit differs",
           "Supply does not start into capacitors", "Other soft-start and limit",
           "Limits compared", "Cold starts at full load"),
    ),
    INTERFACE: (
        _M("emission", "Meet emission limits", "Edges are faster",
           "Radiated emission above the limit", "Other output stage",
           "Slew rate compared", "Pre-scan in the chamber"),
        _M("interop", "Talk to other nodes", "Timing or threshold differs",
           "Lost frames with long cables", "Other delay or hysteresis",
           "Bus budget calculated", "Longest cable at both corners"),
    ),
    Family.PASSIVES: (
        _M("bias", "Keep its capacitance", "Capacitance falls under DC bias",
           "Ripple and loop margin worse", "Smaller grain or other dielectric",
           "DC-bias curves compared", "Capacitance at working voltage"),
        _M("flex", "Survive bending", "Flex cracks",
           "Short or leakage after depaneling", "No soft termination",
           "Distance to break lines kept", "Bend test and leakage"),
        _M("pulse", "Survive pulses", "Pulse load is lower",
           "Drift or open resistor", "Other film or trimming",
           "Pulse curves compared", "Pulse test at rated energy"),
        _M("sulphur", "Survive sulphur", "Corrosion of the inner electrode",
           "Open resistor in the field", "No protection against sulphur",
           "Part rated for sulphur where needed"),
        _M("load", "Oscillate at the nominal frequency", "Load capacitance or ESR differs",
           "Frequency off, slow or no start", "Other crystal cut or capacitance",
           "Load capacitors calculated again", "Negative resistance at both corners"),
        _M("ageing", "Keep the frequency", "Ageing is faster",
           "Clock out of tolerance after years", "Other sealing or drive level",
           "Ageing guaranteed", "Frequency after 1,000 hours"),
    ),
    Family.CONNECTORS: (
        _M("contact", "Conduct over its life", "Contact resistance rises",
           "Intermittent contact", "Other plating or contact force",
           "Plating thickness agreed", "Mating cycles and resistance"),
        _M("mating", "Mate with the counterpart", "Does not mate or lock",
           "Assembly stops", "Tolerances at other limits",
           "Drawings compared", "Mating of limit samples"),
    ),
    Family.DISCRETES: (
        _M("soa", "Switch the load", "Safe operating area is smaller",
           "Breakdown at switching", "Smaller die",
           "Operating points laid into both curves", "Switching at worst case"),
        _M("ctr", "Transfer the signal", "CTR or gain differs",
           "Control loop drifts", "Other bin or ageing",
           "Bin agreed", "CTR at both corners"),
    ),
}  # fmt: skip


def offered(path: str, name: str) -> list[tuple[str, tuple[StarterMode, ...]]]:
    """Failure modes by heading for a category: those of its family, then those of every part."""
    family = family_of(path, name) or (INTERFACE if _INTERFACE.search(f"{path} {name}") else "")
    own = [(str(name or path).capitalize(), FAMILIES[family])] if family else []
    return [*own, ("Every part", GENERAL)]


#: Every starter failure mode by its code.
BY_CODE = {mode.code: mode for modes in (GENERAL, *FAMILIES.values()) for mode in modes}
