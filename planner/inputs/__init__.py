"""Read everything a scenario names: layers on the population raster's own cells, points and lines in its CRS.

The readers import rasterio, geopandas, osmium and others only when they are called.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.scenario import Scenario
    from planner.types.inputs import Inputs, Numbers


def read(scenario: Scenario, folder: Path) -> Inputs:
    """Read all files of a scenario.

    Parameters
    ----------
    scenario
        Checked scenario; paths in it are relative to `folder`.
    folder
        Folder of the scenario file.

    Returns
    -------
    Inputs
        Layers on the cells of the population raster; points, lines and polygons in its CRS; the sources with sha256;
        and a note for each thing repaired, left out or doubtful.

    Raises
    ------
    InputFaults
        All faults of all files, told at once.
    """
    from planner.inputs.reading import read_all

    return read_all(scenario, folder)


def read_numbers(
    scenario: Scenario, folder: Path, land_cover_codes: Collection[int], highway_classes: Collection[str]
) -> Numbers:
    """Read the number tables a scenario names, and the planner's own numbers of care.

    Parameters
    ----------
    scenario
        ``walking.speeds``, ``walking.road_speeds`` and ``land_cover.legend`` name a table of the planner, or a CSV
        relative to `folder`.
    folder
        Folder of the scenario file.
    land_cover_codes
        Codes that occur in the land cover raster (without -1); empty where there is none.
    highway_classes
        Classes that occur among the roads.

    Returns
    -------
    Numbers
        Speeds on foot (km/h on the flat), episodes a child and year, commodities an episode; the assumptions are those
        numbers of the tables that are used, no others.

    Raises
    ------
    InputFaults
        Codes without legend, classes without speed, speeds below 0, above 15 km/h or not a number.
    """
    from planner.inputs.numbers import read_all_numbers

    return read_all_numbers(scenario, folder, land_cover_codes, highway_classes)


def sha256(path: Path) -> str:
    """Sha256 of a file, as hexadecimal text; the file is streamed."""
    from planner.inputs.findings import sha256_of

    return sha256_of(path)
