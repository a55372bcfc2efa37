"""Published instances of maximal cover, against the best known and the bound."""

from pathlib import Path

import numpy as np
import pytest

from planner import placement

DATA = Path(__file__).parents[3] / "shared" / "benchmarks"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the published instances are absent: {DATA}")

EARTH_M = np.float32(6_378_100)


def matrix_of(rows, n):
    """Each node's nodes within reach, all at 10 minutes."""
    indptr = np.append(0, np.cumsum([len(row) for row in rows])).astype(np.int64)
    indices = np.concatenate(rows).astype(np.int32)
    return placement.TravelMatrix(indptr, indices, np.full(len(indices), 10, np.float32), n, 60.0)


def city(name, radius_m):
    """Every node is a site and a demand; arc distances in float32, as published."""
    lines = (DATA / "mclp_city" / f"{name}.txt").read_text(encoding="ascii").splitlines()
    n = next(int(line.split(":")[1]) for line in lines if line.startswith("DIMENSION"))
    at, of = (
        next(k for k, line in enumerate(lines) if line.startswith(head)) + 1
        for head in ("NODE_COORD", "DEMAND_SECTION")
    )
    latitude, longitude = np.radians([[float(x) for x in line.split()[:2]] for line in lines[at : at + n]]).T
    demand = np.array([float(line.split()[0]) for line in lines[of : of + n]])
    rows = []
    for k in range(n):
        inner = np.cos(latitude[k]) * np.cos(latitude) * np.cos(longitude - longitude[k])
        inner += np.sin(latitude[k]) * np.sin(latitude)
        metres = np.arccos(np.clip(inner, -1, 1)).astype(np.float32) * EARTH_M
        metres[k] = 0
        rows.append(np.flatnonzero(metres <= radius_m))
    return matrix_of(rows, n), demand


def published(name, radius_m):
    """Best known by number of sites: what it covers, and its sites."""
    for path in sorted((DATA / "mclp_city").glob(f"opt_{name}_*_{radius_m}.txt")):
        value, sites = path.read_text(encoding="ascii").split("Facilidade:")
        yield int(path.stem.split("_")[2]), float(value.split(":")[1]), [int(k) for k in sites.split()]


def sjc(n):
    numbers = (DATA / "mclp_sjc" / f"SJC{n}.txt").read_text(encoding="ascii").split()[1:]
    points = np.array(numbers, float).reshape(-1, 2)
    demand = np.array((DATA / "mclp_sjc" / f"demand-SJC{n}.dat").read_text(encoding="ascii").split(), float)
    near = np.hypot(*(points[:, None] - points).transpose(2, 0, 1)) <= 800.0
    return matrix_of([np.flatnonzero(row) for row in near], n), demand


def solve(matrix, demand, p, method="auto", time_limit_s=120.0):
    rules = placement.rules(matrix.n_sites, most=1)
    return placement.maximal_cover(matrix, demand, p, rules, time_limit_s=time_limit_s, method=method)


# A quick one, found in 10; all twelve stand in tests/benchmarks/placement.md.
SECONDS = 40.0
REACHED = [("NewYork", 60)]


@pytest.mark.parametrize(("name", "p"), REACHED, ids="{}".format)
def test_a_city_is_covered_as_well_as_is_known(name, p, capsys):
    radius_m = {"NewYork": 400, "Bronx": 600}[name]
    matrix, demand = city(name, radius_m)
    value, sites = next((value, sites) for n, value, sites in published(name, radius_m) if n == p)
    covered = np.zeros(matrix.n_demand, bool)
    for site in sites:
        covered[matrix.indices[matrix.indptr[site] : matrix.indptr[site + 1]]] = True
    assert (len(sites), demand[covered].sum()) == (p, value)
    found = solve(matrix, demand, p, "large", SECONDS)
    with capsys.disabled():
        print(f"\n{name} {p}: {found.objective:.0f}, best known {value:.0f}, gap {100 * found.gap:.3f} %", end="")
    assert found.objective >= value
    assert found.bound >= value
    assert found.gap < 0.01


@pytest.mark.parametrize("n", [324, 500])
@pytest.mark.parametrize("p", [1, 3, 5])
def test_the_cover_of_sao_jose_dos_campos_is_proved_to_be_the_best(n, p):
    matrix, demand = sjc(n)
    assert solve(matrix, demand, p).status == "best possible"
