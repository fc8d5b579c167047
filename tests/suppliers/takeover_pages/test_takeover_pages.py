"""Pages of take-overs: proposed by form, confirmed and approved by two persons, without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from suppliers import services
from suppliers.models import Approval, Source, Takeover
from tests import factories
from tests.suppliers.test_takeover import proposals, propose

pytestmark = pytest.mark.django_db
Browse = Callable[[Any], Client]


@pytest.fixture
def browse(settings: Any) -> Browse:
    def make(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
        return client

    return make


def typed(*rows: dict[str, str], **more: str) -> dict[str, str]:
    names = ("part", "manufacturer", "mpn", "valid_to", "scope", "evidence")
    body = {"document": "AML-7", "revision": "C", "dated": "", "rows-TOTAL_FORMS": "5",
            "rows-INITIAL_FORMS": "0"}  # fmt: skip
    for place in range(5):
        row = rows[place] if place < len(rows) else {}
        body |= {f"rows-{place}-{name}": row.get(name, "") for name in names}
    return body | more


def row_of(source: Source, **more: str) -> dict[str, str]:
    made = source.manufacturer_part
    names = {"part": source.part.ipn, "manufacturer": made.manufacturer.name, "mpn": made.mpn}
    return names | more


def test_a_batch_is_previewed_then_proposed(browse: Browse) -> None:
    good, held = factories.alternate(factories.part()), factories.approved(factories.part())
    product = factories.product()
    client = browse(factories.person("engineer"))
    assert client.get("/takeovers/new/").status_code == 200
    rows = (
        row_of(good, scope=product.code.lower(), evidence="row 4", valid_to="2099-01-01"),
        row_of(held),
    )
    preview = client.post("/takeovers/new/", typed(*rows))
    text = preview.content.decode()
    assert (preview.status_code, "Nothing is written yet." in text) == (200, True)
    assert "Approved already: Case, SSQ-9999." in text
    assert f"{product.code} does not use {good.part.ipn}." in text
    assert "Approved until" in text
    assert Takeover.objects.count() == 0
    answer = client.post("/takeovers/new/", typed(*rows, sure="1"))
    takeover = Takeover.objects.get()
    assert answer["Location"] == takeover.get_absolute_url()
    assert list(takeover.rows.values_list("state", flat=True)) == ["proposed", "refused"]
    assert list(takeover.rows.all()[0].products.all()) == [product]


def test_more_rows_keep_what_was_typed(browse: Browse) -> None:
    client = browse(factories.person("procurement"))
    text = client.post("/takeovers/new/", typed({"part": "A-1"}, more="1")).content.decode()
    assert ('name="rows-9-part"' in text, 'value="A-1"' in text) == (True, True)
    assert Takeover.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"part": "NO-SUCH"}, "There is no part NO-SUCH."),
        ({"manufacturer": "Nobody"}, "No manufacturer has the name Nobody."),
        ({"manufacturer": "n/a"}, "names no manufacturer"),
        ({"mpn": "NO-SUCH"}, "has no part NO-SUCH here."),
        ({"scope": "NO-SUCH"}, "There is no product NO-SUCH."),
        ({"valid_to": "soon"}, "not a date"),
        ({"mpn": ""}, 'aria-invalid="true"'),
    ],
)
def test_a_bad_row_is_told_at_its_field(browse: Browse, change: dict[str, str], told: str) -> None:
    row = row_of(factories.alternate(factories.part())) | change
    answer = browse(factories.person("quality")).post("/takeovers/new/", typed(row, sure="1"))
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert Takeover.objects.count() == 0


def test_nothing_but_refused_rows_is_refused(browse: Browse) -> None:
    row = row_of(factories.approved(factories.part()))
    client = browse(factories.person("quality"))
    answer = client.post("/takeovers/new/", typed(row, sure="1"))
    assert (answer.status_code, Takeover.objects.count()) == (422, 0)
    assert client.post("/takeovers/new/", typed()).status_code == 422


def test_two_persons_take_it_over_on_the_pages(browse: Browse) -> None:
    takeover = propose(proposals(3))
    url = takeover.get_absolute_url()
    first, second, third = takeover.rows.values_list("pk", flat=True)
    quality, buyer = (browse(factories.person(role)) for role in ("quality", "procurement"))
    page = quality.get(url).content.decode()
    assert ("Confirm all" in page, "Approve all" in page) == (True, False)
    asked = quality.post(f"{url}moves/confirm/", {"some": "1", "selected": [first, second]})
    assert (asked.status_code, "Confirm 2 rows" in asked.content.decode()) == (200, True)
    assert set(takeover.rows.values_list("state", flat=True)) == {"proposed"}
    body = {"some": "1", "selected": [first, second], "sure": "1", "expected": takeover.version}
    assert quality.post(f"{url}moves/confirm/", body).status_code == 302
    refuse = {"some": "1", "selected": [third], "sure": "1", "note": "obsolete"}
    assert quality.post(f"{url}moves/refuse/", refuse | {"note": ""}).status_code == 422
    assert quality.post(f"{url}moves/refuse/", refuse).status_code == 302
    assert "Approve 2 rows" in buyer.get(f"{url}moves/approve/").content.decode()
    assert buyer.post(f"{url}moves/approve/", {"sure": "1"}).status_code == 302
    takeover.refresh_from_db()
    assert takeover.state == "done"
    states = list(takeover.rows.values_list("state", flat=True))
    assert states == ["approved", "approved", "refused"]
    assert Approval.objects.filter(kind="takeover").count() == 2


def test_nothing_chosen_is_nothing_done(browse: Browse) -> None:
    takeover = propose(proposals(1))
    client = browse(factories.person("quality"))
    url = f"{takeover.get_absolute_url()}moves/confirm/"
    answer = client.post(url, {"some": "1", "sure": "1"})
    assert (answer.status_code, "No row is chosen." in answer.content.decode()) == (422, True)
    assert takeover.rows.get().state == "proposed"


def test_who_comes_second_to_approve_gets_no_button(browse: Browse) -> None:
    takeover = propose(proposals(2))
    url = takeover.get_absolute_url()
    browse(factories.person("quality")).post(f"{url}moves/confirm/", {"sure": "1"})
    takeover.refresh_from_db()
    body = {"sure": "1", "expected": takeover.version}
    first, second = (browse(factories.person(role)) for role in ("procurement", "engineer"))
    assert first.post(f"{url}moves/approve/", body).status_code == 302
    answer = second.post(f"{url}moves/approve/", body)
    text = answer.content.decode()
    assert (answer.status_code, "0 rows" in text, "disabled" in text) == (409, False, True)


def test_who_confirmed_is_refused_as_the_second(browse: Browse) -> None:
    takeover = propose(proposals(1))
    client = browse(factories.person("quality", "engineer"))
    url = takeover.get_absolute_url()
    client.post(f"{url}moves/confirm/", {"sure": "1"})
    answer = client.post(f"{url}moves/approve/", {"sure": "1"})
    assert (answer.status_code, "somebody else approves" in answer.content.decode()) == (422, True)
    assert takeover.rows.get().state == "confirmed"


@pytest.mark.parametrize(
    ("role", "move"), [("engineer", "confirm"), ("quality", "approve"), ("finance", "refuse")]
)
def test_others_are_refused(browse: Browse, role: str, move: str) -> None:
    takeover = propose(proposals(1))
    if move == "approve":
        browse(factories.person("quality")).post(
            f"{takeover.get_absolute_url()}moves/confirm/", {"sure": "1"}
        )
    before = list(takeover.rows.values_list("state", flat=True))
    url = f"{takeover.get_absolute_url()}moves/{move}/"
    answer = browse(factories.person(role)).post(url, {"sure": "1", "note": "why"})
    assert answer.status_code == 403
    assert list(takeover.rows.values_list("state", flat=True)) == before


def test_the_list_and_a_batch_cost_the_same_for_more_rows(
    browse: Browse, django_assert_max_num_queries: Any
) -> None:
    client = browse(factories.person("quality"))
    assert "No take-overs yet" in client.get("/takeovers/").content.decode()
    takeover = propose(proposals(30))
    propose(proposals(1))
    with django_assert_max_num_queries(12):
        assert takeover.reference in client.get("/takeovers/").content.decode()
    with django_assert_max_num_queries(24):
        assert client.get(takeover.get_absolute_url()).status_code == 200


def test_a_scoped_person_sees_and_moves_the_rows_of_their_parts(browse: Browse) -> None:
    from secondsource.accounts.models import Plant

    here, there = (Plant.objects.create(code=code, name=code) for code in ("BRNO", "TLL"))
    rows = proposals(2)
    for plant, row in zip((here, there), rows, strict=True):
        factories.product(uses={row.part: 1}, plants=[plant])
    takeover = propose(rows)
    quality = factories.person("quality")
    quality.plants.set([here])
    client = browse(quality)
    page = client.get(takeover.get_absolute_url()).content.decode()
    assert (rows[0].part.ipn in page, rows[1].part.ipn in page) == (True, False)
    client.post(f"{takeover.get_absolute_url()}moves/confirm/", {"sure": "1"})
    assert list(takeover.rows.values_list("state", flat=True)) == ["confirmed", "proposed"]
    stranger = factories.person("quality")
    stranger.plants.set([Plant.objects.create(code="FAR", name="Far")])
    assert browse(stranger).get(takeover.get_absolute_url()).status_code == 404
    assert services.MOST_ROWS == 10_000


def test_reference_and_scope_are_changed_on_their_page(browse: Browse) -> None:
    batch = propose(proposals(1))
    client, url = browse(factories.person("engineer")), f"/takeovers/{batch.public_id}/edit/"
    assert "AML-7" in client.get(url).content.decode()
    sent = {"document": "AML-8", "revision": "C", "dated": "2026-01-05", "expected": batch.version}
    assert client.post(url, sent).status_code == 302
    assert Takeover.objects.get().reference == "AML-8 rev. C"
    assert client.post(url, sent | {"document": ""}).status_code == 422


def test_the_batch_names_its_people_and_keeps_its_history(browse: Browse) -> None:
    takeover = propose(proposals(2))
    url = takeover.get_absolute_url()
    first = takeover.rows.values_list("pk", flat=True)[0]
    quality, buyer = factories.person("quality"), factories.person("procurement")
    body = {"some": "1", "selected": [first], "sure": "1"}
    assert browse(quality).post(f"{url}moves/confirm/", body).status_code == 302
    page = browse(buyer).get(url)
    assert [(e["who"], e["what"]) for e in page.context["events"]][:1] == [
        (quality.name, "confirmed 1 row")
    ]
    assert page.context["deciders"] == [f"Confirmed by {quality.name}."]
    assert browse(buyer).post(f"{url}moves/approve/", body).status_code == 302
    page = browse(buyer).get(url)
    assert page.context["deciders"][1] == f"Approved by {buyer.name}."
    assert page.context["events"][0]["what"] == "approved 1 row"


def test_who_may_not_approve_gets_no_button(browse: Browse) -> None:
    takeover = propose(proposals(1))
    both = browse(factories.person("quality", "engineer"))
    url = takeover.get_absolute_url()
    both.post(f"{url}moves/confirm/", {"sure": "1"})
    chosen = {"some": "1", "selected": takeover.rows.values_list("pk", flat=True)}
    for asked in (both.get(f"{url}moves/approve/"), both.post(f"{url}moves/approve/", chosen)):
        text = asked.content.decode()
        assert "You confirmed 1 row: somebody else approves." in text
        assert text.count('aria-describedby="refusal"') == 1
