"""How the states of parts look: words, tones and icons in one place."""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString

from parts import counts
from parts.models import PartFigures
from parts.models.catalogue import ACTIVE_LIFECYCLES, Lifecycle
from secondsource.core.chips import StateChip
from secondsource.core.templatetags.ui import pips as drawn_pips

_LIFECYCLE = {
    Lifecycle.NRND: ("warn", "triangle-alert"),
    Lifecycle.PHASE_OUT: ("warn", "triangle-alert"),
    Lifecycle.LAST_TIME_BUY: ("bad", "clock-alert"),
    Lifecycle.DISCONTINUED: ("bad", "octagon-x"),
}


@cache
def lifecycle(value: str) -> StateChip:
    """Active and unknown are plain words; the rest carries colour."""
    stage = Lifecycle(value)
    if stage in ACTIVE_LIFECYCLES:
        return StateChip("Active", title=stage.label)
    return StateChip(stage.label, *_LIFECYCLE.get(stage, ("", "")))


_COUNT_TONES = {
    "none_idle": "bad", "none_underway": "info", "single_idle": "bad", "single_underway": "info",
    "multiple": "good", "unknown": "out", "left_out": "out",
}  # fmt: skip


@cache
def count(word: str) -> StateChip:
    """In how many sources a part counts (a word of ``parts.counts``)."""
    label = counts.COUNTS[word].label
    return StateChip(label[:1].upper() + label[1:], _COUNT_TONES[word])


def pips(found: PartFigures) -> SafeString:
    """A part's pips, red where its one source stands alone and nothing is started."""
    shapes = ["approved"] * found.approved_sources
    shapes += ["half"] * found.underway_sources + ["dashed"] * found.candidate_sources
    word = counts.word_of(found)
    label = f"{count(word).text}: {sources_in_words(found)}"
    return drawn_pips(shapes, label=label, alone=word == "single_idle")


def sources_in_words(found: PartFigures) -> str:
    """``1 approved, 1 in qualification or to requalify, 1 candidate``."""
    counted = (
        (found.approved_sources, "approved"),
        (found.underway_sources, "in qualification or to requalify"),
        (found.candidate_sources, "candidate"),
    )
    said = [f"{n} {word}" for n, word in counted if n]
    return ", ".join(said) or "no source"
