"""Where the parts of a file go in the category tree.

A row's own word (path, name or prefix) counts. Without one, or with one that no category has, a
new part goes where the prefix of its number belongs, else to the unsorted ones, and the preview
says so. A part that is there stays where it is.
"""

from __future__ import annotations

from parts import services as catalogue
from parts.models import Category
from secondsource.core import audit
from secondsource.exchange.bulk.removal import note_made
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.models import Import

_PREFIX = (
    "COALESCE(NULLIF(c.ipn_prefix, ''), upper(replace("
    "regexp_replace(c.path, '^.*/', ''), '_', '-')))"
)


def find_categories(stage: Stage) -> None:
    """Fill ``category_id`` of the rows that name one, and of new parts by their prefix."""
    stage.sql(
        "UPDATE {s} s SET category_id = f.id FROM ("  # noqa: S608 (constants of this module)
        " SELECT w.category, min(c.id) AS id FROM (SELECT DISTINCT category FROM {s}) w"
        " JOIN parts_category c ON lower(w.category) IN (lower(c.path), lower(c.name))"
        f" OR upper(w.category) = {_PREFIX} GROUP BY 1 HAVING count(*) = 1"
        ") f WHERE f.category = s.category"
    )
    stage.facts["unknown_categories"] = stage.fetch(
        "SELECT category, count(*) FROM {s} WHERE category IS NOT NULL AND category_id IS NULL"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    stage.sql(
        "UPDATE {s} s SET category_id = f.id FROM ("  # noqa: S608 (constants of this module)
        " SELECT prefix, min(id) AS id FROM (SELECT c.id,"
        f" {_PREFIX} AS prefix FROM parts_category c) k GROUP BY 1 HAVING count(*) = 1"
        ") f WHERE s.category_id IS NULL AND s.part_id IS NULL"
        " AND f.prefix = split_part(s.ipn, '-', 1)"
    )


def note_unsorted(stage: Stage) -> None:
    """Say which categories nobody has, how many new parts nobody can place, and their prefixes."""
    if unknown := stage.facts["unknown_categories"]:
        names = ", ".join(name for name, _ in unknown[:8]) + (" …" if len(unknown) > 8 else "")
        stage.note(
            "unknown_category",
            f"Rows with a category that is not on record, or that several have:"
            f" {sum(n for _, n in unknown):,} ({names}). Parts on record stay where they are.",
        )
    found = stage.fetch(
        "SELECT split_part(ipn, '-', 1), count(DISTINCT ipn) FROM {s} WHERE NOT bad"
        " AND category_id IS NULL AND part_id IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    if found:
        count = sum(n for _, n in found)
        prefixes = ", ".join(prefix for prefix, _ in found[:8])
        more = " …" if len(found) > 8 else ""
        parts = "1 part goes" if count == 1 else f"{count:,} parts go"
        stage.note(
            "unsorted",
            f"{parts} to the unsorted ones: no category has the prefix {prefixes}{more}."
            " Give one that prefix, or add a column with the category.",
        )


def to_unsorted(stage: Stage, imported: Import) -> None:
    """Place what is new and unplaced; the category itself is made when it is first needed."""
    ((count,),) = stage.fetch(
        "SELECT count(*) FROM {s} WHERE NOT bad AND category_id IS NULL AND part_id IS NULL"
    )
    if not count:
        return
    category, is_new = catalogue.unsorted_category(stage.actor)
    if is_new:
        note_made(imported, audit.label(Category), [category.pk])
    stage.sql(
        "UPDATE {s} SET category_id = %s WHERE category_id IS NULL AND part_id IS NULL",
        (category.pk,),
    )
