"""Manufacturers of electronic parts by name, to tell a maker's column or words from others."""

import re
from functools import lru_cache

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
    littelfuse|littlefuse|lumex|macronix|marvell|maxim|mcc|mean well|melexis|memsic|
    micrel|micro commercial|microchip|micron|microsemi|midas|mill-max|mini-circuits|
    mini circuits|mitsumi|mle|molex|monolithic power|mps|mtconn|multicomp|murata|nec|
    neltron|nexperia|nic|nichicon|nordic|nuvoton|nvidia|nxp|octavo|omron|on semi|onsemi|
    on semiconductor|osram|panasonic|panjit|peregrine|pericom|philips|phoenix contact|
    power integrations|preci-dip|pulse|qorvo|qualcomm|quectel|rakon|raltron|raspberry pi|
    realtek|recom|renesas|richtek|ricoh|rohm|rubycon|samsung|samtec|sanyo|schaffner|
    schurter|seiko|semitel|semtech|sensata|sensirion|sharp|silego|silicon labs|sitime|
    skyworks|smsc|spansion|st|stackpole|standex|st micro|st microelectronics|
    stmicroelectronics|sullins|sumida|suntech|susumu|switchcraft|taiwan semiconductor|
    taiyo yuden|tayo yuden|tdk|te|te connectivity|tensility|texas instruments|
    texas instrument|ti|toko|toshiba|traco|transcend|triquint|tyco|txc|u-blox|uniohm|
    uniroyal|united chemi-con|vcc|vectron|via|viking|vishay|vishay dale|walsin|wago|
    weidmuller|wiznet|winbond|wolfson|wurth|wurth elektronik|xilinx|xkb|yageo|yamaichi|
    zetex|zilog|diodes inc|diodes incorporated|samsung electro-mechanics|kyocera avx|
    cornell dublier|murata electronics|tdk corporation|united chemi con|nichicon|huayi|
    other"""
)
_LEGAL = re.compile(
    r"(?:[,.]*\s+(?:inc|incorporated|corp|corporation|co|ltd|llc|gmbh|ag|kg|sa|s\.a|bv|b\.v|plc|"
    r"limited|company|electronics|electronic|semiconductors?|technologies|technology|components?|"
    r"north america|america|usa|international|products|solutions|group|elec|usa)\b\.?)+$"
)


@lru_cache(maxsize=16384)
def is_maker(text: str) -> bool:
    """Whether a text is the name of a known manufacturer, legal forms and branches aside."""
    folded = without_accents(one_line(text)).casefold().rstrip(". ")
    return folded in _KNOWN or _LEGAL.sub("", folded) in _KNOWN


@lru_cache(maxsize=16384)
def leading_maker(words: tuple[str, ...]) -> int:
    """How many of the first words name a known manufacturer; 0 when none does."""
    for length in range(min(4, len(words)), 0, -1):
        if is_maker(" ".join(words[:length])):
            return length
    return 0


def is_branch_word(word: str) -> bool:
    """Whether a word behind a maker's name belongs to it: Systems, Inc., Dielectrics, SPEER.

    A short word in capitals (BAT 60A) rather begins the part number.
    """
    if any(ch.isdigit() for ch in word):
        return False
    return len(word) > 4 or not word.isupper()
