"""The population raster and that of the children: its cells are the grid of everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.inputs.findings import Findings
from planner.inputs.rasters.cells import coarsened, describe, same_cells, tell_cells
from planner.inputs.rasters.counts import read_counts, tell_counts
from planner.scenario import Population, RasterFile
from planner.types.arrays import Doubles, Longs
from planner.types.frame import Frame
from planner.types.text import Text

BESIDE_DEGREES = 1.0  # kept on either side of the people where the rest of the earth is cut away


def read_population(population: Population, findings: Findings) -> tuple[Frame, Doubles, Doubles]:
    """Frame, people and children under five a cell (float64, NaN = unknown), in cells as coarse as the scenario asks.

    Children are read from their own raster where one is given, which must have the same cells; else they are the
    scenario's share of the people.
    """
    file = findings.open("population", population)
    frame, people = read_counts(file, population)
    tell_counts(frame, people, population.year, file)
    children = people * population.under_five_share
    if population.under_five_file:
        children = read_children(population, frame, people, findings)
    columns = over_the_seam(frame, people)
    if columns is not None:
        file.note(
            "repaired",
            Text("people live on both sides of 180 degrees: the rest of the earth is cut away"),
            len(columns),
        )
        people, children = (each.reshape(frame.shape)[:, columns % frame.nx].ravel() for each in (people, children))
        frame = replace(frame, west=frame.west + columns[0] * frame.dx, nx=len(columns))
    tell_cells(frame, file)
    coarse, sums = coarsened(frame, people, population.cell)
    return coarse, sums, coarsened(frame, children, population.cell)[1]


def read_children(population: Population, frame: Frame, people: Doubles, findings: Findings) -> Doubles:
    """Children under five in the cells of the population raster."""
    file = findings.open("under_fives", population, population.under_five_file)
    own, children = read_counts(file, RasterFile(crs=population.crs))
    if not same_cells(frame, own):
        raise file.fault(
            f"has other cells than the population raster: {describe(own)}, not {describe(frame)}.",
            'Give a raster on the same grid, or under_five_file = "" for a share of the people.',
        )
    unknown = np.isnan(children) & (people > 0)
    if unknown.any():
        file.note("warning", Text("cells with people but no data on children: counted as none"), unknown.sum())
    more = children > people * (1 + 1e-6)
    if more.any():
        file.note("warning", Text("cells with more children than people"), more.sum())
    return children


def over_the_seam(frame: Frame, people: Doubles) -> Longs | None:
    """Columns of a country on both sides of 180 degrees, from west to east, in a raster of the whole earth.

    None where the raster is another, or its people do not lie so. Columns count on past the last one.
    """
    lived = np.flatnonzero((people.reshape(frame.shape) > 0).any(axis=0))
    around = frame.geographic and abs(frame.nx * frame.dx - 360) < frame.dx / 2
    gaps = np.diff(lived)
    if not around or gaps.max(initial=0) * frame.dx <= 180:
        return None
    widest = int(gaps.argmax())
    beside = int(BESIDE_DEGREES / frame.dx)
    return np.arange(lived[widest + 1] - beside, lived[widest] + frame.nx + beside + 1)
