"""Names of a file that may mean a company on record: asked once, answered, kept with the import.

An answer is the code of a company, ``=NAME`` for a name of the same file (in normal form), or ''
for a company of its own. A name without an answer is a company of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from secondsource.core.errors import FieldProblem, ValuesRefused
from secondsource.exchange.bom.manufacturers import misspelled
from secondsource.exchange.similar_names import identity, looks_like
from suppliers.models import Supplier, SupplierAlias
from suppliers.names import clean, normal_name

#: A file with more unknown names than this is asked about the first of them.
MOST_ASKED = 200
#: Normal name → ``name`` as written, ``offer`` and ``offer_name``, ``answer`` (None = none yet).
Questions = dict[str, dict[str, Any]]


def questions(names: Mapping[str, str], kept: Mapping[str, Any], *, accept: bool) -> Questions:
    """What to ask about names that are not on record (normal → as written).

    ``kept`` are the questions of an earlier reading with their answers; ``accept`` answers a new
    one by its offer, for a person who sees it before anything is written.
    """
    on_record = looks_like(names.values())
    first: dict[str, str] = {}
    found: Questions = {}
    for normal, name in sorted(names.items(), key=lambda one: misspelled(one[1]) is not None):
        if (company := on_record.get(name)) is not None:
            offer, offer_name = company.code, company.name
        else:
            lead = first.setdefault(identity(name), normal)
            if lead == normal:
                continue
            offer, offer_name = f"={lead}", names[lead]
        before = kept.get(normal) or {}
        answer = before.get("answer", offer if accept else None)
        found[normal] = {
            "name": clean(name), "offer": offer, "offer_name": offer_name, "answer": answer,
        }  # fmt: skip
        if len(found) == MOST_ASKED:
            break
    return found


def companies_of(asked: Questions) -> dict[str, int]:
    """Normal name → the id of the company that its answer names."""
    codes = {one["answer"] for one in asked.values() if _is_code(one["answer"])}
    known = Supplier.objects.filter(code__in=codes, placeholder=False)
    ids = {
        code: merged or pk for code, pk, merged in known.values_list("code", "pk", "merged_into")
    }
    return {normal: ids[one["answer"]] for normal, one in asked.items() if one["answer"] in ids}


def same_in_file(asked: Questions) -> dict[str, str]:
    """Normal name → the name of the same file that its answer names."""
    return {
        normal: one["answer"][1:]
        for normal, one in asked.items()
        if one["answer"] and not _is_code(one["answer"])
    }


def _is_code(answer: Any) -> bool:
    return bool(answer) and not str(answer).startswith("=")


def add_spellings(spellings: Iterable[tuple[int, str, str]]) -> int:
    """Let companies (id) go by further names (as written, normal); answers how many are new."""
    rows = [
        SupplierAlias(supplier_id=pk, text=text, normal=normal) for pk, text, normal in spellings
    ]
    before = SupplierAlias.objects.filter(normal__in=[row.normal for row in rows]).count()
    SupplierAlias.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows) - before


def answered(asked: Questions, answers: Mapping[str, str]) -> Questions:
    """The questions with these answers, by name as written or in normal form.

    Raises ``ValuesRefused`` for a name that is not asked about and for what is no company.
    """
    found = {normal: dict(one) for normal, one in asked.items()}
    problems = []
    for name, answer in answers.items():
        one = found.get(normal_name(name))
        if one is None:
            detail = "This name is not asked about."
            problems.append(FieldProblem(f"/companies/{name}", "not_asked", detail))
        elif answer in ("", one["offer"]) or Supplier.objects.by_code(answer) is not None:
            one["answer"] = answer
        else:
            detail = f"There is no supplier {answer}."
            problems.append(FieldProblem(f"/companies/{name}", "does_not_exist", detail))
    if problems:
        raise ValuesRefused(problems)
    return found
