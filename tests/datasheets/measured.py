"""The datasheets by which recall and precision are measured.

The reader was not tried on them while it was written. A sheet that shows an error of the reader
goes to ``tried`` before the reader is mended.
"""

from tests.datasheets.sheet import HEAD_LINE, LINES, Fact, Sheet, page, table

PROSE = (
    "It is meant for industrial supplies, and replaces the earlier part in all of its uses. " * 5
)

#: The last row of the charger on its first page.
FIRST_PAGE = 8

_BUCK = "VIN = 12 V, TA = 25 °C, unless otherwise specified"
BUCK = Sheet(
    "buck converter",
    page(
        "= DC-9 Synchronous buck converter", PROSE,
        "== Electrical characteristics",
        "V#sub[IN] = 12 V, T#sub[A] = 25 °C, unless otherwise specified",
        table(["Symbol", "Parameter", "Condition", "Min.", "Typ.", "Max.", "Units"], [
            ["V#sub[IN]", "Input voltage range", "", "4.5", "", "17", "V"],
            ["I#sub[Q]", "Quiescent current (not switching)", "V#sub[FB] = 0.7 V", "", "17", "25",
             "μA"],
            ["V#sub[FB]", "Feedback voltage, over the whole range of temperatures and lines",
             "T#sub[J] = −40 °C to 125 °C, in continuous conduction", "0.594", "0.6", "0.606", "V"],
            ["f#sub[SW]", "Switching frequency", "Mode pin low", "450", "500", "550", "kHz"],
            ["R#sub[DS(on)]", "High-side switch resistance", "", "", "90", "", "mohm"],
            ["t#sub[SS]", "Soft-start time", "C#sub[SS] = 10 nF", "", "1.2", "", "ms"],
            ["T#sub[SD]", "Thermal shutdown", "Rising", "150", "165", "", "°C"],
            ["I#sub[LIM]", "Valley current limit", "", "3.4", "4", "4.8", "A"],
        ], columns="(1fr, 2.4fr, 2fr, .8fr, .8fr, .8fr, .8fr)"),
    ),
    [
        Fact("Input voltage range", 4.5, None, 17, "V", _BUCK),
        Fact("Quiescent current (not switching)", None, 17, 25, "µA", f"VFB = 0.7 V; {_BUCK}"),
        Fact("Feedback voltage, over the whole range of temperatures and lines", 0.594, 0.6, 0.606,
             "V", f"TJ = −40 °C to 125 °C, in continuous conduction; {_BUCK}"),
        Fact("Switching frequency", 450, 500, 550, "kHz", f"Mode pin low; {_BUCK}"),
        Fact("High-side switch resistance", None, 90, None, "mΩ", _BUCK),
        Fact("Soft-start time", None, 1.2, None, "ms", f"CSS = 10 nF; {_BUCK}"),
        Fact("Thermal shutdown", 150, 165, None, "°C", f"Rising; {_BUCK}"),
        Fact("Valley current limit", 3.4, 4, 4.8, "A", _BUCK),
    ],
)  # fmt: skip


INDUCTOR = Sheet(
    "inductor in German",
    page(
        "= SL-47 Speicherdrossel", "Eine Drossel für Abwärtswandler. " * 9,
        "== Grenzwerte",
        table(["Bezeichnung", "Min.", "Max.", "Einheit"], [
            ["Lagertemperatur", "−40", "+150", "°C"], ["Betriebsspannung", "–", "60", "V"],
        ], columns="(3fr, 1fr, 1fr, 1fr)", more=LINES),
        "== Kennwerte",
        table(["Parameter", "Messbedingungen", "Min.", "Typ.", "Max.", "Einheit"], [
            ["Induktivität", "100 kHz, 0,1 V", "3,76", "4,7", "5,64", "µH"],
            ["Gleichstromwiderstand", "20 °C", "–", "12,5", "14,4", "mΩ"],
            ["Nennstrom", "ΔT = 40 K", "–", "–", "7,25", "A"],
            ["Sättigungsstrom", "ΔL = −30 %", "–", "9,5", "–", "A"],
            ["Eigenresonanz", "", "21", "28,5", "–", "MHz"],
            ["Prüfspannung", "1 s", "1.000", "–", "–", "V"],
        ], columns="(2fr, 1.6fr, 1fr, 1fr, 1fr, 1fr)", more=LINES),
    ),
    [
        Fact("Lagertemperatur (absolute maximum)", -40, None, 150, "°C"),
        Fact("Betriebsspannung (absolute maximum)", None, None, 60, "V"),
        Fact("Induktivität", 3.76, 4.7, 5.64, "µH", "100 kHz, 0,1 V"),
        Fact("Gleichstromwiderstand", None, 12.5, 14.4, "mΩ", "20 °C"),
        Fact("Nennstrom", None, None, 7.25, "A", "ΔT = 40 K"),
        Fact("Sättigungsstrom", None, 9.5, None, "A", "ΔL = −30 %"),
        Fact("Eigenresonanz", 21, 28.5, None, "MHz"),
        Fact("Prüfspannung", 1000, None, None, "V", "1 s"),
    ],
)  # fmt: skip

COMPARATOR = Sheet(
    "comparator in two columns",
    page(
        "= CM-1 Comparator", PROSE,
        "#columns(2, gutter: 16pt)[\n== Inputs\n"
        + table(["Parameter", "Min", "Typ", "Max", "Unit"], [
            ["Offset voltage", "−4", "±0.5", "4", "mV"], ["Bias current", "", "2", "", "nA"],
            ["Hysteresis", "3", "5", "8", "mV"], ["Common-mode range", "0", "", "3.5", "V"],
        ], columns="(1.9fr, .8fr, .8fr, .8fr, .8fr)", more=HEAD_LINE)
        + "\n#colbreak()\n== Outputs\n"
        + table(["Parameter", "Min", "Typ", "Max", "Unit"], [
            ["Delay, rising", "", "32", "55", "ns"], ["Delay, falling", "", "28", "50", "ns"],
            ["Low level", "", "0.12", "0.4", "V"], ["Sink current", "8", "16", "", "mA"],
        ], columns="(1.9fr, .8fr, .8fr, .8fr, .8fr)", more=HEAD_LINE) + "]",
    ),
    [
        Fact("Bias current", None, 2, None, "nA"), Fact("Hysteresis", 3, 5, 8, "mV"),
        Fact("Common-mode range", 0, None, 3.5, "V"), Fact("Delay, rising", None, 32, 55, "ns"),
        Fact("Delay, falling", None, 28, 50, "ns"), Fact("Low level", None, 0.12, 0.4, "V"),
        Fact("Sink current", 8, 16, None, "mA"),
    ],
)  # fmt: skip

TVS = Sheet(
    "suppressor diodes",
    page(
        "= TV series of transient voltage suppressors", PROSE,
        "== Absolute maximum ratings",
        table(["Parameter", "Symbol", "Value", "Unit"], [
            ["Peak pulse power, 10/1000 µs", "P#sub[PP]", "600", "W"],
            ["Junction temperature", "T#sub[j]", "−65 to +150", "°C"],
            ["Soldering temperature", "T#sub[L]", "260", "°C"],
        ], columns="(3fr, 1fr, 1.4fr, .8fr)", more=LINES),
        "== Electrical characteristics by type (T#sub[A] = 25 °C)",
        table(["Type", "V#sub[RWM] (V)", "V#sub[BR] min (V)", "V#sub[BR] max (V)",
               "I#sub[R] max (µA)", "V#sub[C] (V)"], [
            ["TV-5V0", "5.0", "6.40", "7.07", "800", "9.2"],
            ["TV-12", "12", "13.3", "14.7", "1", "19.9"],
            ["TV-24", "24", "26.7", "29.5", "1", "38.9"],
        ], columns="6", more=LINES),
        "== Package outline",
        table([("Dim.", 2, 1), ("Millimeters", 1, 2), ("Inches", 1, 2), "Min.", "Max.", "Min.",
               "Max."], [
            ["A", "1.90", "2.60", "0.075", "0.102"], ["B", "5.08", "5.59", "0.200", "0.220"],
        ], columns="5"),
    ),
    [
        Fact("Peak pulse power, 10/1000 µs (absolute maximum)", None, None, 600, "W"),
        Fact("Junction temperature (absolute maximum)", -65, None, 150, "°C"),
        Fact("Soldering temperature (absolute maximum)", None, None, 260, "°C"),
    ],
)  # fmt: skip

_OPTO = "TA = 25 °C"
OPTOCOUPLER = Sheet(
    "optocoupler",
    page(
        "= OC-8 Optocoupler", PROSE,
        "*Electro-optical characteristics* (T#sub[A] = 25 °C)",
        table(["Parameter", "Symbol", "Min.", "Typ.", "Max.", "Unit", "Conditions"], [
            [("Input", 1, 7)],
            ["Forward voltage", "V#sub[F]", "—", "1.2", "1.4", "V", "I#sub[F] = 20 mA"],
            ["Reverse current", "I#sub[R]", "—", "—", "10", "µA", "V#sub[R] = 4 V"],
            [("Output", 1, 7)],
            ["Collector dark current", "I#sub[CEO]", "—", "—", "100", "nA",
             "V#sub[CE] = 20 V, I#sub[F] = 0 mA"],
            ["Collector-emitter breakdown voltage, open base", "BV#sub[CEO]", "80", "—", "—", "V",
             "I#sub[C] = 0.1 mA, I#sub[F] = 0 mA"],
            [("Transfer characteristics", 1, 7)],
            ["Current transfer ratio", "CTR", "50", "—", "600", "%",
             "I#sub[F] = 5 mA, V#sub[CE] = 5 V"],
            ["Isolation resistance", "R#sub[ISO]", "5×10#super[10]", "10#super[11]", "—", "Ω",
             "DC 500 V"],
            ["Response time, rise", "t#sub[r]", "—", "4", "18", "µs",
             "V#sub[CE] = 2 V, R#sub[L] = 100 Ω"],
        ], columns="(2.4fr, 1fr, .9fr, .8fr, .8fr, .6fr, 2.4fr)"),
    ),
    [
        Fact("Forward voltage", None, 1.2, 1.4, "V", f"IF = 20 mA; {_OPTO}"),
        Fact("Reverse current", None, None, 10, "µA", f"VR = 4 V; {_OPTO}"),
        Fact("Collector dark current", None, None, 100, "nA", f"VCE = 20 V, IF = 0 mA; {_OPTO}"),
        Fact("Collector-emitter breakdown voltage, open base", 80, None, None, "V",
             f"IC = 0.1 mA, IF = 0 mA; {_OPTO}"),
        Fact("Current transfer ratio", 50, None, 600, "%", f"IF = 5 mA, VCE = 5 V; {_OPTO}"),
        Fact("Response time, rise", None, 4, 18, "µs", f"VCE = 2 V, RL = 100 Ω; {_OPTO}"),
    ],
)  # fmt: skip

EEPROM = Sheet(
    "serial memory",
    page(
        "= EE-64 Serial EEPROM", PROSE,
        "== DC characteristics",
        table(["Symbol", "Parameter", "Test conditions", "Min", "Max", "Unit"], [
            ["V#sub[CC]", "Supply voltage", "", "1.7", "5.5", "V"],
            ["I#sub[CC]", "Supply current, reading", "f = 400 kHz", "", "1.0", "mA"],
            ["I#sub[SB]", "Standby current", "V#sub[CC] = 5.5 V", "", "2.0", "uA"],
            ["V#sub[IL]", "Low-level input voltage", "", "−0.5", "0.3 V#sub[CC]", "V"],
            ["V#sub[OL]", "Low-level output voltage", "I#sub[OL] = 2.1 mA", "", "0.4", "V"],
        ], columns="(1fr, 2.4fr, 2fr, .8fr, 1fr, .8fr)", more=LINES),
        "== AC characteristics",
        table([
            ("Parameter", 2, 1), ("Standard mode", 1, 2), ("Fast mode", 1, 2), ("Unit", 2, 1),
            "Min", "Max", "Min", "Max",
        ], [
            ["Clock frequency", "", "100", "", "400", "kHz"],
            ["Clock high time", "4.0", "", "0.6", "", "µs"],
        ], columns="(2fr, 1fr, 1fr, 1fr, 1fr, .8fr)"),
        "== Reliability",
        table(["Parameter", "Min", "Unit"], [
            ["Endurance", "1,000,000", "cycles"], ["Write cycle time", "5", "ms"],
            ["ESD protection", "4,000", "V"],
        ], columns="(2fr, 1fr, 1fr)", more=LINES),
    ),
    [
        Fact("Supply voltage", 1.7, None, 5.5, "V"),
        Fact("Supply current, reading", None, None, 1, "mA", "f = 400 kHz"),
        Fact("Standby current", None, None, 2, "µA", "VCC = 5.5 V"),
        Fact("Low-level output voltage", None, None, 0.4, "V", "IOL = 2.1 mA"),
        Fact("Write cycle time", 5, None, None, "ms"),
        Fact("ESD protection", 4000, None, None, "V"),
    ],
)  # fmt: skip


CHARGER = Sheet(
    "battery charger over two pages",
    page(
        "= BC-1 Battery charger", PROSE, "#v(480pt)",
        "== Electrical characteristics",
        "V#sub[BUS] = 5 V, over the range of T#sub[J], unless otherwise noted",
        table([f"*{one}*" for one in ("Parameter", "Conditions", "Min", "Typ", "Max", "Unit")], [
            ["Input voltage", "", "4.35", "", "6.45", "V"],
            ["Regulation voltage", "I#sub[CHG] = 50 mA", "4.18", "4.2", "4.22", "V"],
            *[[f"Charge current, setting {n}", f"R#sub[SET] = {n} kΩ", f"{n * 9}", f"{n * 10}",
               f"{n * 11}", "mA"] for n in range(1, 13)],
            ["Termination current", "", "8", "10", "12", "%"],
            ["Die temperature, regulated", "", "", "120", "", "°C"],
        ], columns="(2fr, 2fr, 1fr, 1fr, 1fr, 1fr)",
            more="fill: (_, y) => if y == 0 { luma(200) },"),
    ),
    [
        Fact(name, low, typical, high, unit,
             f"{own}VBUS = 5 V, over the range of TJ, unless otherwise noted", on)
        for name, low, typical, high, unit, own, on in [
            ("Input voltage", 4.35, None, 6.45, "V", "", 1),
            ("Regulation voltage", 4.18, 4.2, 4.22, "V", "ICHG = 50 mA; ", 1),
            *[(f"Charge current, setting {n}", n * 9, n * 10, n * 11, "mA", f"RSET = {n} kΩ; ",
               1 if n <= FIRST_PAGE else 2) for n in range(1, 13)],
            ("Termination current", 8, 10, 12, "%", "", 2),
            ("Die temperature, regulated", None, 120, None, "°C", "", 2),
        ]
    ],
)  # fmt: skip

_LED = "All limits apply at VIN = 24 V and TA = 25 °C."
LED_DRIVER = Sheet(
    "LED driver",
    page(
        "= LD-1 LED driver", "The current follows from the resistor at the pin. " * 8,
        "Outputs are limited by the supply, so that V#sub[OUT] = V#sub[IN] − 1 V is reached.",
        "== Limits",
        table(["Rating", "Value", "Unit"], [
            ["Lamp current", "350", "mA"], ["Supply", "4.5 … 40", "V"],
            ["Efficiency", "typ. 92", "%"],
        ], columns="(2fr, 1fr, 1fr)", more=LINES),
        "== Characteristics",
        "All limits apply at V#sub[IN] = 24 V and T#sub[A] = 25 °C.",
        table(["Parameter", "Symbol", "Conditions", "Min.", "Typ.", "Max.", "Unit"], [
            ["Sense voltage", "V#sub[SNS]", "V#sub[DIM] > 2.5 V", "190", "200", "210", "mV"],
            ["Dimming input, threshold", "V#sub[DIM]", "Rising", "0.9", "1.0", "1.1", "V"],
            ["Switch current", "I#sub[SW]", "", "", "", "1.2", "A"],
            ["Hysteresis of the sense voltage", "", "", "", "±15", "", "%"],
        ], columns="(2fr, 1fr, 1.6fr, .8fr, .8fr, .8fr, .8fr)", more=LINES),
    ),
    [
        Fact("Supply", 4.5, None, 40, "V"),
        Fact("Sense voltage", 190, 200, 210, "mV", f"VDIM > 2.5 V; {_LED}"),
        Fact("Dimming input, threshold", 0.9, 1, 1.1, "V", f"Rising; {_LED}"),
        Fact("Switch current", None, None, 1.2, "A", _LED),
    ],
)  # fmt: skip

_REF = "TA = 25 °C, IL = 0 mA unless otherwise stated."
REFERENCE = Sheet(
    "voltage reference",
    page(
        "= VR-25 Voltage reference", PROSE,
        "== Specifications",
        table(["Parameter", "Conditions", "Min", "Typ", "Max", "Unit"], [
            ["Output voltage", "", "2.498", "2.500", "2.502", "V"],
            ["Temperature drift", "−40 °C to +85 °C", "", "5", "15", "ppm/°C"],
            [("Load regulation", 2, 1), "Sourcing, 0 mA to 10 mA", "", "20", "60",
             ("ppm/mA", 2, 1)],
            ["Sinking, −10 mA to 0 mA", "", "30", "120"],
            ["Noise, 0.1 Hz to 10 Hz", "", "", "8", "", "µV p-p"],
            ["Long-term drift", "1000 h", "", "40", "", "ppm"],
            ["Turn-on settling time", "to 0.1 %, C#sub[L] = 1 µF", "", "120", "", "µs"],
        ], columns="(2fr, 2fr, 1fr, 1fr, 1fr, 1fr)"),
        "T#sub[A] = 25 °C, I#sub[L] = 0 mA unless otherwise stated.",
        "== Ordering",
        table(["Model", "Initial accuracy max.", "Drift max.", "Package"], [
            ["VR-25A", "0.2 %", "25 ppm/°C", "SOT-23"], ["VR-25B", "0.08 %", "15 ppm/°C", "SO-8"],
        ], columns="4"),
    ),
    [
        Fact("Output voltage", 2.498, 2.5, 2.502, "V", _REF),
        Fact("Temperature drift", None, 5, 15, "ppm/°C", f"−40 °C to +85 °C; {_REF}"),
        Fact("Load regulation", None, 20, 60, "ppm/mA", f"Sourcing, 0 mA to 10 mA; {_REF}"),
        Fact("Load regulation", None, 30, 120, "ppm/mA", f"Sinking, −10 mA to 0 mA; {_REF}"),
        Fact("Noise, 0.1 Hz to 10 Hz", None, 8, None, "µV p-p", _REF),
        Fact("Long-term drift", None, 40, None, "ppm", f"1000 h; {_REF}"),
        Fact("Turn-on settling time", None, 120, None, "µs", f"to 0.1 %, CL = 1 µF; {_REF}"),
    ],
)  # fmt: skip

THERMISTOR = Sheet(
    "thermistor in German",
    page(
        "= NT-10 Heißleiter", "Ein Fühler für Umrichter. " * 9,
        "== Kennwerte (bei 25 °C)",
        table(["Bezeichnung", "Zeichen", "Min.", "Nom.", "Max.", "Einheit"], [
            ["Nennwiderstand", "R#sub[25]", "9,9", "10", "10,1", "kΩ"],
            ["B-Wert", "B#sub[25/85]", "3.940", "3.980", "4.020", "K"],
            ["Verlustleistung", "P", "", "", "60", "mW"],
            ["Wärmeableitung", "δ", "", "1,5", "", "mW/K"],
            ["Zeitkonstante", "τ", "", "", "7", "sec"],
        ], columns="(2fr, 1fr, 1fr, 1fr, 1fr, 1fr)", more=HEAD_LINE),
    ),
    [
        Fact("Nennwiderstand", 9.9, 10, 10.1, "kΩ", "bei 25 °C"),
        Fact("B-Wert", 3940, 3980, 4020, "K", "bei 25 °C"),
        Fact("Verlustleistung", None, None, 60, "mW", "bei 25 °C"),
        Fact("Wärmeableitung", None, 1.5, None, "mW/K", "bei 25 °C"),
        Fact("Zeitkonstante", None, None, 7, "s", "bei 25 °C"),
    ],
)  # fmt: skip

TRANSCEIVER = Sheet(
    "transceiver with centred labels",
    page(
        "= RS-4 RS-485 transceiver", PROSE,
        "== Driver",
        table(["Parameter", "Conditions", "Min", "Typ", "Max", "Unit"], [
            ["", "R#sub[L] = 60 Ω", "1.5", "2", "", "V"],
            ["Differential output voltage", "R#sub[L] = 100 Ω", "2", "2.5", "", "V"],
            ["", "No load", "", "", "5", "V"],
            ["Output current, short circuit", "−7 V to 12 V", "−250", "", "250", "mA"],
            ["", "T#sub[A] = 25 °C", "", "9", "16", "ns"],
            ["Propagation delay", "T#sub[A] = 85 °C", "", "12", "20", "ns"],
            ["", "T#sub[A] = 125 °C", "", "14", "26", "ns"],
        ], columns="(2.4fr, 2fr, .8fr, .8fr, .8fr, .8fr)", more=HEAD_LINE),
        "== Bus",
        table(["Parameter", "Conditions", "Min", "Typ", "Max", "Unit"], [
            ["Input resistance", "−7 V to 12 V", "96", "", "", "kΩ"],
            ["Nodes on a bus", "", "", "", "256", ""],
            ["ESD, human body", "Bus pins", "16", "", "", "kV"],
            ["Data rate", "", "", "", "20 / 50", "Mbps"],
        ], columns="(2.4fr, 2fr, .8fr, .8fr, .8fr, .8fr)"),
    ),
    [
        Fact("Differential output voltage", 1.5, 2, None, "V", "RL = 60 Ω"),
        Fact("Differential output voltage", 2, 2.5, None, "V", "RL = 100 Ω"),
        Fact("Differential output voltage", None, None, 5, "V", "No load"),
        Fact("Output current, short circuit", -250, None, 250, "mA", "−7 V to 12 V"),
        Fact("Propagation delay", None, 9, 16, "ns", "TA = 25 °C"),
        Fact("Propagation delay", None, 12, 20, "ns", "TA = 85 °C"),
        Fact("Propagation delay", None, 14, 26, "ns", "TA = 125 °C"),
        Fact("Input resistance", 96, None, None, "kΩ", "−7 V to 12 V"),
        Fact("ESD, human body", 16, None, None, "kV", "Bus pins"),
    ],
)  # fmt: skip

RELAY = Sheet(
    "relay",
    page(
        "= RY-12 Signal relay", PROSE,
        "== Coil data (at 23 °C)",
        table(["Item", "Value", "Unit"], [
            ["Nominal voltage", "12", "V"], ["Pick-up voltage", "≤ 9.0", "V"],
            ["Drop-out voltage", "≥ 1.2", "V"], ["Coil resistance", "1028 ±10 %", "Ω"],
        ], columns="(2fr, 1fr, 1fr)"),
        "== Contact data",
        table(["Item", "Specification"], [
            ["Contact resistance", "≤ 100 mΩ (6 V, 1 A)"], ["Switching voltage", "250 V AC max."],
            ["Operate time", "max. 4 ms"], ["Mechanical life", "10#super[8] operations"],
        ], columns="(2fr, 3fr)", more=LINES),
        "== Environment",
        table(["Item", "Min", "Max", "Unit"], [
            ["Ambient temperature", "−40", "85", "°C"], ["Humidity", "5", "85", "%"],
            ["Mechanical life", "10#super[7]", "", "cycles"],
        ], columns="(3fr, 1fr, 1fr, 1fr)"),
    ),
    [
        Fact("Pick-up voltage", None, None, 9, "V", "at 23 °C"),
        Fact("Drop-out voltage", 1.2, None, None, "V", "at 23 °C"),
        Fact("Contact resistance", None, None, 100, "mΩ", "6 V, 1 A"),
        Fact("Switching voltage", None, None, 250, "V", "AC"),
        Fact("Operate time", None, None, 4, "ms"),
        Fact("Ambient temperature", -40, None, 85, "°C"), Fact("Humidity", 5, None, 85, "%"),
    ],
)  # fmt: skip

SHEETS = (
    BUCK, INDUCTOR, COMPARATOR, TVS, OPTOCOUPLER, EEPROM, CHARGER,
    LED_DRIVER, REFERENCE, THERMISTOR, TRANSCEIVER, RELAY,
)  # fmt: skip
