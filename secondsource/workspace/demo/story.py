"""The demonstration's cases: one at every gate, a held, a breached, a rolled back, a closed one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from django.core.files.uploadedfile import SimpleUploadedFile

from qualification import linked_work
from qualification import services as qualification
from qualification.effects import refresh_work
from qualification.guards import missing_signatures
from qualification.models import Case, ChecklistItem, StepKind
from qualification.models.cases import GATES, State
from qualification.services.work import work_of
from qualification.workflow import CASE_FLOW
from secondsource.core import audit, clock, discussion
from secondsource.core.calendar import add_months
from secondsource.workspace.demo import (
    approvals,
    component_tests,
    fmea,
    inspections,
    introductions,
    pilots,
    rollback,
    spec_review,
)
from secondsource.workspace.demo.business_cases import log_costs, plan_costs
from secondsource.workspace.demo.catalogue import PARTS, Shelf
from secondsource.workspace.demo.people import Cast
from suppliers import resolve
from suppliers import services as sourcing

SIGNER = {
    "engineering": "engineer", "sponsor": "executive", "manufacturing": "engineer2",
    "test": "engineer2",
}  # fmt: skip
TEAM = (
    ("engineer", "engineering"), ("quality", "quality"), ("procurement", "procurement"),
    ("engineer2", "manufacturing"), ("engineer2", "test"),
)  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """A case: which alternate, how far it comes, how many days before today it began.

    ``then`` is its ending, ``note`` the reason of a hold, a rejection or a withdrawal.
    """

    part: str
    until: State
    began_days_ago: int
    days_a_gate: int = 14
    then: str = ""
    note: str = ""


PLOTS = (
    Plot("RS485", State.DRAFT, 6),
    Plot("PHY", State.BUSINESS_CASE, 21, 14, "waits for the sponsor"),
    Plot("BUCK", State.SPEC_REVIEW, 45),
    Plot("CAN", State.FMEA, 70),
    Plot("MCU-A", State.PILOT_BUILD, 120, 26),
    Plot("XTAL", State.APPROVAL, 100, 18, "FMEA reopened"),
    Plot("FLASH", State.APPROVAL, 130, 22, "interim"),
    Plot("LDO", State.TRANSITION, 0, 14, "last hold point due today"),
    Plot("MLCC", State.CLOSED, 0, 12, "received"),
    Plot("EEPROM", State.TRANSITION, 230, 14, "rolled back"),
    Plot("SWITCH", State.TRANSITION, 117, 14, "breached"),
    Plot("MCU-B", State.SPEC_REVIEW, 80, 20, "held",
         "Both manufacturers use the same fab: waiting for an independent alternate."),
    Plot("RES", State.SPEC_REVIEW, 160, 10, "rejected",
         "Tolerance drifts beyond 1 % after soldering."),
    Plot("TX CAN FD", State.DRAFT, 5),
    Plot("PS 1 bar", State.DRAFT, 9),
    Plot("OC gate driver", State.DRAFT, 3),
    Plot("HS linear", State.DRAFT, 13),
    Plot("NM 40 V 40 A", State.BUSINESS_CASE, 11),
    Plot("AD 24 bit delta-sigma", State.BUSINESS_CASE, 33),
    Plot("RL 12 V 10 A", State.BUSINESS_CASE, 9),
    Plot("SW rotary 16 way", State.BUSINESS_CASE, 7),
    Plot("BK 5 A 18 V", State.SPEC_REVIEW, 52, 40),
    Plot("XO 20 MHz", State.SPEC_REVIEW, 61, 52),
    Plot("GD three phase 60 V", State.FMEA, 84, 36),
    Plot("NF 64 Mb", State.FMEA, 77),
    Plot("CPY 22 µF", State.PILOT_BUILD, 118, 34),
    Plot("SV watchdog", State.CLOSED, 0, 12, "not received"),
    Plot("EE 64 Kb", State.SPEC_REVIEW, 66, 20, "held",
         "The manufacturer moves its final test until spring: the data would not hold."),
    Plot("SD 60 V 2 A", State.SPEC_REVIEW, 125, 10, "rejected",
         "Leakage at 85 °C is four times that of the incumbent."),
    Plot("LE blue", State.BUSINESS_CASE, 90, 14, "withdrawn",
         "The incumbent took its notice of discontinuation back."),
)  # fmt: skip
#: The parts that these cases are on.
IN_CASES = frozenset(plot.part for plot in PLOTS)


def build_cases(shelf: Shelf, cast: Cast, *, today: dt.date) -> dict[str, Case]:
    """Build the case of every plot; return the cases by part key.

    The worker makes the dossier of the closed one once it runs.
    """
    cases = {plot.part: _play(plot, shelf, cast, today) for plot in PLOTS}
    qualification.start_dossier(case=cases["MLCC"], actor=cast["engineer"])
    return cases


#: The gates before which nothing of the source changes; its state is derived after the last one.
_EARLY = (State.BUSINESS_CASE, State.SPEC_REVIEW, State.FMEA)


def _play(plot: Plot, shelf: Shelf, cast: Cast, today: dt.date) -> Case:
    with audit.gathered():
        case = _come_so_far(plot, shelf, cast, today)
    return _ENDINGS.get(plot.then, _nothing)(case, plot, cast, today)


def _come_so_far(plot: Plot, shelf: Shelf, cast: Cast, today: dt.date) -> Case:
    start = _start(plot, today)
    if plot.until == State.DRAFT:
        with clock.at(start):
            return _open(plot, shelf, cast)
    day = start + dt.timedelta(days=2)
    with clock.at(day), resolve.together():
        with clock.at(start):
            case = _open(plot, shelf, cast)
        case = CASE_FLOW.fire(case.pk, "submit", actor=cast["engineer"])
    early = list(takewhile(lambda gate: gate != plot.until, _EARLY))
    with clock.at(day + dt.timedelta(days=plot.days_a_gate * len(early))), resolve.together():
        for _ in early:
            day += dt.timedelta(days=plot.days_a_gate)
            with clock.at(day):
                case = pass_gate(case, cast)
    while case.state != plot.until and case.state != State.TRANSITION:
        day += dt.timedelta(days=plot.days_a_gate)
        with clock.at(day):
            case = pass_gate(case, cast)
    log_costs(case, cast, start=start, until=min(day, today))
    if case.state == State.TRANSITION:
        until = today - dt.timedelta(days=25)
        if plot.then != "not received":
            _receive(case, plot, cast, today=today, until=until)
        introductions.build_lots(case, cast, until=until)
        _transition(case, cast, today)
    if case.state in GATES and plot.then not in _WORK_DONE:
        _begin_work(case, cast, day + dt.timedelta(days=3))
    return case


def _receive(case: Case, plot: Plot, cast: Cast, *, today: dt.date, until: dt.date) -> None:
    ago = _BAD_LOT.get(plot.then)
    bad_on = today - dt.timedelta(days=ago) if ago else None
    price = next(Decimal(one.sources[1][2]) for one in PARTS if one.key == plot.part)
    introductions.receive(case, cast, price=price, until=until, bad_on=bad_on)


def _start(plot: Plot, today: dt.date) -> dt.date:
    """The first day of a case. A transition is dated back from its last hold point."""
    gates = 5 * plot.days_a_gate + 2
    if plot.then == "last hold point due today":
        return add_months(today, -3) - dt.timedelta(days=gates)
    if plot.until == State.CLOSED:
        return add_months(today, -5) - dt.timedelta(days=gates)
    return today - dt.timedelta(days=plot.began_days_ago)


#: The linked work of a case that can be done before anybody begins it.
_DONE_AT_ONCE = ("business_case", "deviations", "customer_approvals")


def _open(plot: Plot, shelf: Shelf, cast: Cast) -> Case:
    source = shelf.sources[plot.part, 1]
    with linked_work.waiting():
        case = qualification.open_case(
            source=source, actor=cast["engineer"],
            team=[(cast.users[who], what) for who, what in TEAM],
            sponsor=cast.users["executive"], due_date=add_months(clock.business_day(), 8),
            summary=f"Second source for {source.part.description}.",
            start_reason="Without this part the line stops; the change pays even this late.",
            pilot_quantity=500, transition_share=Decimal("0.4"), rollback_hours=Decimal(48),
            rollback_stock=6000,
        )  # fmt: skip
        plan_costs(case, cast)
    refresh_work(case, cast["engineer"], links=_DONE_AT_ONCE)
    return case


def do_checklist(case: Case, cast: Cast, *, leave_open: int = 0) -> None:
    """Tick the gate's items with evidence, except the last ``leave_open``."""
    items = list(case.checklist.filter(gate=case.state, done_at=None, met_at=None))
    with work_of(case, cast["engineer"], links={item.link for item in items}):
        for index, item in enumerate(items[: len(items) - leave_open]):
            with clock.at(clock.now() + dt.timedelta(minutes=13 * index + item.pk % 11)):
                if item.link:
                    _LINKED[item.link](case, cast, not leave_open)
                else:
                    _do(item, case, cast)


#: Link of a step → what finishes its work, or leaves some of it open.
_LINKED: dict[str, Callable[[Case, Cast, bool], None]] = {
    "fmea": lambda case, cast, whole: fmea.write(case, cast, whole=whole),
    "clearance": lambda case, cast, whole: spec_review.search(case, cast),
    "declarations": lambda case, cast, whole: spec_review.declare(case, cast),
    "deviations": lambda case, cast, whole: spec_review.decide_all(case, cast),
    "pilot_plan": lambda case, cast, whole: pilots.lock_plan(case, cast),
    "pilot_results": lambda case, cast, whole: pilots.enter_results(case, cast, whole=whole),
    "component_tests": lambda case, cast, whole: component_tests.enter(case, cast, whole=whole),
    "inspections": lambda case, cast, whole: inspections.inspect(case, cast, whole=whole),
    "ppap": lambda case, cast, whole: inspections.submit_ppap(case, cast, whole=whole),
    "customer_approvals": lambda case, cast, whole: approvals.ask_customers(
        case, cast, whole=whole
    ),
    "introduction": lambda case, cast, whole: introductions.plan(case, cast),
    "rollback_plan": lambda case, cast, whole: rollback.write(case, cast),
    "accepted_risks": lambda case, cast, whole: approvals.share_risks(case, cast),
}


def _do(item: ChecklistItem, case: Case, cast: Cast) -> None:
    is_document = item.kind == StepKind.DOCUMENT
    if item.evidence_required or is_document:
        text = f"Demonstration evidence for {case.key}: {item.text}\n"
        file = SimpleUploadedFile(f"{case.key}-{item.gate}-{item.position}.txt", text.encode())
        qualification.add_evidence(item=item, upload=file, actor=cast["engineer"])
    if item.kind == StepKind.VALUE:
        limit = item.lower if item.lower is not None else item.upper or Decimal(1)
        qualification.set_value(item=item, value=limit, actor=cast["engineer"])
    elif not is_document:
        qualification.set_item(item=item, done=True, actor=cast["engineer"])


def sign_all(case: Case, cast: Cast, *, but: Container[str] = ()) -> None:
    """Sign for all functions that have not signed, in order, except ``but``."""
    case = Case.objects.get(pk=case.pk)
    for function in missing_signatures(case, State(case.state)):
        if function in but:
            continue
        who = SIGNER.get(function, str(function))
        qualification.sign(case=case, function=function, actor=cast[who])


def pass_gate(case: Case, cast: Cast) -> Case:
    """Do the gate's work and pass it."""
    do_checklist(case, cast)
    with clock.at(clock.now() + dt.timedelta(hours=2)), linked_work.judged_once():
        sign_all(case, cast)
        return CASE_FLOW.fire(case.pk, "pass", actor=cast["engineer"])


def _begin_work(case: Case, cast: Cast, day: dt.date) -> None:
    yesterday = clock.business_day() - dt.timedelta(days=1)
    with clock.at(min(day, yesterday)):
        do_checklist(case, cast, leave_open=1)
        if case.state == State.APPROVAL:
            approvals.record_risk(case, cast)
        discussion.say(
            subject=case,
            actor=cast["procurement"],
            text="The price holds until the end of the quarter.",
        )


def _transition(case: Case, cast: Cast, today: dt.date) -> None:
    for point in case.hold_points.filter(due__lt=today, verdict=""):
        with clock.at(point.due):
            qualification.judge_hold_point(
                hold_point=point, verdict="pass", note="No defect in the month's lots.",
                actor=cast["quality"],
            )  # fmt: skip


def _nothing(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    return case


def _interim(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    return qualification.give_interim(
        case=case, quantity=2000, until=add_months(today, 1), actor=cast["quality"],
        note="To bridge a gap of the incumbent.",
    )  # fmt: skip


def _fmea_reopened(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    with clock.at(today - dt.timedelta(days=6)):
        fmea.reopen(case, cast)
    return case


def _last_point(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    """The checklist is done; the last hold point and the signatures wait for today's walk."""
    with clock.at(today - dt.timedelta(days=5)):
        do_checklist(case, cast)
    return case


def _sponsor_last(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    """All work is done and everybody but the sponsor has signed."""
    with clock.at(today - dt.timedelta(days=4)):
        do_checklist(case, cast)
        # The checklist takes its time: signatures follow it in the history as well.
        with clock.at(clock.now() + dt.timedelta(hours=2)):
            sign_all(case, cast, but=("sponsor",))
    return case


def _not_received(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    """Closed while the stock of the pilot lasts: procurement records the first receipt."""
    with clock.at(add_months(today, -1)):
        _transition(case, cast, add_months(today, -1))
        do_checklist(case, cast)
        with clock.at(clock.now() + dt.timedelta(hours=2)):
            sign_all(case, cast)
            return CASE_FLOW.fire(case.pk, "close", actor=cast["engineer"])


def _received(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    case = _not_received(case, plot, cast, today)
    with clock.at(add_months(today, -1)), clock.at(clock.now() + dt.timedelta(hours=2)):
        sourcing.record_receipt(
            source=case.source, supplier=case.source.manufacturer_part.manufacturer,
            received_date=clock.business_day(), received_qty=Decimal(60_000), lot="FIRST-LOT",
            po="PO-5000", unit_price=Decimal("0.0033"), currency="USD",
            actor=cast["procurement"],
        )  # fmt: skip
    return case


def _rolled_back(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    with clock.at(today - dt.timedelta(days=20)):
        return CASE_FLOW.fire(
            case.pk, "roll_back", actor=cast["quality"], data={"hours": "31"},
            note="Write errors at −40 °C in two lots; back to the incumbent within 31 h.",
        )  # fmt: skip


def _held(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    with clock.at(today - dt.timedelta(days=9)):
        return CASE_FLOW.fire(case.pk, "hold", actor=cast["engineer"], note=plot.note)


def _rejected(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    with clock.at(today - dt.timedelta(days=100)):
        return CASE_FLOW.fire(case.pk, "reject", actor=cast["quality"], note=plot.note)


def _withdrawn(case: Case, plot: Plot, cast: Cast, today: dt.date) -> Case:
    with clock.at(today - dt.timedelta(days=60)):
        return CASE_FLOW.fire(case.pk, "withdraw", actor=cast["engineer"], note=plot.note)


_ENDINGS: dict[str, Callable[[Case, Plot, Cast, dt.date], Case]] = {
    "interim": _interim,
    "FMEA reopened": _fmea_reopened,
    "last hold point due today": _last_point,
    "waits for the sponsor": _sponsor_last,
    "received": _received,
    "not received": _not_received,
    "rolled back": _rolled_back,
    "held": _held,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
}
#: Ending → days before today on which a bad lot came in and breached a trigger.
_BAD_LOT = {"rolled back": 22, "breached": 4}
#: Endings that do the gate's whole work themselves.
_WORK_DONE = ("last hold point due today", "waits for the sponsor")
