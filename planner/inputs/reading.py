"""All readers in their order, and their faults told at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from planner.errors import InputFaults
from planner.inputs.area_tables import read_totals, read_under_fives
from planner.inputs.areas import read_areas, read_no_go
from planner.inputs.facilities import read_facilities
from planner.inputs.findings import Findings
from planner.inputs.friction import read_friction
from planner.inputs.logo import read_logo
from planner.inputs.numbers import read_all_numbers
from planner.inputs.places import read_chws, read_committees
from planner.inputs.rasters import check_raster, read_elevation, read_land_cover, read_population
from planner.inputs.roads import build, read_roads
from planner.inputs.village_list import read_villages
from planner.inputs.water import read_water
from planner.scenario import Scenario
from planner.types.frame import Frame
from planner.types.inputs import Inputs, Layers

WORLD = Frame("EPSG:4326", west=-180.0, north=90.0, dx=1.0, dy=1.0, ny=180, nx=360)
NO_ROADS = build(np.empty(0, np.object_), [])


def read_all(scenario: Scenario, folder: Path) -> Inputs:
    """Read all files of a scenario; see `planner.inputs.read`."""
    findings = Findings(folder, scenario.fixes, scenario.date)
    try_to, named = findings.attempt, scenario.report.include_names
    elevation = land_cover = friction = people = children = None
    if population := try_to(read_population, scenario.population, findings):
        frame, people, children = population
        elevation = try_to(read_elevation, scenario.elevation, frame, people, findings)
        land_cover = try_to(read_land_cover, scenario.land_cover, frame, people, findings)
        friction = try_to(read_friction, scenario.friction, frame, people, findings)
    else:
        # Nothing can be laid on its cells, but the other files are still checked: rasters by opening them, the rest on
        # the world.
        frame = WORLD
        try_to(check_raster, "elevation", scenario.elevation, findings)
        try_to(check_raster, "land_cover", scenario.land_cover, findings)
        try_to(check_raster, "friction", scenario.friction, findings)
    roads = try_to(read_roads, scenario.roads, frame, findings)
    if roads is not None or scenario.water.file:
        water = try_to(read_water, scenario.water, scenario.roads, frame, findings)
    else:
        water = None  # it is in the roads file, whose fault is told once
    no_go = try_to(read_no_go, scenario.season, frame, findings)
    areas = try_to(read_areas, scenario.areas, frame, findings)
    totals = try_to(read_totals, scenario.population, areas, findings)
    under_fives = try_to(read_under_fives, scenario.population, areas, findings)
    facilities = try_to(read_facilities, scenario.facilities, areas, frame, findings)
    listed = try_to(read_villages, scenario.villages, scenario.roads, areas, frame, findings, named)
    chws = try_to(read_chws, scenario.chws, listed and listed[0], frame, findings, named)
    committees = try_to(read_committees, scenario.committees, frame, findings, named)
    logo = try_to(read_logo, scenario.report, findings)
    if findings.faults:
        # Else they are read next; so their faults are told with the others, for the codes and classes that were read.
        if people is None or children is None:
            people = children = np.full(frame.n, np.nan)
        try_to(read_all_numbers, scenario, folder, Layers(frame, people, children, None, land_cover), roads or NO_ROADS)
        raise InputFaults(findings.faults, findings.doubts)
    # A reader that told no fault has read its file.
    assert people is not None and children is not None
    assert roads is not None and water is not None and no_go is not None and areas is not None
    assert (
        facilities is not None
        and listed is not None
        and chws is not None
        and committees is not None
        and logo is not None
    )
    return Inputs(
        Layers(frame, people, children, elevation, land_cover, friction),
        roads,
        water,
        no_go,
        areas,
        facilities,
        listed[0],
        chws,
        tuple(findings.sources),
        tuple(findings.notes),
        tuple(findings.accounts),
        tuple(findings.doubts),
        totals,
        under_fives,
        listed[1],
        committees,
        logo,
    )
