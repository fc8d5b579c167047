"""Lists of words kept as text: one blank, or a bar where words hold blanks, between entries."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """The phrases between bars, on however many lines."""
    return frozenset(phrase.strip() for phrase in text.replace("\n", " ").split("|"))


#: A plain yes and no, without accents; what else a mark may mean depends on its column.
YES = word_set("yes y true x ja oui si sim 是")
NO = word_set("no n false nein non nee nao 否")
