"""Files made to hurt their reader: some by hand, more by a seeded generator."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable
from functools import cache

_CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns='
    b'"http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_ROOT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r0" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
HEAD = "<row r='1'><c r='A1' t='inlineStr'><is><t>MPN</t></is></c></row>"


def zipped(entries: dict[str, bytes]) -> bytes:
    """A zip container."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return held.getvalue()


def xlsx(
    rows: str, *, place: str = "worksheets/sheet1.xml", strings: str = "", around: str = ""
) -> bytes:
    """A workbook of one sheet, from the XML of its rows."""
    workbook = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="{place}"/>'
        f'<Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>"
    )
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{around}</worksheet>'
    entries = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT.encode(),
        "xl/workbook.xml": workbook.encode(),
        "xl/_rels/workbook.xml.rels": links.encode(),
        f"xl/{place}": sheet.encode(),
    }
    if strings:
        entries["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{strings}</sst>'.encode()
    return zipped(entries)


def ods(rows: str, before: str = "", encoding: str = "utf-8") -> bytes:
    """An OpenDocument sheet, from the XML of its rows."""
    content = (
        f'<?xml version="1.0" encoding="{encoding}"?>{before}'
        f'<office:document-content xmlns:office="{_OFFICE}" xmlns:table="{_TABLE}"'
        f' xmlns:text="{_TEXT}"><office:body><office:spreadsheet><table:table table:name="S">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"content.xml": content.encode(encoding)})


def ods_row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def ods_cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


FAR = "<v>1</v></c></row>"
_MORE = [f"<!ENTITY {chr(98 + n)} '" + f"&{chr(97 + n)};" * 10 + "'>" for n in range(9)]
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(_MORE) + "]>"
SPANS = 200_000

#: Name of the input → its file; no reader may take its process down with it.
HANDED: dict[str, Callable[[], bytes]] = {
    "single quotes": lambda: xlsx(f"{HEAD}<row r='1048576'><c r='XFD1048576'>{FAR}"),
    "tab after c": lambda: xlsx(f'{HEAD}<row r="1048576"><c\tr="XFD1048576">{FAR}'),
    "line feed after c": lambda: xlsx(f'{HEAD}<row r="1048576"><c\nr="XFD1048576">{FAR}'),
    "blanks around =": lambda: xlsx(f'{HEAD}<row r="1048576"><c r = "XFD1048576">{FAR}'),
    "> before r": lambda: xlsx(f'{HEAD}<row r="1048576"><c x="a>b" r="XFD1048576">{FAR}'),
    "lower case": lambda: xlsx(f'{HEAD}<row r="1048576"><c r="xfd1048576">{FAR}'),
    "eight digits": lambda: xlsx(f'{HEAD}<row r="10485760"><c r="XFD10485760">{FAR}'),
    "deep sheet": lambda: xlsx(
        f'{HEAD}<row r="1048576"><c r="XFD1048576">{FAR}', place="deep/sheet1.xml"
    ),
    "sheet in a folder": lambda: xlsx(
        f'{HEAD}<row r="1048576"><c r="XFD1048576">{FAR}', place="worksheets/sub/sheet1.xml"
    ),
    "capital suffix": lambda: xlsx(
        f'{HEAD}<row r="1048576"><c r="XFD1048576">{FAR}', place="worksheets/sheet1.XMLX"
    ),
    "some gigabytes": lambda: xlsx(f'{HEAD}<row r="200000"><c r="ALL200000">{FAR}'),
    "repeated rows": lambda: ods(
        ods_row(ods_cell("a"), 'table:number-rows-repeated="4900000"') * 3
    ),
    "repeated empty rows": lambda: ods(
        ods_row("", 'table:number-rows-repeated="10000"') * 1_000 + ods_row(ods_cell("a"))
    ),
    "repeated columns": lambda: ods(
        ods_row(ods_cell("a", 'table:number-columns-repeated="999"')) * 9_000
    ),
    "repeated long text": lambda: ods(
        ods_row(ods_cell("a" * 30_000, 'table:number-columns-repeated="900"')) * 9
    ),
    "rows abc": lambda: ods(ods_row(ods_cell("a"), 'table:number-rows-repeated="abc"')),
    "rows -5": lambda: ods(ods_row(ods_cell("a"), 'table:number-rows-repeated="-5"')),
    "columns 1e3": lambda: ods(ods_row(ods_cell("a", 'table:number-columns-repeated="1e3"'))),
    "rows of 5,000 digits": lambda: ods(
        ods_row(ods_cell("a"), f'table:number-rows-repeated="{"9" * 5_000}"')
    ),
    "value abc": lambda: ods(
        ods_row(ods_cell("a", 'office:value-type="float" office:value="abc"'))
    ),
    "value inf": lambda: ods(
        ods_row(ods_cell("a", 'office:value-type="float" office:value="1e999"'))
    ),
    "blanks abc": lambda: ods(ods_row(ods_cell('a<text:s text:c="abc"/>'))),
    "nested spans": lambda: ods(ods_row(ods_cell("<text:span>" * SPANS + "</text:span>" * SPANS))),
    "entities": lambda: ods(ods_row(ods_cell("&j;")), LAUGHS),
    "entities in UTF-16": lambda: ods(ods_row(ods_cell("&j;")), LAUGHS, "utf-16"),
    "entities after a comment": lambda: ods(
        ods_row(ods_cell("&j;")), f"<!--{'x' * 9_000}-->{LAUGHS}"
    ),
    "shared string": lambda: xlsx(
        "".join(
            f'<row r="{row}">' + '<c t="s"><v>0</v></c>' * 50 + "</row>" for row in range(1, 2_000)
        ),
        strings=f"<si><t>{'x' * 30_000}</t></si>",
    ),
    "only delimiters": lambda: b"a,b\n" + b"," * 3_000_000,
    "rows of delimiters": lambda: b"a,b\n" + (b"," * 900 + b"1\n") * 1_500,
    "only line feeds": lambda: b"a,b\n\xff" + b"\n" * 400_000 + b"1,2\n",
    "lone quote": lambda: b'a,b\n"' + b"x,y\n" * 300_000,
}


def _bad_number(chance: random.Random) -> str:
    return chance.choice(
        ["abc", "1e3", "-1", "0", "", " ", "1_000", "９９", "0x10", "NaN", "9" * 400,
         str(chance.randint(2, 10**9)), "4900000", "1048576", "1.5"]
    )  # fmt: skip


def _reference(chance: random.Random) -> str:
    letters = "".join(chance.choice("ABXYZabz") for _ in range(chance.randint(0, 6)))
    return letters + chance.choice(["", "0", "-1", "1", "7", "99999", "1048576", "4294967296"])


def _odd_cell(chance: random.Random) -> str:
    quote, gap = chance.choice(["'", '"']), chance.choice(["", " "])
    attributes = [
        f"r{gap}={gap}{quote}{_reference(chance)}{quote}",
        f"t={quote}{chance.choice(['s', 'n', 'b', 'e', 'd', 'str', 'inlineStr', '?'])}{quote}",
        chance.choice(["", "x='>'", "s='99999999999'"]),
    ]
    chance.shuffle(attributes)
    blank = chance.choice([" ", "\t", "\n"])
    return f"<c{blank}{blank.join(attributes)}><v>{_bad_number(chance)}</v></c>"


def _odd_xlsx(chance: random.Random) -> bytes:
    rows = []
    for number in range(chance.randint(1, 30)):
        cells = "".join(_odd_cell(chance) for _ in range(chance.randint(0, 6)))
        spot = chance.choice([number + 1, _bad_number(chance)])
        rows.append(f'<row r="{spot}" hidden="1">{cells}</row>')
    area = f"{_reference(chance)}:{_reference(chance)}"
    ends = f'min="{_bad_number(chance)}" max="{_bad_number(chance)}"'
    around = f'<mergeCells><mergeCell ref="{area}"/></mergeCells><col {ends} hidden="1"/>'
    place = chance.choice(["worksheets/sheet1.xml", "deep/s.xml", "../xl/x.XMLX", "/xl/a.xml"])
    return xlsx(HEAD + "".join(rows), place=place, around=around, strings="<si/>" * 3)


def _odd_ods(chance: random.Random) -> bytes:
    rows = []
    for _ in range(chance.randint(1, 40)):
        cells = "".join(
            ods_cell(
                chance.choice(["a", "", f'<text:s text:c="{_bad_number(chance)}"/>']),
                f'table:number-columns-repeated="{_bad_number(chance)}" '
                f'office:value-type="float" office:value="{_bad_number(chance)}" '
                f'table:number-rows-spanned="{_bad_number(chance)}"',
            )
            if chance.random() < 0.2
            else ods_cell("x")
            for _ in range(chance.randint(0, 5))
        )
        repeated = f'table:number-rows-repeated="{_bad_number(chance)}" table:visibility="collapse"'
        rows.append(ods_row(cells, repeated if chance.random() < 0.2 else ""))
    return ods("".join(rows))


def _deep(chance: random.Random) -> bytes:
    depth = chance.choice([500, 5_000, 50_000])
    tag = chance.choice(["text:span", "table:table", "text:p", "table:table-row"])
    nested = f"<{tag}>" * depth + "x" + f"</{tag}>" * depth
    if chance.random() < 0.5:
        return ods(ods_row(ods_cell(nested)))
    return xlsx(HEAD + "<row>" * depth + "</row>" * depth)


def _strings(chance: random.Random) -> bytes:
    cells = '<c t="s"><v>0</v></c>' * chance.randint(1, 900)
    rows = "".join(f"<row>{cells}</row>" for _ in range(chance.randint(1, 300)))
    return xlsx(HEAD + rows, strings=f"<si><t>{'y' * chance.choice([10, 1_000, 30_000])}</t></si>")


def _far(chance: random.Random) -> bytes:
    column = chance.choice(["A", "Z", "AAA", "ALL", "XFD", "ZZZ"])
    row = chance.choice([1_000, 65_536, 300_000, 1_048_576, 99_999_999])
    return xlsx(f'{HEAD}<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>')


@cache
def _plain() -> tuple[bytes, ...]:
    sheet = xlsx(HEAD + "<row><c><v>1</v></c><c><v>2</v></c></row>" * 50)
    return sheet, ods(ods_row(ods_cell("Part") + ods_cell("Qty")) * 50)


def _zip_tricks(chance: random.Random) -> bytes:
    data = bytearray(chance.choice(_plain()))
    for _ in range(chance.randint(1, 4)):
        trick = chance.randrange(6)
        if len(data) < 100:
            break
        position = data.find(chance.choice([b"PK\x01\x02", b"PK\x03\x04"]))
        if trick == 0:  # sizes that lie
            lies = (chance.choice([0, 1, 2**31, 2**32 - 1]) for _ in range(2))
            struct.pack_into("<II", data, max(position, 0) + 18, *lies)
        elif trick == 1:  # zip64 without its fields, or another method, or encrypted
            struct.pack_into("<H", data, max(position, 0) + chance.choice([4, 6, 8]), 45)
        elif trick == 2:
            del data[chance.randrange(len(data)) :]
            data += b"PK\x03\x04"
        elif trick == 3:
            for _ in range(20):
                data[chance.randrange(4, len(data))] = chance.randrange(256)
        elif trick == 4:
            end = max(data.rfind(b"PK\x05\x06"), 0)
            if len(data) > end + 20:
                lies = (chance.choice([0, 1, 65_535]) for _ in range(4))
                struct.pack_into("<HHII", data, end + 8, *lies)
        else:
            data[0:0] = bytes(data[: chance.randrange(len(data))])
    return bytes(data)


def _zip_names(chance: random.Random) -> bytes:
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of names that are there twice
        for _ in range(chance.randint(1, 40)):
            name = chance.choice(
                ["content.xml", "xl/workbook.xml", "/etc/passwd", "../../x", "C:\\x", "a\0b", "xl/"]
            )
            body = chance.choice([*_plain(), b"<a>", b"\0" * 5_000_000, b"<a/>", b""])
            archive.writestr(zipfile.ZipInfo(name), body)
    return held.getvalue()


def _csv(chance: random.Random) -> bytes:
    pieces = [
        b"\0", b'"', b'"a', b"\r", b"\n\n", b"," * 999, b"," * 2_000, b";", b"\t", b"\xff\xfe",
        b"\xef\xbb\xbf", b"x" * 1_000_000, "ж,ü,中\n".encode(), "ж;ü\n".encode("utf-16"),
        b"\x81\x8d\x90", b"a,b,c\n" * 100, b"sep=\n", b"=1+1,@x\n", b"  ", b"a  b   c\n" * 50,
    ]  # fmt: skip
    return b"a,b,c\n" + b"".join(
        chance.choice(pieces) * chance.choice([1, 1, 1, 3]) for _ in range(chance.randint(1, 30))
    )


def _xls(chance: random.Random) -> bytes:
    """Records of an old workbook with wrong lengths and places, bare or in an OLE file."""
    records = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 0x10, 0, 0, 0, 0)
    for _ in range(chance.randint(1, 60)):
        number = chance.choice([0x203, 0x204, 0x208, 0xFD, 0xFC, 0x85, 0x200, 0xBD, 0xA, 0x3C, 6])
        body = chance.randbytes(chance.choice([0, 2, 8, 14, 40]))
        records += struct.pack("<HH", number, chance.choice([len(body), 65_535, 0])) + body
    if chance.random() < 0.5:
        return records
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, chance.choice([9, 12, 30]), 6)
    for at in range(44, 80, 4):
        struct.pack_into("<I", header, at, chance.choice([0, 1, 2, 0xFFFFFFFE, 2**31]))
    chain = struct.pack("<I", chance.choice([0, 1, 0xFFFFFFFE])) * 128
    return bytes(header) + chain * 3 + records


_FAMILIES = (
    _odd_xlsx, _odd_ods, _deep, _strings, _far, _zip_tricks, _zip_names, _csv, _xls, _csv
)  # fmt: skip


def generated(seed: int) -> bytes:
    """The hostile file of this number, each family in its turn."""
    return _FAMILIES[seed % len(_FAMILIES)](random.Random(seed))
