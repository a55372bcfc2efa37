"""What fetch makes of a real country's OpenStreetMap and population."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely

from planner.fetch import osm, rasters
from planner.fetch.catalogue import sources
from planner.inputs.findings import Findings
from planner.inputs.rasters import read_frame
from planner.inputs.roads import read_roads
from planner.inputs.water import read_water
from planner.scenario import Population, Roads, Water

DATA = Path(__file__).parents[3] / "shared" / "data" / "comoros"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are absent: {DATA}")
POPULATION = DATA / "population" / "com_ppp_2020_UNadj.tif"
PBF = DATA / "osm" / "comores-2021-04-08.osm.pbf"


@pytest.fixture(scope="module")
def reduced(tmp_path_factory):
    path = tmp_path_factory.mktemp("osm") / "roads.osm.pbf"
    osm.reduce(PBF, None, path)
    return path


def lines(path):
    """Roads and water as the planner reads them, in an order of their own."""
    findings = Findings(path.parent)
    population = Population(file=str(POPULATION))
    frame = read_frame(findings.open("population", population), population)
    roads = Roads(file=path.name)
    found = read_roads(roads, frame, findings), read_water(Water(), roads, frame, findings)
    return [np.sort(shapely.to_wkb(each.geometry)) for each in found]


def test_the_planner_reads_the_same_roads_and_water_from_what_was_kept(reduced):
    for kept, whole in zip(lines(reduced), lines(PBF), strict=True):
        assert len(whole) > 40
        assert (kept == whole).all()
    assert reduced.stat().st_size < PBF.stat().st_size / 5


def test_care_and_villages_of_a_real_country_are_listed(reduced):
    care, places = list(osm.points(reduced, osm.care_of)), list(osm.points(reduced, osm.place_of))
    assert len(care) == 40
    assert sum(row.type == "hospital" for row in care) == 29
    assert len(places) == 145
    assert len({row.id for row in care}) == 40


def test_an_island_is_cut_with_all_its_people(tmp_path):
    box = (43.6, -12.45, 43.9, -12.2)  # Moheli
    rasters.cut_people(POPULATION, box, sources()["worldpop_2020"], tmp_path / "moheli.tif")
    with rasterio.open(POPULATION) as country, rasterio.open(tmp_path / "moheli.tif") as island:
        people = country.read(1, masked=True).astype(np.float64)
        t = country.transform
        lon = t.c + (np.arange(country.width) + 0.5) * t.a
        lat = t.f + (np.arange(country.height) + 0.5) * t.e
        inside = people[np.ix_((lat > -12.45) & (lat < -12.2), (lon > 43.6) & (lon < 43.9))].sum()
        assert island.read(1, masked=True).astype(np.float64).sum() == pytest.approx(inside, rel=1e-9)
        assert inside > 40_000
