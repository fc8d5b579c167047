"""How states of parts, sources and cases look: words, tones and icons, said once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from parts.models.catalogue import ACTIVE_LIFECYCLES, Lifecycle
from qualification.models.cases import GATES, State
from suppliers.models import Source


@dataclass(frozen=True)
class Mark:
    """A word with its tone and icon, as the tag ``chip`` takes them."""

    text: str
    tone: str = ""
    icon: str = ""
    title: str = ""


_LIFECYCLE = {
    Lifecycle.NRND: ("warn", "triangle-alert"),
    Lifecycle.PHASE_OUT: ("warn", "triangle-alert"),
    Lifecycle.LAST_TIME_BUY: ("bad", "clock-alert"),
    Lifecycle.DISCONTINUED: ("bad", "octagon-x"),
}


@cache
def lifecycle(value: str) -> Mark:
    """Active and unknown are plain words; the rest carries colour."""
    stage = Lifecycle(value)
    if stage in ACTIVE_LIFECYCLES:
        return Mark("Active", title=stage.label)
    return Mark(stage.label, *_LIFECYCLE.get(stage, ("", "")))


_STATUS = {
    Source.Status.CANDIDATE: ("out", "circle-dashed", "dashed"),
    Source.Status.IN_QUALIFICATION: ("info", "", "half"),
    Source.Status.INTERIM: ("warn", "hourglass", "half"),
    Source.Status.APPROVED: ("good", "circle-check", "approved"),
    Source.Status.REQUALIFY: ("warn", "refresh-cw", "half"),
    Source.Status.PHASE_OUT: ("warn", "triangle-alert", "dashed"),
    Source.Status.DISQUALIFIED: ("bad", "ban", "dashed"),
}


def status(value: str) -> Mark:
    """A source's status in words."""
    word = Source.Status(value)
    tone, icon, _ = _STATUS[word]
    return Mark(word.label[:1].upper() + word.label[1:], tone, icon)


def pip(value: str) -> str:
    """The shape of a source's pip."""
    return _STATUS[Source.Status(value)][2]


_INDEPENDENCE = {
    Source.Independence.INDEPENDENT: Mark("Independent", "out", "split"),
    Source.Independence.PARTLY: Mark("Partly independent", "warn", "link-2"),
    Source.Independence.NOMINAL: Mark("Nominal", "bad", "link-2"),
}


def independence(value: str) -> Mark:
    """Whether a source survives what stops the others."""
    return _INDEPENDENCE[Source.Independence(value)]


def pips(approved: int, underway: int, candidates: int) -> list[str]:
    """Shapes of a part's pips from the stored counts."""
    return ["approved"] * approved + ["half"] * underway + ["dashed"] * candidates


def sources_in_words(approved: int, underway: int, candidates: int) -> str:
    """``1 approved, 1 in qualification, 1 candidate``."""
    counted = ((approved, "approved"), (underway, "in qualification"), (candidates, "candidate"))
    said = [f"{n} {word}" for n, word in counted if n]
    return ", ".join(said) or "no source"


@dataclass(frozen=True)
class CaseMark:
    """Where a case stands: its word, the current of seven blocks, whether done.

    ``current`` 0 is before the first gate, None draws no rail.
    """

    text: str
    current: int | None = None
    blocked: bool = False
    done: bool = False


@cache
def case(state: str) -> CaseMark:
    """A case's state as lists show it; '' is a part without a case."""
    if not state:
        return CaseMark("Not started")
    word = State(state)
    label = word.label[:1].upper() + word.label[1:]
    if word in GATES:
        return CaseMark(label, GATES.index(word) + 1)
    if word == State.CLOSED:
        return CaseMark(label, done=True)
    return CaseMark(label, 0 if word == State.DRAFT else None)
