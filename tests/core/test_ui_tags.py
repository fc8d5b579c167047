"""Marks and fields of the template tags: what they say, and that they escape."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template

from secondsource.core.templatetags import ui


def draw(source: str, **context: Any) -> str:
    """On one line, without the blanks between a tag and its text."""
    text = Template("{% load ui %}" + source).render(Context(context))
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"[ \n]+", " ", text)).strip()


def spoken(svg: str) -> str:
    found = re.search(r'aria-label="([^"]*)"', svg)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("shapes", "label", "single"),
    [
        ("approved", "1 approved", True),
        ("approved dashed", "1 approved, 1 candidate", True),
        ("dashed approved half", "1 approved, 1 in qualification, 1 candidate", False),
        ("approved approved", "2 approved", False),
        ("dashed", "1 candidate", False),
        ("", "no source", False),
    ],
)
def test_pips_say_what_they_draw_and_one_alone_is_red(
    shapes: str, label: str, single: bool
) -> None:
    svg = ui.pips(shapes)
    assert (spoken(svg), 'class="pips one"' in svg) == (label, single)


def test_pips_draw_one_mark_a_source_in_order_of_strength() -> None:
    svg = ui.pips(["dashed", "half", "approved"])
    assert re.findall(r'circle class="(\w)"', svg) == ["q", "h", "o"]


def test_many_pips_end_in_a_number() -> None:
    svg = ui.pips(["approved"] * 8)
    assert (svg.count("<circle"), ">+3<" in svg, spoken(svg)) == (5, True, "8 approved")


def test_an_unknown_shape_is_an_error() -> None:
    with pytest.raises(KeyError):
        ui.pips("aproved")


@pytest.mark.parametrize(
    ("current", "blocked", "states", "label"),
    [
        (1, False, "nffffff", "gate 1 of 7"),
        (4, False, "dddnfff", "gate 4 of 7"),
        (2, True, "dxfffff", "gate 2 of 7, blocked"),
        (8, False, "ddddddd", "gate 8 of 7"),
        (0, False, "fffffff", "before the first of 7 gates"),
    ],
)
def test_the_small_rail(current: int, blocked: bool, states: str, label: str) -> None:
    svg = ui.mrail(current, blocked=blocked)
    assert ("".join(re.findall(r'rect class="(\w)"', svg)), spoken(svg)) == (states, label)


def test_the_rail_says_each_gate_s_state() -> None:
    gates = [
        {"label": "Spec review", "state": "done", "note": "Passed"},
        {"label": "FMEA", "state": "blocked", "url": "/q/1/"},
        {"label": "Closed", "state": "todo"},
    ]
    text = draw("{% rail gates rollback='Back in 48 h' return_from=2 %}", gates=gates)
    assert re.findall(r'class="vh">, ([\w, ]+)<', text) == [
        "done",
        "current, blocked",
        "not started",
    ]
    assert (text.count('aria-current="step"'), "Back in 48 h" in text) == (1, True)
    assert 'x2="33.33%"' in text


def test_without_a_rollback_plan_there_is_no_return_trace() -> None:
    assert "trace" not in draw("{% rail gates %}", gates=[{"label": "A", "state": "now"}])


@pytest.mark.parametrize(
    ("score", "level", "figure", "word"),
    [
        (78.4, "high", "78", "High"),
        (44, "medium", "44", "Medium"),
        (0, "low", "0", "Low"),
        (None, "high", "–", "Not rated"),
        (50, "", "–", "Not rated"),
    ],
)
def test_a_risk_has_a_figure_and_a_word(score: Any, level: str, figure: str, word: str) -> None:
    text = ui.risk(score, level, word=True)
    assert (f'<span class="sq">{figure}</span>' in text, f">{word}<" in text) == (True, True)


def test_an_avatar_keeps_its_tint_and_names_the_person() -> None:
    person = SimpleNamespace(name="Demo Engineer", pk=5)
    text = ui.avatar(person)
    assert text == ui.avatar(person)
    assert ('title="Demo Engineer"' in text, ">DE<" in text) == (True, True)


def test_nobody_is_a_dash() -> None:
    assert ui.avatar(None) == '<span class="t3">–</span>'


@pytest.mark.parametrize(
    "source",
    [
        "{% chip evil 'warn' title=evil %}",
        "{% icon evil label=evil %}",
        "{% avatar evil %}",
        "{% pips 'approved' label=evil %}",
        "{% mrail 1 label=evil %}",
        "{% count 2 evil %}",
        "{% rail gates rollback=evil label=evil %}",
    ],
)
def test_every_tag_escapes(source: str) -> None:
    evil = '"><script>x</script>'
    text = draw(source, evil=evil, gates=[{"label": evil, "state": "now", "note": evil}])
    assert "<script>" not in text
    assert evil not in text


@pytest.mark.parametrize(("n", "shown"), [(1, "1 part"), (0, "0 parts"), (1284, "1,284 parts")])
def test_count(n: int, shown: str) -> None:
    assert draw("{% count n 'part' %}", n=n) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ 86360|money:'USD' }}", "$86,360"),
        ("{{ 0.98|money_exact:'USD' }}", "$0.98"),
        ("{{ x|money_exact:'USD' }}", "$0.0123"),
        ("{{ x|money_exact:none }}", "0.0123 (no currency)"),
        ("{{ x|money_exact:'' }}", "0.0123 (no currency)"),
        ("{{ none|money_exact:'USD' }}", "–"),
        ("{{ 254000|money_short:'EUR' }}", "€254k"),
        ("{{ none|dash }}", "–"),
        ("{{ zero|dash }}", "0"),
        ("{{ map|get:'a' }}", "1"),
        ("{{ 0.5|percent }}", "50\u202f%"),
        ("{{ 3|quantity:'V' }}", "3\u202fV"),
    ],
)
def test_filters(source: str, shown: str) -> None:
    assert draw(source, none=None, zero=0, x="0.0123", map={"a": 1}) == shown


class Sample(forms.Form):
    price = forms.DecimalField(label="Unit price", help_text="At the break.")
    note = forms.CharField(widget=forms.Textarea, required=False, label="Note")
    kind = forms.ChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, label="Kind"
    )
    sure = forms.BooleanField(label="Sure")
    secret = forms.CharField(widget=forms.HiddenInput)


def test_a_field_has_label_help_and_unit() -> None:
    text = draw("{% field form.price unit='USD' %}", form=Sample())
    assert '<label for="id_price">Unit price' in text
    assert 'aria-describedby="id_price_helptext"' in text
    assert 'id="id_price_helptext">At the break.' in text
    assert '<span class="unit">USD</span>' in text


def test_a_number_keeps_what_the_browser_could_not_read() -> None:
    text = draw("{% field form.price %}", form=Sample({"price": "0,98"}))
    assert ('type="text"' in text, 'value="0,98"' in text, 'inputmode="decimal"' in text) == (
        True,
        True,
        True,
    )


def test_an_error_is_tied_to_its_field() -> None:
    text = draw("{% field form.price %}", form=Sample({"price": "x"}))
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="id_price_helptext id_price_error"' in text
    assert 'id="id_price_error"' in text


def test_choices_are_a_group_with_a_legend() -> None:
    text = draw("{% field form.kind %}", form=Sample())
    assert ("<fieldset" in text, "<legend>Kind" in text, text.count('type="radio"')) == (
        True,
        True,
        2,
    )


def test_a_tick_box_stands_in_its_label() -> None:
    assert '<label class="check" for="id_sure"><input type="checkbox"' in draw(
        "{% field form.sure %}", form=Sample()
    )


def test_an_optional_field_says_so_and_a_hidden_one_shows_nothing() -> None:
    assert '<span class="opt">optional</span>' in draw(
        "{% field form.note optional=True %}", form=Sample()
    )
    assert draw("{% field form.secret %}", form=Sample()).strip() == (
        '<input type="hidden" name="secret" id="id_secret">'
    )


def test_the_summary_counts_and_links() -> None:
    text = draw(
        "{% form_errors form %}",
        form=Sample({"price": "x", "kind": "a", "sure": "on", "secret": "s"}),
    )
    assert "1 field needs a fix." in text
    assert '<a class="lk" href="#id_price">Unit price</a>' in text


def test_without_errors_there_is_no_summary() -> None:
    assert draw("{% form_errors form %}", form=Sample()).strip() == ""
