"""Stored states and problems in words."""

from __future__ import annotations

from secondsource.core.formats import number
from secondsource.core.models import Job

FORMATS = {
    "csv": "delimited text",
    "xls": "Excel workbook (XLS)",
    "xlsx": "Excel workbook (XLSX)",
    "ods": "OpenDocument sheet (ODS)",
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8, marked",
    "utf-16": "UTF-16, marked",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252, Western Europe",
    "cp1250": "Windows-1250, Central Europe",
    "cp1251": "Windows-1251, Cyrillic",
    "gb18030": "GB 18030, Chinese",
    "big5": "Big5, Chinese",
    "cp932": "Shift JIS, Japanese",
    "cp949": "Korean",
    "latin-1": "Latin 1",
    "mac_roman": "Mac Roman",
}
DELIMITERS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    "  ": "columns set by blanks",
}
#: Rows that are no lines: one, many.
LEFT_OUT = {
    "heading": ("heading", "headings"),
    "total": ("total", "totals"),
    "header": ("repeated header", "repeated headers"),
    "note": ("note", "notes"),
    "above the header": ("row above the header", "rows above the header"),
    "assembly": ("row of the product itself", "rows of the product itself"),
    "struck": ("row struck through", "rows struck through"),
    "skipped": ("row that is no line", "rows that are no lines"),
}


#: What jobs count in their results, in the order of the sentence.
_COUNTED = {
    "rows": "rows",
    "lines": "lines",
    "created": "created",
    "updated": "changed",
    "unchanged": "as before",
    "parts_new": "new parts",
    "candidates": "candidates",
    "rejected": "not imported",
    "pages": "pages",
}


def job_result(job: Job) -> str:
    """What a job did in numbers: ``62 lines · 58 new parts``; '' when it counts nothing."""
    result = job.result or {}
    found = [(words, result.get(name)) for name, words in _COUNTED.items()]
    return " · ".join(
        f"{number(value)} {words.removesuffix('s') if value == 1 else words}"
        for words, value in found
        if isinstance(value, int) and value
    )
