"""Reference and scope of a batch change until somebody confirms a row."""

from __future__ import annotations

from typing import Any

import pytest

from secondsource.accounts.models import Plant
from secondsource.core.errors import RuleRefused, ValuesRefused
from suppliers import services
from suppliers.models import Takeover
from suppliers.services import Proposal
from suppliers.workflow import TAKEOVER_FLOW
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def proposed() -> Takeover:
    part, made = factories.part(), factories.manufacturer_part()
    return services.propose_takeover(
        document="sources.csv", proposals=[Proposal(part, made)], actor=factories.actor()
    )


def change(batch: Takeover, **values: Any) -> Takeover:
    return services.change_takeover(takeover=batch, values=values, actor=factories.actor())


def test_it_works() -> None:
    product, plant = factories.product(), Plant.objects.create(code="NORTH", name="North")
    change(proposed(), document="AML-7", revision="C", products=[product], plants=[plant])
    batch = Takeover.objects.get()
    assert (batch.reference, batch.version) == ("AML-7 rev. C", 2)
    assert (list(batch.products.all()), list(batch.plants.all())) == ([product], [plant])


def test_a_document_has_a_name() -> None:
    with pytest.raises(ValuesRefused):
        change(proposed(), document=" ")
    assert Takeover.objects.get().document == "sources.csv"


def test_a_confirmed_row_keeps_it() -> None:
    batch = proposed()
    TAKEOVER_FLOW.fire(batch.pk, "confirm", actor=factories.actor("quality"))
    with pytest.raises(RuleRefused, match="confirmed rows of this batch"):
        change(batch, document="AML-7")
    assert Takeover.objects.get().document == "sources.csv"


@pytest.mark.django_db(transaction=True)
def test_confirmed_and_changed_at_once_one_is_refused() -> None:
    batch, quality = proposed(), factories.actor("quality")
    done = at_once(
        lambda: TAKEOVER_FLOW.fire(batch.pk, "confirm", actor=quality, expected=batch.version),
        lambda: services.change_takeover(
            takeover=batch, values={"document": "AML-7"}, actor=factories.actor(),
            expected=batch.version,
        ),
    )  # fmt: skip
    assert done.count("done") == 1
    after = Takeover.objects.get()
    assert (after.state == "confirmed") != (after.document == "AML-7")
