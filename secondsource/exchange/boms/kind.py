"""Bills of material as a kind of import: compared with a product, written as its revision."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from typing import Any

from parts import services as catalogue
from parts.models import BomRevision, Part, Product
from parts.signals import parts_changed
from secondsource.accounts.models.plants import CODE_PATTERN
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.bulk import ids_in
from secondsource.core.errors import FieldProblem, Reason, RuleRefused, ValuesRefused
from secondsource.core.tabular import TabularError, Workbook
from secondsource.exchange import dependents
from secondsource.exchange.bom import (
    Mapping,
    as_remembered,
    corrected,
    gathered,
    guess,
    is_whole,
    parse,
    under_known_header,
    whole,
)
from secondsource.exchange.boms import categories, reading, writer
from secondsource.exchange.boms import plan as planning
from secondsource.exchange.bulk.column_map import Wanted
from secondsource.exchange.bulk.kind import Report
from secondsource.exchange.bulk.new_parts import NewParts
from secondsource.exchange.bulk.removal import delete_rows, note_made
from secondsource.exchange.bulk.sourcing import IDS, NewSources
from secondsource.exchange.bulk.staging import Stage, forget
from secondsource.exchange.bulk.steps import journaled
from secondsource.exchange.models import Import, RememberedMapping
from suppliers.models import Source

S = Import.State
#: What the preview says of a file beside its figures.
UNWRITTEN = ("would", "questions", "shown", "left_out")
STEPS = 3


class _Sources(NewSources):
    """Each source says in which row and column it was read."""

    also = {"origin": "left({origin} || ', ' || s.place, 200)"}


class Bom(NewParts):
    """A file goes into a product, which is made when it is new. ``exchange.bom`` reads it."""

    name, label, noun = "bom", "BOM", ("part", "parts")
    permission = "exchange.import_bom"
    columns = ()
    max_megabytes, at_once_bytes = 20, 20 * 1024 * 1024
    staged = writer.STAGED
    ids = ("part_id", "category_id", "source_id", "approval_id", "open", *IDS)
    key = "t.id = s.part_id"
    unique, unique_words, several_rows = ("part_key",), "part", True
    values = {}
    initial = {
        "ipn": "s.ipn", "category_id": "s.category_id", "description": "s.text",
        "value": "s.value", "footprint": "s.footprint",
    }  # fmt: skip
    behind = (_Sources(),)

    def check_corrections(self, mapping: AnyMapping[str, Any] | None) -> None:
        if mapping is not None and is_whole(mapping):
            _corrected(mapping, Mapping((), ""))

    def value_problems(self, imported: Import, actor: Actor) -> list[FieldProblem]:
        return code_problems(imported.product_code, actor)

    def start(self, imported: Import) -> None:
        product = Product.objects.filter(code=imported.product_code).first()
        imported.product = product
        imported.product_name = imported.product_name or (product.name if product else "")

    def read(self, imported: Import, actor: Actor, wanted: Wanted, report: Report) -> None:
        """By the corrected mapping, the present one, or the remembered or guessed one."""
        workbook = reading.workbook_of(imported)
        if wanted.corrections is not None:
            basis = _basis(imported, workbook, wanted.corrections, actor)
            mapping = _corrected(wanted.corrections, basis)
        elif wanted.again and imported.mapping:
            mapping = Mapping.from_json(imported.mapping)
        elif wanted.header is not None:
            mapping = _as_remembered(guess(workbook, header=wanted.header), actor)
        else:
            mapping = _guessed(workbook, actor)
        imported.mapping = {}
        result = parse(workbook, mapping)
        plan = planning.make(
            result, imported.product, actor.user, imported.companies, accept=actor.origin == "web"
        )
        imported.companies = plan.questions
        answer = result.as_dict()
        del answer["warnings"]
        warnings = gathered([*result.warnings, *plan.warnings], apart=frozenset({planning.TAKEN}))
        imported.mapping = mapping.to_json()
        imported.totals = {name: _plain(value) for name, value in answer.items()} | {
            "would": plan.summary(), "shown": reading.facts(workbook, mapping),
        }  # fmt: skip
        imported.warnings = [warning.as_dict() for warning in warnings]
        imported.state = S.PREVIEWED
        reading.keep(imported, result)
        if wanted.corrections is not None:
            RememberedMapping.keep(actor.user, mapping.shape, imported.mapping)

    def problems_of_writing(self, imported: Import, actor: Actor) -> list[FieldProblem]:
        problems = code_problems(imported.product_code, actor) + _choice_problems(imported.choices)
        if not imported.product_code:
            problems.append(FieldProblem("/product", "required", "Name the product of this BOM."))
        if not imported.totals.get("lines"):
            detail = "By this mapping no line is read."
            problems.append(FieldProblem("/mapping", "no_lines", detail))
        return problems

    def reasons_against_writing(self, imported: Import, partial: bool) -> list[Reason]:
        fix = "Say what the columns hold, or that it is right as read."
        asked = imported.totals.get("questions", [])
        questions = [Reason(one["code"], one["detail"], fix) for one in asked]
        return planning.refusals(imported.warnings) + questions

    def answer(self, imported: Import, keys: Sequence[str]) -> None:
        if keys and imported.mapping:
            answered = Mapping.from_json(imported.mapping).with_answers(keys)
            imported.mapping = answered.to_json()
            asked = imported.totals.get("questions", [])
            imported.totals["questions"] = [one for one in asked if one["key"] not in keys]

    def job_label(self, imported: Import) -> str:
        return f"Import {imported.name} into {imported.product_code}"

    def write_file(self, imported: Import, actor: Actor, report: Report) -> dict[str, Any]:
        imported.product = Product.objects.filter(code=imported.product_code).first()
        result = reading.result_of(imported)
        if result is None:
            raise RuleRefused([Reason("not_read", "The file cannot be read any more.")])
        if imported.product is None:
            imported.product = _add_product(imported, actor)
            note_made(imported, audit.label(Product), [imported.product.pk])
        plan = planning.make(result, imported.product, actor.user, imported.companies)
        if plan.refusals:
            raise RuleRefused(plan.refusals)
        stage = writer.stage_of(self, plan, imported, actor)
        report(1, STEPS)
        self.write(stage, imported)
        writer.add_same_spellings(plan, stage)
        report(2, STEPS)
        writer.add_lines(plan, stage, imported, actor)
        forget()
        return {
            **{name: value for name, value in imported.totals.items() if name not in UNWRITTEN},
            **plan.summary(),
            **self._written(stage, imported),
            "product": imported.product.code,
            "revision": imported.revision.number if imported.revision else None,
        }

    def _written(self, stage: Stage, imported: Import) -> dict[str, int]:
        made = Source.objects.filter(pk__in=ids_in(journaled(imported, Source, new=True)))
        roles = Counter(made.values_list("role", flat=True))
        return {
            "spellings": stage.facts["spellings"],
            "incumbents": roles[Source.Role.INCUMBENT],
            "candidates": roles[Source.Role.ALTERNATE],
            "created": imported.rows.filter(before__isnull=True).count(),
        }

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        revision = imported.revision
        found = super().reasons_against_undo(imported)
        if revision is None:
            return found
        later = BomRevision.objects.filter(product=revision.product, number__gt=revision.number)
        if later.exists():
            detail = f"{revision.product.code} has a newer BOM revision."
            return [Reason("newer_revision", detail, "Take that one back first."), *found]
        return found

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        made, revision = set(journaled(imported, Part, new=True)), imported.revision
        left: set[int] = set()
        if revision is not None:
            left = set(revision.lines.values_list("part_id", flat=True)) - made
            reason = f"undo of import {imported.name}"
            catalogue.remove_revision(revision=revision, actor=actor, reason=reason)
        imported.revision = None
        super().take_back(imported, actor=actor)
        if left:
            parts_changed.send(sender=Part, part_ids=left)
        _remove_product(imported, journaled(imported, Product, new=True))


def _basis(
    imported: Import, workbook: Workbook, said: AnyMapping[str, Any], actor: Actor
) -> Mapping:
    """The mapping that is corrected: the present one, or one under the header row that is said."""
    if "header_row" not in said:
        mapping = imported.mapping
        return Mapping.from_json(mapping) if mapping else _guessed(workbook, actor)
    try:
        sheet, names = said.get("sheet", 0), [one.name for one in workbook.sheets]
        position = names.index(sheet) if sheet in names else int(sheet)
        return guess(workbook, header=(position, int(said["header_row"])))
    except (TypeError, ValueError, OverflowError, TabularError) as error:
        raise ValuesRefused.one("/mapping", "no_table", f"No header there: {error}.") from None


def _corrected(said: AnyMapping[str, Any], basis: Mapping) -> Mapping:
    """A mapping that is given as a whole, or the basis with what is said of it."""
    try:
        return whole(said) if is_whole(said) else corrected(basis, said)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, TabularError) as error:
        raise ValuesRefused.one(
            "/mapping", "malformed", f"The mapping is unclear: {error}."
        ) from None


def _add_product(imported: Import, actor: Actor) -> Product:
    """A new product lies where its importer works, so that they see what they made."""
    product = catalogue.add_product(
        code=imported.product_code, name=imported.product_name or imported.product_code,
        actor=actor, plants=actor.user.plants.all() if actor.user else (),
        phase=imported.choices.get("phase", ""),
        monthly_volume=imported.choices.get("monthly_volume"),
    )  # fmt: skip
    if actor.user and not actor.user.plants.exists():
        product.product_line = actor.user.product_lines.first()
        if product.product_line:
            audit.save_as(product, actor, raise_version=False)
    return product


def code_problems(code: str, actor: Actor) -> list[FieldProblem]:
    """What speaks against a product code for this actor."""
    if not code:
        return []
    if len(code) > 40 or not re.fullmatch(CODE_PATTERN, code):
        return [
            FieldProblem(
                "/product", "code_form",
                "Up to 40 capital letters, digits, point, hyphen, underscore; a letter or digit"
                " first.",
            )
        ]  # fmt: skip
    known = Product.objects.filter(code=code)
    if known.exists() and not Product.objects.visible_to(actor.user).filter(code=code).exists():
        return [FieldProblem("/product", "taken", f"{code} cannot be used here. Choose another.")]
    return []


def _plain(value: Any) -> Any:
    """Whole numbers as integers, fractions of a unit as text."""
    if isinstance(value, (int, list, dict)):
        return value
    return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")


def _guessed(workbook: Workbook, actor: Actor) -> Mapping:
    """As read by itself, else under a header that the person pointed at in another file."""
    try:
        guessed = guess(workbook)
    except TabularError:
        rows = RememberedMapping.objects.filter(user=actor.user)
        found = under_known_header(workbook, set(rows.values_list("shape", flat=True)))
        if found is None:
            raise
        guessed = found
    return _as_remembered(guessed, actor)


def _as_remembered(guessed: Mapping, actor: Actor) -> Mapping:
    """As the person corrected a file of this shape last time, else as guessed."""
    known = RememberedMapping.of(actor.user, guessed.shape)
    return as_remembered(guessed, Mapping.from_json(known)) if known else guessed


def _choice_problems(choices: AnyMapping[str, Any]) -> list[FieldProblem]:
    found = [
        FieldProblem(f"/categories/{key}", "unknown_category", detail)
        for key, detail in categories.problems(choices.get("categories", {}))
    ]
    if choices.get("phase") and choices["phase"] not in Product.Phase.values:
        found.append(FieldProblem("/phase", "invalid_choice", "Choose a phase."))
    return found


def _remove_product(imported: Import, ids: list[int]) -> None:
    """Remove the product that the import made, unless somebody worked on it or refers to it.

    The rows are deleted by SQL: Django would also delete from the scopes of approvals, which the
    application's role may not.
    """
    product = Product.objects.filter(pk__in=ids, version=1).select_for_update().first()
    if product is None or product.revisions.exists():
        return
    own = {Import._meta.db_table, Product.plants.through._meta.db_table}
    if any(dependents.dependents(Product, ids, own_tables=own)):
        return
    imported.product = None
    Import.objects.filter(product=product).update(product=None)
    delete_rows(Product.plants.through._meta.db_table, "product_id", ids)
    delete_rows(Product._meta.db_table, "id", ids)
