"""``planner speeds``: the speeds in use, on the flat and on slopes, with their ranges and sources."""

from __future__ import annotations

import math
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import one_line

if TYPE_CHECKING:
    from planner.scenario import Scenario, Traveller
    from planner.types.inputs import SpeedTable

SLOPES = (-0.20, -0.10, -0.05, 0.0, 0.05, 0.10, 0.20)  # rise over run in the direction of travel
ON_SLOPES = {
    "tobler": "Tobler 1993",
    "tobler_off_path": "Tobler 1993",
    "irmischer_clarke": "Irmischer and Clarke 2018, doi:10.1080/15230406.2017.1292150",
    "bicycle_power": "power of a cyclist: Martin et al. 1998, doi:10.1123/jab.14.3.276, with AccessMod's numbers",
}


def shipped() -> Iterator[str]:
    """The tables that come with the planner, by the key of the scenario that takes them."""
    from planner import inputs

    for key, names in inputs.shipped_speeds().items():
        yield f"{key:22}  {', '.join(names)}"


def lines(path: Path | None) -> Iterator[str]:
    """The speeds of a scenario; without one, the defaults."""
    from planner import inputs, scenario_file

    scenario = scenario_file.load(path) if path else scenario_file.defaults()
    for table in inputs.speed_tables(scenario, path.parent if path else Path()):
        yield from _table(table)
        yield ""
    yield from _slopes(scenario, path.parent if path else Path())
    yield f"The season of the plan is {scenario.season.name}."
    if scenario.friction.file:
        yield f"On foot, the speeds are those of {scenario.friction.file} ([friction]), and slope does not change them."
    if scenario.walking.load_factor != 1:
        yield f"On foot, all speeds are multiplied by {scenario.walking.load_factor:g} ([walking] load_factor)."
    if scenario.walking.slope == "tobler_off_path" and not scenario.friction.file:
        yield "On ground that is no road or path, speeds on foot are multiplied by 3/5 ([walking] slope)."


def _table(table: SpeedTable) -> Iterator[str]:
    """A table of speeds as text: what many rows cite is numbered, and told once, below the table."""
    longest = max((len(row.key) for row in table.rows), default=0) + 2
    head = f"{'km/h dry':>8}{'wet':>7}" if table.wet else f"{'factor':>8}"
    width = min(160, shutil.get_terminal_size((100, 24)).columns)
    cited: dict[str, int] = {}
    spans: dict[str, None] = {}
    yield one_line(table.title)
    yield f"{'':{longest}}{head}  {'range':9}  source"
    for position, row in enumerate(table.rows):
        source, _, span = one_line(row.source).partition("; range: ")
        spans |= {span: None} if span else {}
        citation, _, about = source.partition(": ")
        number = cited.setdefault(citation, len(cited) + 1)
        wet = f"{table.wet[position]:7.3g}" if table.wet else ""
        between = "" if math.isnan(row.low) else f"{row.low:g}-{row.high:g}"
        start = f"{one_line(row.key):{longest}}{row.value:8.3g}{wet}  {between:9}  "
        text = " ".join([f"[{number}]", *([about] if about else []), *([] if row.verified else ["UNVERIFIED"])])
        yield textwrap.fill(text, width, initial_indent=start, subsequent_indent=" " * (len(start) + 4))
    for citation, number in cited.items():
        yield textwrap.fill(f"[{number}] {citation}", width, subsequent_indent="    ")
    for span in spans:
        yield textwrap.fill(f"range: {span}", width, subsequent_indent="    ")


def _slopes(scenario: Scenario, folder: Path) -> Iterator[str]:
    """Speed up and down hill of all whom slope changes: on foot as a share of that on the flat, by bicycle in km/h."""
    from planner import travel

    rows: list[tuple[str, list[str]]] = []
    used: list[str] = []
    slope = scenario.walking.slope
    if slope != "none" and not scenario.friction.file:
        used.append(slope)
        shares = 1 / travel.slope_factor(slope, SLOPES)
        rows.append((f"on foot ({slope})", [f"{100 * share:.0f} %" for share in shares]))
    cyclists = {name: who for name, who in scenario.travellers.items() if who.slope == "bicycle_power"}
    if cyclists:
        used.append("bicycle_power")
        rows += [row for name, who in cyclists.items() for row in _cyclist(name, who, folder)]
    if not rows:
        return
    longest = max(len(name) for name, _ in rows) + 2
    yield "on slopes, in the direction of travel"
    yield " " * longest + "".join(f"{f'{100 * rise:+.0f} %' if rise else 'flat':>8}" for rise in SLOPES)
    for name, told in rows:
        yield f"{one_line(name):{longest}}" + "".join(f"{each:>8}" for each in told)
    yield from (f"source: {ON_SLOPES[name]}" for name in used)
    yield ""


def _cyclist(name: str, who: Traveller, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """A row for every speed that a bicycle has on the flat."""
    from planner import grid, inputs

    bicycle, roads = inputs.cyclist(who.ride, folder)
    for flat in sorted({kmh for kmh in roads.values() if kmh > 0}, reverse=True):
        yield f"{name}, {flat:g} km/h on the flat", [f"{kmh:.1f}" for kmh in grid.bicycle_kmh(flat, SLOPES, bicycle)]
