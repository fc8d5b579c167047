"""A BOM of ten thousand lines is read while its owner waits."""

import time

from secondsource.exchange.bom import guess, parse, read

from .invented import as_csv

LINES = 10_000
SECONDS = 4.0


def large() -> bytes:
    rows = [["Item", "Qty", "Reference", "Value", "Manufacturer", "MPN", "Alternate MPN 1"]]
    for number in range(LINES):
        names = f"C{2 * number},C{2 * number + 1}"
        mpns = [f"GRM155R71C104K{number:05d}", f"CL05B104K{number:05d}"]
        rows.append([str(number + 1), "2", names, "100nF", "Murata", *mpns])
    return as_csv(rows)


def test_ten_thousand_lines_with_alternates():
    data = large()
    start = time.process_time()
    workbook = read(data, "large.csv")
    result = parse(workbook, guess(workbook))
    took = time.process_time() - start
    assert result.totals.lines == LINES
    assert result.totals.alternates == LINES
    assert result.totals.designators == 2 * LINES
    assert result.warnings == ()
    assert took < SECONDS
