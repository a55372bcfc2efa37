"""A run folder, read: its plan, tables and layers. What is exported is made from nothing else."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy.typing as npt
import pandas as pd

from planner.errors import Fault, InputFaults
from planner.outputs.folder import REPORTS
from planner.outputs.single import as_it_was
from planner.scenario import Scenario
from planner.types.frame import Frame

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from planner.scenario.report import Language

FORM = 1  # schema_version of plan.json that is read here
NUMBERS = {"integer", "number"}
AGAIN = "Give a folder that planner run wrote, or run the scenario again."


@dataclass(frozen=True, eq=False)
class Run:
    """What stands in a run folder.

    Attributes
    ----------
    folder
        Where it stands.
    plan
        plan.json.
    fields
        By table (as its file is called, without .csv): types of its columns.
    """

    folder: Path
    plan: dict[str, Any]
    fields: dict[str, dict[str, str]]

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Open a run folder. Raise InputFaults where it is none, or of another form."""
        try:
            plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
            package = json.loads((folder / "tables" / "datapackage.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputFaults([Fault(str(folder), f"is no run folder that can be read: {error}.", AGAIN)]) from None
        if plan.get("schema_version") != FORM:
            what = f"has form {plan.get('schema_version')} of plan.json; this planner reads form {FORM}."
            raise InputFaults([Fault(str(folder), what, AGAIN)])
        fields = {
            each["name"]: {field["name"]: field["type"] for field in each["schema"]["fields"]}
            for each in package["resources"]
        }
        return cls(folder, plan, fields)

    @cached_property
    def scenario(self) -> Scenario:
        """The question, as it was used. Raise InputFaults where this planner does not understand it."""
        path = self.folder / "scenario.toml"
        try:
            asked = tomllib.loads(path.read_text(encoding="utf-8"))
            return Scenario.model_validate_json(json.dumps(asked))  # JSON has lists where the scenario has tuples
        except (OSError, ValueError) as error:
            what = f"is no scenario that this planner understands: {error}."
            raise InputFaults([Fault(str(path), what, AGAIN)]) from None

    @property
    def language(self) -> Language:
        """The language that the scenario asks for its prints."""
        language: Language = self.plan.get("report", {}).get("language", "en")
        return language

    @property
    def ministry(self) -> str:
        """Whose the plan is, for the head of prints; "" = nobody is named."""
        return str(self.plan.get("report", {}).get("ministry", ""))

    @property
    def logo(self) -> Path | None:
        """The ministry's logo (PNG), where there is one."""
        path = self.folder / "logo.png"
        return path if path.is_file() else None

    def report(self, language: Language) -> str:
        """The report as HTML. Raise InputFaults where it cannot be read."""
        path = self.folder / ("report.html" if language == self.language else f"{REPORTS}/{language}.html")
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise InputFaults([Fault(str(path), f"cannot be read: {error}.", AGAIN)]) from None

    def table(self, name: str) -> pd.DataFrame:
        """Rows of a table; text stays text, and a blank number is NaN."""
        return _read_table(self.folder / "tables" / f"{name}.csv", tuple(self.fields[name].items())).copy()

    def raster(self, name: str) -> tuple[Frame, npt.NDArray[Any]]:
        """The cells of a raster, ``(rows, columns)``, and where they lie."""
        import rasterio

        with rasterio.open(self.folder / "rasters" / f"{name}.tif") as raster:
            at = raster.transform
            frame = Frame(raster.crs.to_wkt(), at.c, at.f, at.a, -at.e, raster.height, raster.width)
            return frame, raster.read(1)

    def layer(self, name: str) -> GeoDataFrame:
        """Rows of a layer with their shapes, in longitude and latitude."""
        import pyogrio

        return pyogrio.read_dataframe(self.folder / "layers.gpkg", layer=name)


@cache
def _read_table(path: Path, fields: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    for name, kind in fields:
        if kind in NUMBERS:
            frame[name] = pd.to_numeric(frame[name].replace("INF", "inf"), errors="coerce")
        elif kind == "boolean":
            frame[name] = frame[name] == "true"
        else:
            frame[name] = [as_it_was(text) for text in frame[name]]
    return frame
