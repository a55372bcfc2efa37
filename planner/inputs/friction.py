"""A friction surface: the time to cross a metre of each cell, in the unit that its speeds tell."""

from __future__ import annotations

import numpy as np
from rasterio.enums import Resampling

from planner.inputs.findings import File, Findings
from planner.inputs.rasters import Raster, lay, opened, tagged, tell_gaps
from planner.inputs.text import examples
from planner.scenario import Friction
from planner.types.arrays import Doubles, Floats
from planner.types.frame import Frame
from planner.types.text import Text

KMH = {"min/m": 0.06, "s/m": 3.6}  # at a friction of 1
# Half of a land is crossed at such speeds, in km/h, on foot or with roads among the ground. The units differ by 60, the
# ends by 20: so one unit fits at most.
SLOWEST, FASTEST = 1.0, 20.0
FASTEST_ON_FOOT = 15.0


def read_friction(friction: Friction, frame: Frame, people: Doubles, findings: Findings) -> Floats | None:
    """Mean minutes per metre in each cell of the frame, float32; NaN = no data, inf = closed. None without a file."""
    if not friction.file:
        return None
    file = findings.open("friction", friction)
    with opened(file, friction) as found:
        raster = tagged(found, frame)
        check_times(raster, frame)
        laid = np.full(frame.shape, np.nan, np.float32)
        lay(raster, frame, laid, Resampling.average)
        laid = laid * np.float32(raster.scale) + np.float32(raster.offset)
        tell_gaps(raster, frame, np.isnan(laid.ravel()), people)
    return in_minutes(laid.ravel(), friction.unit, file)


def check_times(raster: Raster, frame: Frame) -> None:
    """Raise InputFaults where the file has values of 0 or less on the frame: no time crosses a metre."""
    wrong, lowest = 0, 0.0
    for _, values in raster.blocks(frame):
        times = values * raster.scale + raster.offset
        wrong += int((times <= 0).sum())
        lowest = min(lowest, float(np.nanmin(times, initial=0.0)))
    if wrong:
        raise raster.file.fault(
            f"has {wrong:,} cells with a friction of 0 or less (lowest {lowest:g}), which no metre is crossed in.",
            f"If it means 'no data', write nodata = {lowest:g} under [friction]. Closed ground is inf.",
        )


def in_minutes(laid: Floats, unit: str, file: File) -> Floats:
    """The friction in minutes per metre, and notes on its unit and on what speeds it means."""
    known = laid[np.isfinite(laid)]
    if not len(known):
        raise file.fault("is closed (inf) everywhere that people are.", "Give another file.")
    told = Text("as the scenario says")
    if unit == "recognised":
        unit, told = recognised(float(np.median(known)), file), Text("recognised by the speeds that it means")
    kmh = KMH[unit] / known.astype(np.float64)
    slow, usual, fast = kmh.min(), np.median(kmh), kmh.max()
    file.note(
        "info",
        Text(
            "{unit}, {told}: {slow:.2g} to {fast:.2g} km/h, median {usual:.2g}; it stands for land cover, "
            "roads and slope",
            unit=unit,
            told=told,
            slow=slow,
            fast=fast,
            usual=usual,
        ),
        len(known),
    )
    if fast > FASTEST_ON_FOOT:
        what = Text(
            "means more than {kmh:g} km/h, which is not on foot: name a traveller without a "
            'ride so, as in [travellers."by car on roads"], and say so under [reach]',
            kmh=FASTEST_ON_FOOT,
        )
        file.note("warning", what, float((kmh > FASTEST_ON_FOOT).sum()))
    if closed := float(np.isinf(laid).sum()):
        file.note("info", Text("cells that are closed (inf)"), closed)
    return (laid * np.float32(KMH["min/m"] / KMH[unit])).astype(np.float32)


def recognised(median: float, file: File) -> str:
    """The unit in which half of the surface is crossed at a speed that can be; InputFaults where none is."""
    speeds = {unit: kmh / median for unit, kmh in KMH.items()}
    fits = [unit for unit, kmh in speeds.items() if SLOWEST <= kmh <= FASTEST]
    if len(fits) == 1:
        return fits[0]
    meant = examples(f"{kmh:.2g} km/h in {unit}" for unit, kmh in speeds.items())
    raise file.fault(
        f"does not tell its unit: its median of {median:.3g} means {meant}, and neither lies from {SLOWEST:g} to "
        f"{FASTEST:g} km/h.",
        'Say it under [friction], unit = "min/m" or unit = "s/m". Speeds in km/h are no friction: take 0.06 / speed.',
    )
