"""The demonstration's parts by series: a category, a text, values, manufacturers, prices.

``{}`` in text and number stands for the value. All manufacturers and numbers are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

#: path, name, prefix of part numbers, risk class; beside those of the first parts.
CATEGORIES = (
    ("analog", "Analog", "ANA", "medium"),
    ("discrete", "Discretes", "DIS", "medium"),
    ("logic", "Logic", "LOG", "low"),
    ("sensors", "Sensors", "SEN", "medium"),
    ("opto", "Opto", "OPT", "low"),
    ("protection", "Protection", "PRO", "low"),
    ("relays", "Relays", "REL", "low"),
)


@dataclass(frozen=True)
class Series:
    """A series; ``makers`` are incumbent and alternate, ``price`` of its first and last value.

    ``uses``: the most pieces of one value on a board.
    """

    category: str
    text: str
    number: str
    values: str
    makers: tuple[str, str]
    price: tuple[str, str]
    uses: int
    lead_days: int
    criticality: str = "c"

    @property
    def labels(self) -> list[str]:
        """The values in order."""
        return [value.strip() for value in self.values.split(";")]


_PASSIVES = (
    Series("passives", "Resistor {}, 1 %, 0402", "R42-{}",
           "10 Ω; 22 Ω; 33 Ω; 47 Ω; 100 Ω; 150 Ω; 220 Ω; 330 Ω; 470 Ω; 680 Ω; 1 kΩ; 1.5 kΩ; 2.2 kΩ;"
           " 3.3 kΩ; 4.7 kΩ; 6.8 kΩ; 10 kΩ; 22 kΩ; 33 kΩ; 47 kΩ; 100 kΩ; 220 kΩ; 470 kΩ; 1 MΩ",
           ("ACACIA", "JUNEBERRY"), ("0.0006", "0.0007"), 14, 42),
    Series("passives", "Resistor {}, 1 %, 0603", "R63-{}",
           "0 Ω; 4.7 Ω; 27 Ω; 68 Ω; 120 Ω; 270 Ω; 390 Ω; 560 Ω; 820 Ω; 1.2 kΩ; 1.8 kΩ; 2.7 kΩ;"
           " 3.9 kΩ; 5.6 kΩ; 8.2 kΩ; 12 kΩ; 27 kΩ; 56 kΩ; 120 kΩ; 330 kΩ",
           ("JUNEBERRY", "ACACIA"), ("0.0009", "0.0010"), 9, 42),
    Series("passives", "Current sense resistor {}, 1 %, 2512", "RS2-{}",
           "1 mΩ; 2 mΩ; 5 mΩ; 10 mΩ; 20 mΩ; 50 mΩ", ("ACACIA", "BRIAR"), ("0.110", "0.085"), 3, 56,
           "b"),
    Series("passives", "Power resistor {}, 5 %, 3 W", "RP3-{}", "10 Ω; 47 Ω; 100 Ω; 470 Ω",
           ("BRIAR", "ACACIA"), ("0.072", "0.070"), 2, 49),
    Series("passives", "MLCC {}, 50 V, C0G, 0402", "C4G-{}",
           "4.7 pF; 8.2 pF; 10 pF; 12 pF; 15 pF; 18 pF; 22 pF; 33 pF; 47 pF; 100 pF; 220 pF; 1 nF",
           ("ZINNIA", "BRIAR"), ("0.0031", "0.0054"), 10, 63),
    Series("passives", "MLCC {}, 25 V, X7R, 0402", "C4X-{}",
           "1 nF; 2.2 nF; 4.7 nF; 10 nF; 22 nF; 47 nF; 100 nF; 220 nF", ("ZINNIA", "AGAVE"),
           ("0.0024", "0.0062"), 24, 63),
    Series("passives", "MLCC {}, 50 V, X7R, 0805", "C8X-{}", "10 nF; 100 nF; 220 nF; 470 nF; 1 µF;"
           " 2.2 µF; 4.7 µF", ("JUNEBERRY", "ZINNIA"), ("0.0070", "0.039"), 12, 70),
    Series("passives", "MLCC {}, 25 V, X5R, 1206", "C12-{}", "4.7 µF; 10 µF; 22 µF; 47 µF",
           ("ZINNIA", "AGAVE"), ("0.034", "0.145"), 6, 84, "b"),
    Series("passives", "Polymer capacitor {}, 35 V", "CPY-{}",
           "22 µF; 47 µF; 100 µF; 220 µF; 330 µF; 470 µF", ("AGAVE", "BRIAR"), ("0.21", "0.58"), 4,
           98, "b"),
    Series("passives", "Electrolytic capacitor {}, 450 V", "CEL-{}", "22 µF; 47 µF; 100 µF; 220 µF",
           ("AGAVE", "ZINNIA"), ("0.62", "2.35"), 3, 91, "b"),
    Series("passives", "Power inductor {}, shielded, 6 × 6", "L66-{}",
           "1 µH; 2.2 µH; 3.3 µH; 6.8 µH; 10 µH; 15 µH; 22 µH; 47 µH; 100 µH",
           ("LAUREL", "HAWTHORN"), ("0.16", "0.21"), 2, 77, "b"),
    Series("passives", "Ferrite bead {} at 100 MHz, 0603", "FB6-{}",
           "30 Ω; 120 Ω; 220 Ω; 600 Ω; 1 kΩ", ("HAWTHORN", "LAUREL"), ("0.0080", "0.0095"), 6, 49),
    Series("passives", "Common mode choke {}", "LCM-{}", "51 µH; 100 µH; 470 µH; 2.2 mH",
           ("HAWTHORN", "LAUREL"), ("0.28", "1.10"), 2, 84, "b"),
)  # fmt: skip

_SEMICONDUCTORS = (
    Series("discrete", "Schottky diode {}", "SD{}",
           "20 V 0.5 A; 30 V 1 A; 40 V 1 A; 40 V 3 A; 60 V 2 A; 100 V 5 A", ("GUAVA", "VERVAIN"),
           ("0.024", "0.165"), 4, 56),
    Series("discrete", "N-channel MOSFET {}", "NM{}",
           "20 V 2 A; 30 V 6 A; 40 V 40 A; 60 V 12 A; 60 V 80 A; 100 V 30 A; 150 V 20 A;"
           " 650 V 11 A",
           ("VERVAIN", "GUAVA"), ("0.062", "1.48"), 4, 112, "b"),
    Series("discrete", "P-channel MOSFET {}", "PM{}", "20 V 3 A; 30 V 8 A; 60 V 10 A",
           ("VERVAIN", "GUAVA"), ("0.081", "0.44"), 2, 98, "b"),
    Series("discrete", "Transistor {}, SOT-23", "BT{}", "NPN 45 V; PNP 45 V; NPN 80 V; NPN digital",
           ("GUAVA", "VERVAIN"), ("0.0140", "0.0190"), 5, 49),
    Series("discrete", "Zener diode {}, SOD-323", "ZD{}", "3.3 V; 5.1 V; 6.2 V; 12 V; 15 V; 24 V",
           ("GUAVA", "VERVAIN"), ("0.0130", "0.0150"), 3, 49),
    Series("discrete", "Bridge rectifier {}", "BR{}", "600 V 1 A; 800 V 4 A", ("VERVAIN", "GUAVA"),
           ("0.14", "0.49"), 1, 70),
    Series("logic", "Logic {}, SOT-23-5", "LG{}",
           "inverter; buffer; NAND; AND; OR; XOR; tri-state buffer; Schmitt inverter",
           ("KUMQUAT", "CLOVER"), ("0.048", "0.071"), 3, 63),
    Series("logic", "Logic {}, TSSOP", "LT{}", "octal buffer; shift register; 8:1 multiplexer;"
           " dual flip-flop", ("KUMQUAT", "CLOVER"), ("0.11", "0.19"), 2, 70),
    Series("analog", "Operational amplifier {}", "OA{}",
           "1 MHz dual; 4 MHz quad; 10 MHz dual; low offset single; low noise dual; 36 V dual",
           ("OLEANDER", "ULMARIA"), ("0.19", "1.15"), 3, 98, "b"),
    Series("analog", "Comparator {}", "CP{}", "dual open drain; quad; 40 ns single",
           ("OLEANDER", "ULMARIA"), ("0.13", "0.62"), 2, 84),
    Series("analog", "ADC {}", "AD{}", "12 bit 4 channels; 16 bit 250 kSPS; 24 bit delta-sigma;"
           " isolated modulator", ("OLEANDER", "DAHLIA"), ("1.62", "4.90"), 1, 140, "a"),
    Series("analog", "DAC {}", "DA{}", "12 bit dual; 16 bit single", ("ULMARIA", "OLEANDER"),
           ("1.28", "3.95"), 1, 126, "b"),
    Series("analog", "Current sense amplifier {}", "CS{}", "26 V; 65 V; 80 V bidirectional",
           ("OLEANDER", "CATALPA"), ("0.58", "1.34"), 3, 105, "b"),
    Series("analog", "Voltage reference {}", "VR{}", "1.25 V; 2.5 V; 4.096 V",
           ("ULMARIA", "OLEANDER"), ("0.41", "0.88"), 1, 91),
    Series("power", "LDO {}, 300 mA", "LD{}", "1.2 V; 1.8 V; 2.5 V; 3.0 V; 5.0 V; adjustable",
           ("MEDLAR", "PAWPAW"), ("0.12", "0.17"), 2, 77),
    Series("power", "Buck converter {}", "BK{}", "1 A 6 V; 2 A 18 V; 5 A 18 V; 3 A 60 V",
           ("MEDLAR", "PAWPAW"), ("0.36", "2.05"), 1, 119, "b"),
    Series("power", "Gate driver {}", "GD{}", "half bridge 100 V; isolated 4 A; three phase 60 V",
           ("CATALPA", "PAWPAW"), ("0.72", "2.60"), 1, 133, "a"),
    Series("power", "Supervisor {}", "SV{}", "2.93 V; 3.08 V; 4.63 V; watchdog",
           ("PAWPAW", "MEDLAR"), ("0.14", "0.29"), 1, 70),
    Series("memory", "EEPROM {}, SO-8", "EE{}", "4 Kb; 16 Kb; 64 Kb; 512 Kb", ("NETTLE", "YARROW"),
           ("0.11", "0.52"), 1, 63),
    Series("memory", "NOR flash {}, WSON-8", "NF{}", "16 Mb; 32 Mb; 64 Mb; 256 Mb",
           ("YARROW", "NETTLE"), ("0.31", "2.10"), 1, 105, "b"),
    Series("memory", "FRAM {}, SO-8", "FR{}", "64 Kb; 256 Kb", ("NETTLE", "YARROW"),
           ("1.45", "3.10"), 1, 147, "a"),
    Series("interface", "Transceiver {}", "TX{}", "LIN; CAN FD; RS-232; RS-485 half duplex;"
           " USB 2.0 hub", ("DAHLIA", "WILLOWHERB"), ("0.39", "1.62"), 2, 98, "b"),
    Series("interface", "Digital isolator {}", "DI{}", "2 channels; 4 channels; I²C",
           ("DAHLIA", "CATALPA"), ("0.69", "1.55"), 2, 126, "a"),
    Series("interface", "Level shifter {}", "LS{}", "1 bit; 4 bit; 8 bit", ("CLOVER", "KUMQUAT"),
           ("0.10", "0.38"), 1, 63),
    Series("mcu", "MCU 8 bit, {}", "WM8-{}", "16 KB flash, SO-20; 32 KB flash, QFN-32",
           ("WILLOWHERB", "CLOVER"), ("0.62", "0.95"), 1, 126, "b"),
)  # fmt: skip

_OTHERS = (
    Series("sensors", "Temperature sensor {}", "TS{}", "analog; I²C; 1-wire", ("QUINCE", "XERIS"),
           ("0.31", "0.84"), 2, 84),
    Series("sensors", "Hall sensor {}", "HS{}", "switch; linear; angle", ("XERIS", "QUINCE"),
           ("0.22", "2.40"), 2, 105, "b"),
    Series("sensors", "Pressure sensor {}", "PS{}", "1 bar; 10 bar", ("QUINCE", "XERIS"),
           ("3.80", "6.20"), 1, 133, "b"),
    Series("opto", "LED {}, 0603", "LE{}", "red; green; yellow; blue; white",
           ("FUCHSIA", "TAMARIND"), ("0.018", "0.036"), 3, 49),
    Series("opto", "Optocoupler {}", "OC{}", "transistor output; logic output; gate driver;"
           " zero crossing", ("TAMARIND", "FUCHSIA"), ("0.095", "0.92"), 3, 77, "b"),
    Series("protection", "TVS diode {}", "TV{}", "5 V USB; 12 V; 24 V; 33 V; CAN bus; 58 V 600 W",
           ("DAMSON", "GUAVA"), ("0.041", "0.29"), 3, 63),
    Series("protection", "Resettable fuse {}", "PF{}", "0.1 A; 0.5 A; 1.1 A; 2.0 A",
           ("DAMSON", "BRIAR"), ("0.058", "0.19"), 2, 70),
    Series("timing", "Crystal {}, 3225", "XC{}", "8 MHz; 12 MHz; 16 MHz; 24 MHz; 26 MHz",
           ("ELDERBERRY", "SORREL"), ("0.19", "0.26"), 1, 91),
    Series("timing", "Oscillator {}, 2520", "XO{}", "10 MHz; 20 MHz; 40 MHz; 125 MHz",
           ("SORREL", "ELDERBERRY"), ("0.62", "1.35"), 1, 105, "b"),
    Series("connectors", "Pin header {}, 2.54 mm", "PH{}", "1 × 4; 1 × 6; 2 × 5; 2 × 8; 2 × 20",
           ("IVY", "BORAGE"), ("0.052", "0.31"), 2, 35),
    Series("connectors", "Terminal block {}, 5.08 mm", "TB{}", "2 way; 3 way; 6 way; 8 way",
           ("BORAGE", "IVY"), ("0.24", "1.05"), 3, 35),
    Series("connectors", "RJ45 jack {}", "RJ{}", "with magnetics; without magnetics",
           ("IVY", "BORAGE"), ("2.15", "0.74"), 1, 63, "b"),
    Series("relays", "Relay {}", "RL{}", "5 V 2 A; 12 V 10 A; 24 V 16 A; solid state 1 A",
           ("ROWAN", "TAMARIND"), ("0.68", "2.25"), 2, 77, "b"),
    Series("relays", "Switch {}", "SW{}", "push button; DIP 4 way; rotary 16 way",
           ("ROWAN", "BORAGE"), ("0.085", "1.40"), 1, 49),
)  # fmt: skip

SERIES = (*_PASSIVES, *_SEMICONDUCTORS, *_OTHERS)
