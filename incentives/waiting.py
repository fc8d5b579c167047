"""What waits for a person in savings and bonus pools, as querysets: tasks of My work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from incentives import pool_figures
from incentives.house_rules import PoolPolicy
from incentives.models import Allocation, Baseline, BonusPool, ClosedMonth, SavingLine
from incentives.querysets import REALISED
from incentives.services.baselines import SAVING_KINDS
from qualification.case_task import BLOCKS, TO_DO, WAITING, Task, pair
from qualification.models import Case, TeamMember
from secondsource.accounts.models import User
from secondsource.core import clock, policies
from secondsource.core.formats import month_name

S, A = BonusPool.State, Allocation.State
#: Tasks of one kind in the list.
_MOST = 50


@dataclass(frozen=True)
class Waiting:
    """Rows of one kind that wait for the person, and how they are told."""

    name: str
    group: str
    rows: QuerySet[Any]
    title: str
    note: Callable[[Any], str]
    url: Callable[[Any], str]
    case: Callable[[Any], Case | None]
    order: str = "pk"

    def tasks(self) -> Iterator[Task]:
        """The first of them as tasks."""
        for row in self.rows.order_by(self.order)[:_MOST]:
            case = self.case(row)
            about = case.key if case else month_name(row.month)
            yield Task(
                key=f"{self.name}-{row.pk}", kind="wait" if self.group == WAITING else "money",
                group=self.group, title=self.title.format(about), note=self.note(row), case=case,
                url=self.url(row),
            )  # fmt: skip


def waiting_for(user: User, led: Mapping[int, Case] = MappingProxyType({})) -> list[Waiting]:
    """Everything that the person can do next, and what finance waits for.

    ``led`` are the person's open cases where they are read already.
    """
    found = [_own_shares(user)]
    if user.has_perm("incentives.view_all_pools"):
        found += _of_pools(user)
    mine, writes = Case.objects.led_by(user), user.has_perm("incentives.write_saving")
    if writes:
        found.append(_baselines(mine, TO_DO, "Enter the baseline of {}", led))
    if user.has_perm("incentives.validate_saving"):
        seen = Case.objects.visible_to(user)
        others = seen.exclude(pk__in=mine.order_by().values("pk")) if writes else seen
        found += [_closing(user), validation(user)]
        found.append(_baselines(others, WAITING, "{} has no baseline"))
    return found


def tasks_of(user: User, cases: Iterable[Case] = ()) -> list[Task]:
    """The tasks behind :func:`waiting_for` of a person; ``cases`` are their open ones."""
    led = {case.pk: case for case in cases}
    return [task for one in waiting_for(user, led) for task in one.tasks()]


def counted(user: User) -> dict[str, QuerySet[Any]]:
    """The rows behind them, without what waits for others."""
    return {one.name: one.rows for one in waiting_for(user) if one.group != WAITING}


def _cases() -> QuerySet[Any]:
    """Cases as tasks tell them; a join of so many tables takes longer to plan than to read."""
    return Case.objects.with_columns_apart()


def _told(words: str) -> Callable[[Any], str]:
    return lambda pool: f"{pool.case.key} · {pair(pool.case)} · {words}"


def _pool(name: str, rows: QuerySet[Any], title: str, words: str) -> Waiting:
    rows = rows.prefetch_related(Prefetch("case", _cases()))
    return Waiting(
        name, BLOCKS, rows, title, _told(words), lambda pool: str(pool.get_absolute_url()),
        lambda pool: pool.case,
    )  # fmt: skip


def _own_shares(user: User) -> Waiting:
    mine = (
        Allocation.objects.filter(person=user, state=A.PROPOSED, pool__state=S.IN_AGREEMENT)
        .select_related("pool")
        .prefetch_related(Prefetch("pool__case", _cases()))
    )
    return Waiting(
        "share", BLOCKS, mine, "Agree to your share of {}",
        lambda share: _told("the release waits for everybody's consent")(share.pool),
        lambda share: str(share.pool.get_absolute_url()), lambda share: share.pool.case,
    )  # fmt: skip


def _shares(**wanted: Any) -> QuerySet[Any]:
    return Allocation.objects.filter(pool=OuterRef("pk"), **wanted).order_by()


def _of_pools(user: User) -> Iterator[Waiting]:
    """Steps of pools in which the person has no share."""
    pools = BonusPool.objects.visible_to(user).filter(~Exists(_shares(person=user)))
    asked = pools.filter(state=S.IN_AGREEMENT)
    yield _pool("question", asked.filter(Exists(_shares(state=A.QUESTIONED))),
                "Answer a question on {}", "somebody asks about their share")  # fmt: skip
    agreed = asked.filter(
        ~Exists(_shares(state__in=(A.PROPOSED, A.QUESTIONED), person__is_active=True)),
        amount__gt=0,
    )
    if user.has_perm("incentives.release_as_finance"):
        yield _pool("finance-release", agreed.filter(finance_by=None),
                    "Release the bonus pool of {} for finance",
                    "the shares are agreed")  # fmt: skip
    if user.has_perm("incentives.release_as_executive"):
        yield _pool("release", agreed.filter(finance_by__isnull=False).exclude(finance_by=user),
                    "Release the bonus pool of {}", "finance released it")  # fmt: skip
    argued = pools.exclude(state__in=(S.DRAFT, S.CANCELLED)).filter(_outside(user, "case"))
    yield _pool("dispute", argued.filter(Exists(_shares(state=A.DISPUTED))),
                "Decide a dispute on {}", "only the disputed share is held")  # fmt: skip
    if user.has_perm("incentives.release_payment"):
        yield _pool("payment", _payable(pools), "Pay the bonus pool of {}", "it is released")


def _payable(pools: QuerySet[Any]) -> QuerySet[Any]:
    """Released pools with an unpaid share that nobody disputes, once their case is closed.

    A pool of which only a part is held back is paid in part before.
    """
    unpaid = _shares().exclude(state=A.DISPUTED).with_paid().filter(amount__gt=F("paid"))  # type: ignore[attr-defined]
    released = pools.filter(Exists(unpaid), state__in=pool_figures.RELEASED)
    in_part = [
        number for number in set(released.order_by().values_list("policy_version", flat=True))
        if policies.version(PoolPolicy, number).holdback < 1
    ]  # fmt: skip
    early = Q(policy_version__in=in_part, batches=None, case__state="transition")
    return released.filter(Q(case__state="closed") | early)


def _outside(user: User, case: str) -> Q:
    """Rows of cases that the person neither leads nor sponsors nor works in."""
    member = Exists(TeamMember.objects.filter(case=OuterRef(case), user=user))
    return ~member & ~Q(**{f"{case}__lead": user}) & (
        ~Q(**{f"{case}__sponsor": user}) | Q(**{f"{case}__sponsor": None})
    )  # fmt: skip


def without_baseline(cases: Any) -> Any:
    """Those that run, bring in a source and have no baseline."""
    own = Baseline.objects.filter(case=OuterRef("pk"), superseded_at=None)
    return cases.open().filter(~Exists(own), kind__in=SAVING_KINDS).exclude(state="draft")


def _baselines(
    cases: Any, group: str, title: str, read: Mapping[int, Case] = MappingProxyType({})
) -> Waiting:
    rows = without_baseline(cases)
    return Waiting(
        "baseline", group, rows if read else rows.with_columns_apart(), title,
        lambda case: f"{case.key} · {pair(read.get(case.pk, case))} · nothing is saved without one",
        lambda case: reverse("case_savings", args=[case.number]),
        lambda case: read.get(case.pk, case),
    )  # fmt: skip


def _closing(user: User) -> Waiting:
    """The first month that is over and open, told by a line of it."""
    this_month = clock.business_day().replace(day=1)
    lines = SavingLine.objects.visible_to(user).filter(REALISED, month__lt=this_month)
    lines = lines.exclude(month__in=ClosedMonth.objects.values("month"))
    first = lines.order_by("month", "id").values("pk")[:1]
    return Waiting(
        "closing", TO_DO, SavingLine.objects.filter(pk__in=first), "Close {}",
        lambda line: "Its lines can be validated afterwards",
        lambda line: f"{reverse('month_close')}?month={line.month:%Y-%m}", lambda line: None,
    )  # fmt: skip


def address_of(month: ClosedMonth) -> str:
    """The lines of a closed month that can be validated."""
    asked = "stage=realised&kind=negotiated&kind=volume_shift"
    return f"{reverse('saving_list')}?{asked}&since={month.month}&until={month.month}"


def validation(user: User) -> Waiting:
    """Closed months with hard lines that the person may validate."""
    lines = SavingLine.objects.visible_to(user).filter(
        _outside(user, "case"), month=OuterRef("month"), kind__in=SavingLine.HARD,
        stage=SavingLine.Stage.REALISED,
    )  # fmt: skip
    waiting = lines.exclude(corrections__origin=SavingLine.Origin.REVERSAL)
    return Waiting(
        "validation", TO_DO, ClosedMonth.objects.filter(Exists(waiting.order_by())),
        "Validate the savings of {}",
        lambda month: "Pools rest on validated lines alone",
        address_of, lambda month: None, order="month",
    )  # fmt: skip
