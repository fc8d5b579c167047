"""Style sheets get smaller and mean the same; what a first view loads stays within its budget."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from secondsource.core.assets import FONTS, ROOT, VENDOR
from secondsource.core.staticfiles import SmallStaticFilesStorage, small_css, with_imports

#: Kilobytes over the wire that every page may cost once.
SHEETS = ROOT / "static" / "css"
CSS, FONT, SCRIPT, ICONS = 14, 62, 25, 8


def packed(*texts: bytes) -> float:
    return sum(len(gzip.compress(text, 9)) for text in texts) / 1024


@pytest.mark.parametrize(
    ("text", "small"),
    [
        (
            "/* why */ a { color: red; }\n\nb , i { top: 0; }",
            "a{color:red}b,i{top:0}",
        ),
        ("a { width: calc(100% - 2px + 1em); }", "a{width:calc(100% - 2px + 1em)}"),
        ("a > b { x: y }", "a > b{x:y}"),
        ('a::before { content: " ; /* no */ {"; }', 'a::before{content:" ; /* no */ {"}'),
        (
            "@media (width: 76px) { a:hover { x: y; } }",
            "@media (width:76px){a:hover{x:y}}",
        ),
        ("a:not(.b) :is(i) { x: y; }", "a:not(.b) :is(i){x:y}"),
    ],
)
def test_only_what_means_nothing_is_left_out(text: str, small: str) -> None:
    assert small_css(text) == small


def test_style_sheets_stay_within_their_budget() -> None:
    whole = with_imports((SHEETS / "site.css").read_text())
    assert 0 < packed(small_css(whole).encode()) <= CSS


def test_every_style_sheet_is_in_the_one_that_pages_load_or_linked_by_a_page() -> None:
    whole = with_imports((SHEETS / "site.css").read_text())
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    left_out = [path for path in SHEETS.glob("*.css") if path.read_text() not in whole]
    assert [path.name for path in left_out if f"css/{path.name}" not in pages] == []


def test_collected_pages_get_one_hashed_sheet_that_is_whole(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    store = SmallStaticFilesStorage()
    (tmp_path / "css").mkdir()
    sources = FileSystemStorage(ROOT / "static")
    names = [f"css/{path.name}" for path in SHEETS.glob("*.css")]
    fonts = [f"vendor/{path.name}" for path in VENDOR.glob("*.woff2")]
    for name in names + fonts:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / "static" / name).read_bytes())
    paths = {name: (sources, name) for name in names + fonts}
    done = [(name, hashed) for name, hashed, _ in store.post_process(paths)]
    made = {name: hashed for name, hashed in done if not hashed.endswith((".gz", ".br"))}
    whole = (tmp_path / made["css/site.css"]).read_text()
    assert ("@import" in whole, whole.startswith("@layer"), ".mobnav" in whole) == (
        False, True, True,
    )  # fmt: skip
    assert made["vendor/inter-latin.woff2"].removeprefix("vendor/") in whole


def test_a_sheet_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"no style sheet css/nowhere\.css"):
        with_imports('@import "nowhere.css";')


#: Scripts that a single page loads besides those of every page, and the KB of one.
OF_ONE_PAGE, PAGE = {"fmea.js"}, 6


def test_scripts_fonts_and_icons_stay_within_theirs() -> None:
    scripts = [VENDOR / "htmx.min.js", VENDOR / "combobox-nav.js"]
    own = sorted((ROOT / "static" / "js").glob("*.js"))
    scripts += [path for path in own if path.name not in OF_ONE_PAGE]
    assert packed(*(path.read_bytes() for path in scripts)) <= SCRIPT
    assert all(packed(path.read_bytes()) <= PAGE for path in own if path.name in OF_ONE_PAGE)
    assert sum((VENDOR / name).stat().st_size for name in FONTS) / 1024 <= FONT
    assert packed((VENDOR / "icons.svg").read_bytes()) <= ICONS
