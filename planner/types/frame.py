"""The frame: where the cells of the population raster lie. Every other layer is laid on these cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from planner.types.arrays import CELL, Doubles, Ints

if TYPE_CHECKING:
    from pyproj import CRS, Geod, Transformer


@dataclass(frozen=True)
class Frame:
    """A north-up grid of cells.

    Attributes
    ----------
    crs
        Coordinate reference system, as WKT or authority code.
    west, north
        Outer corner of the first cell, in units of the CRS.
    dx, dy
        Cell width and height, both positive, in units of the CRS (degrees or metres).
    ny, nx
        Rows (from north to south) and columns (from west to east).
    """

    crs: str
    west: float
    north: float
    dx: float
    dy: float
    ny: int
    nx: int

    def __post_init__(self) -> None:
        if self.dx <= 0 or self.dy <= 0 or self.ny <= 0 or self.nx <= 0:
            raise ValueError(f"Frame: sizes must be positive, found {self}")

    @property
    def n(self) -> int:
        """Number of cells."""
        return self.ny * self.nx

    @property
    def shape(self) -> tuple[int, int]:
        """``(ny, nx)``."""
        return self.ny, self.nx

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north, in units of the CRS."""
        return self.west, self.north - self.ny * self.dy, self.west + self.nx * self.dx, self.north

    @property
    def gdal_transform(self) -> tuple[float, float, float, float, float, float]:
        """The six numbers of an affine transform, in rasterio's order."""
        return self.dx, 0.0, self.west, 0.0, -self.dy, self.north

    @cached_property
    def pyproj_crs(self) -> CRS:
        """The CRS as a pyproj object."""
        from pyproj import CRS

        return CRS.from_user_input(self.crs)

    @cached_property
    def geographic(self) -> bool:
        """Whether the units are degrees."""
        return bool(self.pyproj_crs.is_geographic)

    @cached_property
    def geod(self) -> Geod:
        """The ellipsoid on which distances are measured."""
        geod = self.pyproj_crs.get_geod()
        if geod is None:
            raise ValueError(f"Frame: no ellipsoid in the CRS {self.crs}")
        return geod

    @cached_property
    def _to_lonlat(self) -> Transformer:
        from pyproj import Transformer

        return Transformer.from_crs(self.pyproj_crs, "EPSG:4326", always_xy=True)

    def cell_of(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Ints:
        """Flat cell under each point (CRS units); -1 where the point lies outside or is not finite.

        Degrees may count on past 180, in the frame or in the points: -179 is 181.
        """
        x, y = np.asarray(x, float), np.asarray(y, float)
        along = x - self.west
        if self.geographic:
            with np.errstate(invalid="ignore"):
                along = np.mod(along, 360.0)
        col = np.floor(along / self.dx)
        row = np.floor((self.north - y) / self.dy)
        inside = (col >= 0) & (col < self.nx) & (row >= 0) & (row < self.ny)
        flat = np.where(inside, row, 0) * self.nx + np.where(inside, col, 0)
        return np.where(inside, flat, -1).astype(CELL)

    def centre_of(self, cells: npt.ArrayLike) -> tuple[Doubles, Doubles]:
        """Coordinates (CRS units) of the centres of flat cells."""
        row, col = np.divmod(np.asarray(cells, np.int64), self.nx)
        return self.west + (col + 0.5) * self.dx, self.north - (row + 0.5) * self.dy

    def centre_near(self, x: Doubles, y: Doubles) -> tuple[Doubles, Doubles]:
        """Centres of the cells that points lie in, beyond the frame too, where its cells go on."""
        col, row = np.floor((x - self.west) / self.dx), np.floor((self.north - y) / self.dy)
        return self.west + (col + 0.5) * self.dx, self.north - (row + 0.5) * self.dy

    def lonlat(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Doubles, Doubles]:
        """Longitude and latitude (WGS 84, degrees) of points in CRS units."""
        lon, lat = self._to_lonlat.transform(np.asarray(x, float), np.asarray(y, float))
        return np.asarray(lon), np.asarray(lat)

    def metres_between(self, x1: npt.ArrayLike, y1: npt.ArrayLike, x2: npt.ArrayLike, y2: npt.ArrayLike) -> Doubles:
        """Straight-line metres on the ellipsoid between pairs of points in CRS units."""
        lon1, lat1 = self.lonlat(x1, y1)
        lon2, lat2 = self.lonlat(x2, y2)
        return np.asarray(self.geod.inv(lon1, lat1, lon2, lat2)[2], dtype=np.float64)

    def metres_on_grid(self, x1: Doubles, y1: Doubles, x2: Doubles, y2: Doubles) -> Doubles:
        """Metres between pairs of points in CRS units, as steps are: geodesic where geographic, planar elsewhere."""
        if self.geographic:
            return np.asarray(self.geod.inv(x1, y1, x2, y2)[2], dtype=np.float64)
        return np.hypot(x2 - x1, y2 - y1) * float(self.pyproj_crs.axis_info[0].unit_conversion_factor)

    def earth_centred(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Doubles:
        """Metres from the centre of the earth, ``(n, 3)``, of points on the ellipsoid: for nearest-place searches."""
        lon, lat = (np.radians(angle) for angle in self.lonlat(x, y))
        normal = self.geod.a / np.sqrt(1.0 - self.geod.es * np.sin(lat) ** 2)
        flat, up = normal * np.cos(lat), normal * (1.0 - self.geod.es) * np.sin(lat)
        return np.column_stack((flat * np.cos(lon), flat * np.sin(lon), up))
