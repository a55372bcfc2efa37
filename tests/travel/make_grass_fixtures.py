"""Make the files in ``grass/``: run by hand, with GRASS GIS (Debian: apt-get install grass-core) on the path.

``python tests/travel/make_grass_fixtures.py`` draws a land of 12 x 15 cells of 100 m (km/h on the flat, * = barrier;
metres of height) and two places to start from, and stores what ``r.cost``, ``r.cost -k``, ``r.walk`` and ``r.walk -k``
make of it. AccessMod's own module cannot be had as a package; its formula is worked out here, in float64 over whole
arrays until nothing changes any more, as its source has it (fxi/AccessMod_r.walk, r.walk.accessmod/main.c, with -s:
speeds; -t: towards the facility).
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent / "grass"
NY, NX, CELL = 12, 15, 100
STARTS = [(2, 3), (9, 12)]  # row, column
HEADER = f"north: {NY * CELL}\nsouth: 0\neast: {NX * CELL}\nwest: 0\nrows: {NY}\ncols: {NX}\n"
MAPS = {
    "r_cost": "r.cost input=minutes_a_cell",
    "r_cost_k": "r.cost -k input=minutes_a_cell",
    "r_walk": "r.walk elevation=height friction=seconds_a_metre",
    "r_walk_k": "r.walk -k elevation=height friction=seconds_a_metre",
}


def text(values, form):
    cells = [["*" if np.isnan(value) else format(value, form) for value in row] for row in values]
    width = max(len(cell) for row in cells for cell in row)
    return HEADER + "\n".join(" ".join(cell.rjust(width) for cell in row) for row in cells) + "\n"


def draw():
    """Speeds with two rivers, one in steps from cell to cell and one diagonal, and hills of up to 50 %."""
    rng = np.random.default_rng(2026)
    kmh = rng.choice([1.5, 3.0, 4.0, 5.0], (NY, NX))
    kmh[rng.random((NY, NX)) < 0.07] = np.nan
    for k in range(9):
        kmh[k, 13 - k] = np.nan  # cells that meet at corners: r.cost passes between them
    kmh[9:, 4] = kmh[10, 5:8] = np.nan
    row, col = np.mgrid[:NY, :NX]
    height = 300 + 40 * np.sin(row / 1.5) * np.cos(col / 2.2) + rng.normal(0, 6, (NY, NX))
    for start in STARTS:
        kmh[start] = 4.0
    return kmh, height.round(1)


def run_grass(folder):
    starts = ",".join(f"{(col + 0.5) * CELL},{(NY - row - 0.5) * CELL}" for row, col in STARTS)
    commands = [
        f"g.region n={NY * CELL} s=0 w=0 e={NX * CELL} res={CELL}",
        f"r.in.ascii input={HERE}/kmh.txt output=kmh type=DCELL",
        f"r.in.ascii input={HERE}/height.txt output=height type=DCELL",
        f"r.mapcalc 'minutes_a_cell = {CELL} * 0.06 / kmh'",
        "r.mapcalc 'seconds_a_metre = 3.6 / kmh'",
    ]
    for name, words in MAPS.items():
        commands.append(f"{words} start_coordinates={starts} output={name}")
        commands.append(f"r.out.ascii input={name} output={HERE}/{name}.txt precision=9 null_value='*'")
    location = Path(folder) / "land"
    subprocess.run(["grass", "-c", "XY", str(location), "-e"], check=True)
    subprocess.run(
        ["grass", str(location / "PERMANENT"), "--exec", "bash", "-e", "-c", "\n".join(commands)], check=True
    )


def accessmod(kmh, height, knights, towards):
    """Seconds by AccessMod's formula: every part of a step at its cell's speed, with the slope of the whole step."""
    seconds = np.full((NY, NX), np.inf)
    for start in STARTS:
        seconds[start] = 0
    moves = [(i, j) for i in range(-2, 3) for j in range(-2, 3) if max(abs(i), abs(j)) == 1]
    if knights:
        moves += [(i, j) for i in range(-2, 3) for j in range(-2, 3) if abs(i * j) == 2]
    wide_kmh, wide_height = (np.pad(values, 2, constant_values=np.nan) for values in (kmh, height))
    while True:
        before = seconds.copy()
        wide = np.pad(seconds, 2, constant_values=np.inf)
        for i, j in moves:

            def at(values, row, col):
                return values[2 + row : 2 + row + NY, 2 + col : 2 + col + NX]

            passed = [(-i, -j), (0, 0)]  # the step comes from the cell (-i, -j)
            if abs(i * j) == 2:
                half_i, half_j = int(i / 2), int(j / 2)
                passed += [(-i + half_i, -j + half_j), (-half_i, -half_j)]
            metres = CELL * np.hypot(i, j)
            slope = (at(wide_height, 0, 0) - at(wide_height, -i, -j)) / metres
            decay = np.exp(-3.5 * np.abs((-slope if towards else slope) + 0.05)) / np.exp(-0.175)
            hours = sum(metres / 1000 / len(passed) / (at(wide_kmh, *cell) * decay) for cell in passed)
            arrival = at(wide, -i, -j) + 3600 * hours
            seconds = np.fmin(seconds, arrival)
        if np.array_equal(before, seconds):
            return np.where(np.isinf(seconds), np.nan, seconds)


def main():
    HERE.mkdir(exist_ok=True)
    kmh, height = draw()
    (HERE / "kmh.txt").write_text(text(kmh, ".1f"))
    (HERE / "height.txt").write_text(text(height, ".1f"))
    with tempfile.TemporaryDirectory() as folder:
        run_grass(folder)
    for knights in (False, True):
        for towards in (False, True):
            name = f"accessmod{'_k' * knights}{'_t' * towards}"
            (HERE / f"{name}.txt").write_text(text(accessmod(kmh, height, knights, towards), ".9f"))


if __name__ == "__main__":
    main()
