"""What a supervisor or a CHW opens on a telephone without internet (OsmAnd, Organic Maps): GPX 1.1 and KML 2.2.

``supervisors/`` has a file for each facility that supervises: its posts as waypoints, and each trip of the round as a
track. ``chws/`` has a file for each post: the post and the facilities that it refers to, and the ways there. Posts are
called by their village, never by the lay worker's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import gpxpy.gpx
import shapely

from planner.outputs.escape import fit_for_xml
from planner.outputs.exports.file_names import plain_name
from planner.outputs.exports.run import Run
from planner.outputs.language import day, say
from planner.outputs.names import stops, village_name
from planner.outputs.palette import km_text, minutes_text
from planner.outputs.ways import in_words

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Mark(NamedTuple):
    """A place or a way on the telephone: its name, what is said of it, and its shape (longitude, latitude)."""

    name: str
    about: str
    shape: Any


def write(run: Run, folder: Path) -> None:
    """Write the files of all supervisors and CHWs."""
    posts, facilities = run.layer("posts"), run.layer("facilities")
    routes, rounds = run.layer("referral_routes"), run.layer("supervision_rounds")
    supervised = run.table("supervision")
    (folder / "supervisors").mkdir()
    (folder / "chws").mkdir()
    at = dict(zip(facilities["facility_id"], facilities.geometry, strict=True))
    called = dict(zip(facilities["facility_id"], facilities["facility"], strict=True))
    where = posts.set_index("post_id")
    for facility, own in supervised[supervised["facility_id"] != ""].groupby("facility_id", sort=True):
        marks = [Mark(called[facility], say("supervises"), at[facility]), *_posts(where, own)]
        trips = rounds[rounds["facility_id"] == facility]
        marks += [
            Mark(
                say("Day {day}, supervisor {supervisor}", day=row.day, supervisor=row.supervisor),
                _trip(row),
                row.geometry,
            )
            for row in trips.itertuples()
        ]
        _write_both(marks, folder / "supervisors" / plain_name(f"{facility} {called[facility]}"), run)
    for post, ways in routes[routes["traveller"] == _first(routes)].groupby("post_id", sort=True):
        village = where.loc[post, "village"]
        marks = [Mark(_place(village, post), say("CHW"), where.loc[post].geometry)]
        marks += [
            Mark(row.facility, say("tier {tier} or above", tier=row.tier), at[row.facility_id])
            for row in ways.itertuples()
        ]
        marks += [
            Mark(say("To {facility}", facility=row.facility), _way(row), row.geometry) for row in ways.itertuples()
        ]
        _write_both(list(dict.fromkeys(marks)), folder / "chws" / plain_name(f"{post} {village}"), run)


def _first(routes: GeoDataFrame) -> str:
    return str(routes["traveller"].iloc[0]) if len(routes) else ""


def _posts(where: GeoDataFrame, own: Any) -> Iterable[Mark]:
    for row in own.itertuples():
        yield Mark(
            _place(row.village, row.post_id),
            say("{time} one way", time=minutes_text(row.minutes)),
            where.loc[row.post_id].geometry,
        )


def _place(village: str, post: str) -> str:
    return f"{village_name(village)} ({post})" if village else post


def _trip(row: Any) -> str:
    time, km = minutes_text(row.travel_minutes), km_text(row.round_km)
    return say("{stops}; {time} under way, {km}", stops=stops(row.stops), time=time, km=km)


def _way(row: Any) -> str:
    return say("{how}: {way}", how=f"{minutes_text(row.minutes)}, {km_text(row.km)}", way=in_words(row.way))


def _write_both(marks: list[Mark], path: Path, run: Run) -> None:
    number, stem = 2, path.name
    while path.with_name(f"{stem}.gpx").exists():  # two ids that are alike without their accents and signs
        stem, number = f"{path.name}-{number}", number + 1
    path = path.with_name(stem)
    for ending, document in (("gpx", _gpx(marks, run)), ("kml", XML + _kml(marks, run))):
        path.with_name(f"{stem}.{ending}").write_text(fit_for_xml(document), encoding="utf-8", newline="\n")


def _gpx(marks: Iterable[Mark], run: Run) -> str:
    document = gpxpy.gpx.GPX()
    document.creator = "planner"
    document.name = run.plan["title"]
    document.description = say("Plan of {day}, run {run}", day=day(run.plan["date"]), run=run.plan["run_id"])
    document.time = datetime.fromisoformat(f"{run.plan['date']}T00:00:00+00:00")
    for mark in marks:
        if mark.shape.geom_type == "Point":
            document.waypoints.append(
                gpxpy.gpx.GPXWaypoint(mark.shape.y, mark.shape.x, name=mark.name, description=mark.about)
            )
            continue
        track = gpxpy.gpx.GPXTrack(name=mark.name, description=mark.about)
        points = [gpxpy.gpx.GPXTrackPoint(y, x) for x, y in shapely.get_coordinates(mark.shape).tolist()]
        track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
        document.tracks.append(track)
    return document.to_xml("1.1") + "\n"


def _kml(marks: Iterable[Mark], run: Run) -> str:
    """KML, written as XML: GDAL's writer lets a name with "]]>" break the file."""
    from xml.etree import ElementTree as ET

    root = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = ET.SubElement(root, "Document")
    ET.SubElement(document, "name").text = run.plan["title"]
    for mark in marks:
        placemark = ET.SubElement(document, "Placemark")
        ET.SubElement(placemark, "name").text = mark.name
        ET.SubElement(placemark, "description").text = mark.about
        kind = "Point" if mark.shape.geom_type == "Point" else "LineString"
        points = shapely.get_coordinates(mark.shape).tolist()
        text = " ".join(f"{x:.7f},{y:.7f}" for x, y in points)
        ET.SubElement(ET.SubElement(placemark, kind), "coordinates").text = text
    ET.indent(root, " ")
    return ET.tostring(root, "unicode", xml_declaration=False) + "\n"
