"""What the data of a component test show: passed, failed, not enough, too old, or nothing yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from qualification import linked_work, work_files
from qualification.house_rules import ComponentTestPolicy
from qualification.models import Case, ChecklistItem, ComponentTest
from qualification.models.cases import State
from qualification.sample_size import failure_bound
from secondsource.core import clock, policies
from secondsource.core.calendar import add_months
from secondsource.core.errors import Reason
from secondsource.core.formats import day, number, percent

Word = Literal["pass", "fail", "not_enough", "too_old", "no_data", "waived"]
LABELS: dict[str, str] = {
    "pass": "Pass", "fail": "Fail", "not_enough": "Not enough", "too_old": "Too old",
    "no_data": "No data", "waived": "Waived",
}  # fmt: skip
TONES = {"pass": "good", "fail": "bad", "not_enough": "warn", "too_old": "warn", "waived": "info"}
_FIX = {
    "fail": "Find the cause and test again, or have quality waive it with a reason.",
    "not_enough": "Test the missing units, or have an engineer waive them with a reason.",
    "too_old": "Ask for newer data, or have an engineer waive it with a reason.",
}


@dataclass(frozen=True)
class Verdict:
    """A word of ``LABELS`` and a sentence that says why."""

    word: Word
    detail: str

    @property
    def is_done(self) -> bool:
        """Whether the test asks for nothing more."""
        return self.word in ("pass", "waived")

    @property
    def label(self) -> str:
        """The word for people."""
        return LABELS[self.word]

    @property
    def tone(self) -> str:
        """The tone of its chip."""
        return TONES.get(self.word, "")


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Judges tests as of a day by the house rule; ``oldest`` is the oldest day of generic data."""

    oldest: dt.date
    months: int
    confidence: float

    @classmethod
    def of_today(cls) -> Judge:
        """By the active house rule."""
        policy, _ = policies.active(ComponentTestPolicy)
        oldest = add_months(clock.business_day(), -policy.generic_months)
        # A rule of 0 or 1 would make every bound 0 or 100 %.
        confidence = min(max(policy.confidence, 0.5), 0.999)
        return cls(oldest=oldest, months=policy.generic_months, confidence=confidence)

    def verdict(self, test: ComponentTest) -> Verdict:
        """The verdict on a test. A failure outweighs everything but a waiver."""
        if test.waived_by_id is not None:
            return Verdict("waived", test.waived_reason)
        if not test.origin:
            return Verdict("no_data", "No data yet.")
        if failed := _failed(test):
            return Verdict("fail", failed)
        assert test.data_date is not None
        if test.origin == ComponentTest.Origin.GENERIC and test.data_date < self.oldest:
            age = f"Generic data of {day(test.data_date)} are older than {self.months} months."
            return Verdict("too_old", age)
        if missing := _missing(test):
            return Verdict("not_enough", f"{missing} {self._shows(test)}".strip())
        return Verdict("pass", self._shows(test))

    def _shows(self, test: ComponentTest) -> str:
        """What the failures in so many units show about the share that fails."""
        assert test.units_tested is not None
        assert test.failures is not None
        bound = failure_bound(
            n=test.units_tested, fails=test.failures, confidence=self.confidence
        ).p_upper
        failed = "none" if not test.failures else number(test.failures)
        return (
            f"{number(test.units_tested)} tested, {failed} failed: at {percent(self.confidence)} "
            f"confidence at most {percent(bound, 2)} fail."
        )


def _failed(test: ComponentTest) -> str:
    assert test.failures is not None
    if test.failures > test.allowed_failures:
        failed, tested = number(test.failures), number(test.units_tested)
        return f"{failed} of {tested} failed, {number(test.allowed_failures)} allowed."
    if test.cpk_above is not None and test.cpk is not None and test.cpk <= test.cpk_above:
        return f"Cpk {number(test.cpk)} is not above {number(test.cpk_above)}."
    return ""


def _missing(test: ComponentTest) -> str:
    assert test.units_tested is not None
    assert test.lots_tested is not None
    short = []
    if test.asked_units is not None and test.units_tested < test.asked_units:
        short.append(f"{number(test.units_tested)} of {number(test.asked_units)} units")
    if test.lots is not None and test.lots_tested < test.lots:
        short.append(f"{test.lots_tested} of {test.lots} lots")
    text = f"Only {' and '.join(short)}." if short else ""
    if test.cpk_above is not None and test.cpk is None:
        text = f"{text} The Cpk is missing.".strip()
    return text


def missing(case: Case) -> list[Reason]:
    """Why the component tests of a case are not done; tests without data are one reason."""
    tests = list(case.component_tests.all())
    if not tests:
        fix = "Say what is new and have them proposed."
        return [Reason("no_component_tests", "No component tests are listed.", fix)]
    judge = Judge.of_today()
    verdicts = [(test, judge.verdict(test)) for test in tests]
    empty = [test.code for test, verdict in verdicts if verdict.word == "no_data"]
    reasons = []
    if empty:
        are = "test has" if len(empty) == 1 else "tests have"
        detail = f"{len(empty)} {are} no data: {', '.join(empty)}."
        reasons.append(Reason("test_no_data", detail, "Enter the data, or waive with a reason."))
    reasons += [
        Reason(f"test_{verdict.word}", f"{test}: {verdict.detail}", _FIX[verdict.word])
        for test, verdict in verdicts
        if verdict.word in _FIX
    ]
    return reasons


def told(case: Case) -> str:
    """``9 of 14 tests pass, 1 waived, 1 failed.``"""
    judge = Judge.of_today()
    words = [judge.verdict(test).word for test in case.component_tests.all()]
    return in_short(words) if words else "No tests listed."


def in_short(words: Iterable[str]) -> str:
    """The verdicts of all tests in a sentence."""
    found = list(words)
    parts = [f"{found.count('pass')} of {len(found)} tests pass"]
    for word, text in (("waived", "waived"), ("fail", "failed"), ("too_old", "too old")):
        if count := found.count(word):
            parts.append(f"{count} {text}")
    return f"{', '.join(parts)}."


linked_work.register(
    linked_work.LinkedWork(
        ChecklistItem.Link.COMPONENT_TESTS, "case_tests", missing=missing, told=told
    )
)
work_files.register(
    work_files.RowKind("component-tests", ComponentTest, "case_tests", State.PILOT_BUILD)
)
