"""Every fault of the corpus ends as its row says, and the user reads what the golden shows."""

from __future__ import annotations

from itertools import groupby

import pytest
from faults import corpus

ROWS = {row: list(found) for row, found in groupby(corpus.cases(), key=lambda case: case.row)}


@pytest.mark.parametrize("row", ROWS)
def test_a_fault_is_stopped_repaired_or_told_and_the_words_are_the_golden_ones(row):
    said = {case: corpus.answer(case.spoil) for case in ROWS[row]}
    assert {case.name: corpus.trouble(case, each) for case, each in said.items()} == {case.name: "" for case in said}
    assert corpus.golden(row, said) == (corpus.GOLDEN / f"{row}.txt").read_text(encoding="utf-8")


def test_no_golden_is_left_of_a_row_that_is_gone():
    assert {path.stem for path in corpus.GOLDEN.glob("*.txt")} == set(ROWS)


def test_every_row_has_at_least_three_variants_each_with_a_name_of_its_own():
    for row, variants in ROWS.items():
        names = [case.name for case in variants]
        assert len(set(names)) == len(names) >= 3, row
