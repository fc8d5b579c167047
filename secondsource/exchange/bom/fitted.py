"""Whether a line, or some of its designators, are fitted: every way of saying no."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .characters import one_line, without_accents
from .designators import read_designators
from .part_numbers import is_value
from .wordlists import word_set

_PHRASE = re.compile(
    r"""\b(?:do\s*n[o']t|don't|not\s+to\s+be)\s*(?:populated?|placed?|install(?:ed)?|fit(?:ted)?|mount(?:ed)?|
    stuff(?:ed)?|assembled?|solder(?:ed)?|use)\b
    |\bnot\s+(?:populated|placed|installed|fitted|mounted|stuffed|assembled|soldered|equipped)\b
    |\bunpopulated\b|\bno[\s-]?(?:pop|stuff|fit|mount|load|place)\b|\bno\s+populate\b
    |\bnicht\s+(?:bestuckt|bestucken|montiert)\b|\bunbestuckt\b
    |\bnon\s+(?:mont(?:ee?s?|ato|are)|cablee?s?|equipee?s?)\b|\bne\s+pas\s+(?:monter|cabler)\b
    |\bno\s+(?:montar|montado|poblar)\b|\bnao\s+montar\b|\bnie\s+montowac\b|\bneosazovat\b
    |\bexcluded?\s+from\s+(?:the\s+)?(?:bom|board|assembly)\b
    |不贴|不焊|空贴|不上件|未実装|実装しない|미실장|
    niet\s+(?:plaatsen|geplaatst|monteren)|не\s+устанавливать""",
    re.IGNORECASE | re.VERBOSE,
)
_TOKEN = re.compile(r"(?<![A-Za-z0-9])(?:DNP|DNI|DNF|DNM|DNS)(?![A-Za-z0-9])")
_WHOLE = re.compile(
    r"(?:DNP|DNI|DNF|DNM|DNS|NF|NM|NP|NI|NC|N\.?P\.?|N\.?F\.?|N\.?M\.?|N\.?I\.?|N/[PFM]|nb|n\.b\.)",
    re.IGNORECASE,
)
#: In a column about fitting any such code says no: NL, NS, DNL; NO is a word and NA unclear.
_FLAG = re.compile(r"(?:DN|N)[B-MP-Z]")
_LIST = re.compile(
    r"\b(?:NF|DNP|DNI|DNF|DNM|NM|NI|NP|NA)\s*[(\[:]\s*([^)\]]*)[)\]]?", re.IGNORECASE
)
_PHRASE_LIST = re.compile(
    r"(?:not\s+(?:fitted|populated|mounted|installed|placed)|do\s+not\s+(?:fit|populate|install|mount|place))"
    r"\s*[(\[:]\s*([^)\]]*)[)\]]?",
    re.IGNORECASE,
)
_MARKED_NAME = re.compile(
    r"([A-Za-z]{1,8}\d\w*(?:\s?(?:-|\.{2,3}|…)\s?[A-Za-z]{0,8}\d\w*)?)"
    r"(\s*[(\[][^()\[\]]{2,40}[)\]]|\s+(?:DN[PIFMS]|[^\W\d][^\d,;\n()]{3,30})(?=\s*(?:[,;\n]|$)))"
)
_WORDS = re.compile(r"\w+")
_NAME = re.compile(r"[A-Za-z]{1,8}\d\w*")
_MARKED_VALUE = re.compile(r"(?:NA|NF|NM|NI|NP|DNP|DNI)\s*\(.*\)", re.IGNORECASE | re.DOTALL)
#: `10K_NC`, `1uF/NC`, `NC (10k)`: one of these beside a value; `100 NF` is a value itself.
_BESIDE_VALUE = re.compile(
    r"(?P<value>[^\s_/(,;]+)(?:\s*[_/,;(]\s*|\s+(?=N\.?[CPB]\b))(?:N/?[CFMP]|NI|N\.?B\.?)\s*\)?"
    r"|(?:NC|N/?P|N\.?B\.?)\s*[_/,;(\s]\s*(?P<behind>[^\s_/(,;)]+)\s*\)?",
    re.IGNORECASE,
)
_YES = word_set(
    """
    x yes y true 1 ja j oui o si s sim tak ano 是 √ ✓ ✔ do checked • * ○ ◯ 〇 有"""
)
_NO = word_set(
    """
    no n false 0 nein non nao nie ne 否 × ✗ nicht never 无 無"""
)
_IS_FITTED = word_set(
    """
    fitted populated populate mounted installed fit mount placed assembled bestuckt montiert
    monte montee cable cablee equipe montado montato osazeno 実装 実装する 贴片 贴 实贴 焊接"""
)
_SHEET = re.compile(
    r"\b(?:DN[PIFMS]|NF|NM|NI|NP|unpopulated|unfitted|(?:do\s*)?not\s*(?:to\s*be\s*)?"
    r"(?:fit(?:ted)?|mount(?:ed)?|populated?|install(?:ed)?|placed?|stuff(?:ed)?|load(?:ed)?|"
    r"assembled?)|no\s*(?:mount|pop|fit|stuff|load|place)|nicht\s*bestuckt|unbestuckt|"
    r"non\s*monte(?:e?s)?|不贴)\b",
    re.IGNORECASE,
)
#: What else the name of such a sheet may hold.
_SHEET_WORDS = re.compile(
    r"\b(?:bom|parts?|components?|list|items?|sheet|lines?|only|all|table|positions?|\d+|"
    r"stuckliste|teile|bauteile|composants|rev\s*\w)\b|[^\w]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a cell says: everything not fitted, or only the `names`; `reason` are its words."""

    whole: bool = False
    names: tuple[str, ...] = ()
    reason: str = ""

    def __bool__(self) -> bool:
        return self.whole or bool(self.names)


FITTED = Fitting()


@lru_cache(maxsize=16384)
def says_not_fitted(text: str) -> bool:
    """Whether a text says so in a phrase or by a well-known abbreviation."""
    if len(text) < 2:
        return False
    return bool(_TOKEN.search(text) or _PHRASE.search(without_accents(text)))


_CONDITION = re.compile(
    r"\s+(?:(?:with|as|on|for|unless|until|if|when|without|near|after|before|to|at|by|per|"
    r"mit|als|auf|fur|wenn|bei|ohne|bis|avec|sur|pour|si|con|para|in(?!\s+th(?:is|e)\b))\b)",
    re.IGNORECASE,
)
_USE = re.compile(r"do\s*n[o']t\s*use|don't\s*use", re.IGNORECASE)


@lru_cache(maxsize=16384)
def says_it_outright(text: str) -> bool:
    """Whether a text says not fitted, and not under a condition or of something else.

    `Do not mount with wave soldering` and `DNP on pilot` go on behind the phrase; `do not use`
    counts alone.
    """
    if not says_not_fitted(text):
        return False
    plain = without_accents(one_line(text))
    for pattern in (_TOKEN, _PHRASE):
        for match in pattern.finditer(plain):
            if _USE.fullmatch(match[0]) and match[0] != plain.strip(" .!()[]"):
                continue
            if not _CONDITION.match(plain, match.end()):
                return True
    return False


@lru_cache(maxsize=4096)
def names_not_fitted_sheet(name: str) -> bool:
    """Whether a sheet is by its name that of the parts that are not fitted, and of no others."""
    plain = re.sub(r"[\W_]+", " ", without_accents(name)).strip()
    rest, found = _SHEET.subn(" ", plain, count=1)
    return bool(found) and not _SHEET_WORDS.sub("", rest)


@lru_cache(maxsize=4096)
def is_flag(text: str) -> bool:
    """Whether a cell could stand in a column about fitting: Yes, X, DNP, NF(C1 C2)."""
    folded = without_accents(text).casefold()
    return (
        folded in _YES
        or folded in _NO
        or _WHOLE.fullmatch(text) is not None
        or _FLAG.fullmatch(text) is not None
        or _LIST.search(text) is not None
        or says_not_fitted(text)
        or folded in _IS_FITTED
    )


def means_fitted(word: str) -> bool:
    """Whether a word, in plain lower case, says that a part is fitted."""
    return word in _IS_FITTED


def listed(text: str) -> tuple[str, ...]:
    """The designators named in `NF(C324 C325)` or `Not fitted: R1, R2`."""
    if not any(sign in text for sign in "([:"):
        return ()
    names: list[str] = []
    for pattern in (_LIST, _PHRASE_LIST):
        for match in pattern.finditer(text):
            found = read_designators(match[1]).names
            names.extend(name for name in found if _NAME.fullmatch(name))
    return tuple(dict.fromkeys(names))


def from_flag(text: str, *, column_says_not: bool) -> Fitting:
    """A cell of a column about fitting; `column_says_not` for DNP columns, where X means no."""
    text = one_line(text)
    if not text:
        return FITTED
    folded = without_accents(text).casefold()
    if names := listed(text):
        return Fitting(names=names, reason=text)
    if _WHOLE.fullmatch(text) or _FLAG.fullmatch(text) or says_not_fitted(text):
        return Fitting(whole=True, reason=text)
    if (column_says_not and folded in _YES) or (not column_says_not and folded in _NO):
        return Fitting(whole=True, reason=text)
    return FITTED


def from_value(text: str) -> Fitting:
    """A value, comment or part number cell: `DNP`, `0R - DNP`, `NA(10k)`, `NF`."""
    if len(text) < 2:
        return FITTED
    if _WHOLE.fullmatch(text) or _MARKED_VALUE.fullmatch(text) or says_it_outright(text):
        return Fitting(whole=True, reason=one_line(text))
    beside = _BESIDE_VALUE.fullmatch(one_line(text))
    if beside and is_value(beside["value"] or beside["behind"]):
        return Fitting(whole=True, reason=one_line(text))
    return FITTED


def from_part_number(text: str) -> Fitting:
    """A part number cell; a number with digits is one, unless DNP or the like is written to it."""
    if "DN" in text or not any(map(str.isdigit, text)):
        return from_value(one_line(text))
    return FITTED


def from_text(text: str) -> Fitting:
    """A description or note: a phrase, an abbreviation of three letters, or a list."""
    if len(text) < 2:
        return FITTED
    if names := listed(text):
        return Fitting(names=names, reason=one_line(text))
    if says_it_outright(text):
        return Fitting(whole=True, reason=one_line(text))
    return FITTED


def from_remark(text: str) -> Fitting:
    """A note, or nothing but an abbreviation in its column: `NC`, `NP`."""
    if _WHOLE.fullmatch(text):
        return Fitting(whole=True, reason=one_line(text))
    return from_text(text)


def marked(text: str) -> tuple[str, tuple[str, ...], str]:
    """A cell of designators without its marks, those marked as not fitted, and the first mark.

    `R1, R2 (not fitted)` and `R1,R2(DNP)`: a mark belongs to the name or range before it.
    """
    absent: list[str] = []
    marks: list[str] = []

    def without_mark(match: re.Match[str]) -> str:
        mark = match[2].strip(" ()[]")
        if not (_WHOLE.fullmatch(mark) or says_not_fitted(mark)):
            return match[0]
        absent.extend(read_designators(match[1]).names)
        marks.append(mark)
        return match[1]

    clean = _MARKED_NAME.sub(without_mark, text)
    return clean, tuple(dict.fromkeys(absent)), marks[0] if marks else ""


def narrowed(found: Fitting, text: str, own: tuple[str, ...]) -> Fitting:
    """A text that says it of some designators of the line by name: `C2 not fitted`."""
    if not found.whole or len(own) < 2:
        return found
    said = set(_WORDS.findall(text))
    names = tuple(name for name in own if name in said)
    return Fitting(names=names, reason=found.reason) if names else found


def is_unclear(text: str) -> bool:
    """`NA` alone may mean not assembled or not applicable; a sentence may speak of another part."""
    if text.casefold() in ("na", "n/a", "n.a."):
        return True
    return says_not_fitted(text) and not says_it_outright(text)


_FEW_WORDS = 6
#: A no in a language whose phrases are not known here, in a remark of few words.
_NO_OF_SOME = word_set("ikke inte icke ej ei nem niet nao nie ne nu не ikkje ekki")
_HINT = re.compile(
    r"\b(?:n/[fpmi]|optional\w*|option|opt\.|leave|left|empty|unused|not\s+(?:used|needed|required)|spare|"
    r"reserved?|omit\w*|skip|(?:only|just)\s+(?:for|in|on|if|when)|debug|test\s+only|"
    r"frei|leer|entfall\w*|weglassen|nur\s+(?:fur|bei|in|im|wenn)|bei\s+bedarf|reserve|"
    r"vide|uniquement|si\s+besoin|vuoto|solo|vacio|opzional\w*|opcional\w*|optionnel\w*|"
    r"opcja|tylko|puste)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def may_say_not_fitted(text: str) -> bool:
    """`leave empty`, `only for debug`: a remark that a person has to read."""
    plain = without_accents(text)
    short = len(plain.split()) <= _FEW_WORDS
    return bool(
        _HINT.search(plain) or (short and _NO_OF_SOME.intersection(plain.casefold().split()))
    )


def is_open(text: str) -> bool:
    """Whether a note may say that its line is not fitted, or only sometimes."""
    return len(text) > len("n.a.") and (is_unclear(text) or may_say_not_fitted(text))
