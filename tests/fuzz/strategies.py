"""Files made from nothing: tables, workbooks, documents and rasters of whatever people and programs write."""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import openpyxl
import rasterio
import tomli_w
from faults import scene
from hypothesis import strategies as st

from planner import scenario_file

NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Cells as people, and programs, write them.
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from((
        "", "0101", "CS Mbale", "Mbale", "Health Post", "-13.02", "34,02", "13°30'00\" S", "1.234.567", "1 234",
        "1e400", "nan", "inf", "-inf", "NA", "N/A", "#REF!", "=1+1", '"', "''", "\0", "\ufeff", "total", "Total", "1,5",
        "-0", "9" * 400, "M" * 20_000, "٣٤٫٠٢", "34.02E", "S13.5", "−13.02", "2026-11-01", "13:30:00", "TRUE",
    )),
    st.floats().map(str), st.integers(-(10**20), 10**20).map(str),
)  # fmt: skip
HEADS = st.one_of(
    st.sampled_from(("code", "name", "latitude", "longitude", "lat", "lon", "x", "y", "type", "tier", "village", "id",
                     "Nom", "Código", "", "name", "lat / long", "GPS", "unnamed", "ANC 1")), CELLS,
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A table of such cells, split and encoded in some way."""
    width = draw(st.integers(1, 8))
    head = draw(st.lists(HEADS, min_size=width, max_size=width))
    ragged = st.lists(CELLS, min_size=max(0, width - 1), max_size=width + 1)
    body = draw(st.lists(st.one_of(st.lists(CELLS, min_size=width, max_size=width), ragged), max_size=12))
    split = draw(st.sampled_from((",", ";", "\t", "|", ":", " ")))
    line = draw(st.sampled_from(("\n", "\r\n", "\r")))
    quoted = draw(st.booleans())
    text = line.join(split.join(f'"{cell}"' if quoted else cell for cell in row) for row in [head, *body])
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1250", "mac_roman", "utf-16-be")))
    return text.encode(encoding, "replace")


@st.composite
def books(draw: st.DrawFn) -> bytes:
    """A workbook of such cells, with merged ones, numbers, days and formulas among them."""
    book = openpyxl.Workbook()
    sheet = book.active
    width = draw(st.integers(1, 6))
    rows = [draw(st.lists(HEADS, min_size=width, max_size=width))]
    values = st.one_of(CELLS, st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none(), st.dates(),
                       st.times(), st.datetimes(), st.timedeltas(), st.integers(-(10**15), 10**15))  # fmt: skip
    rows += draw(st.lists(st.lists(values, max_size=width + 1), max_size=8))
    for row in rows:
        sheet.append([NOT_XML.sub("", cell) if isinstance(cell, str) else cell for cell in row])
    if draw(st.booleans()):
        top, left = draw(st.integers(1, 5)), draw(st.integers(1, 4))
        sheet.merge_cells(start_row=top, start_column=left, end_row=top + draw(st.integers(0, 3)),
                          end_column=left + draw(st.integers(0, 3)))  # fmt: skip
    if draw(st.booleans()):
        sheet.cell(draw(st.integers(1, 5)), draw(st.integers(1, 5))).number_format = NOT_XML.sub(
            "", draw(st.text(max_size=8))
        )
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


@st.composite
def documents(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """A JSON document with some of its values exchanged for others."""
    document = json.loads(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 3))):
        document = draw(exchanged(document))
    return json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@st.composite
def exchanged(draw: st.DrawFn, value: Any) -> Any:
    """The same with one value, at any depth, left out or made another."""
    if not isinstance(value, dict | list) or not value or not draw(st.integers(0, 3)):
        return draw(
            st.one_of(VALUES, st.sampled_from(("Polygon", "LineString", "FeatureCollection", 1e308, -1e308, 1e30)))
        )
    at = draw(st.sampled_from(list(value) if isinstance(value, dict) else range(len(value))))
    copy = value.copy()
    if draw(st.integers(0, 6)):
        copy[at] = draw(exchanged(value[at]))
    else:
        del copy[at]
    return copy


@st.composite
def scenarios(draw: st.DrawFn) -> bytes:
    """A scenario with some of its values exchanged."""
    document = {**scene.scenario(), **json.loads(scenario_file.defaults().model_dump_json(exclude_none=True))}
    for _ in range(draw(st.integers(1, 3))):
        document = draw(exchanged(document))
    try:
        return tomli_w.dumps(document).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError, AttributeError):  # no TOML: null, or no table at all
        return repr(document).encode("utf-8", "replace")


@st.composite
def geotiffs(draw: st.DrawFn) -> bytes:
    """A small raster of any type, grid and reference system."""
    dtype = draw(
        st.sampled_from(("uint8", "int8", "int16", "uint16", "int32", "int64", "float32", "float64", "complex64"))
    )
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    count = draw(st.sampled_from((1, 1, 1, 1, 2, 3)))
    numbers = st.sampled_from((0, 1, 20, 40, 255, -1, -9999, -99999, 1e9, -3.4e38, np.nan, np.inf, 65535, 32768))
    flat = draw(st.lists(numbers, min_size=count * height * width, max_size=count * height * width))
    with np.errstate(all="ignore"):
        values = np.array(flat, float).astype(dtype).reshape(count, height, width)
    terms = st.one_of(st.sampled_from((scene.STEP, -scene.STEP, 34.0, -13.0, 0.0, 1.0, 100.0, -100.0, 1e-9, 1e9)),
                      st.floats(-1e12, 1e12))  # fmt: skip
    crs = draw(st.sampled_from((None, "EPSG:4326", "EPSG:32736", "EPSG:3857", "EPSG:4979", "EPSG:27700", "EPSG:5703",
                                "EPSG:2263", "ESRI:104903", "+proj=ortho +lat_0=10")))  # fmt: skip
    usual = (scene.STEP, 0.0, 34.0, 0.0, -scene.STEP, -13.0)
    transform = draw(st.one_of(st.just(usual), st.tuples(*[terms] * 6)))
    nodata = draw(st.sampled_from((None, 0, 20, 1)))
    written = rasterio.MemoryFile()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with written.open(driver="GTiff", dtype=dtype, height=height, width=width, count=count, crs=crs, nodata=nodata,
                          transform=rasterio.Affine(*transform)) as target:  # fmt: skip
            target.write(values)
            target.scales = [draw(st.sampled_from((1.0, 1.0, 0.1, 0.0, -1.0, 1e300)))] * count
    return written.read()
