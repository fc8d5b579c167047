"""The business case over the API: what the page can, with the same rights."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from qualification.models import BusinessCase, CostEntry, PlannedCost
from secondsource.core import clock
from tests import factories
from tests.factories import Team
from tests.qualification.business_cases import priced_team

USD = {"currency": "USD"}


@pytest.fixture
def team(db: None) -> Team:
    return priced_team()


@pytest.fixture
def lead(api: Any, team: Team) -> Any:
    return api(user=team.people["engineering"])


def test_the_figures_are_read_with_their_basis(team: Team, api: Any) -> None:
    answer = api(user=team.people["procurement"]).get(f"/cases/{team.case.key}/business-case/")
    body = answer.json()
    assert answer.headers["ETag"] == '"0"'
    assert body["figures"]["saving"] == {"amount": "10400.00", **USD}
    assert body["figures"]["survival_before_wk"] == "4.0"
    assert body["costs"]["planned"] == {"amount": "20400.00", **USD}
    assert body["timing"]["factor"] == 1
    assert body["comparison"]["lead_change_days"] == 28
    assert (body["missing"], body["signed"]) == ([], None)


def test_inputs_are_written_on_the_version_that_was_read(team: Team, lead: Any) -> None:
    url = f"/cases/{team.case.key}/business-case/"
    change = {"saving_per_year": {"amount": "5000.00", **USD}, "share": "0.5"}
    answer = lead.patch(url, change, if_match='"0"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert answer.json()["figures"]["saving"] == {"amount": "5000.00", **USD}
    assert lead.patch(url, {"note": "late"}, if_match='"0"').status_code == 412
    assert lead.patch(url, {"saving_per_year": None}).status_code == 200
    stored = BusinessCase.objects.get()
    assert (stored.saving_per_year, stored.currency, stored.share) == (None, "", Decimal("0.5"))


def test_planned_costs_are_added_changed_and_removed(team: Team, lead: Any) -> None:
    url = f"/cases/{team.case.key}/planned-costs/"
    made = lead.post(url, {"kind": "lab", "amount": {"amount": "900.00", **USD}})
    assert made.status_code == 201
    one = f"{url}{made.json()['id']}/"
    answer = lead.patch(one, {"amount": {"amount": "950.00", **USD}})
    assert answer.json()["amount"] == {"amount": "950.00", **USD}
    assert lead.send("DELETE", one).status_code == 204
    assert list(PlannedCost.objects.values_list("kind", flat=True)) == ["hours"]
    refused = lead.post(url, {"kind": "hours"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/hours")


def test_costs_are_logged_shown_and_corrected(team: Team, lead: Any) -> None:
    url = f"/cases/{team.case.key}/cost-entries/"
    body = {"kind": "hours", "hours": "2.5", "day": clock.business_day().isoformat()}
    made = lead.post(url, body)
    assert made.status_code == 201
    assert made.json()["amount"] == {"amount": "212.50", **USD}
    one = f"{url}{made.json()['id']}/"
    sent = lead.upload(f"{one}evidence/", {"file": factories.text_file("sheet.txt")})
    (file,) = sent.json()["evidence"]
    assert file["name"] == "sheet.txt"
    content = lead.get(f"{one}evidence/{file['id']}/")
    assert b"".join(content.streaming_content) == b"measured"
    assert lead.post(f"{one}correct/", {"reason": "twice"}).status_code == 201
    assert lead.get(one).json()["is_corrected"]
    assert sum(entry.amount for entry in CostEntry.objects.all()) == 0


def test_a_token_without_prices_sees_no_exact_sum(team: Team, api: Any) -> None:
    outsider = api("integration", scopes=("read",))
    url = f"/cases/{team.case.key}/business-case/"
    body = outsider.get(url).json()
    assert body["figures"]["saving"] == {"amount": "10000.00", **USD}
    assert "one_time_cost" not in body["figures"]
    assert "costs" not in body
    assert outsider.get(f"/cases/{team.case.key}/planned-costs/").status_code == 403


def test_a_viewer_sees_no_money_and_writes_nothing(team: Team, viewer: Any) -> None:
    url = f"/cases/{team.case.key}/business-case/"
    text = viewer.get(url).content.decode()
    assert '"amount"' not in text
    assert viewer.patch(url, {"note": "x"}).status_code == 403
    entries = f"/cases/{team.case.key}/cost-entries/"
    assert viewer.get(entries).status_code == 403
    assert viewer.post(entries, {"kind": "lab", "day": "2026-01-01"}).status_code == 403
    assert not BusinessCase.objects.exists()


def test_a_typed_saving_has_two_digits_without_prices(team: Team, lead: Any, api: Any) -> None:
    url = f"/cases/{team.case.key}/business-case/"
    buyer = api(user=team.people["procurement"])
    exact, rounded = ({"amount": text, **USD} for text in ("12345.67", "12000.00"))
    assert buyer.patch(url, {"saving_per_year": exact}).json()["inputs"]["saving_per_year"] == exact
    seen = lead.get(url).json()
    assert (seen["inputs"]["saving_per_year"], seen["figures"]["saving"]) == (rounded, rounded)
    assert lead.patch(url, {"saving_per_year": rounded, "note": "as read"}).status_code == 200
    assert buyer.get(url).json()["inputs"]["saving_per_year"] == exact
    team.fire("submit")
    services.sign(case=team.case, function="quality", actor=team["quality"])
    assert lead.get(url).json()["signed"]["figures"]["saving"] == rounded
