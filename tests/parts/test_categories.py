"""Categories: edited, moved with all below them, refused where that cannot be."""

from __future__ import annotations

import pytest
from django.test import Client

from parts import services
from parts.models import Category
from secondsource.core.errors import Stale, ValuesRefused
from tests import factories

pytestmark = pytest.mark.django_db


def tree() -> list[str]:
    return list(Category.objects.order_by("path").values_list("path", flat=True))


@pytest.fixture
def passives() -> Category:
    top = factories.category("passives")
    for path in ("passives/capacitors", "passives/capacitors/mlcc", "power"):
        factories.category(path)
    return top


def move(path: str, under: str, **more: int) -> Category:
    return services.move_category(
        category=Category.objects.get(path=path), under=under, actor=factories.JOB, **more
    )


def test_all_below_moves_along(passives: Category) -> None:
    part = factories.part(category=Category.objects.get(path="passives/capacitors/mlcc"))
    moved = move("passives/capacitors", "power")
    assert (moved.path, moved.version) == ("power/capacitors", 2)
    assert tree() == ["passives", "power", "power/capacitors", "power/capacitors/mlcc"]
    part.refresh_from_db()
    assert part.category.path == "power/capacitors/mlcc"
    assert move("power/capacitors", "").path == "capacitors"


@pytest.mark.parametrize(
    ("path", "under", "code"),
    [
        ("passives", "passives/capacitors", "below_itself"),
        ("passives", "passives", "below_itself"),
        ("power", "nowhere", "no_parent"), ("unsorted", "power", "unsorted"),
        ("passives/power", "", "taken"),
    ],
)  # fmt: skip
def test_what_cannot_be_moved(passives: Category, path: str, under: str, code: str) -> None:
    factories.category(path)
    before = tree()
    with pytest.raises(ValuesRefused) as refused:
        move(path, under)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/under", code)]
    assert tree() == before


def test_of_two_who_move_the_second_is_told(passives: Category) -> None:
    move("power", "passives", expected=1)
    with pytest.raises(Stale):
        move("passives/power", "", expected=1)


def test_a_category_is_edited_on_its_page(passives: Category) -> None:
    client = Client()
    client.force_login(factories.person("engineer"))
    row = Category.objects.get(path="power")
    assert "passives/capacitors" in client.get("/categories/").content.decode()
    address = f"/categories/{row.public_id}/"
    typed = {
        "name": "Power",
        "risk_class": "high",
        "ipn_prefix": "PWR",
        "under": "passives",
        "made_in": "assembly",
    }
    refused = client.post(address, typed | {"expected": 1, "ipn_prefix": "pwr x"})
    assert refused.status_code == 422
    assert client.post(address, typed | {"expected": 1}).status_code == 302
    row.refresh_from_db()
    assert (row.path, row.risk_class, row.ipn_prefix) == ("passives/power", "high", "PWR")
    assert client.post(address, typed | {"expected": 1}).status_code == 409
    assert "power moved to passives/power" in client.get(address).content.decode()


def test_a_category_is_added_under_another(passives: Category) -> None:
    client = Client()
    client.force_login(factories.person("engineer"))
    typed = {"name": "LDO", "risk_class": "low", "made_in": "fab", "under": "power", "short": "LDO"}
    assert client.post("/categories/new/", typed).status_code == 302
    assert "power/ldo" in tree()
