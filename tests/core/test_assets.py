"""Front-end files that are copied from npm packages."""

import re

import pytest

from secondsource.core import assets
from secondsource.workspace import navigation

DRAWING = """<!-- @license -->
<svg width="24"
  class="x">
  <path d="M1 1" />
  <path d="M2" />
</svg>"""


@pytest.fixture
def icons(tmp_path):
    (tmp_path / "check.svg").write_text(DRAWING)
    return tmp_path


def test_sprite_holds_a_symbol_for_each_icon(icons):
    assert assets.sprite(["check"], icons) == (
        '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="check" viewBox="0 0 24 24">'
        '<path d="M1 1"/><path d="M2"/></symbol></svg>\n'
    )


def test_unknown_icon_is_named(icons):
    with pytest.raises(assets.AssetError, match="no such icons in lucide-static: chek, cross"):
        assets.sprite(["check", "chek", "cross"], icons)


def test_icon_that_is_no_svg_is_named():
    with pytest.raises(assets.AssetError, match="the icon check is not an SVG"):
        assets.symbol("check", "<html></html>")


def test_icon_of_every_page_and_template_is_in_the_list():
    drawn = {item.icon for group in navigation.GROUPS for item in group.items}
    drawn |= {item.icon for item in (*navigation.SETTINGS, *navigation.NEW)}
    for template in (assets.ROOT / "templates").rglob("*.html"):
        drawn |= set(re.findall(r'{% icon "([a-z0-9-]+)"', template.read_text()))
    assert drawn - set(assets.ICONS.read_text().split()) == set()


def test_icon_list_is_sorted_and_without_doubles():
    names = assets.ICONS.read_text().split()
    assert names == sorted(set(names))


def test_failed_command_tells_its_last_line():
    assert assets.failure(["sh", "-c", "echo one; echo two; exit 3"]) == "two"


def test_silent_failure_tells_its_code():
    assert assets.failure(["sh", "-c", "exit 3"]) == "exit code 3"


def test_success_has_no_reason():
    assert assets.failure(["true"]) is None


LOCK = """fonttools==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via this
other==2.0 \\
    --hash=sha256:cc
"""


def test_one_package_of_a_lock_comes_with_its_hashes_alone():
    found = assets.locked("fonttools", LOCK)
    there = [text in found for text in ("fonttools==1.0", "sha256:bb", "other")]
    assert there == [True, True, False]


def test_a_package_that_is_not_locked_is_named():
    with pytest.raises(assets.AssetError, match="font is not in requirements-build"):
        assets.locked("font", LOCK)


def test_a_font_keeps_the_letters_asked_for_and_no_others(tmp_path):
    ttlib = pytest.importorskip("fontTools.ttLib", reason="make assets installs fonttools")
    source = assets.VENDOR / "jetbrains-mono-latin.woff2"
    assets.cut_font(source, tmp_path / "ab.woff2", [0x41, 0x42], [])
    with ttlib.TTFont(tmp_path / "ab.woff2") as font:
        assert sorted(font.getBestCmap()) == [0x41, 0x42]
