"""The products, plants and sites for which a case qualifies its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from secondsource.core.errors import RuleRefused, ValuesRefused
from tests import factories

if TYPE_CHECKING:
    from tests.factories import Team


@pytest.fixture
def pump(team: Team) -> Any:
    """A product that uses the part."""
    return factories.product("PUMP", uses={team.case.part: 1})


def set_scope(team: Team, **values: Any) -> Any:
    from qualification import services

    services.change_scope(case=team.case, values=values, actor=team.lead)
    return team.reload()


def test_the_approval_holds_for_the_scope_of_the_case(team: Team, pump: Any) -> None:
    from secondsource.accounts.models import Plant

    plant = Plant.objects.create(code="BRQ", name="Brno")
    set_scope(team, products=[pump], plants=[plant])
    team.go_to("transition")
    approval = team.source.approvals.get(revocation=None)
    assert (list(approval.products.all()), list(approval.plants.all())) == ([pump], [plant])
    assert list(team.source.scope.all()) == [pump]


def test_an_approved_source_keeps_its_products(team: Team, pump: Any) -> None:
    from suppliers import services as sourcing

    fan = factories.product("FAN", uses={team.case.part: 1})
    team.source.scope.set([fan])
    sourcing.approve_source(
        source=team.source, kind="case", evidence_ref="SSQ-0000", actor=factories.JOB
    )
    set_scope(team, products=[pump])
    team.go_to("transition")
    assert {product.code for product in team.source.scope.all()} == {"FAN", "PUMP"}


def test_a_case_opens_with_the_products_of_its_source(db: None) -> None:
    part = factories.part()
    source = factories.alternate(part)
    source.scope.set([factories.product("FAN", uses={part: 1})])
    assert [p.code for p in factories.Team(source).case.products.all()] == ["FAN"]


def test_a_changed_scope_voids_the_signatures(team: Team, pump: Any) -> None:
    team.fire("submit")
    team.do_items()
    team.sign()
    set_scope(team, products=[pump])
    assert not team.case.sign_offs.filter(voided_at=None).exists()


def test_a_product_that_does_not_use_the_part(team: Team) -> None:
    other = factories.product("OTHER")
    with pytest.raises(ValuesRefused) as refused:
        set_scope(team, products=[other])
    assert [problem.pointer for problem in refused.value.problems] == ["/products"]
    assert not team.reload().products.exists()


def test_a_site_at_which_it_is_not_made(team: Team) -> None:
    from suppliers import services as sourcing

    site = sourcing.add_site(
        supplier=factories.manufacturer(), name="Fab", activity="fab", country="DE",
        actor=factories.JOB,
    )  # fmt: skip
    with pytest.raises(ValuesRefused) as refused:
        set_scope(team, sites=[site])
    assert [problem.pointer for problem in refused.value.problems] == ["/sites"]
    assert not team.reload().sites.exists()


def test_not_after_the_approval(team: Team, pump: Any) -> None:
    team.jump_to("transition")
    with pytest.raises(RuleRefused) as refused:
        set_scope(team, products=[pump])
    assert [reason.code for reason in refused.value.reasons] == ["gate_passed"]


def test_the_page_saves_and_names_the_scope(
    team: Team, pump: Any, browse: Callable[..., Any]
) -> None:
    client = browse(team.people["engineering"])
    url = f"/q/{team.case.key}/scope/"
    sent = {"products": [pump.pk], "expected": team.case.version}
    answer = client.post(url, sent, follow=True)
    assert "for PUMP" in answer.content.decode()
    assert list(team.reload().products.all()) == [pump]
    stale = client.post(url, sent | {"products": []})
    assert stale.status_code == 409
    assert list(team.reload().products.all()) == [pump]


def test_the_api_reads_and_writes_it(team: Team, pump: Any, api: Callable[..., Any]) -> None:
    client = api(user=team.people["engineering"])
    url = f"/cases/{team.case.key}/"
    answer = client.patch(url, {"products": ["PUMP"]})
    assert answer.json()["products"] == ["PUMP"]
    assert list(team.reload().products.all()) == [pump]
