"""Short questions that many tests ask."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qualification.workflow import CASE_FLOW
from secondsource.core.errors import Refused
from suppliers.check import check
from suppliers.models import Source


def verdict(source: Source, quantity: int = 1, day: dt.date | None = None) -> str:
    """What an order of this source is answered."""
    return check(
        part=source.part, mpn=source.manufacturer_part.mpn, quantity=Decimal(quantity), day=day
    ).verdict


def codes(source: Source, quantity: int = 1, day: dt.date | None = None) -> list[str]:
    """The reasons behind the answer."""
    found = check(
        part=source.part, mpn=source.manufacturer_part.mpn, quantity=Decimal(quantity), day=day
    )
    return [reason.code for reason in found.reasons]


def row(source: Source) -> tuple[str, Decimal | None, Decimal | None]:
    """Status, share cap, units left."""
    source.refresh_from_db()
    left = Source.objects.with_units_left().get(pk=source.pk).units_left
    return source.status, source.share_cap, left


def refusal(call: Any, *args: Any, **kwargs: Any) -> list[str]:
    """The reason codes with which a call is refused."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return [reason.code for reason in caught.value.reasons]


def refused_move(team: Any, move: str, by: str = "engineering", **fields: Any) -> list[str]:
    """The reason codes with which a move is refused; the case stays as it was."""
    before = team.reload().state
    found = refusal(CASE_FLOW.fire, team.case.pk, move, actor=team[by], **fields)
    assert team.reload().state == before
    return found
