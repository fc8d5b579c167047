"""How a kind of bulk data is declared.

To add a kind, write a module in ``kinds`` and name its instance in ``kinds/__init__.py``. That is
all: upload, mapping page, preview, errors, confirmation, job, undo, template file, API and the
list of kinds a person may import follow from the declaration.

1. ``columns``: what a file may hold. Each :class:`Column` has a ``name`` (the role in a mapping and
   the staging column), a ``label`` for pages, a type of ``cells`` (which says the SQL type of the
   staging column or columns: ``Company`` and ``PartNumber`` stage ``x`` as written and ``x_key``
   as compared), header ``words`` in several languages (case, accents, signs and blanks do not
   count), ``required``, an ``example`` for the template file, and ``group`` when it is a hidden
   field (``prices``). ``repeat=9`` makes numbered columns, staged as ``price_1`` … ``price_9``;
   ``named=True`` takes any number of columns and stages one ``jsonb`` object header → text.
   ``beside`` names the column without which this one says nothing: a minimum, of what?
   ``whole`` takes a header that is one of the words and nothing else; ``never`` is a pattern of
   headers that name something else (a total is no unit price). ``at`` names the repeated column
   whose value a header of this one may give: “Price @ 100”. ``asked``: two columns that may hold
   it, or one that nobody reads, stop the import with a question. ``missed``: so does any column
   that nobody reads and whose header or cells could be this, where no column is.
   ``several``: further columns (MPN 2, Manufacturer 2) make a staged row of their own each, see
   ``spread``.
   Every column is always there in the staging table, NULL when the file has none.
2. ``one_of``: sets of columns of which a file needs at least one.
3. Ids that other tables know: name them in ``ids`` (``part_id`` …); they become ``bigint`` columns
   of the staging table, and ``find`` fills them with the functions of ``references``, which also
   report what is unknown, ambiguous or outside the person's scope.
4. ``check``: further rules, each one call of ``stage.refuse`` with a SQL condition on the staging
   table ``s``. All errors of a row are found; a row with an error is never written.
5. Rows with id and history: derive from ``records.RecordKind`` and give ``model``, ``key`` (SQL
   condition that matches a row ``t`` of the model's table), ``unique`` (the staging columns of the
   natural key, for duplicates inside the file) and ``values`` (model column → SQL expression on
   ``s``). It counts what would be created, changed or stay, writes with history, and notes what
   undo needs. Override ``after`` for rows that hang on these (price breaks, aliases), name their
   tables in ``children``, and ``tell`` to send signals. Facts without history (receipts) derive
   from :class:`Kind` itself.

6. Where several rows make one record, set ``several_rows`` and end ``check`` with
   ``stage.refuse_rest_of_groups(self.unique, …)`` instead of ``refuse_duplicates``.

``kinds/stock.py`` is the smallest example (changes only), ``kinds/order_lines.py`` creates and
changes, ``kinds/receipts.py`` adds facts. ``stage`` is a ``staging.Stage``; all SQL runs in one
transaction, at preview as at import, so nothing of ``write`` is run for a preview.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from secondsource.exchange.bulk.cells import Type

if TYPE_CHECKING:
    from secondsource.core.actors import Actor
    from secondsource.core.errors import FieldProblem, Reason
    from secondsource.exchange.bulk.column_map import Wanted
    from secondsource.exchange.bulk.staging import Stage
    from secondsource.exchange.models import Import


#: Told how much is done, of how much.
Report = Callable[[int, int], None]
#: Numbered columns of manufacturer parts in a file.
MOST_SEVERAL = 9
#: A further number of a row is staged as a row of its own: so many times its place, and the row.
FURTHER = 100_000_000


@dataclass(frozen=True)
class Column:
    """Something that a column of a file may hold; see the module's docstring."""

    name: str
    label: str
    type: Type
    words: Sequence[str] = ()
    required: bool = False
    example: str = ""
    group: str = ""
    help: str = ""
    repeat: int = 1
    named: bool = False
    beside: str = ""
    whole: bool = False
    never: str = ""
    at: str = ""
    asked: bool = False
    missed: bool = False
    several: bool = False

    def staged(self, number: int = 1) -> str:
        """The (first) staging column of the ``number``-th of repeated ones."""
        return f"{self.name}_{number}" if self.repeat > 1 else self.name

    @property
    def most(self) -> int:
        """How many columns of the file may hold it."""
        return MOST_SEVERAL if self.several else self.repeat

    @property
    def definitions(self) -> list[tuple[str, str]]:
        """Staging columns: (name, SQL type)."""
        if self.named:
            return [(self.name, "jsonb")]
        return [
            (self.staged(number) + suffix, kind)
            for number in range(1, self.repeat + 1)
            for suffix, kind in self.type.columns
        ]


@dataclass
class Counts:
    """What writing did, or would do; ``proposed`` approvals besides the records."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    proposed: int = 0

    def as_json(self) -> dict[str, int]:
        """For storing and showing; ``proposed`` where a kind proposes something."""
        shown = {"created": self.created, "updated": self.updated, "unchanged": self.unchanged}
        return shown | ({"proposed": self.proposed} if self.proposed else {})


class Kind:
    """A kind of bulk data; see the module's docstring."""

    name: ClassVar[str]
    label: ClassVar[str]
    #: One row and many, in words.
    noun: ClassVar[tuple[str, str]]
    #: Who may import it; ``help`` says on the upload page what a file should hold.
    permission: ClassVar[str]
    #: The largest file; a file up to ``at_once_bytes`` is read while the person waits.
    max_megabytes: ClassVar[int] = 500
    at_once_bytes: ClassVar[int] = 1024 * 1024
    help: ClassVar[str] = ""
    #: What the page that asks before undoing adds.
    undo_words: ClassVar[str] = ""
    columns: ClassVar[Sequence[Column]]
    one_of: ClassVar[Sequence[Sequence[str]]] = ()
    ids: ClassVar[Sequence[str]] = ()
    #: Staging columns (name, SQL type) that no column of a file fills.
    staged: ClassVar[Sequence[tuple[str, str]]] = ()

    def column(self, name: str) -> Column:
        """The column of this name. Raises ``KeyError``."""
        for one in self.columns:
            if one.name == name:
                return one
        raise KeyError(name)

    def columns_for(self, actor: Actor) -> list[Column]:
        """The columns that this actor may fill: hidden fields need the right to see them."""
        from secondsource.accounts.visibility import sees

        return [one for one in self.columns if not one.group or sees(actor, one.group)]

    @property
    def groups(self) -> set[str]:
        """The groups of hidden fields among the columns."""
        return {one.group for one in self.columns if one.group}

    # --- the steps of an import; a kind with a reader of its own overrides these --------------

    def value_problems(self, imported: Import, actor: Actor) -> list[FieldProblem]:
        """What is wrong with what was said of the file, beside the file itself."""
        return []

    def start(self, imported: Import) -> None:
        """Look up what was said of the file."""

    def check_corrections(self, mapping: Mapping[str, Any] | None) -> None:
        """Refuse what is no mapping. Raises ``ValuesRefused`` by ``/mapping``."""
        from secondsource.exchange.bulk import reading

        if mapping is not None:
            reading.check_corrections(mapping)

    def read(self, imported: Import, actor: Actor, wanted: Wanted, report: Report) -> None:
        """Set mapping, totals, warnings, errors or problem, and state. Raises ``TabularError``."""
        from secondsource.exchange.bulk import reading

        reading.read(self, imported, actor, wanted, report)

    def problems_of_writing(self, imported: Import, actor: Actor) -> list[FieldProblem]:
        """What must be said before a file that was read is written."""
        return []

    def answer(self, imported: Import, keys: Sequence[str]) -> None:
        """Take it as answered that the file is right as read where these questions are asked."""

    def reasons_against_writing(self, imported: Import, partial: bool) -> list[Reason]:
        """What forbids writing a file that was read."""
        from secondsource.exchange.bulk import reading

        return reading.reasons_against_writing(imported, partial)

    def job_label(self, imported: Import) -> str:
        """What the job is called."""
        return f"Import {imported.name}"

    def write_file(self, imported: Import, actor: Actor, report: Report) -> dict[str, Any]:
        """Write the file in the caller's transaction; answers the import's result."""
        from secondsource.exchange.bulk import reading

        return reading.write(self, imported, actor, report)

    # --- what reading and writing a table of bulk data call -----------------------------------

    def find(self, stage: Stage) -> None:
        """Fill ``ids`` from what the rows name."""

    def check(self, stage: Stage) -> None:
        """Refuse what can be read and cannot be."""

    def classify(self, stage: Stage) -> Counts:
        """What writing the good rows would do. Raises nothing; called after all refusals."""
        raise NotImplementedError

    def sums(self, stage: Stage) -> Mapping[str, Any]:
        """Figures of the good rows for the preview, beside the counts: label → number."""
        return {}

    def write(self, stage: Stage, imported: Import) -> Counts:
        """Write the good rows, in the caller's transaction."""
        raise NotImplementedError

    def lock(self, imported: Import) -> None:
        """Hold what the import wrote, so that nothing is built on it while undo looks."""

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        """Everything that was built on what the import wrote."""
        raise NotImplementedError

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        """Undo the import, in the caller's transaction."""
        raise NotImplementedError
