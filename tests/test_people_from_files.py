"""Nobody is lost or invented between files on a disk and the tables, whatever the raster, areas and requests."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
import tomli_w
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from planner import coverage, pipeline, travel
from planner.scenario import Walking
from planner.types.frame import Frame

PLACES = (  # CRS, west, north, cell: degrees and metres, south and north, UTM and others
    ("EPSG:4326", 43.2, -11.4, 1 / 1200),
    ("EPSG:4326", -0.004, 0.003, 1 / 1200),
    ("EPSG:4326", 7.0, 47.0, 1 / 240),
    ("EPSG:32736", 500_000.0, 8_500_000.0, 100.0),
    ("EPSG:32636", 700_000.0, 1_400_000.0, 250.0),
    ("EPSG:32733", 500_000.0, 8_500_000.0, 1000.0),
    ("EPSG:3123", 500_000.0, 1_600_000.0, 300.0),
    ("EPSG:31985", 300_000.0, 9_100_000.0, 500.0),
)
KINDS = (  # dtype, what stands where nothing is known, whether it is tagged
    ("float32", -99999.0, True),
    ("float32", -3.4028234663852886e38, True),
    ("float32", -99999.0, False),
    ("float64", math.nan, True),
    ("float64", -9999.0, False),
    ("int32", -99999, True),
    ("int16", -1, True),
    ("uint8", 255, True),
    ("uint16", 65535, True),
)


class Made:
    """Files of one question, made from a seed, and the sums that the tables have to agree with."""

    def __init__(self, folder: Path, place, kind, seed: int) -> None:
        self.folder, self.dice = folder, np.random.default_rng(seed)
        crs, west, north, cell = place
        ny, nx = (int(side) for side in self.dice.integers(3, 15, 2))
        self.frame = Frame(crs, west, north, cell, cell * float(self.dice.choice([1.0, 1.0, 0.8])), ny, nx)
        self.dtype, self.nodata, self.tagged = kind
        self.people = self.counts(float(self.dice.choice([0.5, 2.0, 8.0])))
        self.people[self.dice.random((ny, nx)) < self.dice.choice([0.0, 0.3, 0.8])] = np.nan
        self.people[tuple(self.dice.integers((ny, nx)))] = 9  # a raster without people is refused
        self.scenario = {
            "title": "x",
            "population": {"file": self.raster("people.tif", self.people)},
            "facilities": {"file": self.facilities(), "outside_metres": 1e7},
            "walking": {"snap_metres": 1e6},
            "villages": {"min_people_per_cell": float(self.dice.choice([0.5, 3.0])), "min_people": 5.0},
        }

    def counts(self, spread: float) -> np.ndarray:
        """People, as many as the raster's type can hold."""
        counts = np.minimum(self.dice.lognormal(0, spread, self.frame.shape), 1e8)
        counts *= self.dice.random(self.frame.shape) < 0.7
        if self.dtype.startswith("float"):
            return counts.astype(self.dtype).astype(float)
        return np.minimum(np.round(counts), np.iinfo(self.dtype).max - 1)

    def raster(self, name: str, values: np.ndarray) -> str:
        known = np.where(np.isnan(values), self.nodata, values).astype(self.dtype)
        with rasterio.open(
            self.folder / name, "w", driver="GTiff", width=self.frame.nx, height=self.frame.ny, count=1,
            dtype=self.dtype, crs=self.frame.crs, transform=Affine(*self.frame.gdal_transform),
            nodata=self.nodata if self.tagged else None,
        ) as target:  # fmt: skip
            target.write(known[None])
        return name

    def lonlat(self, col, row) -> tuple[np.ndarray, np.ndarray]:
        """Of points by column and row of the raster."""
        x = self.frame.west + np.asarray(col) * self.frame.dx
        y = self.frame.north - np.asarray(row) * self.frame.dy
        return Transformer.from_crs(self.frame.crs, "EPSG:4326", always_xy=True).transform(x, y)

    def table(self, name: str, header: list[str], rows) -> str:
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return name

    def facilities(self) -> str:
        col, row = self.dice.uniform(0.1, 0.9, 2) * (self.frame.nx, self.frame.ny)
        lon, lat = self.lonlat(col, row)
        return self.table(
            "facilities.csv", ["id", "name", "lat", "lon", "tier"], [["F1", "Mbale", f"{lat:.9f}", f"{lon:.9f}", 1]]
        )

    def with_cover(self) -> None:
        """Land cover with water and holes, on another grid than the people, and half of the time in another CRS."""
        lon, lat = self.lonlat([0, self.frame.nx], [self.frame.ny, 0])
        crs, west, south, east, north = "EPSG:4326", lon[0], lat[0], lon[1], lat[1]
        if self.dice.random() < 0.5:
            crs, (west, south, east, north) = self.frame.crs, self.frame.bounds
        ny, nx = (int(side) for side in self.dice.integers(5, 40, 2))
        cover = self.dice.choice(np.array([0, 40, 80], np.uint8), (ny, nx), p=[0.1, 0.6, 0.3])
        cover[0, 0] = 40
        west += self.dice.normal(0, 0.02) * (east - west)
        place = Affine((east - west) / nx, 0, west, 0, -(north - south) / ny, north)
        with rasterio.open(self.folder / "cover.tif", "w", driver="GTiff", width=nx, height=ny, count=1, dtype="uint8",
                           crs=crs, transform=place, nodata=0) as target:  # fmt: skip
            target.write(cover[None])
        self.scenario["land_cover"] = {"file": "cover.tif", "fill_metres": float(self.dice.choice([0.0, 300.0]))}

    def with_areas(self) -> None:
        """Areas that overlap and leave gaps, in degrees."""
        features = []
        for number in range(int(self.dice.integers(1, 5))):
            (left, right), (top, bottom) = (
                np.sort(self.dice.uniform(0, side, 2)) for side in (self.frame.nx, self.frame.ny)
            )
            lon, lat = self.lonlat([left, right, right, left, left], [bottom, bottom, top, top, bottom])
            ring = np.column_stack([lon, lat]).tolist()
            shape = {"type": "Polygon", "coordinates": [ring]}
            known = {"code": f"0{number}", "name": f"Area {number}"}
            features.append({"type": "Feature", "properties": known, "geometry": shape})
        layer = json.dumps({"type": "FeatureCollection", "features": features})
        (self.folder / "areas.geojson").write_text(layer, encoding="utf-8")
        metres = float(self.dice.choice([0.0, 200.0, 5000.0]))
        self.scenario["areas"] = {"file": "areas.geojson", "code": "code", "edge_metres": metres}

    def check(self):
        (self.folder / "scenario.toml").write_text(tomli_w.dumps(self.scenario), encoding="utf-8")
        return pipeline.check(self.folder / "scenario.toml")


def coarse_known(people: np.ndarray, cell: int) -> np.ndarray:
    """People, and 0 instead of NaN where another cell of the same coarse cell is known."""
    known = people.copy()
    for row, col in np.argwhere(np.isnan(people)):
        block = people[row - row % cell :, col - col % cell :][:cell, :cell]
        known[row, col] = 0.0 if np.isfinite(block).any() else np.nan
    return known


@settings(max_examples=70, deadline=None)
@given(
    place=st.sampled_from(PLACES),
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 2**32),
    cell=st.sampled_from((1, 1, 2, 3)),
    cover=st.booleans(),
    areas=st.booleans(),
    children=st.sampled_from(("share", "raster", "shares by area", "numbers by area")),
    totals=st.sampled_from(("as they are", "totals", "totals and children", "growth")),
    metres=st.sampled_from((0.0, 400.0, 20_000.0)),
)
def test_people_of_the_files_add_up_in_every_table(
    tmp_path_factory, place, kind, seed, cell, cover, areas, children, totals, metres
):
    made = Made(tmp_path_factory.mktemp("made"), place, kind, seed)
    people = math.fsum(made.people[np.isfinite(made.people)].tolist())
    asked = made.scenario["population"] | {"cell": cell, "off_barriers_metres": metres}
    made.scenario["population"] = asked
    if cover:
        made.with_cover()
    if areas:
        made.with_areas()
    under_fives = 0.16 * people
    if children == "raster":
        small = np.floor(made.people / 4) if kind[0][0] != "f" else (made.people / 5).astype(kind[0]).astype(float)
        small[made.dice.random(small.shape) < 0.1] = np.nan  # known people, unknown children: none are counted
        small[tuple(made.dice.integers(small.shape))] = 1.0  # and the other way round
        asked["under_five_file"] = made.raster("children.tif", small)
        counted = np.isfinite(small) & np.isfinite(coarse_known(made.people, cell))
        under_fives = math.fsum(small[counted].tolist())

    before = made.check()
    assert before.balance.raster == pytest.approx(people, rel=1e-9)
    codes = before.found.areas.code
    by_area = before.balance.by_area.sum(axis=1)
    wanted, wanted_children = by_area, before.balance.under_fives_by_area.sum(axis=1)
    assert wanted_children.sum() == pytest.approx(under_fives, rel=1e-9)

    if "totals" in totals:
        wanted = by_area * np.append(made.dice.uniform(0.3, 3, len(codes)), 1.0)
        wanted_children = np.divide(wanted_children * wanted, by_area, out=wanted_children * 0, where=by_area > 0)
        header = ["code", "people"]
        rows = [[code, repr(float(n))] for code, n in zip(codes, wanted, strict=False)]
        if totals == "totals and children":
            wanted_children[:-1] = wanted[:-1] * 0.2
            header.append("under fives")
            rows = [[*row, repr(float(n))] for row, n in zip(rows, wanted_children, strict=False)]
        asked["totals"] = made.table("totals.csv", header, rows)
    elif totals == "growth":
        asked |= {"year": 2020, "to_year": 2026, "growth_per_year": 0.03}
        wanted, wanted_children = wanted * 1.03**6, wanted_children * 1.03**6
    if children == "shares by area":
        wanted_children[:-1] = wanted[:-1] * 0.15
        asked["under_five_table"] = made.table("u5.csv", ["code", "share"], [[code, 0.15] for code in codes])
    elif children == "numbers by area":
        wanted_children[:-1] = wanted[:-1] * 0.17
        rows = [[code, repr(float(n))] for code, n in zip(codes, wanted_children, strict=False)]
        asked["under_five_table"] = made.table("u5.csv", ["code", "under fives"], rows)

    base = made.check()
    time = travel.time_to_nearest(base.land, base.facility_cell, Walking())
    balance = coverage.people_balance(base.land, len(codes), base.balance.raster, time.minutes)
    near = {"rel": 1e-9, "abs": 1e-9 * people}
    for lines in (base.balance, balance):
        assert lines.raster == pytest.approx(people, rel=1e-9)
        assert lines.total == pytest.approx(wanted.sum(), **near)
        assert lines.people.sum() == pytest.approx(lines.total, rel=1e-9)
        assert lines.by_area.sum(axis=0) == pytest.approx(lines.people, **near)
        assert lines.by_area.sum(axis=1) == pytest.approx(wanted, **near)
        assert lines.under_fives_by_area.sum(axis=1) == pytest.approx(wanted_children, **near)
        assert lines.under_fives.sum() == pytest.approx(wanted_children.sum(), **near)
        assert lines.cells.sum() == base.land.frame.n
    added = sum((step.people - step.people_before).sum() for step in base.people.rescaled)
    assert balance.raster + added == pytest.approx(balance.total, **near)
    if base.people.moved:
        moved = base.people.moved
        assert base.balance.people[1] <= moved.left.sum() + 1e-9 * people  # others stand outside the areas
        closed = np.isinf(base.land.pace)
        assert base.land.people[closed].sum() == pytest.approx(moved.left.sum(), **near)
    within = coverage.within(base.land, len(codes), {"facilities": time.minutes}, (1e9,))
    assert within.area_people == pytest.approx(wanted, **near)
    scattered = base.land.people[base.settled.of_cell < 0].sum()
    assert base.settled.people.sum() + scattered == pytest.approx(wanted.sum(), **near)
