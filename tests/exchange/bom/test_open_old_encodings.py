"""A few letters tell an old encoding by the words over the columns."""

import io
from pathlib import Path

import pytest

from secondsource.exchange.bom import read

HEADERS = {
    "cp1250": "Oznaczenie;Ilość;Wartość;Producent;Symbol producenta;Montaż",
    "cp1252": "Repère;Quantité;Désignation;Fabricant;Réf. fabricant",
    "cp1251": "Обозначение;Количество;Производитель;Примечание",
    "gb18030": "位号;数量;制造商;制造商料号",
    "cp932": "部品記号;数量;メーカー;型番",
}


@pytest.mark.parametrize("encoding", HEADERS)
def test_the_words_are_words(encoding: str) -> None:
    data = (HEADERS[encoding] + "\nC1;1;a;b;c\nC2;1;a;b;c\n").encode(encoding)
    workbook = read(data, "bom.csv")
    assert workbook.sheets[0].rows[0] == HEADERS[encoding].split(";")
    assert workbook.encoding == encoding


def test_without_known_words_it_is_what_it_was() -> None:
    workbook = read("Größe;Übung\n5 µm;±3\n".encode("cp1252"), "x.csv")
    assert (workbook.encoding, workbook.sheets[0].rows[1]) == ("cp1252", ["5 µm", "±3"])


def test_paths_and_open_files(tmp_path: Path) -> None:
    data = "Ilość;Oznaczenie\n1;C1\n".encode("cp1250")
    path = tmp_path / "bom.csv"
    path.write_bytes(data)
    rows = [read(source, "bom.csv").sheets[0].rows for source in (data, path, io.BytesIO(data))]
    assert rows[0] == rows[1] == rows[2]
    assert rows[0][0] == ["Ilość", "Oznaczenie"]
