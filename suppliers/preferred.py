"""Preferred-part rating: whether a designer should choose a part, and why.

Four facts are judged: sources that count, life cycle, lead time, suppliers that offer. A part is
*preferred* if all four are good, *avoid* if one is poor, *not rated* if two or more are not known,
else *acceptable*. A fact that is not known is never good. Design choice [D], in a policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from suppliers.house_rules import PreferredPolicy
from suppliers.lifecycle import ACTIVE, WORDS

Word = Literal["preferred", "acceptable", "avoid", "not_rated"]
Judged = Literal["good", "fair", "poor", "unknown"]
DEFAULTS = PreferredPolicy()
#: From so many facts that are not known on, a part is not rated.
UNRATED_FROM = 2


@dataclass(frozen=True, kw_only=True)
class PreferenceFacts:
    """What is known of a part: sources, life cycle, shortest lead time, suppliers with an offer.

    ``counted`` sources are approved and not nominal, ``independent`` those of them whose
    independence is known. ``lead_wk`` is None while no lead time is on record.
    """

    independent: int
    counted: int
    lifecycle: str
    lead_wk: float | None
    offers: int


@dataclass(frozen=True)
class PreferenceReason:
    """One judged fact in words."""

    fact: str
    judged: Judged
    detail: str


@dataclass(frozen=True, kw_only=True)
class PreferenceRating:
    """The word and its four reasons."""

    word: Word
    reasons: tuple[PreferenceReason, ...]


def preference(facts: PreferenceFacts, *, policy: PreferredPolicy = DEFAULTS) -> PreferenceRating:
    """Rate a part."""
    reasons = tuple(_judge(facts, policy))
    judged = [reason.judged for reason in reasons]
    word: Word = "acceptable"
    if "poor" in judged:
        word = "avoid"
    elif judged.count("unknown") >= UNRATED_FROM:
        word = "not_rated"
    elif set(judged) == {"good"}:
        word = "preferred"
    return PreferenceRating(word=word, reasons=reasons)


def _judge(facts: PreferenceFacts, policy: PreferredPolicy) -> Iterator[PreferenceReason]:
    yield _sources(facts, policy)
    yield _lifecycle(inputs.choice("lifecycle", facts.lifecycle, WORDS))
    yield _lead(facts.lead_wk, policy)
    yield _offers(inputs.integer("offers", facts.offers, low=0), policy)


def _sources(facts: PreferenceFacts, policy: PreferredPolicy) -> PreferenceReason:
    independent = inputs.integer("independent", facts.independent, low=0)
    counted = inputs.integer("counted", facts.counted, low=0)
    if independent >= policy.least_independent:
        return PreferenceReason("sources", "good", f"{independent} independent sources")
    if not counted:
        return PreferenceReason("sources", "poor", "No approved source")
    if counted >= policy.least_independent:
        return PreferenceReason("sources", "fair", f"{counted} sources, independence not known")
    one = "One approved source" if counted == 1 else f"{counted} approved sources"
    return PreferenceReason("sources", "fair", one)


def _lifecycle(word: str) -> PreferenceReason:
    if word == "unknown":
        return PreferenceReason("lifecycle", "unknown", "Life cycle not known")
    told = f"Life cycle: {word.replace('_', ' ')}"
    if word not in ACTIVE:
        return PreferenceReason("lifecycle", "poor", told)
    return PreferenceReason("lifecycle", "fair" if word == "decline" else "good", told)


def _lead(weeks: float | None, policy: PreferredPolicy) -> PreferenceReason:
    if weeks is None:
        return PreferenceReason("lead_time", "unknown", "Lead time not on record")
    known = inputs.number("lead_wk", weeks, low=0)
    told = f"Lead time {known:g} weeks"
    if known <= policy.lead_good_wk:
        return PreferenceReason("lead_time", "good", told)
    judged: Judged = "fair" if known <= policy.lead_fair_wk else "poor"
    return PreferenceReason("lead_time", judged, told)


def _offers(offers: int, policy: PreferredPolicy) -> PreferenceReason:
    if offers >= policy.least_offers:
        return PreferenceReason("offers", "good", f"Offers of {offers} suppliers")
    if offers:
        told = "Offers of one supplier" if offers == 1 else f"Offers of {offers} suppliers"
        return PreferenceReason("offers", "fair", told)
    return PreferenceReason("offers", "unknown", "No valid offer")
