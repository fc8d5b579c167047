"""Lists of words kept as text: one blank, or a bar where words hold blanks, between entries."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """The phrases between bars, on however many lines."""
    return frozenset(phrase.strip() for phrase in text.replace("\n", " ").split("|"))
