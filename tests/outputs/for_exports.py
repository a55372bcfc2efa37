"""The files of a run folder that exports read, without the report, the map and the workbook that they do not."""

from __future__ import annotations

from pathlib import Path

from planner import scenario_file
from planner.outputs.csv_tables import write_csv_tables
from planner.outputs.folder import LOGO, MARK
from planner.outputs.geopackage import write_geopackage
from planner.outputs.language import speaking
from planner.outputs.layers import layers
from planner.outputs.plan_json import plan_json
from planner.outputs.rasters import write_rasters
from planner.outputs.tables import tables
from planner.outputs.verify import hashes
from planner.types.results import Plan


def write_for_exports(plan: Plan, folder: Path) -> Path:
    """Write these files as `outputs.write` does; that their bytes are the same is tested in test_exports.py."""
    folder.mkdir(parents=True)
    write_rasters(plan, folder / "rasters")
    with speaking(plan.scenario.report.language):
        write_geopackage(layers(plan), folder / "layers.gpkg", plan.provenance.date)
    write_csv_tables(plan, tables(plan), folder / "tables")
    if plan.logo:
        (folder / LOGO).write_bytes(plan.logo)
    (folder / "scenario.toml").write_text(scenario_file.dump(plan.scenario), encoding="utf-8", newline="\n")
    (folder / MARK).write_text(plan_json(plan, hashes(folder)), encoding="utf-8", newline="\n")
    return folder
