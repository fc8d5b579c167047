"""Lint: a line of a template has at most 120 characters."""

from __future__ import annotations

import sys
from pathlib import Path

LONGEST = 120


def long_lines(folder: Path) -> list[str]:
    """``file:line`` of every line that is too long."""
    return [
        f"{path}:{number}"
        for path in sorted(folder.rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST
    ]


if __name__ == "__main__":
    found = long_lines(Path("templates"))
    sys.exit("\n".join(f"{place}: longer than {LONGEST} characters" for place in found) or None)
