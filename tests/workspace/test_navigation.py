"""The side navigation of the whole product."""

from __future__ import annotations

import pytest
from django.urls import reverse

from secondsource.workspace import navigation
from tests import factories

pytestmark = pytest.mark.django_db


def shell(role: str, name: str) -> dict[str, list[str]]:
    drawn = navigation.shell_for(factories.person(role), reverse(name))
    items = [item for group in drawn["groups"] for item in group.items]
    everything = [*items, *drawn["settings"], *drawn["account"]]
    return {
        "current": [item.label for item in everything if item.current],
        "new": [item.label for item in drawn["new"]],
    }


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("job_list", "Jobs"),
        ("follow_up_list", "Follow-up tasks"),
        ("token_list", "Tokens"),
        ("own_token_list", "API tokens"),
        ("person_create", "People"),
    ],
)
def test_one_item_is_current(name: str, label: str) -> None:
    assert shell("admin", name)["current"] == [label]


def test_an_administrator_adds_a_person_from_the_menu_new() -> None:
    assert "Person" in shell("admin", "person_list")["new"]
    assert "Person" not in shell("engineer", "part_list")["new"]
