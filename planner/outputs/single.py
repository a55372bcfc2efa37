"""One result in one file, whole or not at all: raster, layer or table, by what it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planner.outputs import place

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

FORMULA_SIGNS = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
)  # OWASP, "CSV injection"; wide ones as East Asian Excel takes


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write a file that then takes the name `path`; what stood there is replaced, or stands there still.

    Raises
    ------
    InputFaults
        Where nothing can be written there, or another run writes there.
    """
    with place.reserved(path) as whole_path:
        part = place.passing(whole_path, "part")
        try:
            with place.told(path):
                yield part
                place.flush(part)
                place.settle(part, whole_path)
        finally:
            place.remove(part)


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
    return f"'{text}" if _acts(text) else text


def as_it_was(plain: str) -> str:
    """The text of which `plain_text` made this one."""
    return plain[1:] if plain.startswith("'") and _acts(plain) else plain


def _acts(text: str) -> bool:
    """Whether a spreadsheet takes a text for a formula, or would but for the apostrophes before it."""
    bare = text.lstrip("'")
    if not bare.lstrip().startswith(FORMULA_SIGNS):
        return False
    try:
        float(bare)
    except ValueError:
        return True
    return False
