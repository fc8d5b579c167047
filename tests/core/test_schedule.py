"""When beat sends what."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from celery import Celery
from celery.schedules import crontab

from secondsource.celery import app


def test_the_schedule_is_of_the_company_s_calendar(settings: object) -> None:
    assert app.conf.timezone == str(settings.COMPANY_TIME_ZONE)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 2), ("America/Los_Angeles", 10)])
def test_the_nightly_run_comes_in_the_company_s_night(zone: str, hour: int) -> None:
    entry = app.conf.beat_schedule["nightly-figures"]["schedule"]
    clock = Celery("clock", set_as_current=False, timezone=zone)
    noon = dt.datetime(2026, 1, 5, 20, tzinfo=dt.UTC)
    local = noon.astimezone(ZoneInfo(zone))
    entry = crontab(
        hour=entry._orig_hour, minute=entry._orig_minute, nowfun=lambda: local, app=clock
    )
    due = noon + entry.remaining_estimate(local)
    assert due == dt.datetime(2026, 1, 6, hour, 30, tzinfo=dt.UTC)
