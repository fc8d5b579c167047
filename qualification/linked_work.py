"""Steps that are done when an object of the case is, never by a tick: its FMEA, its pilot build.

Each kind of work registers what is missing; the answer is kept in ``ChecklistItem.met_at``, so that
lists read it in SQL. ``services.work_changed`` refreshes it in the transaction of each change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from qualification.gate_requirements import CHECKLISTS
from qualification.models import Case, ChecklistItem
from secondsource.core import audit, clock, policies
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason


@dataclass(frozen=True)
class LinkedWork:
    """A kind of work: its page, what is missing and where it stands.

    ``missing`` yields every reason why the work is not done; ``told`` says in a sentence where it
    stands, for the step on the case's page. ``version`` is the number of the work's own version,
    which signatures keep; None while there is none. ``stands`` gives both answers from one reading,
    for pages; where it is missing, each is read by itself.
    """

    link: ChecklistItem.Link
    url_name: str
    missing: Callable[[Case], list[Reason]]
    told: Callable[[Case], str]
    version: Callable[[Case], int | None] = lambda case: None
    stands: Callable[[Case], tuple[list[Reason], str]] | None = None


#: Codes of starter steps that the work checks today, and of those whose place these took.
CHECKED_TODAY = frozenset(
    {item.code for items in CHECKLISTS.values() for item in items if item.link}
    | {"business-figures", "exposure", "high-actions"}
)

_KNOWN: dict[str, LinkedWork] = {}


def register(work: LinkedWork) -> None:
    """Make a kind of work known; called when the app is ready."""
    _KNOWN[str(work.link)] = work


def known() -> frozenset[str]:
    """The links that a step can have: those of registered kinds of work."""
    return frozenset(_KNOWN)


def of(link: str) -> LinkedWork:
    """The kind of work behind a link. Raises ``KeyError`` for one that nothing registered."""
    return _KNOWN[link]


def was_ticked_by_hand(item: ChecklistItem) -> bool:
    """Whether the work checks this step today, but did not yet when the case opened.

    Cases keep the steps that they opened with, and their ticks.
    """
    return not item.link and item.code in CHECKED_TODAY and _is_of_starter(item)


def _is_of_starter(item: ChecklistItem) -> bool:
    return item.case.sop is None or item.case.sop.shipped


def missing(case: Case, link: str) -> list[Reason]:
    """Every reason why the linked work of a case is not done, as it stands now."""
    found = _judged.get()
    if found is None:
        return of(link).missing(case)
    if (case.pk, link) not in found:
        found[case.pk, link] = of(link).missing(case)
    return found[case.pk, link]


_judged: ContextVar[dict[tuple[int, str], list[Reason]] | None] = ContextVar("judged", default=None)


@contextmanager
def judged_once() -> Iterator[None]:
    """Judge each work once within, where nothing changes it: signatures one after the other."""
    token = _judged.set({})
    try:
        yield
    finally:
        _judged.reset(token)


def versions(case: Case, gate: str) -> dict[str, int]:
    """The versions of the linked work of a gate, by link."""
    links = case.checklist.filter(gate=gate).exclude(link="").values_list("link", flat=True)
    found = {link: of(link).version(case) for link in sorted(set(links))}
    return {link: number for link, number in found.items() if number is not None}


#: Gates whose work changed while its judgement waits → why, as said first.
_waits: ContextVar[dict[str, str] | None] = ContextVar("refresh_waits", default=None)


@contextmanager
def waiting() -> Iterator[dict[str, str]]:
    """Do not judge the linked steps of a case within; ``services.work_of`` does it afterwards.

    Yields the gates whose work changed, each with the first reason.
    """
    touched: dict[str, str] = {}
    token = _waits.set(touched)
    try:
        yield touched
    finally:
        _waits.reset(token)


def waits(gate: str, why: str) -> bool:
    """Whether the judgement waits; if so, the gate is noted as changed."""
    touched = _waits.get()
    if touched is not None:
        touched.setdefault(gate, why)
    return touched is not None


def refresh(case: Case, actor: Actor, links: Collection[str] | None = None) -> list[ChecklistItem]:
    """Store which linked steps of a case are met. Returns the steps that are open again.

    ``links``: only these, where other work does not depend on what changed.
    """
    if _waits.get() is not None:
        return []
    reopened = []
    linked = case.checklist.exclude(link="").order_by("pk")
    items = list(linked if links is None else linked.filter(link__in=links))
    with policies.read_once():  # most kinds of work ask for the same versions
        found = {link: not missing(case, link) for link in {item.link for item in items}}
    for item in items:
        met = found[item.link]
        if met == (item.met_at is not None):
            continue
        item.met_at = clock.now() if met else None
        audit.save_as(item, actor, "met" if met else "not met any more")
        action = "qualification.item.done" if met else "qualification.item.opened"
        audit.record(action, case, actor, note=item.text, data={"gate": item.gate})
        if not met:
            reopened.append(item)
    return reopened
