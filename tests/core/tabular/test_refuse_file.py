"""Files that are no tables are refused with a code and a sentence."""

import io
import zipfile

import pytest

from secondsource.core.tabular import Limits, TabularError, read

from .files import changed, marked_encrypted, ods, password_protected_xlsx, with_entry, xlsx

GOOD = xlsx({"S": [["Qty", "Part"], [1, "A"]]})


def refused(data: bytes, limits: Limits | None = None) -> TabularError:
    with pytest.raises(TabularError) as caught:
        read(data, "bom.csv", limits) if limits else read(data, "bom.csv")
    return caught.value


@pytest.mark.parametrize("data", [b"", b"\n\n", b"  \r\n\t", b"\0\0\0\0", b",,,\n,,,\n"])
def test_empty(data):
    assert refused(data).code == "empty"


def test_workbook_without_cells():
    assert refused(xlsx({"S": []})).code == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 50,
        b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 50,
        b"GIF89a" + b"\0" * 50,
        b"BM6\0\0\0" + b"\0" * 50,
    ],
)
def test_picture_renamed(data):
    assert refused(data).code == "picture"
    assert "picture" in str(refused(data))


def test_over_the_limit_is_not_read_further():
    class Endless(io.RawIOBase):
        def __init__(self):
            self.asked = 0

        def read(self, size=-1):
            assert size >= 0
            self.asked += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(TabularError) as caught:
        read(stream, "bom.csv")
    assert caught.value.code == "too_large"
    assert stream.asked == Limits().bytes + 1


def test_zip_bomb():
    bomb = with_entry(GOOD, "xl/media/bomb.bin", b"\0" * (210 * 1024 * 1024))
    assert len(bomb) < 1_000_000
    assert refused(bomb).code == "zip_bomb"


def test_entry_that_lies_about_its_size():
    limits = Limits(unpacked_bytes=2000)
    lying = ods([["x" * 50] * 10 for _ in range(200)])
    assert refused(lying, limits).code == "zip_bomb"


def test_password():
    assert refused(password_protected_xlsx()).code == "encrypted"
    assert refused(marked_encrypted(GOOD)).code == "encrypted"


def test_encrypted_opendocument():
    data = changed(
        ods([["Qty"], [1]]),
        "META-INF/manifest.xml",
        b"</manifest:manifest>",
        b"<manifest:encryption-data/></manifest:manifest>",
    )
    assert refused(data).code == "encrypted"


def test_ten_thousand_columns():
    row = ",".join(f"c{n}" for n in range(10_000))
    assert refused(f"{row}\n{row}\n".encode()).code == "too_many_columns"
    assert refused(xlsx({"S": [list(range(10_000))]})).code == "too_many_columns"
    assert refused(ods([["x"] * 1_200])).code == "too_many_columns"


def test_one_cell_far_out_does_not_fill_the_memory():
    far = changed(GOOD, "xl/worksheets/sheet1.xml", b'r="B2"', b'r="ALL1048576"')
    assert refused(far).code == "too_many_cells"


def test_repeated_cells_do_not_fill_the_memory():
    repeated = changed(
        ods([["Qty", "Part"]]),
        "content.xml",
        b"<table:table-row>",
        b'<table:table-row table:number-rows-repeated="1048576000">',
    )
    assert refused(repeated).code == "too_many_cells"


def test_entities_are_not_expanded():
    data = changed(
        ods([["Qty"]]),
        "content.xml",
        b"<office:document-content",
        b'<!DOCTYPE x [<!ENTITY a "b">]><office:document-content',
    )
    assert refused(data).code == "damaged"


@pytest.mark.parametrize("cut", [100, 600])
def test_damaged_archive(cut):
    assert refused(GOOD[:cut]).code == "damaged"


def test_damaged_old_workbook():
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 2000).code == "damaged"


def test_other_archives_and_documents():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(stream.getvalue()).code == "unsupported"
    assert refused(b"%PDF-1.7 ...").code == "unsupported"
    assert refused(b"<html><table><tr><td>Qty</td></tr></table></html>").code == "unsupported"


def test_bytes_that_are_no_text():
    assert refused(bytes(range(256)) * 20).code == "not_a_table"
