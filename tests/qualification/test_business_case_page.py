"""The pages of the business case: tiles, costs, the card of the signature, refusals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualification import services
from qualification.models import BusinessCase, CostEntry, PlannedCost
from secondsource.core import clock
from secondsource.core.calendar import add_months
from tests import factories
from tests.factories import Team, text_file
from tests.qualification.business_cases import priced_team


@pytest.fixture
def priced(db: None) -> Team:
    team = priced_team()
    team.fire("submit")
    return team


def read(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def page(team: Team, rest: str = "") -> str:
    return f"/q/{team.case.key}/business-case/{rest}"


def test_it_shows_six_figures_costs_timing_and_comparison(priced: Team, browse: Any) -> None:
    text = read(browse(priced.people["procurement"]), page(priced))
    for figure in ("$10,400", "$20,400", "23.5", "$6,628", "4.0 → 4.0", "10,000 → 6,000 pcs"):
        assert figure in text, figure
    assert "the best time for a change" in text
    assert "($2.00 − $1.50)" in text
    assert "0.002 kg CO₂e" in text


def test_an_engineer_sees_no_unit_price(priced: Team, browse: Any) -> None:
    text = read(browse(priced.people["engineering"]), page(priced))
    assert "$10,000" in text
    assert "−25" in text
    assert "$2.00" not in text
    assert "$1.50" not in text


@pytest.mark.parametrize("rest", ["", "../", "../sign/quality/"])
def test_a_viewer_sees_no_money_on_any_page(priced: Team, browse: Any, rest: str) -> None:
    answer = browse(factories.person("viewer")).get(page(priced, rest), follow=True)
    main = answer.content.decode().partition("<main")[2]
    assert "$" not in main


def test_the_card_of_the_signature_shows_what_is_signed(priced: Team, browse: Any) -> None:
    url = f"/q/{priced.case.key}/sign/procurement/"
    assert "$10,400" in read(browse(priced.people["procurement"]), url)
    services.sign(case=priced.case, function="quality", actor=priced["quality"])
    text = read(browse(priced.people["procurement"]), url)
    assert "version 1 of" in text
    work = read(browse(priced.people["procurement"]), "/work/")
    assert "Net present value" in work


def test_figures_that_moved_since_the_signature_stand_beside_it(priced: Team, browse: Any) -> None:
    services.sign(case=priced.case, function="quality", actor=priced["quality"])
    client = browse(priced.people["procurement"])
    assert "Signed on these figures, version 1" in read(client, page(priced))
    priced.source.manufacturer_part.offers.update(valid_to=clock.business_day())
    with clock.at(add_months(clock.business_day(), 12)):
        text = read(client, page(priced))
    assert "Today's figures, above, are others." in text
    assert "$10,400" in text


def test_inputs_are_saved_and_a_conflict_is_told(priced: Team, browse: Any) -> None:
    client = browse(priced.people["engineering"])
    url = page(priced, "edit/")
    assert 'name="expected" value="0"' in read(client, url)
    body = {"expected": "0", "saving_per_year": "5000", "currency": "usd", "share": "30 %"}
    assert client.post(url, body).status_code == 302
    stored = BusinessCase.objects.get()
    assert (stored.saving_per_year, stored.share) == (5_000, Decimal("0.3"))
    late = client.post(url, {**body, "saving_per_year": "1"})
    assert late.status_code == 409
    assert BusinessCase.objects.get().saving_per_year == 5_000


def test_a_wrong_value_is_told_at_its_field(priced: Team, browse: Any) -> None:
    client = browse(priced.people["engineering"])
    body = {"kind": "lab", "amount": "0,98", "currency": "USD", "expected": priced.case.version}
    answer = client.post(page(priced, "costs/new/"), body)
    assert answer.status_code == 422
    assert "Use a point: 0.98" in answer.content.decode()
    assert 'value="0,98"' in answer.content.decode()
    answer = client.post(page(priced, "costs/new/"), {**body, "kind": "hours", "amount": ""})
    assert "Enter the hours, above 0." in answer.content.decode()
    assert PlannedCost.objects.filter(case=priced.case).count() == 1


def test_a_cost_is_planned_changed_and_removed(priced: Team, browse: Any) -> None:
    client = browse(priced.people["engineering"])
    body = {"kind": "lab", "amount": "900", "currency": "USD", "note": "ESD"}
    assert client.post(page(priced, "costs/new/"), body).status_code == 302
    cost = PlannedCost.objects.get(kind="lab")
    url = page(priced, f"costs/{cost.public_id}/")
    assert 'value="900"' in read(client, url)
    changed = {**body, "amount": "950", "expected": cost.version}
    assert client.post(url, changed).status_code == 302
    assert client.post(url, {**changed, "amount": "1"}).status_code == 409
    cost.refresh_from_db()
    assert cost.amount == 950
    assert client.post(f"{url}remove/", {"expected": cost.version}).status_code == 302
    assert not PlannedCost.objects.filter(kind="lab").exists()


def test_a_cost_is_logged_with_its_evidence_exported_and_corrected(
    priced: Team, browse: Any
) -> None:
    client = browse(priced.people["engineering"])
    body = {
        "kind": "lab", "amount": "1250", "currency": "EUR", "note": "=1+1", "hours": "",
        "day": clock.business_day().isoformat(), "file": text_file("invoice.txt"),
    }  # fmt: skip
    assert client.post(f"/q/{priced.case.key}/costs/new/", body).status_code == 302
    entry = CostEntry.objects.get()
    log = f"/q/{priced.case.key}/costs/"
    assert "invoice.txt" in read(client, log)
    answer = client.get(f"{log}?export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Day,Kind,What for,Hours,Amount,Currency,Logged by"
    assert lines[1].split(",")[1:6] == ["Laboratory", "'=1+1", "", "1250.00", "EUR"]
    url = f"{log}{entry.public_id}/correct/"
    assert client.post(url, {"reason": "In dollars."}).status_code == 302
    assert client.post(url, {"reason": "Again."}).status_code == 422
    assert "Counter-entry" in read(client, page(priced))
    assert CostEntry.objects.count() == 2


def test_the_sponsor_is_offered_hours_alone(priced: Team, browse: Any) -> None:
    text = read(browse(priced.people["sponsor"]), f"/q/{priced.case.key}/costs/new/")
    assert "Working hours" in text
    assert "Laboratory" not in text


def test_hours_of_others_are_one_line(priced: Team, browse: Any) -> None:
    services.log_cost(
        case=priced.case, kind="hours", hours=Decimal(7), day=clock.business_day(),
        actor=priced["quality"], note="Secret work",
    )  # fmt: skip
    text = read(browse(priced.people["procurement"]), page(priced))
    assert "Working hours of other people, as a sum: 7 h." in text
    assert "Secret work" not in text


def test_an_engineer_reads_a_typed_saving_with_two_digits(priced: Team, browse: Any) -> None:
    services.change_business_case(
        case=priced.case, actor=priced["procurement"],
        values={"saving_per_year": Decimal("12345.67"), "currency": "USD"},
    )  # fmt: skip
    client, url = browse(priced.people["engineering"]), page(priced, "edit/")
    form = read(client, url)
    assert ('value="12000"' in form, "Shown with two digits" in form) == (True, True)
    assert "12345" not in form + read(client, page(priced))
    assert 'value="12345.67"' in read(browse(priced.people["procurement"]), url)
    body = {"expected": "1", "saving_per_year": "12000", "currency": "USD", "note": "Checked"}
    assert client.post(url, body).status_code == 302
    stored = BusinessCase.objects.get()
    assert (stored.saving_per_year, stored.note) == (Decimal("12345.67"), "Checked")
    late = client.post(url, {**body, "note": "Late"})
    assert (late.status_code, "12345" in late.content.decode()) == (409, False)
    answer = client.post(url, {**body, "expected": "2", "saving_per_year": "13000"})
    assert answer.status_code == 302
    assert BusinessCase.objects.get().saving_per_year == 13_000


def test_a_saving_in_a_conflict_is_hidden_without_prices(priced: Team, browse: Any) -> None:
    for amount in ("12345.67", "98765.43"):
        services.change_business_case(
            case=priced.case, actor=priced["procurement"],
            values={"saving_per_year": Decimal(amount), "currency": "USD"},
        )  # fmt: skip
    client = browse(priced.people["engineering"])
    body = {"expected": "1", "saving_per_year": "5000", "currency": "USD"}
    answer = client.post(page(priced, "edit/"), body)
    text = answer.content.decode()
    assert (answer.status_code, "98765" in text, "12345" in text) == (409, False, False)


@pytest.mark.parametrize("missing", [True, False])
def test_a_page_reads_the_facts_of_a_business_case_once(
    priced: Team, browse: Any, missing: bool
) -> None:
    if missing:
        priced.case.planned_costs.all().delete()
        services.change_business_case(
            case=priced.case, values={"note": "no cost"}, actor=priced.lead
        )
    client = browse(priced.people["engineering"])
    for url in (priced.case.get_absolute_url(), "/work/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        reads = [one for one in asked if 'FROM "qualification_businesscase"' in one["sql"]]
        assert len(reads) == 1, url


def test_the_head_of_the_case_says_what_was_signed(priced: Team, browse: Any) -> None:
    home = f"/q/{priced.case.key}/"
    promised = "forecast saving {} a year"
    buyer, engineer = (browse(priced.people[who]) for who in ("procurement", "engineering"))
    assert "forecast saving" not in read(buyer, home)
    services.sign(case=priced.case, function="quality", actor=priced["quality"])
    assert promised.format("$10,400") in read(buyer, home)
    assert promised.format("$10,000") in read(engineer, home)
    assert "when approved" in read(engineer, home)
    assert "forecast saving" not in read(browse(factories.person("viewer")), home)
