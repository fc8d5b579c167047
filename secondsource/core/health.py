"""``/health/live/`` and ``/health/ready/``: for load balancers, without details."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import structlog
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from secondsource.core import clock
from secondsource.core.models import Heartbeat

log = structlog.get_logger(__name__)
#: A worker without a heartbeat for this time counts as dead.
HEARTBEAT_AGE = dt.timedelta(seconds=90)


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process responds."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Database, migrations and a worker's heartbeat; 503 when one is missing.

    Broker and cache are not checked, because pages, API and outbox work without them.
    """
    failed = [check.__name__.strip("_") for check in CHECKS if not _passes(check)]
    if failed:
        log.warning("not_ready", failed=failed)
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 (whatever it is, we are not ready)
        log.warning("health_check_failed", check=check.__name__, error=str(error))
        return False


def _database() -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _worker() -> bool:
    return Heartbeat.objects.filter(at__gt=clock.now() - HEARTBEAT_AGE).exists()


CHECKS: tuple[Callable[[], bool], ...] = (_database, _migrations, _worker)
