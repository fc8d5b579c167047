"""Known manufacturers of electronic parts, to recognise their columns and names."""

import re
from functools import lru_cache
from itertools import takewhile

from .characters import one_line, without_accents
from .wordlists import phrase_set

_KNOWN = phrase_set(
    """
    3m|abracon|adam tech|adesto|adi|advanced ceramic x|agilent|aic|allegro|
    alliance memory|alps|altera|amphenol|ams|analog devices|aos|apem|apex|aptina|arduino|
    atmel|avago|avx|bel|bel fuse|bivar|boomele|bourns|broadcom|c&k|cal-chip|calchip|
    cavium|changjiang|chemi-con|cirrus|citizen|clare|coilcraft|comchip|cornell dubilier|
    cree|cts|cui|cypress|dallas|delta|dialight|digilent|diodes|diptronics|dioo|e-switch|
    eaton|ecs|elpida|epcos|epson|erni|espressif|everlight|exar|fairchild|fci|fenghua|
    ferroxcube|feryster|fox|foxconn|freescale|fremont|ftdi|fujitsu|gct|gigadevice|
    grayhill|hamamatsu|harting|harwin|hirose|holystone|honeywell|hosonic|huawei|hynix|idt|
    infineon|intel|interlink|international rectifier|intersil|interquip|invensense|iqd|
    issi|ixys|jae|jauch|johanson|jst|keystone|kemet|kingston|kingbright|knowles|koa|
    kyocera|laird|lattice|lem|lg|lime microsystems|linear|link pp|lite-on|liteon|
    littelfuse|lumex|macronix|marvell|maxim|mcc|mean well|melexis|memsic|
    micrel|micro commercial|microchip|micron|microsemi|midas|mill-max|mini-circuits|
    mini circuits|mitsumi|mle|molex|monolithic power|mps|mtconn|multicomp|murata|nec|
    neltron|nexperia|nic|nichicon|nordic|nuvoton|nvidia|nxp|octavo|omron|on semi|onsemi|
    on semiconductor|osram|panasonic|panjit|peregrine|pericom|philips|phoenix contact|
    power integrations|preci-dip|pulse|qorvo|qualcomm|quectel|rakon|raltron|raspberry pi|
    realtek|recom|renesas|richtek|ricoh|rohm|rubycon|samsung|samtec|sanyo|schaffner|
    schurter|seiko|semitel|semtech|sensata|sensirion|sharp|silego|silicon labs|sitime|
    skyworks|smsc|spansion|st|stackpole|standex|st micro|st microelectronics|
    stmicroelectronics|sullins|sumida|suntech|susumu|switchcraft|taiwan semiconductor|
    taiyo yuden|tdk|te|te connectivity|tensility|texas instruments|
    ti|toko|toshiba|traco|transcend|triquint|tyco|txc|u-blox|uniohm|
    uniroyal|united chemi-con|vcc|vectron|via|viking|vishay|vishay dale|walsin|wago|
    weidmuller|wiznet|winbond|wolfson|wurth|wurth elektronik|xilinx|xkb|yageo|yamaichi|
    zetex|zilog|diodes inc|diodes incorporated|samsung electro-mechanics|kyocera avx|
    murata electronics|tdk corporation|united chemi con|nichicon|huayi|
    other"""
)
_MISSPELLED = phrase_set(
    "cornell dublier|littlefuse|tayo yuden|texas instrument|yaego|yago|abracom"
)
_DISTRIBUTORS = phrase_set(
    """
    digi-key|digikey|mouser|mouser electronics|farnell|newark|element14|lcsc|jlcpcb|tme|arrow|
    avnet|rs components|conrad|reichelt|future electronics|rutronik|distrelec|rochester"""
)
_IN_OTHER_SCRIPTS = {
    "村田": "murata", "村田製作所": "murata", "村田制作所": "murata", "国巨": "yageo",
    "三星": "samsung", "サムスン": "samsung", "太陽誘電": "taiyo yuden", "太阳诱电": "taiyo yuden",
    "京セラ": "kyocera", "京瓷": "kyocera", "ローム": "rohm", "罗姆": "rohm", "松下": "panasonic",
    "パナソニック": "panasonic", "东芝": "toshiba", "東芝": "toshiba", "ルネサス": "renesas",
    "瑞萨": "renesas", "意法半导体": "stmicroelectronics", "德州仪器": "texas instruments",
    "恩智浦": "nxp", "安森美": "onsemi", "风华": "fenghua", "华新科": "walsin", "美信": "maxim",
    "ニチコン": "nichicon", "ヒロセ": "hirose", "厚声": "uniroyal", "威世": "vishay",
}  # fmt: skip
_ONE_MANUFACTURER = _IN_OTHER_SCRIPTS | {
    "on": "onsemi", "on semi": "onsemi", "on semiconductor": "onsemi", "st": "stmicroelectronics",
    "st micro": "stmicroelectronics", "st microelectronics": "stmicroelectronics",
    "ti": "texas instruments", "te": "te connectivity", "adi": "analog devices",
    "lite-on": "liteon", "calchip": "cal-chip", "samsung electro-mechanics": "samsung",
    "wurth elektronik": "wurth",
}  # fmt: skip
_RECOGNISED = _KNOWN | _MISSPELLED | frozenset(_IN_OTHER_SCRIPTS)
_LEGAL = re.compile(
    r"(?:[,.]*\s+(?:inc|incorporated|corp|corporation|co|ltd|llc|gmbh|ag|kg|sa|s\.a|bv|b\.v|plc|"
    r"limited|company|electronics|electronic|semiconductors?|technologies|technology|components?|"
    r"north america|america|usa|international|products|solutions|group|elec|usa)\b\.?)+$"
)


@lru_cache(maxsize=16384)
def is_manufacturer(text: str) -> bool:
    """Whether a text is the name of a known manufacturer, legal forms and branches aside."""
    folded, short = _folded(text)
    return folded in _RECOGNISED or short in _RECOGNISED


def _folded(text: str) -> tuple[str, str]:
    """A name in small letters, and without its legal form and branch."""
    folded = without_accents(one_line(text)).casefold().rstrip(". ")
    return folded, _LEGAL.sub("", folded)


@lru_cache(maxsize=16384)
def canonical(text: str) -> str:
    """The same for the names of one manufacturer: ON SEMI and ON Semiconductor, ST and STMicro…"""
    folded, short = _folded(text)
    return _ONE_MANUFACTURER.get(folded) or _ONE_MANUFACTURER.get(short, short)


@lru_cache(maxsize=16384)
def is_distributor(text: str) -> bool:
    """Whether a manufacturer's name is that of a distributor."""
    folded, short = _folded(text)
    return folded in _DISTRIBUTORS or short in _DISTRIBUTORS


@lru_cache(maxsize=16384)
def misspelled(text: str) -> str | None:
    """The known manufacturer whose name was probably meant: Yageo for YAEGO."""
    folded, short = _folded(text)
    if folded in _KNOWN or short in _KNOWN or len(short) < 4:
        return None
    if any(_letters(short) == _letters(known) for known in _KNOWN):
        return None
    return next((known for known in sorted(_KNOWN) if _one_slip(short, known)), None)


def _letters(text: str) -> str:
    return "".join(ch for ch in text if ch.isalnum())


def _one_slip(one: str, two: str) -> bool:
    """Whether one letter is missing, too many, another, or two beside each other are swapped."""
    if len(two) < 5 or abs(len(one) - len(two)) > 1:
        return False
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))
    rest, other = one[start:], two[start:]
    if len(one) == len(two):
        swapped = rest[1:2] + rest[:1] + rest[2:]
        return rest[1:] == other[1:] or swapped == other
    return rest == other[1:] or rest[1:] == other


@lru_cache(maxsize=16384)
def leading_manufacturer(words: tuple[str, ...]) -> int:
    """How many of the first words name a known manufacturer; 0 when none does."""
    for length in range(min(4, len(words)), 0, -1):
        if is_manufacturer(" ".join(words[:length])):
            return length
    return 0


def is_branch_word(word: str) -> bool:
    """Whether a word behind a manufacturer's name belongs to it: Systems, Inc., Dielectrics, SPEER.

    A short word in capitals (BAT 60A) rather begins the part number.
    """
    if any(ch.isdigit() for ch in word):
        return False
    return len(word) > 4 or not word.isupper()
