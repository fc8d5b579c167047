"""Files as the usual programs write them; the boards are invented."""

import pytest

from .invented import imported

# Name → (text, encoding, lines as: designators, quantity, fitted, part numbers).
Expected = list[tuple[str, str, bool, str]]
PROGRAMS: dict[str, tuple[str, str, Expected]] = {
    "kicad, one group a line": (
        '"Reference","Value","Datasheet","Footprint","Qty","DNP","Manufacturer","MPN"\n'
        '"C1,C2","100nF","~","Capacitor_SMD:C_0402","2","","Murata","GRM155R71C104KA88D"\n'
        '"R1","10k","~","Resistor_SMD:R_0402","1","DNP","Yageo","RC0402FR-0710KL"\n'
        '"TP1,TP2","TestPoint","~","TestPoint:TestPoint_Pad","2","","",""\n',
        "utf-8",
        [
            ("C1 C2", "2", True, "GRM155R71C104KA88D"),
            ("R1", "1", False, "RC0402FR-0710KL"),
            ("TP1 TP2", "2", True, ""),
        ],
    ),
    "kicad, semicolons and a footer": (
        "Component;Description;Part;References;Value;Quantity Per PCB;PartNumber;Manufacturer\n"
        "1;Unpolarized capacitor;C;C1 C2;100n;2;GRM155R71C104KA88D;Murata\n"
        "2;Resistor;R;R1;10k;1;RC0402FR-0710KL;Yageo\n"
        "\n\n"
        "Component Groups:;2\n"
        "Component Count:;3\n"
        "Fitted Components:;3\n"
        "Schematic Source:;board.sch\n",
        "utf-8-sig",
        [("C1 C2", "2", True, "GRM155R71C104KA88D"), ("R1", "1", True, "RC0402FR-0710KL")],
    ),
    "kicad, one designator a line, no quantity": (
        "Ref,Value,Footprint,MPN\n"
        "C1,100n,C_0402,GRM155R71C104KA88D\n"
        "C2,100n,C_0402,GRM155R71C104KA88D\n"
        "U1,LM75,SO8,LM75BD\n",
        "utf-8",
        [
            ("C1", "1", True, "GRM155R71C104KA88D"),
            ("C2", "1", True, "GRM155R71C104KA88D"),
            ("U1", "1", True, "LM75BD"),
        ],
    ),
    "altium": (
        '"Comment","Description","Designator","Footprint","LibRef","Quantity",'
        '"Manufacturer 1","Manufacturer Part Number 1","Supplier 1","Supplier Part Number 1",'
        '"Manufacturer 2","Manufacturer Part Number 2"\n'
        '"100nF","CAP CER 0402","C1, C2","C0402","CAP","2","Murata","GRM155R71C104KA88D",'
        '"Digi-Key","490-3261-1-ND","Yageo","CC0402KRX7R7BB104"\n'
        '"LM75","SENSOR","U1","SO8","LM75","1","NXP","LM75BD","Mouser","771-LM75BD","",""\n',
        "cp1252",
        [
            ("C1 C2", "2", True, "GRM155R71C104KA88D CC0402KRX7R7BB104"),
            ("U1", "1", True, "LM75BD"),
        ],
    ),
    "eagle": (
        "Qty;Value;Device;Package;Parts;Description;MF;MPN;OC_FARNELL;PROD_ID\n"
        "2;100n;C-EUC0603;C0603;C1, C2;CAPACITOR;Murata;GRM188R71H104KA93D;1828921;\n"
        "1;;PINHD-1X4;1X04;JP1;PIN HEADER;;;;\n"
        "3;10k;R-EU_R0603;R0603;R1, R2, R3;RESISTOR;Yageo;RC0603FR-0710KL;;RES-07857\n",
        "latin-1",
        [
            ("C1 C2", "2", True, "GRM188R71H104KA93D"),
            ("JP1", "1", True, ""),
            ("R1 R2 R3", "3", True, "RC0603FR-0710KL"),
        ],
    ),
    "eagle without part numbers": (
        '"Qty","Value","Device","Parts",\n'
        '"2","1.1k/1%","R-EU_R0603","R19, R30",\n'
        '"1","NA(1M)","R-EU_R0603","R7",\n'
        '"1","PB9:Closed/PH7:Opened","SJ2W","PB9/PH7",\n'
        '"2","BC817-40(SMD)","NPN-TRANSISTOR_SOT23","T1, T2",\n',
        "utf-8",
        [
            ("R19 R30", "2", True, ""),
            ("R7", "1", False, ""),
            ("PB9/PH7", "1", True, ""),
            ("T1 T2", "2", True, ""),
        ],
    ),
    "orcad, wrapped references": (
        "Bill Of Materials          March 4,2024      10:00:00\tPage1\n\n"
        "Item\tQuantity\tReference\tPart\n"
        "______________________________________________\n\n"
        "1\t5\tC1,C2,C3,C4,\t100nF\n"
        "\t\tC5\t\n"
        "2\t2\tR1,R2\t10k\n"
        "3\t1\tR3\tDNP\n",
        "utf-8",
        [
            ("C1 C2 C3 C4 C5", "5", True, ""),
            ("R1 R2", "2", True, ""),
            ("R3", "1", False, ""),
        ],
    ),
    "easyeda": (
        "ID\tName\tDesignator\tFootprint\tQuantity\tManufacturer Part\tManufacturer\tSupplier\t"
        "Supplier Part\tPrice\n"
        '"1"\t"1uF"\t"C1,C5"\t"C0805"\t"2"\t"CL21B105KBFNNNE"\t"SAMSUNG"\t"LCSC"\t"C28323"\t"0.01"\n'
        '"2"\t"HC-06"\t"U4"\t"BLUETOOTH HC-06"\t"1"\t"?"\t""\t""\t""\t""\n',
        "utf-16",
        [("C1 C5", "2", True, "CL21B105KBFNNNE"), ("U4", "1", True, "")],
    ),
    "jlcpcb": (
        "Comment,Designator,Footprint,JLCPCB Part #\n"
        '100nF,"C1,C2",C0402,C1525\n'
        "10k,R1,R0402,C25744\n",
        "utf-8",
        [("C1 C2", "2", True, ""), ("R1", "1", True, "")],
    ),
    "diptrace": (
        '"#","RefDes","Value","Quantity","Name","Category"\n'
        '"1","24V",,"1","KK-254-4","Connector"\n'
        '"2","C1, C2, C8","470u 35V","3","CAP300RP","Capacitor"\n'
        '"3","Q1, Q4",,"2","BC547A","Transistor"\n',
        "utf-8",
        [("24V", "1", True, ""), ("C1 C2 C8", "3", True, ""), ("Q1 Q4", "2", True, "")],
    ),
    "a system with approved manufacturers": (
        "Level;Item;Qty;Ref Des;Company PN;Manufacturer;MPN;Rank\n"
        "1;10;2;C1,C2;100-0001;Murata;GRM155R71C104KA88D;1\n"
        "1;10;2;C1,C2;100-0001;Samsung;CL05B104KO5NNNC;2\n"
        "1;20;1;R1;100-0002;Yageo;RC0402FR-0710KL;1\n"
        "1;20;;;100-0002;Vishay;CRCW040210K0FKED;2\n",
        "utf-8",
        [
            ("C1 C2", "2", True, "GRM155R71C104KA88D CL05B104KO5NNNC"),
            ("R1", "1", True, "RC0402FR-0710KL CRCW040210K0FKED"),
        ],
    ),
    "a German spreadsheet": (
        "Stückliste Steuerung XY;;;;;\n"
        "Pos.;Menge;Bezeichner;Hersteller;Herstellerbezeichnung;Bemerkung\n"
        "1;2;C1, C2;Murata;GRM155R71C104KA88D;\n"
        "2;1;R1;Yageo;RC0402FR-0710KL;nicht bestückt\n"
        "3;3;D1-D3;Nexperia;BAS16,215;\n"
        "Summe;6;;;;\n",
        "cp1252",
        [
            ("C1 C2", "2", True, "GRM155R71C104KA88D"),
            ("R1", "1", False, "RC0402FR-0710KL"),
            ("D1 D2 D3", "3", True, "BAS16,215"),
        ],
    ),
    "a French spreadsheet": (
        "Repère;Quantité;Désignation;Fabricant;Référence fabricant;Monté\n"
        "C1 à C3;3;Condensateur 100nF;Murata;GRM155R71C104KA88D;Oui\n"
        "R1;1;Résistance 10k;Yageo;RC0402FR-0710KL;Non\n",
        "cp1252",
        [("C1 C2 C3", "3", True, "GRM155R71C104KA88D"), ("R1", "1", False, "RC0402FR-0710KL")],
    ),
    "an Italian spreadsheet": (
        "Posizione componente;Quantità;Descrizione;Produttore;Codice produttore;Note\n"
        "C1, C2;2;Condensatore;Murata;GRM155R71C104KA88D;\n"
        "R1;1;Resistenza;Yageo;RC0402FR-0710KL;non montare\n",
        "utf-8",
        [("C1 C2", "2", True, "GRM155R71C104KA88D"), ("R1", "1", False, "RC0402FR-0710KL")],
    ),
    "a Chinese spreadsheet": (
        "序号,位号,数量,型号,品牌,描述,备注,替代料\n"
        '1,"C1,C2",2,GRM155R71C104KA88D,村田,电容 100nF,,CL05B104KO5NNNC\n'
        "2,R1,1,RC0402FR-0710KL,国巨,电阻 10k,不贴,\n",
        "gb18030",
        [
            ("C1 C2", "2", True, "GRM155R71C104KA88D CL05B104KO5NNNC"),
            ("R1", "1", False, "RC0402FR-0710KL"),
        ],
    ),
    "a Russian spreadsheet": (
        "Поз. обозначение;Кол-во;Наименование;Производитель;Примечание\n"
        "C1, C2;2;GRM155R71C104KA88D;Murata;\n"
        "R1;1;RC0402FR-0710KL;Yageo;не устанавливать\n",
        "cp1251",
        [("C1 C2", "2", True, ""), ("R1", "1", False, "")],
    ),
    "a list of numbers and quantities": (
        "Part Number;Qty\nGRM155R71C104KA88D;2\nRC0402FR-0710KL;1\nLM75BD;1\n",
        "utf-8",
        [
            ("", "2", True, "GRM155R71C104KA88D"),
            ("", "1", True, "RC0402FR-0710KL"),
            ("", "1", True, "LM75BD"),
        ],
    ),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_lines(program):
    text, encoding, expected = PROGRAMS[program]
    result = imported(text.encode(encoding))
    found = [
        (
            " ".join(line.designators),
            str(line.quantity),
            line.fitted,
            " ".join(part.mpn for part in line.parts),
        )
        for line in result.lines
    ]
    assert found == expected


@pytest.mark.parametrize("program", PROGRAMS)
def test_nothing_is_asked(program):
    text, encoding, _ = PROGRAMS[program]
    codes = [warning.code for warning in imported(text.encode(encoding)).warnings]
    assert codes == (["placeholder"] if program == "easyeda" else [])


def test_own_numbers_and_order_numbers_stand_apart():
    text, encoding, _ = PROGRAMS["a system with approved manufacturers"]
    assert [line.ipn for line in imported(text.encode(encoding)).lines] == ["100-0001", "100-0002"]
    text, encoding, _ = PROGRAMS["altium"]
    assert [line.sku for line in imported(text.encode(encoding)).lines] == [
        "490-3261-1-ND",
        "771-LM75BD",
    ]
