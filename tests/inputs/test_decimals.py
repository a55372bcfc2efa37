"""Numbers as people write them, column by column."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inputs.scene import file_of

from planner.errors import InputFaults
from planner.inputs.blanks import is_blank, is_blank_name
from planner.inputs.decimals import read_column, read_numbers, value
from planner.inputs.table import Table
from planner.inputs.text import as_text, clean

THOUSANDS = {".": ["", ",", " ", "'", "\u00a0", "\u202f", "’"], ",": ["", ".", " ", "'", "\u00a0", "\u202f", "’"]}


def written(number, decimal, mark):
    return f"{number:,.2f}".replace(",", "!").replace(".", decimal).replace("!", mark)


def table_of(tmp_path, cells, decimal=""):
    (tmp_path / "v.csv").touch()
    cells = [cell if type(cell) is not str else clean(cell) for cell in cells]
    return Table(file_of(tmp_path / "v.csv"), ("People",), (cells,), range(2, len(cells) + 2), decimal=decimal)


@given(
    numbers=st.lists(st.floats(-1e9, 1e9).map(lambda v: round(v, 2)), min_size=1, max_size=8),
    decimal=st.sampled_from(".,"),
    data=st.data(),
)
def test_numbers_come_back_from_every_writing_with_decimals(numbers, decimal, data):
    mark = data.draw(st.sampled_from(THOUSANDS[decimal]))
    cells = [clean(written(number, decimal, mark)) for number in numbers]
    read = read_numbers(cells)
    assert not read.wrong and not read.doubtful
    assert read.values.tolist() == numbers


@given(numbers=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8), mark=st.sampled_from("., '"))
def test_whole_numbers_with_marks_come_back_or_are_doubtful(numbers, mark):
    read = read_numbers([f"{number:,}".replace(",", mark) for number in numbers])
    assert not read.wrong
    if read.doubtful:
        assert mark in ".," and all(abs(number) < 10**6 for number in numbers)
        assert np.isnan(read.values).all()
    else:
        assert read.values.tolist() == numbers


@given(cells=st.lists(st.text(st.sampled_from("0123456789.,-+ 'eE"), max_size=9) | st.text(max_size=6), max_size=5))
def test_no_text_breaks_the_reader_of_numbers_and_every_cell_has_one_fate(cells):
    read = read_numbers(cells)
    fates = np.array([[not cell for cell in cells], np.isin(range(len(cells)), read.wrong)], bool).sum(axis=0)
    assert (fates <= 1).all()
    if not read.doubtful:
        assert (np.isfinite(read.values) == (fates == 0)).all()


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_what_a_program_wrote_is_never_doubtful(number):
    assume(abs(number) < 2**53)
    assert read_numbers([as_text(number)]).values.tolist() == [number]


@pytest.mark.parametrize(
    "text", ["1e400", "inf", "-inf", "nan", "1 23", "12,34,56", "1.2.3", "0x10", "1_000", "ten", "1'"]
)
def test_what_is_no_finite_number_is_wrong(text):
    assert math.isnan(value(text, ".")) and read_numbers([text]).wrong == [0]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234", "1,5"], [1.234, 1.5]),
        (["1,234", "1.5"], [1234, 1.5]),
        (["1.234", "1.234.567"], [1234, 1234567]),
        (["1,5", "2.5"], [1.5, 2.5]),
        (["−5", "", "1 234"], [-5, math.nan, 1234]),
    ],
)
def test_the_column_decides_what_a_mark_means(cells, values):
    np.testing.assert_array_equal(read_numbers(cells).values, values)


def test_a_column_that_can_mean_two_things_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(InputFaults) as raised:
        read_column(table_of(tmp_path, ["1.234", "2.500", "7"]), "People")
    said = str(raised.value)
    assert (
        '"People" has 2 numbers that can mean two things (1.234 = 1.234 or 1234): row 2: "1.234", row 3: "2.500"'
        in said
    )
    assert 'decimal = "."' in said
    assert read_column(table_of(tmp_path, ["1.234", "7"], ","), "People").tolist() == [1234, 7]
    assert read_column(table_of(tmp_path, ["1.234", "7"], "."), "People").tolist() == [1.234, 7]


def test_what_is_no_number_is_refused_with_its_rows(tmp_path):
    with pytest.raises(InputFaults, match='"People" holds no number in 2 of 3 rows: row 3: "1e400", row 4: "many"'):
        read_column(table_of(tmp_path, ["5", "1e400", "many"]), "People")


def test_marks_are_repaired_and_listed(tmp_path):
    table = table_of(tmp_path, ["1\u202f234,5", "n.d.", "12", as_text(0.5)])
    np.testing.assert_array_equal(read_column(table, "People"), [1234.5, math.nan, 12, 0.5])
    [note] = table.file.findings.notes
    assert [(change.place, change.before, change.after) for change in note.changes] == [
        ("row 2, People", "1 234,5", "1234.5")
    ]


def test_na_is_missing_as_a_number_and_a_name_in_namibia():
    assert is_blank("NA") and is_blank("na") and is_blank("N/A")
    assert not is_blank_name("NA") and not is_blank_name("Nan") and is_blank_name("N/A") and is_blank_name("-")
