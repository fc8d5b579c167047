# ruff: noqa: E501 - lines of files are kept as they are
"""Dialects of programs and people, each with what it is hard in: nothing is lost or asked."""

import pytest

from .invented import imported

# name → text, encoding, lines: designators, quantity, parts, `-` before what is not fitted.
DIALECTS: dict[str, tuple[str, str, list[str]]] = {
    "altium with sign-off and total": (
        "Bill of Materials;;;;;;;;\n"
        "Source Data From:;Board.PrjPcb;;;;;;;\n"
        "Project:;Board.PrjPcb;;;;;;;\n"
        "Variant:;None;;;;;;;\n"
        ";;;;;;;;\n"
        "Comment;Description;Designator;Footprint;LibRef;Quantity;Manufacturer 1;Manufacturer Part Number 1;Supplier Subtotal 1\n"
        "100nF;Cap 100nF 16V;C1, C2, C3;0402;CAP;3;Murata;GRM155R71C104KA88D;0,03\n"
        "10K;Res;R1, R2;0402;RES;2;Yageo;RC0402FR-0710KL;0,01\n"
        "LM75;Temp;U1;SO8;LM75;1;NXP;LM75BD,118;0,75\n"
        ";;;;;;;;\n"
        "Approved;;Notes;;;;;;\n"
        ";;;;;6;;;0,79\n",
        "utf-8",
        [
            "C1,C2,C3 3 GRM155R71C104KA88D",
            "R1,R2 2 RC0402FR-0710KL",
            "U1 1 LM75BD,118",
        ],
    ),
    "German, decimal comma and units": (
        "Stückliste;Gerät X1;;;;;;;\n"
        "Erstellt von:;M. Muster;Datum:;01.02.2024;;;;;\n"
        ";;;;;;;;\n"
        "Pos;Menge;Einheit;Bauteilbezeichnung;Wert;Gehäuse;Hersteller;Hersteller-Typ;Bestückung\n"
        "10;2,000;Stk;R1, R2;10k;0603;Yageo;RC0603FR-0710KL;ja\n"
        "20;1,000;Stk;C1;100n;0603;Murata;GRM188R71H104KA93D;nein\n"
        "30;0,150;m;W1;Litze;;Lapp;4510013;ja\n"
        "40;3,000;Stk;D1 bis D3;BAS16;SOT23;Nexperia;BAS16,215;Ja\n"
        "\n"
        "Geprüft:;;;Freigegeben:;;;;;\n",
        "utf-8",
        [
            "R1,R2 2 RC0603FR-0710KL",
            "-C1 1 GRM188R71H104KA93D",
            "W1 0.15 4510013",
            "D1,D2,D3 3 BAS16,215",
        ],
    ),
    "columns Alt 1 to Alt 3": (
        "Item,Qty,RefDes,MFG,MPN,Alt 1,Alt 2,Alt 3\n"
        '1,2,"C1, C2",Murata,GRM155R71C104KA88D,Samsung CL05B104KO5NNNC,Yageo CC0402KRX7R7BB104,\n'
        "2,1,R1,Yageo,RC0402FR-0710KL,Vishay CRCW040210K0FKED,,\n"
        "3,1,U1,NXP,LM75BD,,,\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D CL05B104KO5NNNC CC0402KRX7R7BB104",
            "R1 1 RC0402FR-0710KL CRCW040210K0FKED",
            "U1 1 LM75BD",
        ],
    ),
    "equivalents in notes": (
        "Qty,Reference,Description,Manufacturer,MPN,Notes\n"
        "1,C1,CAP 100nF,Samsung,CL05B104KO5NNNC,or equivalent Murata GRM155R71C104KA88D\n"
        "1,R1,RES 10k,Yageo,RC0402FR-0710KL,can be replaced by Vishay CRCW040210K0FKED\n"
        '2,"R2,R3",RES 1k,Yageo,RC0402FR-071KL,Alt: Panasonic ERJ-2RKF1001X\n'
        "1,U1,LDO,TI,TLV70033DDCR,alternate source: Microchip MIC5504-3.3YM5\n"
        "1,U2,MCU,ST,STM32F030F4P6,do not substitute\n",
        "utf-8",
        [
            "C1 1 CL05B104KO5NNNC (GRM155R71C104KA88D)",
            "R1 1 RC0402FR-0710KL (CRCW040210K0FKED)",
            "R2,R3 2 RC0402FR-071KL (ERJ-2RKF1001X)",
            "U1 1 TLV70033DDCR (MIC5504-3.3YM5)",
            "U2 1 STM32F030F4P6",
        ],
    ),
    "ranges in words": (
        "Pos.,Anzahl,Positionen im Plan,Typ,Hersteller,Bestell-Nr. Hersteller\n"
        "1,5 Stk,C1 bis C5,100nF X7R,Murata,GRM155R71C104KA88D\n"
        '2,6 pcs,"R1-R5, R7",10k,Yageo,RC0402FR-0710KL\n'
        "3,4 pcs.,C10 to C13,1u,Samsung,CL05A105KA5NQNC\n"
        "4,1x,U1,Sensor,NXP,LM75BD\n",
        "utf-8",
        [
            "C1,C2,C3,C4,C5 5 GRM155R71C104KA88D",
            "R1,R2,R3,R4,R5,R7 6 RC0402FR-0710KL",
            "C10,C11,C12,C13 4 CL05A105KA5NQNC",
            "U1 1 LM75BD",
        ],
    ),
    "a level of assemblies, a row per manufacturer": (
        "Level,Item Number,Item Name,Revision,Quantity,Ref Des,UoM,Manufacturer,Mfr Item Number,Mfr Status,Preferred\n"
        "0,PCA-000123,PCBA MAIN,B,1,,each,,,,\n"
        '1,CAP-000010,CAP CER 100NF 16V 0402,A,3,"C1,C2,C3",each,Murata,GRM155R71C104KA88D,Approved,Yes\n'
        '1,CAP-000010,CAP CER 100NF 16V 0402,A,3,"C1,C2,C3",each,Samsung,CL05B104KO5NNNC,Approved,No\n'
        '1,RES-000020,RES 10K 1% 0402,A,2,"R1,R2",each,Yageo,RC0402FR-0710KL,Approved,Yes\n'
        "1,IC-000030,IC TEMP SENSOR,C,1,U1,each,NXP,LM75BD,Approved,Yes\n"
        "1,PCB-000040,PCB MAIN,B,1,,each,,,,\n",
        "utf-8",
        [
            "C1,C2,C3 3 GRM155R71C104KA88D CL05B104KO5NNNC",
            "R1,R2 2 RC0402FR-0710KL",
            "U1 1 LM75BD",
            "? 1",
        ],
    ),
    "SAP list": (
        "Stückliste anzeigen\t\t\t\t\t\t\n"
        "Material\t4711001\tWerk\t1000\t\t\t\n"
        "\t\t\t\t\t\t\n"
        "Pos\tPtyp\tKomponente\tKomponentenbezeichnung\tMenge\tME\tUnterpositionen\n"
        "0010\tL\t000000000010001234\tWIDERSTAND 10K 1% 0402\t2,000\tST\tR1 R2\n"
        "0020\tL\t000000000010001235\tKONDENSATOR 100NF\t3,000\tST\tC1-C3\n"
        "0030\tL\t000000000010001236\tIC LM75BD\t1,000\tST\tU1\n",
        "utf-8",
        [
            "R1,R2 2",
            "C1,C2,C3 3",
            "U1 1",
        ],
    ),
    "item ids that count up": (
        "Find No.;Item ID;Item Name;Qty;Reference Designators;Mfr Name;Mfr Part Number;Alternate Mfr Name;Alternate Mfr Part Number\n"
        "10;000123;CAP 100NF;2;C1,C2;Murata;GRM155R71C104KA88D;Samsung;CL05B104KO5NNNC\n"
        "20;000124;RES 10K;1;R1;Yageo;RC0402FR-0710KL;;\n"
        "30;000125;SENSOR;1;U1;NXP;LM75BD;TI;LM75AIMM/NOPB\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D CL05B104KO5NNNC",
            "R1 1 RC0402FR-0710KL",
            "U1 1 LM75BD LM75AIMM/NOPB",
        ],
    ),
    "columns set by blanks": (
        "Partlist exported from board.sch at 01.02.2024 10:00\n"
        "\n"
        "Qty Value       Device            Package   Parts              MPN                 MANUFACTURER\n"
        "2   100n        C-EUC0402         C0402     C1, C2             GRM155R71C104KA88D  Murata\n"
        "1   10k         R-EU_R0402        R0402     R1                 RC0402FR-0710KL     Yageo\n"
        "1   LM75        LM75              SO08      IC1                LM75BD              NXP\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D",
            "R1 1 RC0402FR-0710KL",
            "IC1 1 LM75BD",
        ],
    ),
    "one part each, set by blanks": (
        "Partlist\n"
        "\n"
        "Exported from board.sch at 01.02.2024 10:00\n"
        "\n"
        "EAGLE Version 9.6.2 Copyright (c) 1988-2020 Autodesk, Inc.\n"
        "\n"
        "Part     Value          Device            Package   Library  Sheet\n"
        "\n"
        "C1       100n           C-EUC0402         C0402     rcl      1\n"
        "C2       100n           C-EUC0402         C0402     rcl      1\n"
        "IC1      LM75BD         LM75              SO08      nxp      1\n"
        "R1       10k            R-EU_R0402        R0402     rcl      1\n",
        "utf-8",
        [
            "C1 1",
            "C2 1",
            "IC1 1",
            "R1 1",
        ],
    ),
    "orcad with part numbers": (
        "Board X  Revised: Monday, March 04, 2024\n"
        "BRD-1  Revision: A\n"
        "\n"
        "\n"
        "\n"
        "Bill Of Materials          March 4,2024      10:00:00\tPage1\n"
        "\n"
        "Item\tQuantity\tReference\tPart\tPCB Footprint\tMFR\tMFR_PN\n"
        "\n"
        "______________________________________________\n"
        "\n"
        "1\t3\tC1,C2,\t100nF\tCAP0402\tMurata\tGRM155R71C104KA88D\n"
        "\t\tC3\t\t\t\t\n"
        "2\t1\tR1\t10k\tRES0402\tYageo\tRC0402FR-0710KL\n"
        "3\t1\tU1\tLM75\tSO8\tNXP\tLM75BD\n",
        "utf-8",
        [
            "C1,C2,C3 3 GRM155R71C104KA88D",
            "R1 1 RC0402FR-0710KL",
            "U1 1 LM75BD",
        ],
    ),
    "fusion": (
        "Qty;Value;Device;Package;Parts;Description;MANUFACTURER;MPN;POPULARITY;SPICEPREFIX;\n"
        "2;100nF;C-EU;C0402;C1, C2;CAPACITOR, European symbol;Murata;GRM155R71C104KA88D;18;C;\n"
        "1;DNP;R-EU;R0402;R5;RESISTOR;Yageo;RC0402FR-0710KL;;R;\n"
        "1;;LM75;SO08;U1;Sensor;NXP;LM75BD;;X;\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D",
            "-R5 1 RC0402FR-0710KL",
            "U1 1 LM75BD",
        ],
    ),
    "bars and comments": (
        "# PADS / Xpedition Parts List\n"
        "# Design: X\n"
        "Item # | Part Number   | Qty | Reference Designators | Part Name | Value | Mfg Part No      | Manufacturer\n"
        "1      | 100-0001      | 2   | C1 C2                 | CAP0402   | 0.1uF | GRM155R71C104KA88D | Murata\n"
        "2      | 100-0002      | 1   | R1                    | RES0402   | 10K   | RC0402FR-0710KL  | Yageo\n"
        "3      | 100-0003      | 1   | U1                    | LM75      |       | LM75BD           | NXP\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D",
            "R1 1 RC0402FR-0710KL",
            "U1 1 LM75BD",
        ],
    ),
    "Japanese": (
        "No.,部品番号,品名,メーカー,型番,数量,回路番号,備考,代替品\n"
        '1,P-001,コンデンサ,村田製作所,GRM155R71C104KA88D,2,"C1,C2",,サムスン CL05B104KO5NNNC\n'
        "2,P-002,抵抗,KOA,RK73H1ETTP1002F,1,R1,未実装,\n"
        "3,P-003,温度センサ,NXP,LM75BD,1,IC1,,\n",
        "cp932",
        [
            "C1,C2 2 GRM155R71C104KA88D CL05B104KO5NNNC",
            "-R1 1 RK73H1ETTP1002F",
            "IC1 1 LM75BD",
        ],
    ),
    "Chinese, alternates below": (
        "序号,物料编码,物料名称,规格型号,位号,用量,厂家,备注\n"
        "1,10001,贴片电容,GRM155R71C104KA88D,C1 C2,2,村田,\n"
        ",10002,贴片电容,CL05B104KO5NNNC,,,三星,替代\n"
        "2,10003,贴片电阻,RC0402FR-0710KL,R1,1,国巨,NC\n"
        "3,10004,温度传感器,LM75BD,U1,1,NXP,不贴\n"
        "合计,,,,,4,,\n",
        "gb18030",
        [
            "C1,C2 2 GRM155R71C104KA88D CL05B104KO5NNNC",
            "-R1 1 RC0402FR-0710KL",
            "-U1 1 LM75BD",
        ],
    ),
    "Polish": (
        "Lp.;Oznaczenie;Ilość [szt.];Wartość;Obudowa;Producent;Symbol producenta;Uwagi;Montaż\n"
        "1;C1, C2;2;100nF;0402;Murata;GRM155R71C104KA88D;;TAK\n"
        "2;R1;1;10k;0402;Yageo;RC0402FR-0710KL;zamiennik: Vishay CRCW040210K0FKED;TAK\n"
        "3;U1;1;LM75;SO8;NXP;LM75BD;nie montować;NIE\n",
        "cp1250",
        [
            "C1,C2 2 GRM155R71C104KA88D",
            "R1 1 RC0402FR-0710KL (CRCW040210K0FKED)",
            "-U1 1 LM75BD",
        ],
    ),
    "French, second manufacturer": (
        "Nomenclature carte X;;;;;;\n"
        "Rep.;Qté;Désignation;Fabricant;Réf. fabricant;Fabricant 2;Réf. fabricant 2;Câblé\n"
        "C1, C2;2;Condensateur 100nF;Murata;GRM155R71C104KA88D;Samsung;CL05B104KO5NNNC;O\n"
        "R1;1;Résistance 10k;Yageo;RC0402FR-0710KL;;;N\n"
        "U1;1;Capteur;NXP;LM75BD;;;O\n",
        "cp1252",
        [
            "C1,C2 2 GRM155R71C104KA88D CL05B104KO5NNNC",
            "-R1 1 RC0402FR-0710KL",
            "U1 1 LM75BD",
        ],
    ),
    "headings over groups": (
        "Qty,Designator,Part Number,Manufacturer,Description\n"
        "Capacitors,,,,\n"
        '2,"C1,C2",GRM155R71C104KA88D,Murata,CAP 100NF\n'
        "Resistors,,,,\n"
        "1,R1,RC0402FR-0710KL,Yageo,RES 10K\n"
        "ICs,,,,\n"
        "1,U1,LM75BD,NXP,SENSOR\n"
        "Do not populate,,,,\n"
        "1,R9,RC0402FR-071KL,Yageo,RES 1K\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D",
            "R1 1 RC0402FR-0710KL",
            "U1 1 LM75BD",
            "-R9 1 RC0402FR-071KL",
        ],
    ),
    "names, versions and vendors": (
        "Structure Level,Number,Name,Version,Quantity,Unit,Reference Designators,Line Number,Vendor Part Number,Vendor\n"
        '1,0012-001,CAPACITOR 100NF,A.1,2,each,"C1, C2",10,GRM155R71C104KA88D,Murata\n'
        "1,0012-002,RESISTOR 10K,A.1,1,each,R1,20,RC0402FR-0710KL,Yageo\n"
        "1,0012-003,SENSOR,A.1,1,each,U1,30,LM75BD,NXP\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D",
            "R1 1 RC0402FR-0710KL",
            "U1 1 LM75BD",
        ],
    ),
    "an offer with prices": (
        "Line,MPN,Manufacturer,Qty,100 pcs price,1000 pcs price,Ext price @100,MOQ,Lead time (weeks),Stock,Designator\n"
        '1,GRM155R71C104KA88D,Murata,2,0.01,0.008,1.0,10000,12,50000,"C1,C2"\n'
        "2,RC0402FR-0710KL,Yageo,1,0.005,0.004,0.5,10000,8,20000,R1\n"
        "3,LM75BD,NXP,1,0.75,0.6,75,1000,20,1000,U1\n"
        ",,,,,,76.5,,,,\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D",
            "R1 1 RC0402FR-0710KL",
            "U1 1 LM75BD",
        ],
    ),
    "or in cells": (
        "Qty,RefDes,Manufacturer,MPN,Description\n"
        "1,U1,NXP / TI,LM75BD / LM75AIMM/NOPB,Sensor\n"
        '2,"C1,C2",Murata or Samsung,GRM155R71C104KA88D or CL05B104KO5NNNC,Cap\n'
        "1,R1,Yageo,RC0402FR-0710KL or equivalent,Res\n"
        "1,R2,any,any 1k 1%,Res\n",
        "utf-8",
        [
            "U1 1 LM75BD LM75AIMM/NOPB",
            "C1,C2 2 GRM155R71C104KA88D CL05B104KO5NNNC",
            "R1 1 RC0402FR-0710KL",
            "R2 1",
        ],
    ),
    "an option column": (
        "Qty,RefDes,Value,MPN,Mfr,Option\n"
        "1,R1,10k,RC0402FR-0710KL,Yageo,Fitted\n"
        "1,R2,10k,RC0402FR-0710KL,Yageo,DNF\n"
        "1,R3,10k,RC0402FR-0710KL,Yageo,Not Fitted\n"
        "1,C1,100n,GRM155R71C104KA88D,Murata,Fitted\n",
        "utf-8",
        [
            "R1 1 RC0402FR-0710KL",
            "-R2 1 RC0402FR-0710KL",
            "-R3 1 RC0402FR-0710KL",
            "C1 1 GRM155R71C104KA88D",
        ],
    ),
    "approved manufacturers below": (
        "Our PN;Description;Qty;Designators;Approved Manufacturer;Approved MPN;Priority\n"
        "100-1;CAP 100NF;2;C1,C2;Murata;GRM155R71C104KA88D;1\n"
        ";;;;Samsung;CL05B104KO5NNNC;2\n"
        ";;;;Yageo;CC0402KRX7R7BB104;3\n"
        "100-2;RES 10K;1;R1;Yageo;RC0402FR-0710KL;1\n"
        ";;;;Vishay;CRCW040210K0FKED;2\n"
        "100-3;SENSOR;1;U1;NXP;LM75BD;1\n",
        "utf-8",
        [
            "C1,C2 2 GRM155R71C104KA88D CL05B104KO5NNNC CC0402KRX7R7BB104",
            "R1 1 RC0402FR-0710KL CRCW040210K0FKED",
            "U1 1 LM75BD",
        ],
    ),
}


def shown(line) -> str:
    """`C1,C2 2 MPN ALTERNATE (UNDERSTOOD)`."""
    listed = [part.mpn for part in line.parts]
    understood = [f"({other.part.mpn})" for other in line.alternates if not other.listed]
    names = ",".join(line.designators) or "?"
    mark = "" if line.fitted else "-"
    return mark + " ".join([names, f"{line.quantity:f}", *listed, *understood])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_lines(dialect):
    text, encoding, lines = DIALECTS[dialect]
    assert [shown(line) for line in imported(text.encode(encoding)).lines] == lines


ASKED = {
    "or in cells": ["placeholder"],
    "German, decimal comma and units": ["unit_unread"],
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_is_asked(dialect):
    text, encoding, _ = DIALECTS[dialect]
    warnings = imported(text.encode(encoding)).warnings
    assert [warning.code for warning in warnings] == ASKED.get(dialect, [])
