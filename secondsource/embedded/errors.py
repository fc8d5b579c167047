"""Why a start was refused or given up, in words for the person at the terminal."""


class StartError(Exception):
    """One clear line that says what is wrong and what to do about it."""


class InUseError(StartError):
    """Another process works on the same data folder."""
