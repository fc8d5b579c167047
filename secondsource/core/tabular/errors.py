"""Refusals of uploaded tables."""


class TabularError(ValueError):
    """A file that cannot be read as tables of cells.

    `code` is a stable slug for programs, `str(error)` the sentence for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
