"""Read everything a scenario names: layers on the population raster's own cells, points and lines in its CRS.

The readers import rasterio, geopandas, osmium and others only when they are called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.scenario import Scenario
    from planner.types.frame import Frame
    from planner.types.inputs import Bicycle, Inputs, Layers, Note, Numbers, Places, Roads, SpeedTable


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


def population_frame(scenario: Scenario, folder: Path) -> Frame | None:
    """The cells of the population raster by its header alone, not made coarser; None where it has to be mended."""
    from planner.files import is_file
    from planner.inputs.findings import File, Findings
    from planner.inputs.rasters import read_frame

    findings, path = Findings(folder, scenario.fixes), folder / scenario.population.file
    file = File(path, "population", findings, scenario.population.crs)
    return findings.attempt(read_frame, file, scenario.population) if is_file(path) else None


def read_points(path: Path, frame: Frame) -> tuple[Places, tuple[Note, ...]]:
    """Read points from a file of its own (CSV, XLSX, GeoPackage or GeoJSON), in the CRS of the frame.

    Returns
    -------
    The points, and what was found, repaired and left out in the file.

    Raises
    ------
    InputFaults
        No such file, no columns of coordinates, ids that are not unique.
    """
    from planner.inputs.findings import Findings
    from planner.inputs.places import read_list

    findings = Findings(path.absolute().parent)
    return read_list(path, frame, findings), tuple(findings.notes)


def read_numbers(scenario: Scenario, folder: Path, layers: Layers, roads: Roads) -> Numbers:
    """Read the number tables a scenario names, and the planner's own numbers of care.

    Parameters
    ----------
    scenario
        Tables (``walking.speeds``, ``walking.compare_speeds``, ``walking.road_speeds``, ``land_cover.legend``,
        ``season.wet_factors``, ``travellers.NAME.ride``) are named as the planner ships them, or are a CSV relative to
        `folder`.
    folder
        Folder of the scenario file.
    layers, roads
        What was read: the classes that occur need a speed, and are told with their share of the area and people.

    Returns
    -------
    Numbers
        Speeds on foot and by vehicle in the scenario's season (km/h on the flat), episodes a child and year,
        commodities an episode; the assumptions are those numbers of the tables that are used, no others.

    Raises
    ------
    InputFaults
        Codes without legend, classes without speed, speeds that nobody reaches, factors below 0 or above 1.
    """
    from planner.inputs.numbers import read_all_numbers

    return read_all_numbers(scenario, folder, layers, roads)


def speed_tables(scenario: Scenario, folder: Path) -> tuple[SpeedTable, ...]:
    """The tables of speeds that a scenario names, as they stand in their files, in the dry and in the wet season.

    Raises
    ------
    InputFaults
        Tables that are not there, or hold no speeds.
    """
    from planner.inputs.shown_speeds import read_speed_tables

    return read_speed_tables(scenario, folder)


def cyclist(ride: str, folder: Path) -> tuple[Bicycle, dict[str, float]]:
    """Who rides a bicycle by the power it takes, and a table's km/h on the flat by road class."""
    from planner.inputs.shown_speeds import read_cyclist

    return read_cyclist(ride, folder)


def shipped_speeds() -> dict[str, list[str]]:
    """Names of the planner's own tables of speeds, by the key of the scenario that takes them."""
    from planner.inputs.shown_speeds import SHIPPED
    from planner.inputs.values import shipped_tables

    return {key: shipped_tables("speeds", prefix) for key, prefix in SHIPPED.items()}


def sha256(path: Path) -> str:
    """Sha256 of a file, as hexadecimal text; the file is streamed."""
    from planner.files import sha256_of

    return sha256_of(path)
