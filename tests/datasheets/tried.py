"""The datasheets on which the reader was tried while it was written."""

from tests.datasheets.mended import HALL, MCU, OSCILLATOR, POWER_MOSFET, REGULATOR
from tests.datasheets.sheet import HEAD_LINE, LINES, NONE, PROSE, Fact, Sheet, page, table

MLCC = Sheet(
    "mlcc",
    page(
        "= CK-10U Multilayer ceramic capacitor", PROSE,
        "== General",
        table(["Item", "Value"], [
            ["Capacitance", "10 µF"], ["Tolerance", "±10 %"], ["Rated voltage", "25 V"],
            ["Temperature range", "−55 to +125 °C"],
        ], columns="(1fr, 1fr)"),
        "== Electrical characteristics",
        table(["Item", "Test condition", "Min.", "Typ.", "Max.", "Unit"], [
            ["Capacitance", "1 kHz, 1 Vrms, 25 °C", "9", "10", "11", "µF"],
            ["Dissipation factor", "1 kHz, 1 Vrms", "", "3", "10", "%"],
            ["Insulation resistance", "25 V, 60 s", "50", "–", "–", "MΩ"],
            ["Equivalent series resistance", "100 kHz", "–", "4", "–", "mΩ"],
        ], columns="(2fr, 2fr, 1fr, 1fr, 1fr, 1fr)"),
        "== How to order",
        table(["Code", "Capacitance", "Voltage", "Packing"], [
            ["CK-10U-25", "10 µF", "25 V", "4,000"], ["CK-22U-16", "22 µF", "16 V", "3,000"],
        ], columns="4"),
    ),
    [
        Fact("Temperature range", -55, None, 125, "°C"), Fact("Tolerance", -10, None, 10, "%"),
        Fact("Capacitance", 9, 10, 11, "µF", "1 kHz, 1 Vrms, 25 °C"),
        Fact("Dissipation factor", None, 3, 10, "%", "1 kHz, 1 Vrms"),
        Fact("Insulation resistance", 50, None, None, "MΩ", "25 V, 60 s"),
        Fact("Equivalent series resistance", None, 4, None, "mΩ", "100 kHz"),
    ],
)  # fmt: skip

_LDO = "TJ = 25 °C, VIN = 5 V unless otherwise noted"
LDO = Sheet(
    "ldo",
    page(
        "= XL-33 Low-dropout regulator", PROSE,
        "== Absolute maximum ratings",
        table(["", "MIN", "MAX", "UNIT"], [
            ["Input voltage, V#sub[IN]", "–0.3", "7", "V"],
            ["Junction temperature, T#sub[J]", "–55", "150", "°C"],
        ], columns="(3fr, 1fr, 1fr, 1fr)"),
        "== Recommended operating conditions",
        table(["", "MIN", "NOM", "MAX", "UNIT"], [
            ["Input voltage", "2.5", "", "6", "V"], ["Output current", "0", "", "500", "mA"],
            ["Output capacitor#super[(1)]", "1", "2.2", "", "µF"],
        ], columns="(3fr, 1fr, 1fr, 1fr, 1fr)"),
        "(1) Ceramic, X5R or better.",
        "== Electrical characteristics",
        "T#sub[J] = 25 °C, V#sub[IN] = 5 V unless otherwise noted",
        table(["PARAMETER", "TEST CONDITIONS", "MIN", "TYP", "MAX", "UNIT"], [
            ["Output voltage", "I#sub[OUT] = 1 mA", "3.267", "3.3", "3.333", "V"],
            [("Dropout voltage", 3, 1), "I#sub[OUT] = 100 mA", "", "45", "80", ("mV", 3, 1)],
            ["I#sub[OUT] = 300 mA", "", "130", "210"],
            ["I#sub[OUT] = 500 mA", "", "220", "350"],
            [("Ground current#super[(2)]", 2, 1), "I#sub[OUT] = 0 mA", "", "35", "60",
             ("µA", 2, 1)],
            ["Shutdown, V#sub[EN] = 0 V", "", "0.1", "1"],
            ["Power supply rejection", "f = 1 kHz", "", "62", "", "dB"],
            ["Output noise", "BW = 10 Hz to 100 kHz", "", "48", "", "µV RMS"],
        ], columns="(2.4fr, 2.6fr, 1fr, 1fr, 1fr, 1fr)"),
        "(2) Does not include the current of the divider.",
    ),
    [
        Fact("Input voltage, VIN (absolute maximum)", -0.3, None, 7, "V"),
        Fact("Junction temperature, TJ (absolute maximum)", -55, None, 150, "°C"),
        Fact("Input voltage", 2.5, None, 6, "V"), Fact("Output current", 0, None, 500, "mA"),
        Fact("Output capacitor", 1, 2.2, None, "µF"),
        Fact("Output voltage", 3.267, 3.3, 3.333, "V", f"IOUT = 1 mA; {_LDO}"),
        Fact("Dropout voltage", None, 45, 80, "mV", f"IOUT = 100 mA; {_LDO}"),
        Fact("Dropout voltage", None, 130, 210, "mV", f"IOUT = 300 mA; {_LDO}"),
        Fact("Dropout voltage", None, 220, 350, "mV", f"IOUT = 500 mA; {_LDO}"),
        Fact("Ground current", None, 35, 60, "µA", f"IOUT = 0 mA; {_LDO}"),
        Fact("Ground current", None, 0.1, 1, "µA", f"Shutdown, VEN = 0 V; {_LDO}"),
        Fact("Power supply rejection", None, 62, None, "dB", f"f = 1 kHz; {_LDO}"),
        Fact("Output noise", None, 48, None, "µV RMS", f"BW = 10 Hz to 100 kHz; {_LDO}"),
    ],
)  # fmt: skip

_FET = "TA = 25 °C unless otherwise noted"
MOSFET = Sheet(
    "mosfet",
    page(
        "= NF-4010 N-channel MOSFET", PROSE,
        "*Absolute maximum ratings* (T#sub[A] = 25 °C unless otherwise noted)",
        table(["Parameter", "Symbol", "Limit", "Unit"], [
            ["Drain-source voltage", "V#sub[DS]", "40", "V"],
            ["Gate-source voltage", "V#sub[GS]", "±20", "V"],
            ["Pulsed drain current", "I#sub[DM]", "120", "A"],
        ], columns="(3fr, 1fr, 1fr, 1fr)", more=LINES),
        "*Specifications* (T#sub[A] = 25 °C unless otherwise noted)",
        table(["Parameter", "Symbol", "Test conditions", "Min", "Typ", "Max", "Unit"], [
            [("*Static*", 1, 7)],
            ["Drain-source breakdown voltage", "V#sub[DS]", "V#sub[GS] = 0 V, I#sub[D] = 250 µA",
             "40", "", "", "V"],
            ["Gate threshold voltage", "V#sub[GS(th)]", "V#sub[DS] = V#sub[GS], I#sub[D] = 250 µA",
             "1.2", "1.7", "2.4", "V"],
            ["Drain-source on-state resistance", "R#sub[DS(on)]",
             "V#sub[GS] = 10 V, I#sub[D] = 20 A", "", "2.1", "2.6", "mΩ"],
            ["Zero gate voltage drain current", "I#sub[DSS]",
             "V#sub[DS] = 40 V, V#sub[GS] = 0 V, T#sub[J] = 55 °C", "", "", "5", "µA"],
            [("*Dynamic*", 1, 7)],
            ["Input capacitance", "C#sub[iss]", "V#sub[DS] = 20 V, f = 1 MHz", "", "3,200", "",
             "pF"],
            ["Turn-on delay time", "t#sub[d(on)]", "V#sub[DD] = 20 V, R#sub[L] = 1 Ω", "", "14",
             "28", "ns"],
        ], columns="(2.6fr, 1fr, 2.4fr, .7fr, .7fr, .7fr, .7fr)", more=LINES),
    ),
    [
        Fact("Drain-source voltage (absolute maximum)", None, None, 40, "V", _FET),
        Fact("Gate-source voltage (absolute maximum)", -20, None, 20, "V", _FET),
        Fact("Pulsed drain current (absolute maximum)", None, None, 120, "A", _FET),
        Fact("Drain-source breakdown voltage", 40, None, None, "V",
             f"VGS = 0 V, ID = 250 µA; {_FET}"),
        Fact("Gate threshold voltage", 1.2, 1.7, 2.4, "V", f"VDS = VGS, ID = 250 µA; {_FET}"),
        Fact("Drain-source on-state resistance", None, 2.1, 2.6, "mΩ",
             f"VGS = 10 V, ID = 20 A; {_FET}"),
        Fact("Zero gate voltage drain current", None, None, 5, "µA",
             f"VDS = 40 V, VGS = 0 V, TJ = 55 °C; {_FET}"),
        Fact("Input capacitance", None, 3200, None, "pF", f"VDS = 20 V, f = 1 MHz; {_FET}"),
        Fact("Turn-on delay time", None, 14, 28, "ns", f"VDD = 20 V, RL = 1 Ω; {_FET}"),
    ],
)  # fmt: skip

_LONG = [[f"Trimmed offset, code {n}", f"code = {n}", "", f"{n}.5", f"{n + 3}", "µV"]
         for n in range(1, 31)]  # fmt: skip
OPAMP = Sheet(
    "op-amp",
    page(
        "= OA-2 Dual operational amplifier", PROSE,
        "== Electrical characteristics",
        table(["Parameter", "Conditions", "Min", "Typ", "Max", "Unit"], [
            ["Input offset voltage", "V#sub[CM] = 0 V", "", "0.3", "1.5", "mV"],
            ["", "−40 °C to 125 °C", "", "", "2.2", "mV"],
            ["Input bias current", "", "", "1", "10", "pA"],
            ["Open-loop gain", "R#sub[L] = 10 kΩ", "100", "120", "", "dB"],
            ["Gain-bandwidth product", "C#sub[L] = 20 pF", "", "5.5", "", "MHz"],
            ["Slew rate", "G = 1, 2 V step", "", "3.8", "", "V/µs"],
            ["Voltage noise density", "f = 1 kHz", "", "11", "", "nV/√Hz"],
            *_LONG,
        ], columns="(2.4fr, 2fr, .8fr, .8fr, .8fr, 1fr)",
            more=HEAD_LINE.replace("inset: 3pt", "inset: 8pt")),
        font="DejaVu Sans Mono", size=8,
    ),
    [
        Fact("Input offset voltage", None, 0.3, 1.5, "mV", "VCM = 0 V"),
        Fact("Input offset voltage", None, None, 2.2, "mV", "−40 °C to 125 °C"),
        Fact("Input bias current", None, 1, 10, "pA"),
        Fact("Open-loop gain", 100, 120, None, "dB", "RL = 10 kΩ"),
        Fact("Gain-bandwidth product", None, 5.5, None, "MHz", "CL = 20 pF"),
        Fact("Slew rate", None, 3.8, None, "V/µs", "G = 1, 2 V step"),
        Fact("Voltage noise density", None, 11, None, "nV/√Hz", "f = 1 kHz"),
        *(Fact(f"Trimmed offset, code {n}", None, n + 0.5, n + 3, "µV", f"code = {n}",
               1 if n < 23 else 2) for n in range(1, 31)),
    ],
)  # fmt: skip

CRYSTAL = Sheet(
    "crystal",
    page(
        "= QZ-16 Schwingquarz", "Ein Quarz für Steuerungen. " * 8,
        "== Elektrische Kennwerte",
        table(["Kenngröße", "Bedingungen", "min.", "typ.", "max.", "Einheit"], [
            ["Nennfrequenz", "Grundton", "", "16,000", "", "MHz"],
            ["Frequenztoleranz", "bei 25 °C", "−20", "", "+20", "ppm"],
            ["Betriebstemperatur", "", "−40", "", "85", "°C"],
            ["Ersatzwiderstand", "Reihe", "", "", "80,5", "Ω"],
            ["Statische Kapazität", "", "", "1,35", "3,0", "pF"],
            ["Isolationswiderstand", "100 V", "0,5", "", "", "GΩ"],
        ], columns="(2fr, 1.6fr, 1fr, 1fr, 1fr, 1fr)"),
    ),
    [
        Fact("Nennfrequenz", None, 16, None, "MHz", "Grundton"),
        Fact("Frequenztoleranz", -20, None, 20, "ppm", "bei 25 °C"),
        Fact("Betriebstemperatur", -40, None, 85, "°C"),
        Fact("Ersatzwiderstand", None, None, 80.5, "Ω", "Reihe"),
        Fact("Statische Kapazität", None, 1.35, 3, "pF"),
        Fact("Isolationswiderstand", 0.5, None, None, "GΩ", "100 V"),
    ],
)  # fmt: skip

DIODE = Sheet(
    "diode",
    page(
        "= SD-3 Schottky diode",
        "#columns(2)[\n== Thermal and electrical data\n"
        + table(["Parameter", "Symbol", "Typ.", "Max.", "Unit"], [
            ["Forward voltage", "V#sub[F]", "0.42", "0.50", ("V", 2, 1)],
            ["Forward voltage, hot", "V#sub[F]", "0.36", "0.44"],
            ["Leakage current", "I#sub[R]", "20", "200", "µA"],
            ["Thermal resistance, junction to lead", "R#sub[thJL]", "", "25", "°C/W"],
        ], columns="(2fr, 1fr, .8fr, .8fr, .8fr)")
        + "\n#colbreak()\n== Applications\n" + PROSE * 4 + "]",
    ),
    [
        Fact("Forward voltage", None, 0.42, 0.5, "V"),
        Fact("Forward voltage, hot", None, 0.36, 0.44, "V"),
        Fact("Leakage current", None, 20, 200, "µA"),
        Fact("Thermal resistance, junction to lead", None, None, 25, "°C/W"),
    ],
)  # fmt: skip

_TURNED = ["Parameter", *(f"#rotate(-90deg, reflow: true)[{one}]"
                          for one in ("Minimum", "Typical", "Maximum", "Unit"))]  # fmt: skip
RESISTOR = Sheet(
    "resistor",
    page(
        "= RC-0603 Thick film resistor", PROSE,
        "== Characteristics",
        table(_TURNED, [
            ["Resistance", "1", "", "10,000", "kΩ"], ["Tolerance", "−1", "", "1", "%"],
            ["Temperature coefficient", "−100", "±50", "100", "ppm/K"],
            ["Rated power at 70 °C", "", "", "0.1", "W"],
        ], columns="(3fr, 1fr, 1fr, 1fr, 1fr)"),
    ),
    [
        Fact("Resistance", 1, None, 10000, "kΩ"), Fact("Tolerance", -1, None, 1, "%"),
        Fact("Rated power at 70 °C", None, None, 0.1, "W"),
    ],
)  # fmt: skip

CONNECTOR = Sheet(
    "connector",
    page(
        "= BX-40 Board connector", PROSE,
        table(["Current rating", "1.5 A"], [
            ["Contact resistance", "30 mΩ max."], ["Withstanding voltage", "250 V AC, 1 min"],
            ["Pitch", "1.27 mm"], ["Contacts", "40"],
        ], columns="(1fr, 1fr)", more=NONE, repeat=False),
        "== Dimensions",
        table(["Dim", "Min", "Nom", "Max"], [
            ["A", "1.20", "1.27", "1.34"], ["B", "24.0", "24.13", "24.3"],
        ], columns="4"),
        "All dimensions in mm.",
    ),
    [
        Fact("Contact resistance", None, None, 30, "mΩ"),
    ],
)  # fmt: skip

SHEETS = (
    MLCC, LDO, MOSFET, OPAMP, CRYSTAL, DIODE, RESISTOR, CONNECTOR, MCU, OSCILLATOR, HALL,
    REGULATOR, POWER_MOSFET,
)  # fmt: skip
