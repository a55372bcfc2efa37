"""A made-up district to learn and test with, drawn from a seed: hills, a river, villages, roads, lists, a scenario."""

from __future__ import annotations

from pathlib import Path

SEED = 2026  # of the district that ships in data/demo


def make(folder: Path, seed: int) -> None:
    """Write a made-up district into a folder: rasters, roads, areas, lists, ``scenario.toml`` and ``README.txt``.

    Parameters
    ----------
    folder
        Made where it does not exist; files of an earlier run are replaced.
    seed
        The same seed gives the same bytes (with the same versions of the libraries that write them).
    """
    from planner.demo.district import draw
    from planner.demo.writers import write

    write(folder, draw(seed))
