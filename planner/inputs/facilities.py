"""Facilities, from one list or several: their places, tiers and capacities."""

from __future__ import annotations

import numpy as np

from planner.errors import InputFaults
from planner.inputs.capacity import check_capacities, read_capacities
from planner.inputs.cleaning import Listed, place, sameness, settle
from planner.inputs.columns import missing
from planner.inputs.doubles import same_place
from planner.inputs.extent import Extent
from planner.inputs.findings import Findings
from planner.inputs.formats import read_rows
from planner.inputs.misplaced import nowhere
from planner.inputs.points import PLACE, list_entries, positions
from planner.inputs.tiers import no_tiers, read_tiers, unknown_tiers
from planner.scenario import FacilitiesTable
from planner.types.frame import Frame
from planner.types.inputs import Areas, Facilities

NO_AREAS = np.empty(0, np.object_)


def read_facilities(facilities: FacilitiesTable, areas: Areas | None, frame: Frame, findings: Findings) -> Facilities:
    """Facilities with their tiers and capacities; `areas` is None where they could not be read."""
    listed = _read_list(facilities, frame, findings)
    extent = Extent(frame, NO_AREAS if areas is None else areas.geometry)
    told = place(listed.entries, facilities, "facilities", extent, findings)
    told += [*nowhere(listed.entries), *unknown_tiers(listed.entries, facilities.tiers, "[facilities]")]
    check_capacities(listed.entries)
    same_place(listed.entries, sameness(facilities), frame)
    # Of facilities equally near the first one counts: so they stand by their ids, whatever the order of the rows.
    used = sorted(settle([listed], "facilities", told, extent, findings), key=lambda entry: entry.id)
    known = any(entry.capacity_cell is not None for entry in used)
    return Facilities(
        tuple(entry.id for entry in used),
        tuple(entry.name for entry in used),
        np.array([entry.x for entry in used], np.float64),
        np.array([entry.y for entry in used], np.float64),
        tuple(entry.type for entry in used),
        np.array([entry.tier for entry in used], np.int16),
        capacity=np.array([entry.capacity for entry in used], np.float64) if known else None,
        origin=tuple(entry.origin for entry in used),
    )


def _read_list(layer: FacilitiesTable, frame: Frame, findings: Findings) -> Listed:
    """A list of facilities with the tiers that it gives."""
    file = findings.open("facilities", layer)
    table, columns = read_rows(layer, file, (*PLACE, "type", "tier", "capacity"))
    tier_key = "type" if layer.tiers else "tier"
    faults = [missing(table, (key,)) for key in ("name", tier_key) if key not in columns]
    if "tier" in {tier_key} - set(columns):
        faults[-1] = no_tiers(table, columns, "[facilities]")
    if faults:
        raise InputFaults(faults)
    if not len(table):
        raise file.fault("has a header but no rows.", "Give at least one facility.")
    rows = list_entries(table, layer, columns, positions(table, layer, columns, frame), frame, "F", "name")
    read_tiers(rows, layer.tiers)
    if "capacity" in columns:
        read_capacities(rows, table, columns["capacity"])
    return Listed(table, layer, rows)
