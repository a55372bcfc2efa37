"""A bicycle up and down hill: the power equation solved by hand and by another solver, and rides on a ramp."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from roads import CYCLIST, SPEEDS, make_roads, random_roads, road
from scipy.interpolate import RegularGridInterpolator

from lands import make_land
from planner import grid
from planner.grid.bicycle import bicycle_kmh
from planner.grid.network import ride_kmh
from planner.inputs.bicycle import read_bicycle
from planner.inputs.findings import Findings
from planner.types.inputs import RideSpeeds

RIDDEN = replace(CYCLIST, pushing_kmh=0.0)  # never pushed
speeds, slopes = st.floats(0.5, 40), st.floats(-0.6, 0.6)


def test_the_planners_cyclist_is_that_of_accessmod(tmp_path):
    bicycle, used = read_bicycle(Findings(tmp_path))
    assert bicycle == CYCLIST
    assert all(number.verified and number.unit and number.source for number in used)


@given(speeds)
def test_the_speed_on_the_flat_is_that_of_the_table(kmh):
    assert bicycle_kmh(kmh, 0.0, CYCLIST) == pytest.approx(kmh, rel=1e-9)
    assert bicycle_kmh(kmh, np.nan, CYCLIST) == pytest.approx(kmh, rel=1e-9)


def test_speeds_on_slopes_solve_the_power_equation_done_by_hand():
    # 15 km/h = 4.16667 m/s. Weight 95 x 9.80665 = 931.632 N; drag 1.1245 x 0.445 / 2 = 0.250201 kg/m.
    # Power 4.16667 x (931.632 x 0.012 + 0.250201 x 17.3611) = 64.680 W.
    # Up 2 %: force 931.632 x (0.019996 + 0.011998) = 29.806 N; 2.0931 m/s x (29.806 + 0.250201 x 4.3810) = 64.68 W.
    assert bicycle_kmh(15.0, 0.02, RIDDEN) == pytest.approx(2.0931 * 3.6, abs=1e-3)
    # Down 2 %: force 931.632 x (-0.019996 + 0.011998) = -7.4516 N; 7.9048 x (-7.4516 + 0.250201 x 62.486) = 64.68 W.
    assert bicycle_kmh(15.0, -0.02, RIDDEN) == pytest.approx(7.9048 * 3.6, abs=1e-3)


@given(speeds, slopes)
def test_speeds_are_the_root_of_the_cubic_within_twice_the_flat(kmh, rise):
    weight, drag, flat = 95 * 9.80665, 1.1245 * 0.445 / 2, kmh / 3.6
    force = weight * (rise + 0.012) / math.hypot(1, rise)
    roots = np.roots([drag, 0, force, -flat * (weight * 0.012 + drag * flat**2)])
    (root,) = [each.real for each in roots if abs(each.imag) < 1e-9 and each.real > 0]
    assert bicycle_kmh(kmh, rise, RIDDEN) == pytest.approx(min(3.6 * root, 2 * kmh), rel=1e-6)


@given(speeds, slopes, slopes)
def test_uphill_is_never_faster(kmh, one, other):
    less, more = sorted((one, other))
    assert bicycle_kmh(kmh, more, RIDDEN) <= bicycle_kmh(kmh, less, RIDDEN) * (1 + 1e-9)


@given(speeds, slopes)
def test_a_bicycle_is_pushed_where_that_is_faster_and_never_stands(kmh, rise):
    walked = min(kmh, 5.04) * math.exp(-3.5 * abs(rise + 0.05)) / math.exp(-0.175)
    assert bicycle_kmh(kmh, rise, CYCLIST) == pytest.approx(max(walked, float(bicycle_kmh(kmh, rise, RIDDEN))))


def test_a_slope_counts_in_full():
    """AccessMod took a hundredth of it: up 10 % at 15 km/h it would hardly have slowed down."""
    assert bicycle_kmh(15.0, 0.10, RIDDEN) < 0.3 * 15
    assert bicycle_kmh(15.0, 0.10 / 100, RIDDEN) > 0.9 * 15


WAITS = {"wait_minutes": 0.0, "alight_minutes": 0.0, "ferry_wait_minutes": 0.0}


def ramp_rides(bicycle, elevation, **tags):
    """Minutes of the rides east and west along a straight road over three cells of 100 m, from centre to centre."""
    land = make_land(np.full((1, 3), 5.0), elevation=elevation)
    roads = make_roads(road((500_050, 8_499_950), (500_250, 8_499_950), **tags))
    by = RideSpeeds(SPEEDS.roads, {}, {}, {}, bicycle)
    network = grid.network(land.frame, land, roads, by, elevation=land.elevation, **WAITS)
    origin = np.repeat(np.arange(len(network)), np.diff(network.indptr))
    east = network.indices > origin
    return network.minutes[east].tolist(), network.minutes[~east].tolist()


def test_a_ride_is_slow_uphill_and_fast_downhill():
    up, down = ramp_rides(CYCLIST, [[500, 502, 504]])
    kmh = 6.0  # of a track
    assert up == pytest.approx([6 / float(bicycle_kmh(kmh, 0.02, CYCLIST))] * 2)
    assert down == pytest.approx([6 / float(bicycle_kmh(kmh, -0.02, CYCLIST))] * 2)
    assert up[0] > 1.1 > 0.9 > down[0]


@pytest.mark.parametrize(
    ("bicycle", "elevation", "tags", "minutes"),
    [
        (None, [[500, 510, 520]], {}, 1.0),
        (CYCLIST, [[500, 510, 520]], {"highway": "ferry"}, 0.5),
        (CYCLIST, [[500, np.nan, 520]], {}, 1.0),
        (CYCLIST, None, {}, 1.0),
    ],
    ids=["a motorbike", "a ferry", "unknown heights", "no heights"],
)
def test_slope_does_not_change_the_ride_of(bicycle, elevation, tags, minutes):
    for way in ramp_rides(bicycle, elevation, **tags):
        assert sum(way) == pytest.approx(2 * minutes)


def test_every_ride_takes_what_its_ends_heights_say():
    rng = np.random.default_rng(5)
    land = make_land(np.full((9, 11), 5.0), elevation=rng.normal(500, 3, (9, 11)))
    frame = land.frame
    roads = make_roads(*random_roads(rng, frame, 12))
    speeds = replace(SPEEDS, bicycle=CYCLIST)
    network = grid.network(frame, land, roads, speeds, elevation=land.elevation, **WAITS)
    x, y = frame.centre_of(np.arange(frame.n))
    surface = RegularGridInterpolator((y[::-1][::11], x[:11]), land.elevation.reshape(9, 11)[::-1].astype(float))
    height = surface((np.clip(network.y, y.min(), y.max()), np.clip(network.x, x.min(), x.max())))
    origin = np.repeat(np.arange(len(network)), np.diff(network.indptr))
    rode = (roads.highway[network.road] != "ferry") & (network.metres > 0)
    assert rode.sum() > 100
    rise = (height[network.indices] - height[origin])[rode] / network.metres[rode]
    kmh = bicycle_kmh(ride_kmh(roads, speeds)[network.road][rode], rise, CYCLIST)
    np.testing.assert_allclose(network.minutes[rode], 0.06 * network.metres[rode] / kmh, rtol=1e-4)
