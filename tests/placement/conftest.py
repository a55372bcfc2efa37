"""Settings of the tests of placement."""

import pytest

from planner.placement import recombination


@pytest.fixture
def bred_briefly(monkeypatch):
    """Choices are bred for one generation in vain, with two regions, where a test does not ask how good they get."""
    monkeypatch.setattr(recombination, "MOST_IDLE", 1)
    monkeypatch.setattr(recombination, "REGIONS", 2)
