"""Facilities, from one list or several: their places, tiers and capacities."""

from __future__ import annotations

import numpy as np

from planner.errors import Fault, InputFaults
from planner.inputs.capacity import check_capacities, read_capacities
from planner.inputs.cleaning import Listed, place, sameness, settle
from planner.inputs.columns import missing
from planner.inputs.doubles import earlier_lists, same_place
from planner.inputs.extent import Extent
from planner.inputs.findings import Findings
from planner.inputs.formats import read_rows
from planner.inputs.misplaced import nowhere
from planner.inputs.points import PLACE, list_entries, positions
from planner.inputs.tiers import no_tiers, read_tiers, unknown_tiers
from planner.scenario import FacilitiesTable, MoreFacilities
from planner.types.frame import Frame
from planner.types.inputs import Areas, Facilities

NO_AREAS = np.empty(0, np.object_)


def read_facilities(facilities: FacilitiesTable, areas: Areas | None, frame: Frame, findings: Findings) -> Facilities:
    """Facilities with their tiers and capacities; `areas` is None where they could not be read."""
    layers: list[tuple[str, str, MoreFacilities]] = [("[facilities]", "F", facilities)]
    layers += [("[[facilities.also]]", f"F{k}-", more) for k, more in enumerate(facilities.also, start=2)]
    lists: list[Listed] = []
    kinds: list[str] = []
    faults: list[Fault] = []
    for section, prefix, layer in layers:
        try:
            listed, kind = _read_list(layer, section, prefix, frame, findings)
            lists.append(listed)
            kinds.append(kind)
        except InputFaults as found:
            faults += found.faults
    if faults:
        raise InputFaults(faults)
    rows = [entry for listed in lists for entry in listed.entries]
    extent = Extent(frame, NO_AREAS if areas is None else areas.geometry)
    told = place(rows, facilities, "facilities", extent, findings)
    told += nowhere(rows)
    for (section, _, layer), listed, kind in zip(layers, lists, kinds, strict=True):
        told += unknown_tiers(listed.entries, layer.tiers, section, kind)
    check_capacities(rows)
    same_place(rows, sameness(facilities), frame)
    earlier_lists([listed.entries for listed in lists], sameness(facilities), frame)
    # Of facilities equally near the first one counts: so they stand by their ids, whatever the order of the rows.
    used = sorted(settle(lists, "facilities", told, extent, findings), key=lambda entry: entry.id)
    known = any(entry.capacity_cell is not None for entry in used)
    if facilities.people_per_capacity and not known:
        what = "people_per_capacity is set, but no list of facilities has a capacity."
        out = 'Name the column, columns = { capacity = "..." }, or leave people_per_capacity out.'
        raise InputFaults([Fault("[facilities] of the scenario", what, out)])
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


def _read_list(
    layer: MoreFacilities, section: str, prefix: str, frame: Frame, findings: Findings
) -> tuple[Listed, str]:
    """A list with the tiers that it gives, ids that begin with `prefix` where it has none, and its column of types."""
    file = findings.open("facilities", layer)
    table, columns = read_rows(layer, file, (*PLACE, "type", "tier", "capacity"))
    tier_key = "type" if layer.tiers else "tier"
    faults = [missing(table, (key,)) for key in ("name", tier_key) if key not in columns]
    if "tier" in {tier_key} - set(columns):
        faults[-1] = no_tiers(table, columns, section)
    if faults:
        raise InputFaults(faults)
    if not len(table):
        raise file.fault("has a header but no rows.", "Give at least one facility.")
    rows = list_entries(table, layer, columns, positions(table, layer, columns, frame), frame, prefix, "name")
    read_tiers(rows, layer.tiers)
    if "capacity" in columns:
        read_capacities(rows, table, columns["capacity"])
    return Listed(table, rows), columns.get("type", "")
