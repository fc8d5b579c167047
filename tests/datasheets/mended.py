"""Datasheets of the measuring set on which the reader was mended: they count as tried since."""

from tests.datasheets.sheet import HEAD_LINE, LINES, NONE, PROSE, ZEBRA, Fact, Sheet, page, table

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
