"""Families of parts that share their traps, by the name of the category.

A company names its categories as it likes; the starter SOPs are per family.
"""

from __future__ import annotations

import re

from django.db.models import TextChoices

from parts.models import Category


class Family(TextChoices):
    """Families with starter SOPs of their own."""

    PASSIVES = "passives"
    CONNECTORS = "connectors"
    DISCRETES = "discretes"
    POWER = "power"
    MEMORY = "memory"
    MCU = "mcu", "MCU"


#: The first family whose words a name contains: a power inductor is a passive, an MCU with flash
#: an MCU.
_WORDS: dict[Family, re.Pattern[str]] = {
    Family.CONNECTORS: re.compile(r"connect|header|socket|terminal|jumper|cable|wire|harness"),
    Family.PASSIVES: re.compile(
        r"passiv|resist|capacit|mlcc|induct|choke|ferrite|bead|crystal|quartz|timing|resonat"
        r"|oscillat|varistor|thermistor"
    ),
    Family.DISCRETES: re.compile(
        r"discret|diode|rectifier|transistor|mosfet|igbt|thyristor|opto|\bled\b|\bleds\b|\btvs\b"
    ),
    Family.MCU: re.compile(r"\bmcu|microcontrol|microprocess|processor|\bcpu\b|\bsoc\b|fpga"),
    Family.MEMORY: re.compile(r"memor|flash|eeprom|\bdram\b|\bsram\b|\bnor\b|\bnand\b|\bfram\b"),
    Family.POWER: re.compile(
        r"power|regulat|\bldo\b|\bbuck\b|\bboost\b|converter|\bpmic\b|dc.?dc|charger"
    ),
}


def family_of(path: str, name: str = "") -> str:
    """The family of a category, from the deepest name that belongs to one; '' for none."""
    places = [f"{path.rpartition('/')[2]} {name}", *reversed(path.split("/")[:-1])]
    for place in places:
        text = re.sub(r"[-_.]", " ", place.casefold())
        for family, words in _WORDS.items():
            if words.search(text):
                return str(family)
    return ""


def places_of(category: Category) -> list[str]:
    """The paths of a category and of those above it, the nearest first."""
    names = category.path.split("/")
    return ["/".join(names[:length]) for length in range(len(names), 0, -1)]
