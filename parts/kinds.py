"""The kind of parts by the name of their category."""

from __future__ import annotations

import re

from parts.models.catalogue import MadeIn

#: Words in names of categories whose parts do not come from a wafer fab.
_ASSEMBLED = re.compile(
    r"passiv|resist|capacit|mlcc|induct|coil|choke|ferrite|bead|transformer|magnetic|crystal|quartz"
    r"|timing|resonat|connect|header|socket|terminal|jumper|cable|wire|harness|switch|button|relay"
    r"|fuse|holder|batter|buzzer|speaker|microphone|antenna|fan|motor|heatsink|mechanic|electromech"
    r"|enclosure|housing|screw|hardware|pcb|board|module|display|label|packag"
)


def made_in(path: str, name: str) -> MadeIn:
    """Where parts of a category are made; when unclear a wafer fab, the slowest to recover."""
    known = _ASSEMBLED.search(f"{path} {name}".casefold())
    return MadeIn.ASSEMBLY if known else MadeIn.FAB
