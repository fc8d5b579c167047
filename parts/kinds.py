"""What the name of a category says about its parts."""

from __future__ import annotations

import re

from parts.models.catalogue import MadeIn

#: Kinds that no wafer fab makes, as people name their categories.
_ASSEMBLED = re.compile(
    r"passiv|resist|capacit|mlcc|induct|coil|choke|ferrite|bead|transformer|magnetic|crystal|quartz"
    r"|timing|resonat|connect|header|socket|terminal|jumper|cable|wire|harness|switch|button|relay"
    r"|fuse|holder|batter|buzzer|speaker|microphone|antenna|fan|motor|heatsink|mechanic|electromech"
    r"|enclosure|housing|screw|hardware|pcb|board|module|display|label|packag"
)


def made_in(path: str, name: str) -> MadeIn:
    """Where parts of a category are made; a wafer fab, which recovers last, when unclear."""
    known = _ASSEMBLED.search(f"{path} {name}".casefold())
    return MadeIn.ASSEMBLY if known else MadeIn.FAB
