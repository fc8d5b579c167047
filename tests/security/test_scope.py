"""What lies outside a person's plants is not told on side ways either."""

from __future__ import annotations

import re
from typing import Any

import pytest

from parts import services as catalogue
from parts.models import Product
from secondsource.accounts.models import Plant
from secondsource.exchange import services as exchange
from suppliers import services as sourcing
from tests import factories
from tests.factories import JOB
from tests.security.world import BACKEND, BOM, World, routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def northern(client: Any) -> Any:
    """A browser of a buyer and engineer who works in one plant."""
    user = factories.person("engineer", "procurement")
    user.plants.add(Plant.objects.create(code="NORTH", name="North"))
    client.force_login(user, backend=BACKEND)
    return client


def test_an_upload_without_a_product_is_its_owners_alone(northern: Any) -> None:
    other = factories.actor("engineer")
    imported = exchange.upload(file=factories.text_file("bom.csv", BOM.decode()), actor=other)
    assert northern.get(f"/imports/{imported.key}/").status_code == 404
    assert northern.get(f"/imports/{imported.key}/file/").status_code == 404
    assert northern.get("/api/v1/imports/").json()["results"] == []
    assert northern.get(f"/api/v1/imports/{imported.key}/").status_code == 404


def test_offers_are_not_found_by_a_part_elsewhere(northern: Any) -> None:
    part = factories.part(ipn="FAR-1")
    source = factories.incumbent(part)
    made = source.manufacturer_part
    sourcing.add_offer(
        manufacturer_part=made, supplier=made.manufacturer, currency="USD",
        price_breaks=[(1, 2)], actor=JOB,
    )  # fmt: skip
    found = northern.get("/api/v1/offers/?part=FAR-1").json()["results"]
    assert len(found) == 1
    south = Plant.objects.create(code="SOUTH", name="South")
    factories.product(uses={part: 1}, plants=[south])
    assert northern.get("/api/v1/offers/?part=FAR-1").json()["results"] == []


#: A person's own share of a pool is theirs wherever its case lies, and so is the task to agree to
#: it; the engineer has one.
OWN_SHARE = re.compile("/incentives/|/work/|/api/v1/(bonus-pools|contributions|payouts|my-work)/")


@pytest.mark.parametrize("role", ["engineer", "quality", "procurement", "finance", "executive"])
def test_no_address_shows_what_lies_in_another_plant(role: str) -> None:
    world = World()
    south = Plant.objects.create(code="SOUTH", name="South")
    product = Product.objects.get(code="PUMP")
    product.plants.set([south])
    catalogue.change_product(product=product, values={"name": "Far pump"}, actor=JOB)
    far = [world.values["ipn"], world.case.key, "Far pump", "PUMP", world.values["source"]]
    outsider = world.people[role]
    outsider.plants.set([Plant.objects.get(code="NORTH")])
    client, told, found = world.client(role), [], 0
    for route, pattern in routes():
        if pattern.name == "account_logout":
            continue
        address = world.address(route)
        if role == "engineer" and OWN_SHARE.match(address):
            continue
        answer = client.get(address)
        text = b"".join(answer) if answer.streaming else answer.content
        text = re.sub(
            rb"\b\w{64}\b", b"", text
        )  # a token of chance holds any four letters at times
        found += answer.status_code == 200
        told += [(address, word) for word in far if word.encode() in text and word not in address]
        if answer.status_code == 200 and any(word in address for word in far[:4]):
            told.append((address, "200"))
    assert not told, told
    assert found > 20


def test_filters_suggest_to_each_reader_their_own() -> None:
    world = World()
    inside, outside = world.people["engineer"], world.people["quality"]
    Product.objects.get(code="PUMP").plants.set([Plant.objects.create(code="SOUTH", name="South")])
    outside.plants.set([Plant.objects.get(code="NORTH")])
    shown = [
        b'<option value="PUMP"' in world.client(role).get("/suggest/products/").content
        for role in ("engineer", "quality")
    ]
    assert (inside.plants.exists(), shown) == (False, [True, False])
