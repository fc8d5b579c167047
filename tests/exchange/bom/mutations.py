"""Files as somebody else would have written them: the same lines, other words, order and noise."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import dataclass

from secondsource.core.tabular import Workbook
from secondsource.exchange.bom import BomResult, Mapping, Role, Table, guess, parse, read
from tests.core.tabular.files import xlsx

Rows = list[list[str]]

#: Words that the reader's lists do not hold; `test_mutations` checks it.
SYNONYMS: dict[Role, tuple[str, ...]] = {
    Role.DESIGNATORS: (
        "Kennzeichen im Schema",
        "Plasseringer",
        "Viitteet",
        "Where on board",
        "Pozíciók",
        "Beteckning",
        "Posit. schema",
        "Tunnisteet",
        "Silkscreen ids",
        "Bauplätze",
    ),
    Role.QUANTITY: (
        "Antall",
        "Määrä",
        "Darab",
        "How many",
        "Stk. je Baugruppe",
        "Kusů",
        "Adet",
        "Hoeveel",
        "Needed",
        "Kogus",
    ),
    Role.MPN: (
        "Valmistajan koodi",
        "Gyártói cikkszám",
        "Fabrikantcode",
        "Üreticinin kodu",
        "Produsent nr.",
        "Ordering info",
        "Tootja kood",
        "Maker's code",
        "Tillv. artikel",
        "Device marking",
    ),
    Role.MANUFACTURER: (
        "Valmistaja",
        "Gyártó",
        "Tillverkare",
        "Üretici",
        "Made by",
        "Produsent",
        "Tootja",
        "Company",
        "Firm",
        "Origin",
    ),
    Role.DNP: (
        "Ei asenneta",
        "Monteras ej",
        "Leave off",
        "Not for assembly",
        "Kihagyni",
        "Ikke monter",
        "Absent",
        "Boş bırak",
    ),
    Role.FITTED: (
        "Asennetaan",
        "Beültetve",
        "Monteras",
        "Present",
        "On board",
        "Takılı",
        "Used here",
    ),
    Role.DESCRIPTION: ("Kuvaus", "Leírás", "Beskrivning", "What it is", "Açıklama", "Text"),
    Role.VALUE: ("Arvo", "Érték", "Värde", "Nennwert", "Değer", "Rating"),
    Role.FOOTPRINT: ("Kotelo", "Tokozás", "Kapsel", "Kılıf", "Bauart", "Outline"),
    Role.REMARKS: ("Huomautus", "Megjegyzés", "Anm.", "Kommentti", "Not alanı", "To know"),
    Role.ALTERNATIVE: ("Korvaava", "Helyettesítő", "Ersättare", "Could also be", "Muadil"),
    Role.IPN: ("Oma nimike", "Cikkszámunk", "Egen kod", "Number with us", "Firma içi kod"),
    Role.SUPPLIER: ("Toimittaja", "Szállító", "Leverantör", "Bought at"),
    Role.SKU: ("Tilausnumero", "Rendelési szám", "Köpkod", "Shop code"),
    Role.ITEM: ("Rivi", "Sor", "Rad", "Sıra"),
    Role.LEVEL: ("Taso", "Szint", "Nivå"),
    Role.PREFERENCE: ("Ensisijainen", "Sorrend", "Choice order"),
}
TITLES: Rows = [
    ["Bill of Materials"],
    ["Project: X7", "", "Rev", "B"],
    [],
    ["Date", "2026-01-02"],
    ["Variant:", "Standard", "", "Printed by", "hardware team"],
    ["Drawn", "Checked", "Released"],
]
STATISTICS: tuple[Rows, ...] = (
    [[], ["Placed on top:", "41", "Placed on bottom:", "17"]],
    [[], ["Solder joints", "233"], ["Pads", "512"]],
    [[], ["Total", "58", "", "12.30"]],
    [[], ["", "", "Unique parts: 23"], ["", "", "Fitted: 55"]],
    [["Component Count:", "58"]],
    [[], ["Sum of all lines", "", "58"]],
)
#: A column that says nothing about the parts: header, and its cell in row n.
JUNK = (
    ("Unit price", lambda n: f"{0.01 * (n % 37 + 1):.4f}"),
    ("RoHS", lambda n: "Yes"),
    ("Datasheet", lambda n: f"https://example.com/{n}.pdf"),
    ("Lead time", lambda n: "12 weeks"),
    ("Stock", lambda n: str(1000 + 7 * n)),
    ("Added on", lambda n: f"2025-0{n % 9 + 1}-1{n % 9}"),
    ("Operator", lambda n: ("Anna", "Ben", "Carla")[n % 3]),
    ("Checked off", lambda n: "yes" if n % 3 else "no"),
    ("Bin", lambda n: f"A-{n % 40:02d}"),
    ("Batch sheet", lambda n: f"LOT{n * 7919 % 10007:05d}X"),
    ("Reels", lambda n: str(n % 4)),
    ("", lambda n: "" if n % 5 else "see mail"),
)


@dataclass(frozen=True)
class Original:
    """A file with its reading: what every variant of it must come to."""

    name: str
    workbook: Workbook
    mapping: Mapping
    result: BomResult

    @property
    def table(self) -> Table:
        return next(table for table in self.mapping.tables if table.use)

    @property
    def is_plain(self) -> bool:
        """Whether it can be written as one table under one header row."""
        used = [table for table in self.mapping.tables if table.use]
        marks = self.workbook.sheets[used[0].sheet].marks
        return (
            len(used) == 1 and len(used[0].header_rows) == 1 and not (marks.struck or marks.merged)
        )


def original(name: str, data: bytes) -> Original:
    """A file as it is read by itself."""
    workbook = read(data, name)
    mapping = guess(workbook)
    return Original(name, workbook, mapping, parse(workbook, mapping))


def meaning(result: BomResult) -> list[tuple[object, ...]]:
    """What a reading says of the product, without where it stood."""
    return sorted(
        (
            sorted(line.designators),
            str(line.quantity),
            str(line.quantity_not_fitted),
            [(part.manufacturer or "", part.mpn) for part in line.parts[:1]],
            sorted((part.manufacturer or "", part.mpn) for part in line.parts[1:]),
        )
        for line in result.lines
    )  # fmt: skip


def own_numbers(result: BomResult) -> list[tuple[object, ...]]:
    """Our numbers by the lines that they stand on."""
    return sorted((sorted(line.designators), line.ipn or "") for line in result.lines)


def variant(one: Original, seed: int) -> tuple[str, bytes]:
    """Another file with the same lines; its name says how it is made."""
    chance = random.Random(f"{one.name}:{seed}")
    table = one.table
    sheet = one.workbook.sheets[table.sheet]
    width = max(map(len, sheet.rows))
    rows = [[*row, *[""] * (width - len(row))] for row in sheet.rows[: table.end_row]]
    start = table.header_rows[0]
    head, body = rows[start], rows[table.first_row :]
    done: list[str] = []
    if chance.random() < 0.7:
        done.append("renamed")
        head = _renamed(head, table, chance)
    if chance.random() < 0.3:
        done.append("split")
        head, body = _split(head, body, table, chance)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        done.append("junk")
        head, body = _with_junk(head, body, chance)
    if chance.random() < 0.5:
        done.append("reordered")
        head, body = _reordered(head, body, chance)
    if chance.random() < 0.3:
        done.append("European")
        body = _european(body, table, head)
    if chance.random() < 0.4:
        done.append("statistics")
        body = [*body, *map(list, chance.choice(STATISTICS))]
    titles = [list(title) for title in chance.choices(TITLES, k=chance.choice((0, 0, 1, 2, 4)))]
    whole = [*titles, head, *body]
    words = " ".join([*done, f"{len(titles)} titles"])
    if chance.random() < 0.25:
        second, rest = _second_sheet(whole, len(titles), chance)
        return f"{words} second sheet", xlsx({"BOM": whole, second: rest})
    return words, as_csv(whole, chance.choice(",;\t"))


def as_csv(rows: Iterable[Iterable[str]], delimiter: str) -> bytes:
    """Rows as delimited text."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode()


def _renamed(head: list[str], table: Table, chance: random.Random) -> list[str]:
    """Some or all headers in words that nobody knows; numbered sources keep their numbers."""
    share = chance.choice((0.2, 0.5, 1.0))
    head = list(head)
    words = {role: chance.choice(some) for role, some in SYNONYMS.items()}
    for column in table.columns:
        if column.role in words and column.header.strip() and chance.random() < share:
            number = f" {column.number}" if column.number > 1 else ""
            head[column.index] = f"{words[column.role]}{number}"
    return head


def _split(
    head: list[str], body: Rows, table: Table, chance: random.Random
) -> tuple[list[str], Rows]:
    """Designators that go on in a second column."""
    column = table.find(Role.DESIGNATORS)
    if column is None or len(table.having(Role.DESIGNATORS)) > 1:
        return head, body
    at = column.index
    rows = []
    for row in body:
        names = [name.strip() for name in row[at].split(",")]
        halves = names[: len(names) // 2 or 1], names[len(names) // 2 or 1 :]
        first, second = (", ".join(half) for half in halves)
        if not all(name and name[-1:].isdigit() and name.isalnum() for name in names):
            first, second = row[at], ""
        rows.append([*row[:at], first, second, *row[at + 1 :]])
    return [*head[: at + 1], f"{head[at]} cont.", *head[at + 1 :]], rows


def _with_junk(head: list[str], body: Rows, chance: random.Random) -> tuple[list[str], Rows]:
    title, cell = chance.choice(JUNK)
    at = chance.randint(0, len(head))
    filled = [
        [*row[:at], cell(n) if sum(map(bool, row)) > 2 else "", *row[at:]]
        for n, row in enumerate(body)
    ]
    return [*head[:at], title, *head[at:]], filled


def _reordered(head: list[str], body: Rows, chance: random.Random) -> tuple[list[str], Rows]:
    """Columns in another order; those of one header keep theirs."""
    order = chance.sample(range(len(head)), len(head))
    for name in set(head):
        places = [place for place, index in enumerate(order) if head[index] == name]
        for place, index in zip(places, sorted(order[place] for place in places), strict=True):
            order[place] = index
    return [head[index] for index in order], [
        [row[index] if index < len(row) else "" for index in order] for row in body
    ]


def _european(body: Rows, table: Table, head: list[str]) -> Rows:
    """Quantities with three places behind a comma, as stock systems write them."""
    column = table.find(Role.QUANTITY)
    if column is None or head[column.index : column.index + 1] != [column.header]:
        return body
    at = column.index
    return [
        [*row[:at], f"{row[at]},000", *row[at + 1 :]] if row[at].isdigit() else row for row in body
    ]


def _second_sheet(whole: Rows, header: int, chance: random.Random) -> tuple[str, Rows]:
    name = chance.choice(("Notes", "BOM old", "Changes", "Costs", "Copy"))
    if name == "Copy":
        return name, whole
    if name == "BOM old":
        return name, whole[: header + 1 + (len(whole) - header) // 2]
    if name == "Costs":
        return name, [["Step", "Price"], *([f"Step {n}", str(n * 3)] for n in range(9))]
    return name, [["Date", "What"], ["2026-01-02", "R1 was 10k"], ["2026-02-03", "C7 added"]]
