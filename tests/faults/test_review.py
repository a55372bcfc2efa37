"""The review: every row with a finding stands in it, and giving it back decides row by row."""

from __future__ import annotations

import pytest
from faults import corpus, reviewed, scene
from openpyxl import load_workbook

LISTS = [case for case in corpus.cases() if case.spoil.__module__ == "faults.lists"]


@pytest.fixture
def district(tmp_path):
    return scene.make(tmp_path)


def spoiled(district, case):
    case.spoil(district)
    for at, word in enumerate(district.command):
        if word == "--fix":
            district.scenario.setdefault("fixes", []).append(district.command[at + 1])
    return district


@pytest.mark.parametrize("case", LISTS, ids=[f"{case.row}: {case.name}" for case in LISTS])
def test_a_review_given_back_unedited_leaves_no_finding_that_had_a_proposal(district, case):
    spoiled(district, case)
    given = reviewed.reviewed(district)
    _, faults, doubts = reviewed.check(district)
    before = {(role, row["row"]): row["found"] for role, rows in given.items() for row in rows if row["decision"]}
    assert {(doubt.role, doubt.row): doubt.found for doubt in doubts if doubt.decision} == before
    if all(row["decision"] for rows in given.values() for row in rows) and given:
        left = [fault for fault in faults if "none of its" not in fault.what]  # every row was left out
        assert not left


@pytest.mark.parametrize("case", LISTS, ids=[f"{case.row}: {case.name}" for case in LISTS])
def test_every_row_of_every_list_is_in_one_line_of_its_account(district, case):
    base, _, _ = reviewed.check(spoiled(district, case))
    if base is None:
        return
    used = {"facilities": base.found.facilities, "villages": base.found.villages, "chws": base.found.chws}
    for account in base.accounts:
        path = district.folder / account.file
        listed = len(district.rows(path.name) if path.suffix == ".csv" else district.features(path.name)["features"])
        assert account.total == listed
        counts = dict(account.rows)
        taking_part = counts["used"] + counts.get("used, in no area", 0) + counts.get("on closed ground", 0)
        assert taking_part == sum(origin.file == account.file for origin in used[account.role].origin or ())
    assert {account.role for account in base.accounts} == set(used)


def test_rows_that_were_not_asked_for_are_counted_too(district):
    district.scenario["facilities"]["where"] = {"type": ["Health Centre"]}
    base, _, _ = reviewed.check(district)
    assert base.accounts[0].rows == (("used", 2), ("not asked for (where)", 2))


def test_facilities_in_no_area_are_used_and_counted_apart(district):
    document = district.features("areas.geojson")
    document["features"] = document["features"][:1]
    district.write_features("areas.geojson", document)
    district.scenario["facilities"]["outside_metres"] = 5000.0
    base, _, _ = reviewed.check(district)
    assert base.accounts[0].rows == (("used", 2), ("used, in no area", 2))
    assert (base.facility_cell >= 0).all()


def test_a_row_that_is_kept_is_not_told_again(district):
    def edit(sheets):
        sheets["facilities"][0]["decision"] = "keep"

    rows = district.rows("facilities.csv")
    rows[2]["longitude"] = "33.98"
    district.write_rows("facilities.csv", rows)
    reviewed.reviewed(district, edit=edit)
    district.scenario["walking"] = {"snap_metres": 3000.0}
    base, faults, _ = reviewed.check(district)
    assert not faults
    assert len(base.found.facilities) == 4
    assert base.accounts[0].rows == (("used", 4),)


def test_the_workbook_explains_itself_offers_the_decisions_and_holds_no_formula(district):
    rows = district.rows("facilities.csv")
    rows[0]["name"], rows[0]["latitude"] = "=HYPERLINK(1)", ""
    district.write_rows("facilities.csv", rows)
    reviewed.check(district, district.folder / "r.xlsx")
    book = load_workbook(district.folder / "r.xlsx")
    assert book.sheetnames == ["README", "facilities"]
    assert "yellow columns" in str([cell.value for row in book["README"] for cell in row])
    sheet = book["facilities"]
    assert sheet.freeze_panes == "E2"
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    [row] = reviewed.rows_of(sheet)
    assert row["name"] == "=HYPERLINK(1)"
    assert row["found"] == "no usable coordinates (blank, 34.00708)"
    assert row["decision"] == "leave out"
    [choices] = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert choices.formula1 == '"keep,leave out,swap,turn sign,move to,merge into,set tier,set id"'
    assert "G2" in str(choices.sqref)


def test_a_review_that_exists_is_left_alone(district):
    (district.folder / "r.xlsx").write_text("decisions", encoding="utf-8")
    district.write_scenario()
    _, [fault], _ = reviewed.check(district, district.folder / "r.xlsx")
    assert "it exists already and was left alone" in fault.what
    _, [fault], _ = reviewed.check(district, district.folder / "r.csv")
    assert "no name of a workbook" in fault.what


def two_in_doubt(district):
    """The first facility without coordinates, the second with exchanged ones."""
    rows = district.rows("facilities.csv")
    rows[0]["latitude"] = ""
    rows[1]["latitude"], rows[1]["longitude"] = rows[1]["longitude"], rows[1]["latitude"]
    district.write_rows("facilities.csv", rows)
    return district


def test_what_the_planner_decides_is_done_and_recorded_row_by_row(district):
    def edit(sheets):
        first, second = sheets["facilities"]
        first |= {"decision": "Move To", "lat": "13°00'19.5\"S", "lon": "34,00708", "comment": "rang the nurse"}
        second |= {"decision": "leave out", "lat": None, "lon": None}

    reviewed.reviewed(two_in_doubt(district), edit=edit)
    base, faults, doubts = reviewed.check(district)
    assert not faults
    assert base.found.facilities.name == ("CS Mbale", "Poste Nkhoma", "HD Dowa")
    assert base.found.facilities.y[0] == pytest.approx(-13.0054167, abs=1e-6)
    said = {
        change.place: (note.level, change.before, change.after)
        for note in base.notes if "decided in the review" in note.what for change in note.changes
    }  # fmt: skip
    assert said == {
        'row 2 "CS Mbale"': ("repaired", "blank, 34.00708", "-13.0054167, 34.00708"),
        'row 3 "CS Mponela"': (
            "left out", "latitude and longitude seem exchanged", "left out",
        ),
    }  # fmt: skip
    assert [doubt.comment for doubt in doubts] == ["rang the nurse", ""]


def test_swap_and_turn_sign_need_no_coordinates(district):
    def edit(sheets):
        for row in sheets["facilities"]:
            row["lat"] = row["lon"] = None

    rows = district.rows("facilities.csv")
    rows[0]["latitude"] = rows[0]["latitude"].lstrip("-")
    rows[1]["latitude"], rows[1]["longitude"] = rows[1]["longitude"], rows[1]["latitude"]
    district.write_rows("facilities.csv", rows)
    given = reviewed.reviewed(district, edit=edit)
    assert [row["decision"] for row in given["facilities"]] == ["turn sign", "swap"]
    base, faults, _ = reviewed.check(district)
    assert not faults
    assert base.found.facilities.y[:2] == pytest.approx([-13.00542, -13.02792])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decision": "leaf out"}, 'there is no decision "leaf out". Did you mean "leave out"?'),
        ({"decision": "move to", "lat": "north"}, "latitude and longitude are to be degrees, found north, blank"),
        ({"decision": "move to", "lat": 95, "lon": 34}, "latitude and longitude are to be degrees, found 95, 34"),
        ({"decision": "set tier", "tier": 12}, "the tier is to be a whole number from 1 to 9, found 12"),
        ({"decision": "merge into"}, '"merge into" needs an id in the column "to id"'),
        ({"decision": "merge into", "to_id": "0999"}, 'there is no other row with the id "0999" to merge it into'),
        ({"decision": "keep"}, "it has no usable coordinates: leave it out, or move it to where it is"),
        ({"decision": "swap"}, '"swap" does not bring it into the areas'),
        ({"name": "CS Other"}, 'its name in the list is "CS Mbale" now'),
        ({"id": "0777", "row": 99}, "there is no such row in the list any more"),
        ({"coordinates": "1, 2"}, "its coordinates in the list were 1, 2, and are blank, 34.00708 now"),
    ],
)
def test_decisions_that_cannot_be_followed_are_told_with_their_rows(district, change, said):
    def edit(sheets):
        sheets["facilities"][0] |= change

    reviewed.reviewed(two_in_doubt(district), edit=edit)
    _, faults, _ = reviewed.check(district)
    [told] = [fault for fault in faults if fault.where == "review of facilities (review.xlsx)"]
    assert "has 1 decision that cannot be followed: row " in told.what
    assert said in told.what


def test_all_that_cannot_be_followed_is_told_at_once_and_a_row_is_decided_once(district):
    def edit(sheets):
        first, second = sheets["facilities"]
        sheets["facilities"] += [dict(second)]
        first["decision"] = "perhaps"

    reviewed.reviewed(two_in_doubt(district), edit=edit)
    _, faults, _ = reviewed.check(district)
    [told] = [fault for fault in faults if "cannot be followed" in fault.what]
    assert "has 2 decisions" in told.what
    assert '"perhaps"' in told.what and "it is decided twice" in told.what


def test_a_blank_decision_leaves_the_row_to_be_told_again(district):
    def edit(sheets):
        sheets["facilities"][1]["decision"] = None

    reviewed.reviewed(two_in_doubt(district), edit=edit)
    _, faults, doubts = reviewed.check(district)
    [fault] = faults
    assert "--fix swap-latlon" in fault.way_out
    assert [doubt.row for doubt in doubts] == [2, 3]


@pytest.mark.parametrize("spoil", ["sheet", "column", "text", "missing"])
def test_what_is_no_review_is_a_fault(district, spoil):
    reviewed.reviewed(two_in_doubt(district))
    path = district.folder / "review.xlsx"
    book = load_workbook(path)
    if spoil == "sheet":
        book["facilities"].title = "Feuil1"
        book.save(path)
    elif spoil == "column":
        book["facilities"].delete_cols(7)
        book.save(path)
    elif spoil == "text":
        path.write_text("decision", encoding="utf-8")
    else:
        path.unlink()
    _, faults, _ = reviewed.check(district)
    assert [fault.where for fault in faults] == ["review of facilities (review.xlsx)"]


def test_a_later_review_carries_the_earlier_decisions_and_comments(district):
    def edit(sheets):
        sheets["facilities"][0] |= {"comment": "closed in 2024"}

    reviewed.reviewed(two_in_doubt(district), edit=edit)
    rows = district.rows("facilities.csv")
    rows[2]["longitude"] = "40"
    district.write_rows("facilities.csv", rows)
    given = reviewed.reviewed(district, "second.xlsx")
    assert [(row["row"], row["decision"], row["comment"]) for row in given["facilities"]] == [
        (2, "leave out", "closed in 2024"), (3, "swap", None), (4, "leave out", None),
    ]  # fmt: skip
    assert not reviewed.check(district)[1]


def test_the_name_of_a_chw_is_not_in_the_review(district):
    rows = district.rows("chws.csv")
    rows[0]["latitude"] = rows[0]["longitude"] = ""
    district.write_rows("chws.csv", rows)
    given = reviewed.reviewed(district)
    assert [(row["id"], row["name"]) for row in given["chws"]] == [("C01", "Chipunga")]
    base, faults, _ = reviewed.check(district)
    assert not faults and len(base.found.chws) == 1


def test_nothing_is_written_where_nothing_was_found(district):
    assert reviewed.reviewed(district) == {}


def test_faults_without_rows_write_no_review(district):
    district.scenario["roads"]["file"] = "nowhere.osm"
    assert reviewed.reviewed(district) == {}
