"""Two imports at the same time, of each pair of kinds: they wait and both succeed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement

import pytest
from django.db import connection

from parts.models import Part
from qualification.models import Case
from qualification.models.cases import State
from qualification.services.pilot_plans import (
    PlannedModel,
    PlannedParameter,
    lock_pilot_plan,
)
from secondsource.core import clock, jobs
from secondsource.core.actors import Actor
from secondsource.exchange import services
from secondsource.exchange.models import Import
from suppliers.models import Supplier
from suppliers.services.sourcing import TURN
from tests import case_work, factories
from tests.exchange.bulk.files import send
from tests.exchange.bulk.world import Sourcing
from tests.exchange.imports import upload
from tests.threads import held_open

pytestmark = pytest.mark.django_db(transaction=True)
ROLES = ("engineer", "procurement", "finance", "quality")
#: A file of each kind; {n} is 1 or 2. Several make the manufacturer Newco, all touch one part.
FILES = {
    "bom": "Designator,Quantity,Manufacturer,MPN\nR1,1,Newco,NC-{n}\nR2,1,Newco,NC-1\n",
    "parts": "IPN,Description\n470-00019,Regulator {n}\n",
    "suppliers": "Name,Kind\nNewco,manufacturer\nOther {n},distributor\n",
    "manufacturer_parts": "Manufacturer,MPN\nNewco,NC-1\nNewco,NC-{n}{n}\n",
    "sources": "IPN,Manufacturer,MPN\n470-00019,Newco,NC-1\n470-00020,Newco,NC-{n}{n}\n",
    "offers": "MPN,Supplier,Currency,Quantity,Unit price\nTPS62130RGTR,Digi-Key,USD,1,1.{n}0\n",
    "order_lines": "PO,Line,Supplier,IPN,MPN,Quantity,Due date\n"
    "4500017,{n}0,Digi-Key,470-00019,TPS62130RGTR,50{n},2027-03-31\n",
    "receipts": "Date,Part no,MPN,Qty,Lot,GRN\n2026-03-28,470-00019,TPS62130RGTR,5,L{n},G-{n}\n",
    "demand": "IPN,Yearly demand\n470-00019,12000{n}\n",
    "stock": "IPN,Stock\n470-00019,12{n}\n",
    "pilot_results": "Product,Built on,Lot,Started,Good\nPILOT-1,{day},L{n},3,3\n",
    "measurements": "Case,Parameter,Value,Source,Serial\n{case},Vout,3.3{n},alternate,{n}\n",
    "as_built": "Product,Lot,Built on,Units,IPN,MPN,First serial,Last serial\n"
    "BUILT-1,B-{n},2026-03-0{n},9,470-00019,TPS62130RGTR,K-{n}00,K-{n}08\n",
    "exchange_rates": "Date,Base,Quote,Rate,Publisher\n2026-03-0{n},EUR,USD,1.092{n},ECB\n",
}
PAIRS = list(combinations_with_replacement(FILES, 2))


def confirmed(kind: str, number: int, actor: Actor) -> Import:
    text = FILES[kind].replace("{n}", str(number))
    if kind in ("pilot_results", "measurements"):
        text = text.replace("{day}", clock.business_day().isoformat())
        text = text.replace("{case}", Case.objects.get().key)
    if kind == "bom":
        imported = upload(text, actor, f"PRODUCT-{number}")
    else:
        imported = send(text, kind, actor)
    assert (imported.problem, imported.errors) == (None, [])
    services.confirm(imported=imported, actor=actor)
    imported.refresh_from_db()
    return imported


def run(imported: Import) -> None:
    try:
        jobs.run(str(imported.job_id))
    finally:
        connection.close()


def case_at_pilot() -> None:
    """A case at its pilot build whose plan has the model and the parameter of the files."""
    team = factories.Team()
    product = factories.product("PILOT-1", uses={team.source.part: 1})
    team.jump_to(State.PILOT_BUILD)
    parameter = PlannedParameter(name="Vout", unit="V", lower_limit=3.2, upper_limit=3.4)
    model = PlannedModel(product=product, units=60, floor=case_work.FLOOR)
    plan = case_work.draft_pilot(team, models=[model], parameters=[parameter])
    lock_pilot_plan(plan=plan, actor=team["quality"])


def both_succeed(one: str, other: str) -> None:
    Sourcing()
    if {one, other} & {"pilot_results", "measurements"}:
        case_at_pilot()
    if "as_built" in (one, other):
        factories.product("BUILT-1", uses={Part.objects.get(ipn="470-00019"): 1})
    actor = factories.actor(*ROLES)
    pair = [confirmed(one, 1, actor), confirmed(other, 2, actor)]
    with ThreadPoolExecutor(2) as pool:
        with held_open(lambda: jobs.take_turns(TURN)):  # so that neither is over too early
            done = [pool.submit(run, imported) for imported in pair]
        for future in done:
            future.result(120)
    for imported in pair:
        imported.refresh_from_db()
        assert (imported.job.problem, imported.job.tries) == (None, 1)
        assert (imported.state, imported.job.state) == ("done", "done")
    assert Supplier.objects.filter(name="Newco").count() <= 1


def test_every_kind_has_a_file() -> None:
    assert set(FILES) == {"bom", *services.KINDS}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bom", "bom"),
        ("bom", "sources"),
        ("stock", "parts"),
        ("pilot_results", "measurements"),
        ("as_built", "as_built"),
    ],
)
def test_some_pairs(one: str, other: str) -> None:
    both_succeed(one, other)


@pytest.mark.long
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_pair(one: str, other: str) -> None:
    both_succeed(one, other)
