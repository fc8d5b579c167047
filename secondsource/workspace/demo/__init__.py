"""A small company that is clearly a demonstration, with a case at every gate.

Manufacturers, part numbers, prices and people are invented. The builder moves the clock: the
history covers a year, and the last hold point of one transition is due today.
"""

from secondsource.workspace.demo.build import build
from secondsource.workspace.demo.people import PASSWORD, PEOPLE

__all__ = ["PASSWORD", "PEOPLE", "build"]
