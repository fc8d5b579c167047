"""Chips and saved views of a filter bar."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from secondsource.core import filterbar
from secondsource.core.templatetags.ui import filter_menu


class Filters(forms.Form):
    q = forms.CharField(required=False, label="Search")
    kind = forms.MultipleChoiceField(
        required=False, label="Kind", choices=[("Group", [("a", "Alpha"), ("b", "Beta")])]
    )
    spend_min = forms.DecimalField(required=False, label="Spend ≥")
    active = forms.NullBooleanField(required=False, label="Active")


def chips(query: str) -> list[tuple[str, str, str]]:
    given = QueryDict(query)
    return [(chip.label, chip.value, chip.url) for chip in filterbar.chips(Filters(given), given)]


def test_each_filter_in_force_is_a_chip() -> None:
    assert chips("q=mcu&spend_min=5000&sort=ipn") == [
        ("Search", "mcu", "?spend_min=5000&sort=ipn"),
        ("Spend ≥", "5000", "?q=mcu&sort=ipn"),
    ]


def test_choices_speak_by_their_labels_also_in_groups() -> None:
    assert chips("kind=a&kind=b") == [("Kind", "Alpha, Beta", "?")]


@pytest.mark.parametrize(("value", "word"), [("true", "Yes"), ("false", "No")])
def test_yes_and_no(value: str, word: str) -> None:
    assert chips(f"active={value}") == [("Active", word, "?")]


def test_dropping_a_filter_goes_back_to_the_first_page() -> None:
    assert chips("q=mcu&cursor=abc") == [("Search", "mcu", "?")]


@pytest.mark.parametrize("query", ["", "q=", "spend_min=abc", "kind=zzz", "sort=ipn&cursor=x"])
def test_no_chip_without_a_usable_value(query: str) -> None:
    assert chips(query) == []


def test_a_list_without_filters_has_no_chips() -> None:
    assert filterbar.chips(None, QueryDict("q=1")) == []


@pytest.mark.parametrize(
    ("query", "current"),
    [
        ("", ["All"]),
        ("sort=-risk&cursor=x", ["All"]),
        ("b=2&a=1", ["Both"]),
        ("a=1&b=2&sort=x", ["Both"]),
        ("a=1", []),
        ("a=", ["All"]),
    ],
)
def test_the_view_that_equals_the_address_is_current(query: str, current: list[Any]) -> None:
    tabs = filterbar.tabs({"All": "", "Both": "a=1&b=2"}, QueryDict(query))
    assert [tab.label for tab in tabs if tab.current] == current


def test_a_view_has_its_count_and_address() -> None:
    (tab,) = filterbar.tabs({"Both": "a=1"}, QueryDict(""), {"Both": 18})
    assert (tab.count, tab.url) == (18, "?a=1")


def test_the_menu_of_filters_follows_its_choices_and_values() -> None:
    def drawn(value: str, *choices: tuple[str, str]) -> str:
        class Fields(forms.Form):
            phase = forms.ChoiceField(choices=choices)

        return str(filter_menu(list(Fields({"phase": value}))))

    one = drawn("a", ("a", "Alpha"), ("b", "Beta"))
    assert one == drawn("a", ("a", "Alpha"), ("b", "Beta"))
    assert '<option value="a" selected>Alpha</option>' in one
    assert '<option value="b" selected>Beta</option>' in drawn("b", ("a", "Alpha"), ("b", "Beta"))
    assert ">Gamma</option>" in drawn("a", ("a", "Alpha"), ("b", "Beta"), ("c", "Gamma"))
