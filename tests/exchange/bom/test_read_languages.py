"""The same three lines under the headers of many languages, in the encodings of their programs."""

import pytest

from .invented import imported

# header; cells that say fitted and not fitted; encoding
LANGUAGES = {
    "Italian": (
        "Q.tà;Rif.;Costruttore;Cod. costruttore;Alternativa;Montaggio", "SI", "NO", "utf-8",
    ),
    "Spanish": (
        "Cantidad;Referencias;Fabricante;Nº de parte del fabricante;Alternativo;Montar",
        "SI", "NO", "cp1252",
    ),
    "Portuguese": (
        "Qtde;Designador;Fabricante;Código do fabricante;Alternativa;Montagem", "SIM", "NÃO",
        "cp1252",
    ),
    "Dutch": (
        "Aantal;Referentie;Fabrikant;Artikelnummer fabrikant;Alternatief;Niet plaatsen", "", "x",
        "utf-8",
    ),
    "German": (
        "Stück;Ref.-Bez.;Hersteller;Hersteller-Typ;Ersatztyp;Bestückung", "ja", "nein", "cp1252",
    ),
    "French": ("Qté;Rep.;Fabricant;Réf. fabricant;Remplacement;Câblé", "O", "N", "cp1252"),
    "Polish": (
        "Ilość [szt.];Oznaczenie;Producent;Symbol producenta;Zamiennik;Montaż", "TAK", "NIE",
        "cp1250",
    ),
    "Czech": ("Množství;Označení;Výrobce;Číslo výrobce;Náhrada;Osazení", "ano", "ne", "cp1250"),
    "Korean": ("수량;부품위치;제조사;제조사 품번;대체품;비고", "", "미실장", "cp949"),
    "Japanese": ("数量;回路番号;メーカー;型番;代替品;備考", "", "未実装", "cp932"),
    "Chinese": ("用量;位号;厂家;规格型号;替代料;备注", "", "不贴", "gb18030"),
    "Russian": ("Количество;Обозначение;Производитель;Артикул;Аналог;Примечание", "",
                "не устанавливать", "cp1251"),
}  # fmt: skip
LINES = """2;C1, C2;Murata;GRM155R71C104KA88D;Samsung CL05B104KO5NNNC;{yes}
1;R1;Yageo;RC0402FR-0710KL;;{no}
1;U1;NXP;LM75BD;;{yes}
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_language(language):
    header, yes, no, encoding = LANGUAGES[language]
    text = f"{header}\n{LINES.format(yes=yes, no=no)}"
    result = imported(text.encode(encoding))
    assert [
        (str(line.quantity), line.designators, line.fitted, [part.mpn for part in line.parts])
        for line in result.lines
    ] == [
        ("2", ("C1", "C2"), True, ["GRM155R71C104KA88D", "CL05B104KO5NNNC"]),
        ("1", ("R1",), False, ["RC0402FR-0710KL"]),
        ("1", ("U1",), True, ["LM75BD"]),
    ]
    assert [line.primary.manufacturer for line in result.lines] == ["Murata", "Yageo", "NXP"]
    assert result.warnings == ()


@pytest.mark.parametrize(
    ("number", "manufacturer"),
    [("替代料号", "替代品牌"), ("备选型号1", "备选厂家1"), ("代替型番", "代替メーカー")],
)
def test_alternates_in_scripts_without_blanks(number, manufacturer):
    """`Alternate number` and `alternate manufacturer` written as one word each."""
    result = imported(
        f"位号;用量;型号;品牌;{number};{manufacturer}\n"
        "C1 C2;2;GRM155R71C104KA88D;村田;CC0402KRX7R7BB104;国巨\n"
        "R1;1;RC0402FR-0710KL;国巨;;\n"
        "U1;1;LM75BD;NXP;;\n".encode()
    )
    assert [[(p.manufacturer, p.mpn) for p in line.parts] for line in result.lines] == [
        [("村田", "GRM155R71C104KA88D"), ("国巨", "CC0402KRX7R7BB104")],
        [("国巨", "RC0402FR-0710KL")],
        [("NXP", "LM75BD")],
    ]


def test_specification_beside_the_manufacturers_number_is_the_value():
    """It says what the part is, and is no number of the company's own."""
    result = imported(
        "位号;数量;规格型号;制造商料号\nC1 C2;2;100nF/50V;CL10B104KB8NNNC\n"
        "R1;1;10K 1%;RC0603FR-0710KL\n".encode("gb18030")
    )
    assert [(line.value, line.ipn) for line in result.lines] == [
        ("100nF/50V", None),
        ("10K 1%", None),
    ]
