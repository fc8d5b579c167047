"""The datasheets on which the reader was tried while it was written."""

from tests.datasheets.sheet import HEAD_LINE, LINES, NONE, ZEBRA, Fact, Sheet, page, table

PROSE = "The part is meant for supplies of small instruments. " * 6

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

MCU = Sheet(
    "microcontroller",
    page(
        "= MC-F4 Microcontroller", PROSE,
        "== Pins",
        table(["Pin", "Name", "Type", "Function"], [
            ["1", "VBAT", "S", "Supply of the backup domain, 1.65 to 3.6 V"],
            ["2", "PC13", "I/O", "Tamper, 3 mA"], ["3", "NRST", "I", "Reset"],
        ], columns="4"),
        "== Registers",
        table(["Bit", "31", "30", "29", "28"], [
            ["Name", "RES", "RES", "PLLON", "HSEON"], ["Reset", "0", "0", "0", "1"],
        ], columns="5"),
        "#pagebreak()\n== General operating conditions",
        table([
            ("Symbol", 2, 1), ("Parameter", 2, 1), ("Conditions", 2, 1), ("Value", 1, 3),
            ("Unit", 2, 1), "Min", "Typ", "Max",
        ], [
            ["f#sub[HCLK]", "Internal AHB clock frequency", "", "0", "–", "168", "MHz"],
            ["V#sub[DD]", "Standard operating voltage", "", "1.8", "–", "3.6", "V"],
            [("I#sub[DD]", 3, 1), ("Supply current in Run mode", 3, 1),
             "f#sub[HCLK] = 168 MHz, all peripherals on", "–", "71", "87", ("mA", 3, 1)],
            ["f#sub[HCLK] = 84 MHz, all peripherals on", "–", "38", "51"],
            ["f#sub[HCLK] = 8 MHz, all peripherals off", "–", "4.8", "–"],
            ["I#sub[DD_STBY]", "Supply current in Standby mode", "T#sub[A] = 25 °C", "–", "2.2",
             "3.8", "µA"],
            ["T#sub[A]", "Ambient temperature", "Suffix 6", "–40", "–", "85", "°C"],
            ["N#sub[END]", "Endurance", "", "10", "–", "–", "kcycles"],
            ["t#sub[RET]", "Data retention", "T#sub[A] = 85 °C", "30", "–", "–", "Years"],
        ], columns="(1fr, 2.2fr, 2.4fr, .7fr, .7fr, .7fr, .9fr)"),
    ),
    [
        Fact("Internal AHB clock frequency", 0, None, 168, "MHz", page=2),
        Fact("Standard operating voltage", 1.8, None, 3.6, "V", page=2),
        Fact("Supply current in Run mode", None, 71, 87, "mA",
             "fHCLK = 168 MHz, all peripherals on", 2),
        Fact("Supply current in Run mode", None, 38, 51, "mA",
             "fHCLK = 84 MHz, all peripherals on", 2),
        Fact("Supply current in Run mode", None, 4.8, None, "mA",
             "fHCLK = 8 MHz, all peripherals off", 2),
        Fact("Supply current in Standby mode", None, 2.2, 3.8, "µA", "TA = 25 °C", 2),
        Fact("Ambient temperature", -40, None, 85, "°C", "Suffix 6", 2),
    ],
)  # fmt: skip

OSCILLATOR = Sheet(
    "oscillator on stripes",
    page(
        "= XO-25 Crystal oscillator", PROSE,
        "== Specifications",
        table(["Parameter", "Min.", "Typ.", "Max.", "Unit", "Condition"], [
            ["Frequency", "1", "", "125", "MHz", ""],
            ["Frequency stability", "−25", "", "+25", "ppm", "Including ageing of the first year"],
            ["Supply voltage", "1.71", "", "3.63", "V", ""],
            ["Current consumption", "", "3.8", "4.7", "mA", "No load, 20 MHz, 2.5 V to 3.3 V"],
            ["Standby current", "", "2.1", "4.3", "µA", "V#sub[DD] = 2.8 V to 3.3 V, ST = low"],
            ["Start-up time", "", "", "5", "ms", ""],
            ["RMS period jitter", "", "1.8", "3", "ps", "75 MHz"],
            ["Duty cycle", "45", "", "55", "%", "All frequencies"],
        ], columns="(2fr, .8fr, .8fr, .8fr, .8fr, 2.8fr)", more=ZEBRA),
        font="DejaVu Sans Mono", size=7.5,
    ),
    [
        Fact("Frequency", 1, None, 125, "MHz"),
        Fact("Frequency stability", -25, None, 25, "ppm", "Including ageing of the first year"),
        Fact("Supply voltage", 1.71, None, 3.63, "V"),
        Fact("Current consumption", None, 3.8, 4.7, "mA", "No load, 20 MHz, 2.5 V to 3.3 V"),
        Fact("Standby current", None, 2.1, 4.3, "µA", "VDD = 2.8 V to 3.3 V, ST = low"),
        Fact("Start-up time", None, None, 5, "ms"),
        Fact("RMS period jitter", None, 1.8, 3, "ps", "75 MHz"),
        Fact("Duty cycle", 45, None, 55, "%", "All frequencies"),
    ],
)  # fmt: skip

_HALL = "At VDD = 5 V, TA = 25 °C"
HALL = Sheet(
    "Hall sensor with wrapped names",
    page(
        "= HS-1 Hall sensor", PROSE,
        "== Magnetic and electrical characteristics",
        "At V#sub[DD] = 5 V, T#sub[A] = 25 °C",
        table(["Parameter", "Symbol", "Test condition", "Min", "Typ", "Max", "Unit"], [
            ["Supply voltage", "V#sub[DD]", "Operating", "2.7", "", "24", "V"],
            ["Supply current", "I#sub[DD]", "B < B#sub[RP]", "", "1.6", "2.5", "mA"],
            ["Operate point, south pole at the marked side of the package", "B#sub[OP]", "",
             "2.5", "4.5", "6.5", "mT"],
            ["Output leakage current", "I#sub[OFF]", "Output off, V#sub[OUT] = 24 V", "", "", "10",
             "µA"],
            ["Power-on time", "t#sub[ON]", "", "", "25", "50", "µs"],
            ["Output rise time", "t#sub[r]", "R#sub[L] = 820 Ω, C#sub[L] = 20 pF", "", "0.2", "1",
             "µs"],
        ], columns="(2fr, .8fr, 1.6fr, .6fr, .6fr, .6fr, .6fr)",
            more=HEAD_LINE.replace("inset: 3pt", "inset: 4.5pt")),
        "== Absolute maximum ratings",
        table(["Parameter", "Min", "Max", "Unit"], [
            ["Supply voltage", "−28", "28", "V"], ["Storage temperature", "−65", "175", "°C"],
        ], columns="(2fr, 1fr, 1fr, 1fr)", more=HEAD_LINE),
    ),
    [
        Fact("Supply voltage", 2.7, None, 24, "V", f"Operating; {_HALL}"),
        Fact("Supply current", None, 1.6, 2.5, "mA", f"B < BRP; {_HALL}"),
        Fact("Output leakage current", None, None, 10, "µA",
             f"Output off, VOUT = 24 V; {_HALL}"),
        Fact("Power-on time", None, 25, 50, "µs", _HALL),
        Fact("Output rise time", None, 0.2, 1, "µs", f"RL = 820 Ω, CL = 20 pF; {_HALL}"),
        Fact("Supply voltage (absolute maximum)", -28, None, 28, "V"),
        Fact("Storage temperature (absolute maximum)", -65, None, 175, "°C"),
    ],
)  # fmt: skip

REGULATOR = Sheet(
    "regulator without rules",
    page(
        "= LR-5 Linear regulator", PROSE,
        "*ELECTRICAL CHARACTERISTICS*",
        "(V#sub[IN] = 8 V, C#sub[OUT] = 10 µF, unless otherwise noted)",
        table(["Characteristic", "Conditions", "Min", "Typ", "Max", "Unit"], [
            ["Output voltage", "I#sub[O] = 5 mA", "4.9", "5.0", "5.1", "V"],
            ["Line regulation", "V#sub[IN] = 7 V to 20 V", "–", "3", "50", "mV"],
            ["Load regulation", "I#sub[O] = 5 mA to 1 A", "–", "15", "100", "mV"],
            ["Quiescent current#super[1]", "", "–", "5", "8", "mA"],
            ["Ripple rejection", "f = 120 Hz", "62", "73", "–", "dB"],
            ["Output resistance", "f = 1 kHz", "–", "10", "–", "mΩ"],
            ["Short-circuit current", "V#sub[IN] = 35 V", "–", "250", "–", "mA"],
        ], columns="(2.4fr, 2fr, .8fr, .8fr, .8fr, .8fr)", more=NONE),
        "1. Without load.",
        "*THERMAL CHARACTERISTICS*",
        table(["Rating", "Symbol", "Value", "Unit"], [
            ["Thermal resistance, junction to case", "R#sub[θJC]", "5.0", "°C/W"],
            ["Thermal resistance, junction to ambient", "R#sub[θJA]", "65", "°C/W"],
        ], columns="(3fr, 1fr, 1fr, 1fr)", more=NONE),
    ),
    [
        Fact(name, *values, f"{own}VIN = 8 V, COUT = 10 µF, unless otherwise noted")
        for name, *values, own in [
            ("Output voltage", 4.9, 5, 5.1, "V", "IO = 5 mA; "),
            ("Line regulation", None, 3, 50, "mV", "VIN = 7 V to 20 V; "),
            ("Load regulation", None, 15, 100, "mV", "IO = 5 mA to 1 A; "),
            ("Quiescent current", None, 5, 8, "mA", ""),
            ("Ripple rejection", 62, 73, None, "dB", "f = 120 Hz; "),
            ("Output resistance", None, 10, None, "mΩ", "f = 1 kHz; "),
            ("Short-circuit current", None, 250, None, "mA", "VIN = 35 V; "),
        ]
    ],
)  # fmt: skip

_AT = "at TJ = 25 °C, unless otherwise specified"
POWER_MOSFET = Sheet(
    "power MOSFET",
    page(
        "= NP-80 Power MOSFET", PROSE,
        "*Table 2* #h(1em) Maximum ratings",
        table(["Parameter", "Symbol", "Value", "Unit", "Note"], [
            ["Continuous drain current", "I#sub[D]", "100", "A", "T#sub[C] = 25 °C"],
            ["Avalanche energy, single pulse", "E#sub[AS]", "230", "mJ", "I#sub[D] = 80 A"],
            ["Operating and storage temperature", "T#sub[j], T#sub[stg]", "−55 … 175", "°C", ""],
        ], columns="(2.4fr, 1fr, 1fr, .8fr, 1.6fr)", more=LINES),
        "*Table 3* #h(1em) Static characteristics, at T#sub[J] = 25 °C, unless otherwise specified",
        table([
            ("Parameter", 2, 1), ("Symbol", 2, 1), ("Values", 1, 3), ("Unit", 2, 1),
            ("Note / Test condition", 2, 1), "Min.", "Typ.", "Max.",
        ], [
            ["Drain-source breakdown voltage", "V#sub[(BR)DSS]", "80", "-", "-", "V",
             "V#sub[GS]=0 V, I#sub[D]=1 mA"],
            ["Gate threshold voltage", "V#sub[GS(th)]", "2.2", "3.0", "3.8", "V",
             "V#sub[DS]=V#sub[GS], I#sub[D]=95 µA"],
            ["Drain-source leakage current", "I#sub[DSS]", "-#linebreak()-", "0.1#linebreak()10",
             "1#linebreak()100", "µA",
             "V#sub[DS]=80 V, T#sub[j]=25 °C#linebreak()V#sub[DS]=80 V, T#sub[j]=125 °C"],
            ["Gate-source leakage current", "I#sub[GSS]", "-", "1", "100", "nA",
             "V#sub[GS]=20 V, V#sub[DS]=0 V"],
            ["On-state resistance", "R#sub[DS(on)]", "-", "3.4", "4.0", "mΩ",
             "V#sub[GS]=10 V, I#sub[D]=50 A"],
            ["Gate resistance", "R#sub[G]", "-", "1.5", "-", "Ω", "-"],
        ], columns="(2fr, 1fr, .7fr, .7fr, .7fr, .6fr, 2fr)"),
    ),
    [
        Fact("Continuous drain current (absolute maximum)", None, None, 100, "A", "TC = 25 °C"),
        Fact("Avalanche energy, single pulse (absolute maximum)", None, None, 230, "mJ",
             "ID = 80 A"),
        Fact("Operating and storage temperature (absolute maximum)", -55, None, 175, "°C"),
        Fact("Drain-source breakdown voltage", 80, None, None, "V", f"VGS=0 V, ID=1 mA; {_AT}"),
        Fact("Gate threshold voltage", 2.2, 3, 3.8, "V", f"VDS=VGS, ID=95 µA; {_AT}"),
        Fact("Drain-source leakage current", None, 0.1, 1, "µA", f"VDS=80 V, Tj=25 °C; {_AT}"),
        Fact("Drain-source leakage current", None, 10, 100, "µA", f"VDS=80 V, Tj=125 °C; {_AT}"),
        Fact("Gate-source leakage current", None, 1, 100, "nA", f"VGS=20 V, VDS=0 V; {_AT}"),
        Fact("On-state resistance", None, 3.4, 4, "mΩ", f"VGS=10 V, ID=50 A; {_AT}"),
        Fact("Gate resistance", None, 1.5, None, "Ω", _AT),
    ],
)  # fmt: skip

SHEETS = (
    MLCC, LDO, MOSFET, OPAMP, CRYSTAL, DIODE, RESISTOR, CONNECTOR, MCU, OSCILLATOR, HALL,
    REGULATOR, POWER_MOSFET,
)  # fmt: skip
