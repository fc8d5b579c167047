"""A table of no meaning is given up soon, however wide it is."""

import time

import pytest

from secondsource.exchange.bom import BomError, guess, read

SECONDS = 8.0


@pytest.mark.parametrize(
    "row", [["word here"] * 800, ["ж" * 20_000, "a", "b", "c"]], ids=["wide", "long cells"]
)
def test_it_is_not_searched_for_ever(row):
    data = "\n".join(",".join(row) for _ in range(240)).encode()
    workbook = read(data, "huge.csv")
    start = time.process_time()
    with pytest.raises(BomError) as refusal:
        guess(workbook)
    assert refusal.value.code == "no_table"
    assert time.process_time() - start < SECONDS


def test_every_row_is_still_searched_in_a_table_of_usual_size():
    noise = [["lorem ipsum", "dolor sit", "amet con", "sed do"] for _ in range(60)]
    head = ["Wo", "Was es ist", "Wieviele"]
    lines = [[f"R{n}", f"RC0402FR-07{n}KL", "1"] for n in range(1, 30)]
    data = "\n".join(",".join(row) for row in [*noise, head, *lines]).encode()
    mapping = guess(read(data, "far.csv"))
    assert mapping.tables[0].header_rows == (60,)
