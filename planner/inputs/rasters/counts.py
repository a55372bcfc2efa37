"""People counted in cells: read in float64, never moved to other cells, no more and no fewer than the file has.

What is no count is no data where that is sure: where it is tagged so, or is a value that programs write for it. Any
other negative number is a fault: it would take people away from others.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from planner.errors import Fault, InputFaults
from planner.inputs.findings import File
from planner.inputs.rasters.cells import cell_metres, frame_of
from planner.inputs.rasters.opening import near, opened
from planner.inputs.text import examples
from planner.scenario import RasterFile
from planner.types.arrays import Doubles
from planner.types.frame import Frame
from planner.types.inputs import Change
from planner.types.text import Text

# Written for "no data" by common programs, often without the tag: the latter are ends of types of numbers.
SENTINELS = (
    *(-1.0, -9999.0, -99999.0),
    *(-32768.0, -2147483648.0, 2147483647.0, 4294967295.0),
    *(float(sign * np.finfo(kind).max) for kind in (np.float32, np.float64) for sign in (-1, 1)),
)
MOST_PEOPLE = 1e9  # in one cell: above it the value is no count
FULLEST = 50_000.0  # people in one cell: more are hardly true
DENSEST = 500_000.0  # people per km2 of one cell: towers of flats, at 100 m
DENSE = 5_000.0  # people per km2 of the whole raster: a city
FILLED = 0.01  # of the cells: the share from which on a type's largest number is surely no count


def read_counts(file: File, layer: RasterFile) -> tuple[Frame, Doubles]:
    """People a cell in flat order from the north, as float64, never resampled; NaN = no data."""
    fills: Counter[float] = Counter()
    with opened(file, layer) as raster:
        frame, south_up = frame_of(raster)
        values = np.empty(frame.shape, np.float64)
        for window, block in raster.blocks():
            blank_sentinels(block, fills)
            values[window.toslices()] = block
        scale, offset, dtype = raster.scale, raster.offset, raster.dtype
    if dtype.kind in "ui":
        blank_largest(values, float(np.iinfo(dtype).max), fills, file)
    if fills:
        changes = [
            Change(Text("{count:,} cells", count=count), f"{value:g}", Text("no data"))
            for value, count in fills.items()
        ]
        file.note(
            "repaired", Text("cells with a value that means no data, without being tagged so"), fills.total(), changes
        )
    if (scale, offset) != (1.0, 0.0):
        values *= scale
        values += offset
    if south_up:
        values = np.ascontiguousarray(values[::-1])
        file.note("repaired", Text("rows run from south to north: turned over"), frame.ny)
    check_counts(values, file)
    return frame, values.ravel()


def blank_sentinels(block: Doubles, fills: Counter[float]) -> None:
    """Put NaN where a sentinel stands, and count them."""
    impossible = np.unique(block[(block < 0) | (block > MOST_PEOPLE)])
    for value in impossible.tolist():
        meant = next((sentinel for sentinel in SENTINELS if near(value, sentinel)), None)
        if meant is not None:
            here = block == value
            fills[meant] += int(here.sum())
            block[here] = np.nan


def blank_largest(values: Doubles, largest: float, fills: Counter[float], file: File) -> None:
    """Put NaN where the largest number of the file's type stands, if that is surely no count; else warn.

    255 people can live in a cell, so 255 counts where few cells have it. It is no count where many have it, and more
    than have any number from half of it on: fewer and fewer cells have more and more people.
    """
    here = values == largest
    count = int(here.sum())
    if not count:
        return
    alone = count > np.count_nonzero((values >= largest / 2) & (values < largest))
    if alone and (count >= FILLED * values.size or largest > FULLEST):
        values[here] = np.nan
        fills[largest] += count
        return
    what = Text(
        "cells with {largest:g}, the largest number that this file can hold: they count as so many "
        "people; if it means no data, write nodata = {largest:g} in the section of this file",
        largest=largest,
    )
    file.note("warning", what, count)


def check_counts(values: Doubles, file: File) -> None:
    """Raise InputFaults for negative, infinite or impossibly many people, and where nobody lives."""
    faults = []
    if np.nanmin(values, initial=0) < 0 or np.nanmax(values, initial=0) > MOST_PEOPLE:
        rows, cols = np.nonzero((values < 0) | (values > MOST_PEOPLE))
        cells = zip(rows.tolist(), cols.tolist(), strict=True)
        shown = examples(f"{values[r, c]:g} in row {r + 1}, column {c + 1}" for r, c in cells)
        kinds = np.unique(values[rows, cols])
        way_out = "It holds changes, logarithms or the like: give a raster of people per cell."
        if len(kinds) == 1 and np.isfinite(kinds[0]):
            way_out = f"If this value means 'no data', write it in the section of this file: nodata = {kinds[0]:g}."
        faults.append(Fault(file.where, f"has {len(rows):,} cells that are no count of people: {shown}.", way_out))
    if not (values > 0).any():
        unknown = int(np.isnan(values).sum())
        what = f"holds no people: {values.size - unknown:,} cells have 0, {unknown:,} no data."
        faults.append(Fault(file.where, what, "Give another file."))
    if faults:
        raise InputFaults(faults)


def tell_counts(frame: Frame, people: Doubles, year: int | None, file: File) -> None:
    """Note how many people the raster has, in how many cells; a warning where they seem to be people per km2."""
    rows = ((np.nansum(row), np.isnan(row).sum(), (row == 0).sum()) for row in people.reshape(frame.shape))
    total, unknown, empty = (float(sum(column)) for column in zip(*rows, strict=True))
    told = Text("{people:,.0f} people", people=total)
    if year:
        told = Text("{people:,.0f} people in {year}", people=total, year=year)
    file.note(
        "info",
        Text(
            "{told}; {empty:,.0f} cells have 0 people, {unknown:,.0f} cells no data: nobody is counted there",
            told=told,
            empty=empty,
            unknown=unknown,
        ),
    )
    wide, high = cell_metres(frame)
    km2 = wide * high / 1e6
    most = float(np.nanmax(people))
    signs = []
    if most > FULLEST or most / km2 > DENSEST:
        row, col = divmod(int(np.flatnonzero(people == most)[0]), frame.nx)
        signs.append(
            Text(
                "{most:,.0f} in row {row}, column {column}, which has {km2:.3g} km2",
                most=most,
                row=row + 1,
                column=col + 1,
                km2=km2,
            )
        )
    if total / (km2 * frame.n) > DENSE:
        density = total / (km2 * frame.n)
        signs.append(Text("{density:,.0f} people per km2 of the whole raster", density=density))
    if signs:
        what = Text(
            "holds very many people: {signs:; }. Are they people per km2? Then multiply them by the area of a "
            "cell; known_people under [population] has the sum compared with the number that you know",
            signs=tuple(signs),
        )
        file.note("warning", what)
