"""What is measured, and the bound of each."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from parts.models import Category, Part
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.accounts.services import issue_token
from secondsource.core.actors import Actor
from secondsource.core.figures import unhurried
from secondsource.core.models import Outbox
from secondsource.workspace import figures
from suppliers import figures as part_figures
from tests.bench import (
    boms,
    bulk,
    calculators,
    cases,
    dossiers,
    hold_points,
    measure,
    orders,
    pilots,
    quotes,
    resolving,
    savings,
    splits,
    work,
)
from tests.bench.deep import api_address, page_address
from tests.bench.measure import Table
from tests.bench.server import Client, resident_mb, server

#: Who looks at the pages, and who may look at each of them.
EMAIL, ADMIN_EMAIL = "bench@generated.example", "bench-admin@generated.example"
ROLES = (Role.ENGINEER, Role.PROCUREMENT)
Say = Callable[[str], None]


def run(say: Say) -> Table:
    """Measure everything; the data are there already."""
    table, user = Table(), _person()
    with server() as (port, worker):
        page, api = _clients(port, user)
        _pages(table, page)
        _endpoints(table, api)
        _creation(table, api)
        boms.measure_reading(table, page, api, Actor(user=user))
        cases.measure_case(table, page, api, Actor(user=user))
        work.measure_work(table, page, user)
        say("pages and endpoints measured")
        orders.measured(table, *_clients(port, _person(ADMIN_EMAIL, (*ROLES, Role.ADMIN))))
        say("orders of lists measured")
        memory = resident_mb(worker)
    table.add(measure.of_runs("web worker, MB resident", [[memory]]), most=250)
    calculators.measured(table, lambda port: _clients(port, user))
    say("calculators measured")
    boms.measure_imports(table, Actor(user=user), say)
    bulk.measure_receipts(table, Actor(user=user), say)
    _recomputation(table)
    resolving.measured(table)
    dossiers.measured(table, Actor(user=user))
    splits.measured(table)
    hold_points.measured(table)
    quotes.measured(table, Actor(user=user))
    savings.measured(table)
    pilots.measure_measurements(table, Actor(user=user), say)
    Outbox.objects.filter(done_at=None).delete()
    return table


def _person(email: str = EMAIL, roles: Sequence[Role] = ROLES) -> User:
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, None, name="Generated person", roles=list(roles))


def _clients(port: int, user: User) -> tuple[Client, Client]:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    scopes = ["read", "write", "prices", *(["admin"] if Role.ADMIN in user.roles else [])]
    _, secret = issue_token(user=user, scopes=scopes, days=1, actor=Actor.named_job("bench"))
    return Client(port, {"Cookie": cookie}), Client(port, {"Authorization": f"Bearer {secret}"})


def _samples() -> tuple[list[str], list[str]]:
    """Some parts, and inner pieces of their MPNs."""
    dice = random.Random(7)
    total = Part.objects.filter(ipn__startswith="GEN-").count()
    ipns = [f"GEN-{dice.randint(1, total):07d}" for _ in range(20)]
    rows = Part.objects.filter(ipn__in=ipns).select_related("figures")
    pieces = [row.figures.incumbent_mpn[2:7] for row in rows]
    return ipns, pieces


def _pages(table: Table, client: Client) -> None:
    ipns, pieces = _samples()
    floor, within_floor = "floor: 50 rows, plain template", {"parts list", "parts list, deep page"}
    found = measure.in_turn(client, {
        floor: ["/bench/floor/page/"],
        "parts list": ["/parts/"],
        "parts list, inner piece": [f"/parts/?search={p}" for p in pieces],
        "parts list, deep page": [page_address()],
        "part page": [f"/parts/{ipn}/" for ipn in ipns],
        "executive page": ["/dashboard/"],
    })  # fmt: skip
    table.add(found[0])
    for one in found[1:]:
        ratio = 2.5 if one.name in within_floor else 0
        table.add(one, floor=floor, p95=100, ratio=ratio, queries=15)
    table.add(measure.requests("Start small over all parts", client, ["/start-small/"]), p95=1000)
    size = measure.first_view(client, "/parts/")
    table.add(measure.of_runs("first view, KB over the wire", [[size / 1024]]), most=130)


def _endpoints(table: Table, client: Client) -> None:
    ipns, pieces = _samples()
    floor, within_floor = "floor: 50 rows, plain serializer", {"API list", "API list, deep page"}
    found = measure.in_turn(client, {
        floor: ["/bench/floor/api/"],
        "API list": ["/api/v1/parts/?limit=50"],
        "API search": [f"/api/v1/parts/?limit=50&search={p}" for p in pieces],
        "API list, deep page": [api_address()],
        "API part": [f"/api/v1/parts/{ipn}/" for ipn in ipns],
        "API check": [f"/api/v1/check/?part={ipn}&quantity=10" for ipn in ipns],
    })  # fmt: skip
    table.add(found[0])
    for one in found[1:]:
        lists = one.name in {"API search", *within_floor}
        ratio = 2 if one.name in within_floor else 0
        most = measure.tenth(one.name)
        table.add(one, floor=floor if lists else "", p95=100, ratio=ratio, most=most)


def _creation(table: Table, client: Client) -> None:
    """Parts made one by one over the API; they are removed again."""
    category, times = str(Category.objects.order_by("path").values_list("path", flat=True)[0]), []
    head = {"Content-Type": "application/json"}
    try:
        for run in range(measure.RUNS):
            taken = []
            for n in range(measure.REQUESTS):
                body = json.dumps({"ipn": f"BENCH-{run}-{n}", "category": category})
                answer = client.ask(
                    "/api/v1/parts/", method="POST", body=body.encode(), headers=head
                )
                taken.append(measure.ok(answer, "/api/v1/parts/").server_ms)
            times.append(taken)
    finally:
        Part.objects.filter(ipn__startswith="BENCH-").delete()
    name = "API create part"
    made = measure.of_runs(name, times, queries=answer.queries)
    table.add(made, p95=100, most=measure.tenth(name))


def _recomputation(table: Table) -> None:
    floor = "floor: raw SQL of all part figures"
    table.add(measure.calls(floor, _raw_part_figures, runs=3))
    table.add(measure.calls("all part figures, unchanged", _part_figures, runs=3), floor=floor)
    table.add(measure.calls("company figures", figures.refresh_company, runs=3))
    Outbox.objects.filter(done_at=None).delete()


def _part_figures() -> int:
    with unhurried():
        return part_figures.refresh_slices()


def _raw_part_figures() -> Any:
    with unhurried(), connection.cursor() as cursor:
        cursor.execute(part_figures.PART_FIGURES, part_figures.parameters(None))
        return cursor.rowcount
