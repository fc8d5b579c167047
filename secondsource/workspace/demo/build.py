"""Building the demonstration: once, in one transaction, on an empty database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import F

from parts.models import Part, PartFigures
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.core import clock, policies, queries, traces
from secondsource.core.calendar import add_months
from secondsource.core.errors import Reason, RuleRefused
from secondsource.workspace import figures
from secondsource.workspace.demo.assortment import take_over
from secondsource.workspace.demo.beginnings import build_beginnings
from secondsource.workspace.demo.catalogue import (
    Shelf,
    build_catalogue,
    build_order_lines,
    build_receipts,
)
from secondsource.workspace.demo.datasheet_files import attach_datasheet
from secondsource.workspace.demo.lessons import build_lessons
from secondsource.workspace.demo.negotiations import build_negotiations
from secondsource.workspace.demo.people import Cast
from secondsource.workspace.demo.pools import build_pools, buy_ahead, settle_savings
from secondsource.workspace.demo.rfqs import build_rfqs
from secondsource.workspace.demo.savings import build_savings
from secondsource.workspace.demo.story import IN_CASES, build_cases
from secondsource.workspace.demo.trade import build_trade
from suppliers import figures as part_figures


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Services take no savepoints within: the first refusal ends the whole building anyway."""
    features = connection.features
    features.uses_savepoints = False
    try:
        yield
    finally:
        del features.uses_savepoints  # that of its class again


@contextmanager
def _quickly_planned() -> Iterator[None]:
    """Plan with less care within: over so few rows planning takes longer than running."""
    limits = ("join_collapse_limit", "from_collapse_limit")
    for limit in limits:
        queries.execute(f"SET LOCAL {limit} = 4")
    yield
    for limit in limits:
        queries.execute(f"SET LOCAL {limit} TO DEFAULT")


@transaction.atomic
@_without_savepoints()
@policies.read_once()
def build() -> int:
    """Build the demonstration and return the number of cases. Refused when there are people."""
    if User.objects.exists():
        raise RuleRefused([Reason("not_empty", "There are people in this database already.")])
    today = clock.business_day()
    cast = Cast().add_all()
    with part_figures.waiting():
        shelf = build_catalogue(cast, today=today)
    part_figures.refresh_slices()
    with part_figures.waiting(), _quickly_planned():
        cases = _live(cast, shelf, today=today)
    # The story moved the clock about: what it stored on the way carries days of the past.
    PartFigures.objects.all().delete()
    figures.recompute_everything()
    return len(cases)


def _live(cast: Cast, shelf: Shelf, *, today: dt.date) -> dict[str, Case]:
    """What happened to the parts until today; figures of parts are those of the beginning."""
    build_receipts(shelf, cast, today=today)
    build_order_lines(shelf, cast, today=today)
    build_trade(shelf.items, cast, today=today)
    with clock.at(add_months(today, -5)):
        take_over(shelf.items, cast, but=IN_CASES)
    build_rfqs(shelf, cast, today=today)
    cases = build_cases(shelf, cast, today=today)
    attach_datasheet(shelf.sources, cast)
    buy_ahead(cases, cast, today=today)
    build_lessons(cases, cast, today=today)
    build_negotiations(cases, shelf, cast, today=today)
    build_savings(cases, cast, today=today)
    settle_savings(cases, cast, today=today)
    build_pools(cases, cast, today=today)
    build_beginnings(cast, shelf.items, today=today)
    _count_stock(cast, yesterday=today - dt.timedelta(days=1))
    return cases


def _count_stock(cast: Cast, *, yesterday: dt.date) -> None:
    """Count the stock as of yesterday, so that cover and time to survive are current."""
    with clock.at(yesterday):
        traces.attribute(cast["engineer"], "stock count")
        Part.objects.filter(stock_qty__isnull=False).update(
            stock_as_of=yesterday, version=F("version") + 1, updated_at=clock.now()
        )
