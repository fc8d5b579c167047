"""How states of parts, sources and cases look: words, tones and icons, said once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString

from parts import counts
from parts.models import PartFigures
from parts.models.catalogue import ACTIVE_LIFECYCLES, Lifecycle
from qualification.models.cases import GATES, State
from secondsource.core.templatetags.ui import pips as drawn_pips
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
    Source.Status.CANDIDATE: ("out", "circle-dashed"),
    Source.Status.IN_QUALIFICATION: ("info", ""),
    Source.Status.INTERIM: ("warn", "hourglass"),
    Source.Status.APPROVED: ("good", "circle-check"),
    Source.Status.REQUALIFY: ("warn", "refresh-cw"),
    Source.Status.PHASE_OUT: ("warn", "triangle-alert"),
    Source.Status.DISQUALIFIED: ("bad", "ban"),
}


def status(value: str) -> Mark:
    """A source's status in words."""
    word = Source.Status(value)
    tone, icon = _STATUS[word]
    return Mark(word.label[:1].upper() + word.label[1:], tone, icon)


_INDEPENDENCE = {
    Source.Independence.INDEPENDENT: Mark("Independent", "out", "split"),
    Source.Independence.PARTLY: Mark("Partly independent", "warn", "link-2"),
    Source.Independence.NOMINAL: Mark("Nominal", "bad", "link-2"),
    Source.Independence.UNKNOWN: Mark("Independence not known", "out", "circle-help"),
}


def independence(value: str) -> Mark:
    """Whether a source survives what stops the others."""
    return _INDEPENDENCE[Source.Independence(value)]


_COUNT_TONES = {
    "none_idle": "bad", "none_underway": "info", "single_idle": "bad", "single_underway": "info",
    "multiple": "good", "unknown": "out", "left_out": "out",
}  # fmt: skip


@cache
def count(word: str) -> Mark:
    """In how many sources a part counts (a word of ``parts.counts``)."""
    label = counts.COUNTS[word].label
    return Mark(label[:1].upper() + label[1:], _COUNT_TONES[word])


def pips(found: PartFigures) -> SafeString:
    """A part's pips, red where its one source stands alone and nothing is started."""
    shapes = ["approved"] * found.approved_sources
    shapes += ["half"] * found.underway_sources + ["dashed"] * found.candidate_sources
    word = counts.word_of(found)
    label = f"{count(word).text}: {sources_in_words(found)}"
    return drawn_pips(shapes, label=label, alone=word == "single_idle")


def sources_in_words(found: PartFigures) -> str:
    """``1 approved, 1 in qualification, 1 candidate``."""
    counted = (
        (found.approved_sources, "approved"),
        (found.underway_sources, "in qualification"),
        (found.candidate_sources, "candidate"),
    )
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
