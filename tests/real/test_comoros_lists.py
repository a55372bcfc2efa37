"""The facilities of the Comoros by the WHO's list, by healthsites.io, and by both made one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner import inputs, scenario_file
from planner.errors import InputFaults

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data" / "comoros"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are absent: {DATA}")

WHO = "facilities_who_kwtrp_2019.geojson"
HEALTHSITES = "facilities_healthsites_io.geojson"
SITES = {
    "file": f"../../../shared/data/comoros/facilities/{HEALTHSITES}",
    "columns": {"id": "uuid", "type": "amenity"},
    "tiers": {"doctors": 1, "clinic": 1, "hospital": 3},
}
OF_CARE = {"where": {"amenity": ["doctors", "clinic", "hospital"]}}


def read(**facilities):
    """The country, its facilities given otherwise; of all other files only what places them."""
    scenario = scenario_file.load(HERE / "comoros.toml")
    told = scenario.facilities.model_copy(update={}).model_dump() if "also" in facilities else {}
    layer = type(scenario.facilities).model_validate_json(json.dumps({**told, **facilities}))
    less = {"facilities": layer, "roads": type(scenario.roads)(), "land_cover": type(scenario.land_cover)(),
            "elevation": type(scenario.elevation)()}  # fmt: skip
    return inputs.read(scenario.model_copy(update=less), HERE)


def accounts(found):
    return {Path(account.file).name: dict(account.rows) for account in found.accounts if account.role == "facilities"}


def test_the_health_post_that_lost_a_sign_is_where_it_should_be():
    found = read(**scenario_file.load(HERE / "comoros.toml").facilities.model_dump())
    assert accounts(found) == {WHO: {"used": 65}}
    at = found.facilities.name.index("Nkangani Postes de Santé")
    assert found.facilities.y[at] == pytest.approx(-12.349437)


def test_pharmacies_and_dentists_are_proposed_to_be_left_out():
    with pytest.raises(InputFaults) as raised:
        read(**SITES)
    [fault] = raised.value.faults
    assert '"pharmacy" (24), "dentist" (1), none, in row' in fault.what
    assert 'where = { "amenity" = ["doctors", "clinic", "hospital"] }' in fault.way_out
    assert [doubt.decision for doubt in raised.value.doubts if "pharmacy" in doubt.found] == ["leave out"] * 24
    assert accounts(read(**SITES, **OF_CARE)) == {HEALTHSITES: {"used": 29, "not asked for (where)": 26}}


def test_both_lists_are_one_in_which_every_row_is_accounted_for():
    found = read(also=[{**SITES, **OF_CARE}])
    assert accounts(found) == {
        WHO: {"used": 65},
        HEALTHSITES: {"used": 25, "not asked for (where)": 26, "merged into another row": 4},
    }
    assert len(found.facilities) == 65 + 25
    [merged] = [note for note in found.notes if "places of an earlier list, by name" in note.what]
    assert [change.place for change in merged.changes] == [
        'row 32 "CMC Mitsamiouli"', 'row 38 "Hôpital El Maarouf"', 'row 49 "Centre de santé de Mitsoudjé"',
        'row 54 "PS Ivembeni"',
    ]  # fmt: skip
