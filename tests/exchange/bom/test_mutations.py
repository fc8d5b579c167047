"""Generated variants of known files are read the same, or the import stops with a question."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache

import pytest

from secondsource.core.tabular import TabularError
from secondsource.exchange.bom import BomResult, guess, parse, read
from secondsource.exchange.bom.header import words
from secondsource.exchange.bom.vocabulary import PHRASES

from .invented import SHAPES
from .invented import as_csv as invented_csv
from .mutations import SYNONYMS, Original, meaning, original, own_numbers, variant
from .real_files import FOLDER, expectations

CASES = FOLDER.parents[1] / "review" / "import_cases"


@cache
def originals() -> tuple[Original, ...]:
    """The files that can be written as one table: invented ones, public ones, handed cases."""
    found = [original(f"{name}.csv", invented_csv(rows())) for name, rows in SHAPES.items()]
    found += [original(name, (FOLDER / name).read_bytes()) for name in expectations()]
    index = CASES / "index.json"
    cases = json.loads(index.read_text(encoding="utf-8")) if index.exists() else []
    names = [case["file"] for case in cases if case["kind"] == "bom"]
    found += [original(name, (CASES / name).read_bytes()) for name in names]
    return tuple(one for one in found if one.is_plain and not one.result.questions)


def outcome(one: Original, seed: int) -> tuple[str, str]:
    """How a variant is read (right, asked or wrong), and how it was made."""
    how, data = variant(one, seed)
    made = f"{one.name} {seed}: {how}"
    try:
        workbook = read(data, "variant")
        result = parse(workbook, guess(workbook))
    except TabularError:
        return "asked", made
    if meaning(result) == meaning(one.result) and _numbers_kept(result, one.result):
        return ("right, asked" if result.questions else "right"), made
    return ("asked" if result.questions else "wrong"), made


def _numbers_kept(found: BomResult, wanted: BomResult) -> bool:
    """Whether our numbers are read as well, or their column is named as left out."""
    if own_numbers(found) == own_numbers(wanted):
        return True
    return bool(found.columns_left_out) and not any(line.ipn for line in found.lines)


def outcomes(count: int, first: int = 0) -> tuple[Counter[str], list[str]]:
    """The outcomes of so many variants, taken from all originals in turn; which are wrong."""
    counted: Counter[str] = Counter()
    wrong = []
    files = originals()
    for number in range(count):
        seed, place = divmod(number, len(files))
        found, made = outcome(files[place], first + seed)
        counted[found] += 1
        if found == "wrong":
            wrong.append(made)
    return counted, wrong


def test_words_of_variants_are_not_the_readers():
    known = [
        word for some in SYNONYMS.values() for word in some if " ".join(words(word)) in PHRASES
    ]
    assert known == []


def test_two_hundred_variants():
    counted, wrong = outcomes(200)
    assert wrong == [], counted
    assert counted["right"] > counted["asked"] + counted["right, asked"], counted


@pytest.mark.long
def test_five_thousand_variants():
    counted, wrong = outcomes(5000, first=1000)
    print(counted)
    assert wrong == [], (counted, wrong[:20])
