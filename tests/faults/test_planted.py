"""A list with 30 planted faults of mixed kinds: every row is repaired or refused by name, and decided by a review."""

from __future__ import annotations

import pytest
from faults import reviewed, scene
from faults.scene import Row, at

SOUND = 20


def sound(k: int) -> Row:
    """A facility that is right, in a cell of its own."""
    lon, lat = at(2 + 4 * (k // 10), 2 + 3 * (k % 10))
    name = f"CS {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[k]}{'aeiou'[k % 5]}{'lmnrst'[k % 6]}ana"
    return {"code": f"{1000 + k}", "name": name, "type": "Health Centre", "capacity": "100",
            "latitude": f"{lat:.5f}", "longitude": f"{lon:.5f}"}  # fmt: skip


def planted() -> list[Row]:
    """30 rows, each with a fault."""
    rows = [{**sound(k % SOUND), "code": f"P{k:02}", "name": f"Planted{k:02} {'xyz'[k % 3]}"} for k in range(30)]
    for k, row in enumerate(rows):
        row["longitude"], row["latitude"] = (f"{value:.5f}" for value in at(14 + 2 * (k // 10), 1 + 4 * (k % 10)))
    for row in rows[0:4]:
        row["latitude"], row["longitude"] = row["longitude"], row["latitude"]
    for row in rows[4:7]:
        row["latitude"] = row["latitude"].lstrip("-")
    for row, cell in zip(rows[7:11], ("", "n/a", "0", "NaN"), strict=True):
        row["latitude"], row["longitude"] = cell, "0" if cell == "0" else row["longitude"]
    for row, longitude in zip(rows[11:14], ("33.95", "12.5", "36.10"), strict=True):
        row["longitude"] = longitude
    for row, text in zip(rows[14:16], ("behind the school", "13°xx'S"), strict=True):
        row["latitude"] = text
    for k, row in enumerate(rows[16:18]):
        row.update({**sound(k), "capacity": ""})  # rows that stand above already
    rows[18]["code"] = sound(5)["code"]  # the id of another place
    rows[19]["code"] = rows[20]["code"] = ""
    for row, kind in zip(rows[21:25], ("Hôpital de district", "Pharmacie", "Kiosk", ""), strict=True):
        row["type"] = kind
    for k, row in enumerate(rows[25:27]):  # once more, under another id, near
        row["name"] = f"{sound(7 + k)['name'].removeprefix('CS ')} Health Centre"
        row["latitude"] = f"{float(sound(7 + k)['latitude']) - 0.0006:.5f}"
        row["longitude"] = sound(7 + k)["longitude"]
    rows[27]["longitude"], rows[27]["latitude"] = (f"{value:.5f}" for value in at(30, 30))  # in the river
    rows[28]["capacity"], rows[29]["capacity"] = "-20", "many"
    return rows


@pytest.fixture
def district(tmp_path):
    made = scene.make(tmp_path)
    made.write_rows("facilities.csv", [*(sound(k) for k in range(SOUND)), *planted()])
    made.scenario["villages"] = {"file": "villages.csv"}
    return made


def first_row() -> int:
    return SOUND + 2  # of those planted, below the header


def test_each_of_30_planted_faults_is_told_by_its_row(district):
    _, faults, doubts = reviewed.check(district)
    told = {doubt.row: doubt for doubt in doubts}
    in_doubt = set(range(first_row(), first_row() + 27))  # the last three are found when the land is laid, or told only
    assert set(told) == in_doubt
    assert len(faults) == 7
    decisions = [told[row].decision for row in sorted(told)]
    assert decisions == [
        *["swap"] * 4, *["turn sign"] * 3, *["leave out"] * 4, *["leave out"] * 3, *[""] * 2,
        *["merge into"] * 2, *["set id"] * 3, "set tier", "leave out", "", "", *["merge into"] * 2,
    ]  # fmt: skip


def test_the_review_given_back_makes_the_list_good_and_every_row_is_accounted_for(district):
    def edit(sheets):
        for row in sheets["facilities"]:
            if row["found"].startswith("no usable") and not row["decision"]:
                row["decision"] = "leave out"
            if "no tier" in row["found"] or "no type" in row["found"]:
                row["decision"] = row["decision"] or "set tier"
                row["tier"] = row["tier"] or 1

    reviewed.reviewed(district, edit=edit)
    base, faults, doubts = reviewed.check(district)
    assert not faults
    counts = dict(base.accounts[0].rows)
    assert counts == {
        "used": SOUND + 30 - 4 - 2 - 3 - 1 - 2 - 2,
        "without coordinates": 4 + 2, "merged into another row": 2 + 2, "left out by a decision": 3 + 1,
    }  # fmt: skip
    said = reviewed.told_rows(base.notes, "facilities")
    for number in range(first_row(), first_row() + 30):
        assert any(place.startswith(f"row {number} ") for place in said), number
    river = [doubt for doubt in doubts if doubt.row == first_row() + 27]
    assert [doubt.decision for doubt in river] == ["move to"]
    assert base.found.facilities.capacity[-2:].tolist() != [-20, 0]

    # the second review holds what was found when the land was laid: given back as it is, nothing is left
    reviewed.reviewed(district, "second.xlsx")
    base, faults, _ = reviewed.check(district)
    assert not faults
    assert not [note for note in base.notes if note.level == "repaired" and "reached at" in note.what]
    assert dict(base.accounts[0].rows) == counts


def test_agreeing_to_the_repairs_leaves_only_what_no_repair_mends(district):
    district.scenario["fixes"] = ["swap-latlon", "turn-sign", "drop-duplicates"]
    _, faults, _ = reviewed.check(district)
    assert sorted(fault.what.split(":")[0] for fault in faults) == [
        '"latitude" holds no latitude in 2 of 50 rows',
        "has 1 row with the id of another place",
        "has 2 rows without an id",
        "has types of facility without a tier",
    ]


def test_the_places_that_are_right_are_used_as_they_stand(district):
    rows = district.rows("facilities.csv")[:SOUND]
    district.write_rows("facilities.csv", rows)
    base, faults, doubts = reviewed.check(district)
    assert not faults and not doubts
    assert base.found.facilities.id == tuple(row["code"] for row in rows)
