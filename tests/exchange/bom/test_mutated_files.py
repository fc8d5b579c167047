"""Nothing hangs on a file's name, header words, column order, delimiter or encoding."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondsource.exchange.bom import Role, Workbook, guess, parse, read
from secondsource.exchange.bom.mapping import Table

from .invented import MEANT, SHAPES, as_csv, imported, meaning
from .real_files import FOLDER, expectations

SYNONYMS = {
    Role.DESIGNATORS: (
        "RefDes|Reference Designator|Designators|Referenz|Repère|位号|Ref Des|Reference(s)|"
        "Part Reference|Riferimenti|リファレンス"
    ),
    Role.QUANTITY: "Qty|QTY.|Menge|Anzahl|Quantité|数量|Qnty|Cantidad|Stückzahl|Q'ty|Qty per board",
    Role.MPN: (
        "MPN|Manufacturer Part Number|Mfr. Part No.|Mfr P/N|Hersteller-Teilenummer|制造商型号|"
        "Manufacturer PN|MFG PART #|Référence fabricant|メーカー型番"
    ),
    Role.MANUFACTURER: "Manufacturer|Mfr|MFG|Hersteller|Fabricant|制造商|Maker|Mfr. Name|メーカー",
    Role.DESCRIPTION: "Description|Beschreibung|Desc.|Descripción|描述|Part Description",
    Role.VALUE: "Value|Wert|Valeur|值|Comment",
    Role.FOOTPRINT: "Footprint|Package|Gehäuse|封装|PCB Footprint",
    Role.DNP: "DNP|Do Not Populate|Not fitted|DNI",
    Role.FITTED: "Fitted|Populate|Bestückung|Install",
    Role.REMARKS: "Remarks|Notes|Bemerkung|备注|Kommentar",
    Role.ALTERNATIVE: "Alternative|Alternates|Second source|Ersatztyp|替代料",
    Role.ITEM: "Item|Pos.|#|No.|序号",
    Role.SKU: "Supplier Part Number|Digi-Key P/N|Order No.|Distributor P/N|SKU",
    Role.SUPPLIER: "Supplier|Distributor|Lieferant",
    Role.IPN: "IPN|Internal Part Number|SAP Number|Company PN",
    Role.MANUFACTURER_MPN: "Manufacturer/MPN|Mfr / MPN",
}
TITLES = (
    ["Bill of Materials"],
    ["Project: X7", "", "Rev", "B"],
    [],
    ["Date", "2024-01-02"],
    ["Variant:", "Standard"],
    ["Drawn by the hardware team"],
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")

mutations = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "rename": st.booleans(),
        "letters": st.sampled_from((str, str.upper, str.lower)),
        "reorder": st.booleans(),
        "titles": st.integers(0, 5),
        "shift": st.integers(0, 2),
        "delimiter": st.sampled_from((",", ";", "\t", "|")),
        "encoding": st.sampled_from(ENCODINGS),
    }
)


def renamed(rows: list[list[str]], table: Table, chance: random.Random) -> None:
    """Other words over the columns, with the same meaning."""
    header = rows[table.header_rows[-1]]
    for column in table.columns:
        if column.role == Role.IGNORE or len(table.header_rows) > 1:
            continue
        if column.role in (Role.MPN, Role.MANUFACTURER) and column.number > 1:
            word = "MPN" if column.role == Role.MPN else "Manufacturer"
            header[column.index] = f"Alternate {word} {column.number - 1}"
        else:
            header[column.index] = chance.choice(SYNONYMS[column.role].split("|"))


def mutated(rows: list[list[str]], table: Table, how: dict) -> bytes:
    """The same table written by somebody else's program."""
    chance = random.Random(how["seed"])
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    if how["rename"]:
        renamed(rows, table, chance)
    for index in table.header_rows:
        rows[index] = [how["letters"](cell) for cell in rows[index]]
    if how["reorder"] and len(table.header_rows) == 1:
        order = chance.sample(range(width), width)
        rows = [[row[index] for index in order] for row in rows]
    titles = [list(chance.choice(TITLES)) for _ in range(how["titles"])]
    rows = [[""] * how["shift"] + row for row in titles + rows]
    try:
        return as_csv(rows, how["delimiter"], how["encoding"])
    except UnicodeEncodeError:
        return as_csv(rows, how["delimiter"])


def first_table(workbook: Workbook) -> Table:
    return next(table for table in guess(workbook).tables if table.use)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(shape=st.sampled_from(sorted(SHAPES)), how=mutations)
def test_invented_file_keeps_its_meaning(shape, how):
    rows = SHAPES[shape]()
    table = first_table(read(as_csv(rows), "x"))
    assert meaning(imported(mutated(rows, table, how))) == MEANT


# One file of every family; a workbook of several sheets cannot be written as one text.
FAMILIES = [
    name
    for name in expectations()
    if "gbc_rotundu" not in name and "microbit_v2.00" not in name and "_r4" not in name
] or [pytest.param("", marks=pytest.mark.skip(reason="../shared/data/bom is not there"))]


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=4, deadline=None, derandomize=True)
@given(how=mutations)
def test_real_file_keeps_its_figures(name, how):
    workbook = read(FOLDER / name, name)
    wanted = parse(workbook, guess(workbook)).totals
    table = first_table(workbook)
    rows = [list(row) for row in workbook.sheets[table.sheet].rows]
    assert imported(mutated(rows, table, how)).totals == wanted
