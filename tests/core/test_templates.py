"""Every template can be compiled, those too that a page includes on some data only."""

from __future__ import annotations

from pathlib import Path

from django.template import TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent.parent / "templates"


def test_every_template_compiles() -> None:
    faults = {}
    names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html")]
    for name in names:
        try:
            get_template(name)
        except TemplateSyntaxError as fault:
            faults[name] = str(fault)
    assert faults == {}
    assert len(names) > 100
