"""One result in one file, whole or not at all: raster, layer or table, by what it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import Fault, InputFaults

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

FORMULA_SIGNS = ("=", "+", "-", "@")  # OWASP, "CSV injection"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write a file that then takes the name `path`; what stood there is replaced, or stands there still.

    Raises
    ------
    InputFaults
        Where nothing can be written there.
    """
    path = Path(path).resolve()
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch()  # whether it can be written is known before hours of computing
        part.unlink()
        yield part
        part.replace(path)
    except OSError as error:
        way_out = "Check the disk's free space and your rights there, close the file if it is open, or choose --out."
        raise InputFaults([Fault(str(path), f"cannot be written: {error}.", way_out)]) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_layer(layer: GeoDataFrame, path: Path, name: str, date: str) -> None:
    """Write one layer as GeoPackage, or as GeoJSON (RFC 7946), by the ending of `path`.

    Unknown numbers (NaN) are null. A GeoPackage bears the date.
    """
    if path.suffix.lower() == ".gpkg":
        from planner.outputs.geopackage import write_layers

        write_layers({name: layer}, path, date)
    else:
        import pyogrio

        kind = "Unknown" if layer.geometry.isna().all() else None
        pyogrio.write_dataframe(layer, path, layer=name, driver="GeoJSON", geometry_type=kind, RFC7946="YES")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV (RFC 4180, UTF-8): unknown numbers are blank, and no text can act as a formula."""
    safe = table.copy()
    for name in table.select_dtypes(exclude="number"):
        safe[name] = [plain_text(value) for value in table[name]]
    with path.open("w", encoding="utf-8", newline="") as file:
        safe.to_csv(file, index=False, lineterminator="\r\n")


def plain_text(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula; "-12" is a number."""
    if not text.lstrip().startswith(FORMULA_SIGNS):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
