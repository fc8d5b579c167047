"""A few letters tell an old encoding by the words over the columns."""

import io
from pathlib import Path

import pytest

from secondsource.exchange.bom import read
from secondsource.exchange.bom.opening import examine

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
    examined = examine(io.BytesIO(data), "bom.csv")
    assert (examined.sheets[0].sample[0][1], examined.form.encoding) == (
        HEADERS[encoding].split(";"), encoding,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["Zakład Łączności", "Głuchołazy", "Spółdzielnia Łódź", "Ważny"])
def test_a_sign_within_a_word_was_a_letter(name: str) -> None:
    data = f"Name;City\n{name};x\n".encode("cp1250")
    assert read(data, "x.csv").sheets[0].rows[1] == [name, "x"]
    assert examine(io.BytesIO(data), "x.csv").sheets[0].sample[1] == (1, [name, "x"])


@pytest.mark.parametrize("word", ["Nm³/h", "Fœtus", "Cœur", "2 m³", "N°", "¿Montar?", "100£"])
def test_signs_of_western_files_stay(word: str) -> None:
    data = f"Name;City\n{word};é\n".encode("cp1252")
    assert read(data, "x.csv").sheets[0].rows[1] == [word, "é"]


def test_a_letter_further_down_that_an_encoding_lacks() -> None:
    data = "Ilość;Uwagi\n1;x\n".encode("cp1250") + b"2;y\n" * 60_000 + b"3;\x81\n"
    assert examine(io.BytesIO(data), "x.csv").sheets[0].rows == 60_003


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
