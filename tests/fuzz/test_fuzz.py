"""Every reader reads, or tells a fault, whatever a file holds: the same bytes each time, others by `make fuzz`."""

from __future__ import annotations

import sys

import pytest

EXAMPLES = 20


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows neither limits nor alarms of a process")
def test_no_reader_is_brought_down(tmp_path):
    from fuzz import hunt

    outcomes = list(hunt.fuzz(list(hunt.TARGETS), first_seed=1, examples=EXAMPLES, seconds=600, save=tmp_path))
    assert {outcome.reader: outcome.found for outcome in outcomes} == {name: [] for name in hunt.TARGETS}
    assert all(outcome.tried >= EXAMPLES for outcome in outcomes)
