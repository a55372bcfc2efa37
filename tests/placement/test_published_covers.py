"""Published instances of maximal cover, against the best known and the bound."""

import pytest
from benchmarks.public_instances import FOLDER, best_cover, cover, covered

from planner import placement

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the published instances are absent: {FOLDER}")


def solve(matrix, demand, p, method="auto", time_limit_s=120.0):
    rules = placement.rules(matrix.n_sites, most=1)
    return placement.maximal_cover(matrix, demand, p, rules, time_limit_s=time_limit_s, method=method)


# A quick one, found in 2 CPU seconds; all twelve stand in tests/benchmarks/placement.md.
SECONDS = 15.0
REACHED = [("NewYork", 60)]


@pytest.mark.parametrize(("name", "p"), REACHED, ids="{}".format)
def test_a_city_is_covered_as_well_as_is_known(name, p, capsys):
    matrix, demand = cover(name)
    value, sites = best_cover(name, p)
    assert (len(sites), covered(matrix, demand, sites)) == (p, value)
    found = solve(matrix, demand, p, "large", SECONDS)
    with capsys.disabled():
        print(f"\n{name} {p}: {found.objective:.0f}, best known {value:.0f}, gap {100 * found.gap:.3f} %", end="")
    assert found.objective >= value
    assert found.bound >= value
    assert found.gap < 0.01


@pytest.mark.parametrize("name", ["SJC324", "SJC500"])
@pytest.mark.parametrize("p", [1, 3, 5])
def test_the_cover_of_sao_jose_dos_campos_is_proved_to_be_the_best(name, p):
    matrix, demand = cover(name)
    assert solve(matrix, demand, p).status == "best possible"
