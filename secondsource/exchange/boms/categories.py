"""Which category a new part probably belongs to: a guess from its designators and description.

Letters follow IEEE 315 and IEC 81346 as schematics use them. A word of the description wins over
the letters, which say little of integrated circuits. A guess is shown in the preview, with how
many parts it places, and can be changed there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parts.models import Category
from secondsource.exchange.bom import BomLine


@dataclass(frozen=True)
class Group:
    """A kind of part: designator letters, words of descriptions, names that its category may have.

    A category is made by the first name with ``prefix`` when none of the names is there.
    """

    name: str
    prefix: str
    letters: str
    words: str
    also: str = ""

    @property
    def key(self) -> str:
        """How forms and the API name the group."""
        return self.name.lower().replace(" ", "_")

    @property
    def names(self) -> list[str]:
        """Names and last path segments of categories that fit, the best first."""
        return [self.key, self.name.lower(), *self.also.split("|")]


GROUPS = (
    Group("Microcontrollers", "MCU", "", r"mcu|microcontrollers?|microprocessors?|soc|fpga|cpld",
          "mcu|mcus|processors"),
    Group("Memory", "MEM", "", r"e?eprom|flash|s?d?ram|fram|memory", "memories"),
    Group("Power ICs", "PWR", "", r"ldo|regulators?|dc[-/]dc|buck|boost|pmic|converter", "power"),
    Group("Interface ICs", "IFC", "", r"transceivers?|level shifter|rs-?485|rs-?232|isolators?",
          "interface|interfaces"),
    Group("Crystals", "XTL", "Y|XTAL|OSC", r"crystals?|oscillators?|resonators?|tcxo", "timing"),
    Group("Connectors", "CON", "J|P|CN|CON|JP|X|XS|XP", r"connectors?|headers?|sockets?|terminals?",
          "connector"),
    Group("Switches", "SWI", "S|SW|BTN|KEY", r"switch|switches|push ?buttons?|tact", "switch"),
    Group("Fuses", "FUS", "F|FU", r"p?fuses?|ptc", "fuse|protection"),
    Group("Relays", "REL", "K|RL|RLY", r"relays?", "relay"),
    Group("Transformers", "TRF", "T|TR|XFMR", r"transformers?", "transformer|magnetics"),
    Group("Diodes", "DIO", "D|CR|Z|ZD|TVS|LED|DS", r"diodes?|zener|schottky|tvs|leds?", "leds"),
    Group("Transistors", "TRA", "Q|VT", r"transistors?|mosfets?|bjt|igbt", "discretes"),
    Group("Inductors", "IND", "L|FB|BEAD", r"inductors?|ferrites?|ferrite beads?|chokes?",
          "passives"),
    Group("Capacitors", "CAP", "C|CP|CE", r"capacitors?|cap|mlcc", "passives"),
    Group("Resistors", "RES", "R|RN|RA|RP|RV|VR|RT", r"resistors?|res|thermistors?|potentiometers?",
          "passives"),
    Group("Integrated circuits", "ICS", "U|IC|N", r"ics?", "ics|semiconductors"),
)  # fmt: skip
BY_KEY = {group.key: group for group in GROUPS}
#: What somebody may choose besides a category's path.
UNSORTED, NEW = "", "+"

_LETTERS = {letter: group for group in GROUPS for letter in group.letters.split("|") if letter}
_WORDS = [(re.compile(rf"\b(?:{group.words})\b", re.IGNORECASE), group) for group in GROUPS]


def group_of(line: BomLine) -> str:
    """The key of the group that a line's part belongs to; '' when nothing says so."""
    letters = {match[0].upper() for d in line.designators if (match := re.match(r"[A-Za-z]+", d))}
    by_letters = {_LETTERS[one] for one in letters if one in _LETTERS}
    by_words = next((group for words, group in _WORDS if words.search(line.description)), None)
    if len(by_letters) != 1:
        return by_words.key if by_words else ""
    (found,) = by_letters
    vague = found.name in ("Integrated circuits", "Connectors", "Transformers")
    return by_words.key if by_words and vague else found.key


def suggestions(keys: Iterable[str]) -> dict[str, str]:
    """The path of the category that fits each group; ``NEW`` where none does."""
    by_name: dict[str, str] = {}
    for path, name in Category.objects.order_by("path").values_list("path", "name"):
        by_name.setdefault(name.lower(), path)
        by_name.setdefault(path.rpartition("/")[2].lower(), path)
    return {
        key: next((by_name[name] for name in BY_KEY[key].names if name in by_name), NEW)
        for key in keys
        if key
    }


def counts(lines: Iterable[BomLine]) -> dict[str, int]:
    """How many of these lines belong to each group, the largest first; '' is none."""
    return dict(Counter(group_of(line) for line in lines).most_common())


def problems(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    """Group and sentence for each choice that cannot be made."""
    known = set(Category.objects.values_list("path", flat=True))
    found = [(key, "There is no such group of parts.") for key in choices if key not in BY_KEY]
    return found + [
        (key, f"There is no category {path}.")
        for key, path in choices.items()
        if key in BY_KEY and path not in (UNSORTED, NEW) and path not in known
    ]
