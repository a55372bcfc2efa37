"""Several lists of facilities made one: each row is used, merged into another, or left out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inputs.scene import notes_of

from planner.errors import InputFaults
from planner.inputs.facilities import read_facilities
from planner.inputs.findings import Findings
from planner.scenario import FacilitiesTable
from planner.types.frame import Frame

FRAME = Frame("EPSG:4326", west=40.0, north=-10.0, dx=0.01, dy=0.01, ny=40, nx=50)
A_METRE = 1 / 110_600  # degrees of latitude near 10 S


def read(tmp_path, *lists, **options):
    """Facilities of lists of (id, name, metres to the south, tier, capacity), 40.1 E; what was found; the accounts."""
    files = []
    for k, rows in enumerate(lists):
        text = "id,name,lat,lon,tier,capacity\n" + "".join(
            f"{own},{name},{-10.1 - south * A_METRE:.7f},40.1,{tier},{capacity}\n"
            for own, name, south, tier, capacity in rows
        )
        (tmp_path / f"{k}.csv").write_text(text, encoding="utf-8")
        files.append({"file": f"{k}.csv"})
    layer = FacilitiesTable.model_validate_json(
        FacilitiesTable(file="0.csv").model_copy(update={**options}).model_dump_json(exclude={"also"})[:-1]
        + f', "also": {str(files[1:]).replace(chr(39), chr(34))}}}'
    )
    findings = Findings(tmp_path)
    return read_facilities(layer, None, FRAME, findings), findings


def changes_of(findings, words):
    return [
        (change.place, change.before, change.after)
        for note in findings.notes if words in note.what for change in note.changes
    ]  # fmt: skip


def test_a_place_of_both_lists_is_one_that_takes_what_it_lacks_and_the_others_are_added(tmp_path):
    first = [("1", "CS Mbale", 0, 1, ""), ("2", "CS Moya", 9000, 1, 50)]
    second = [("1", "Mbale Health Centre", 800, 2, 70), ("2", "Kaa Clinic", 5000, 1, 10)]
    found, findings = read(tmp_path, first, second)
    assert found.name == ("CS Mbale", "CS Moya", "Kaa Clinic")
    assert found.id == ("1", "2", "2-2")
    assert found.tier.tolist() == [1, 1, 1]  # that of the first list
    assert found.capacity.tolist() == [70, 50, 10]
    [(place, before, after)] = changes_of(findings, "rows that are places of an earlier list")
    assert place == 'row 2 "Mbale Health Centre"'
    assert before == "800 m from row 2 (CS Mbale) of 0.csv, with a similar name"
    assert after == "merged into row 2 (CS Mbale), which takes its capacity 70"
    assert changes_of(findings, "ids that other places") == [('row 3 "Kaa Clinic"', "id 2", "id 2-2")]
    assert [account.rows for account in findings.accounts] == [
        (("used", 2),), (("used", 1), ("merged into another row", 1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "merged"),
    [
        (("x", "Mbale", 1900, 2, ""), True),  # by its name, whatever its tier
        (("x", "Mbale", 2100, 1, ""), False),  # too far
        (("x", "Saint Luke", 30, 1, ""), True),  # by its position
        (("x", "Saint Luke", 60, 1, ""), False),
        (("x", "Saint Luke", 30, 2, ""), False),  # the hospital in the compound of the health centre
        (("x", "", 30, 2, ""), True),  # of one without a name nothing says that it is another
        (("x", "", 60, 1, ""), False),
        (("x", "Mbale II", 30, 2, ""), False),
        (("x", "Health Centre", 300, 1, ""), False),  # that is no name
    ],
)
def test_what_is_the_same_place_and_what_is_not(tmp_path, row, merged):
    found, _ = read(tmp_path, [("1", "CS Mbale", 0, 1, ""), ("2", "Moya", 9000, 1, "")], [row])
    assert len(found) == (2 if merged else 3)


def test_a_name_counts_more_than_a_position_and_the_nearest_of_that_name_is_the_place(tmp_path):
    first = [("1", "CS Mbale", 0, 1, ""), ("2", "HD Mbale", 900, 2, ""), ("3", "Saint Luke", 1210, 1, "")]
    found, findings = read(tmp_path, first, [("x", "Mbale", 1200, 1, 7)])
    assert found.capacity.tolist()[1] == 7
    assert "300 m from row 3 (HD Mbale)" in changes_of(findings, "rows that are places of an earlier list")[0][1]


def test_a_third_list_is_joined_with_what_the_first_two_made(tmp_path):
    lists = (
        [("1", "Mbale", 0, 1, "")],
        [("1", "Kaa", 5000, 1, "")],
        [("1", "Kaa", 5100, 1, 9), ("2", "Moya", 9000, 1, "")],
    )
    found, findings = read(tmp_path, *lists)
    assert list(zip(found.id, found.name, strict=True)) == [("1", "Mbale"), ("1-2", "Kaa"), ("2", "Moya")]
    assert found.capacity.tolist()[1] == 9
    assert [account.total for account in findings.accounts] == [1, 1, 2]


def test_faults_of_all_lists_are_told_at_once(tmp_path):
    (tmp_path / "0.csv").write_text("id,name,lat,lon,tier\n1,Mbale,,,1\n", encoding="utf-8")
    (tmp_path / "1.csv").write_text("id,name,lat,lon\n1,Mbale,-10.1,40.1\n", encoding="utf-8")
    layer = FacilitiesTable.model_validate_json(
        '{"file": "none.csv", "also": [{"file": "1.csv"}, {"file": "0.csv", "where": {"type": ["x"]}}]}'
    )
    with pytest.raises(InputFaults) as raised:
        read_facilities(layer, None, FRAME, Findings(tmp_path))
    assert [fault.where for fault in raised.value.faults] == [
        "facilities (none.csv)", "facilities (1.csv)", "facilities (0.csv)",
    ]  # fmt: skip
    assert "Under [[facilities.also]], give each type its tier" in raised.value.faults[1].way_out


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Mbale", "CS Mbale", "Moya", "Kaa", "", "Saint Luke", "Mbale II"]),
        st.sampled_from([0, 20, 45, 60, 900, 1990, 2010, 4000, 12_000, 500_000]),
        st.integers(1, 2),
        st.sampled_from(["", 0, 5, 9]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ROWS)
def test_rows_of_both_lists_are_those_used_those_merged_and_those_left_out(tmp_path, first, second):
    lists = [[(f"{k}", *row) for k, row in enumerate(rows)] for rows in (first, second)]
    if all(south == 500_000 for _, south, *_ in first) or all(south == 500_000 for _, south, *_ in second):
        return  # a list of another place is a fault
    found, findings = read(tmp_path, *lists)
    counts = Counter()
    for account, rows in zip(findings.accounts, (first, second), strict=True):
        assert account.total == len(rows)
        counts.update(dict(account.rows))
    assert counts["used"] == len(found) == len(set(found.id))
    assert counts["used"] + counts["merged into another row"] + counts["outside"] == len(first) + len(second)
    assert counts["outside"] == sum(south == 500_000 for _, south, *_ in first + second)
    # who is used of the first list is as it stands there; nobody of it is merged
    kept = [origin for origin in found.origin if origin.file == "0.csv"]
    assert len(kept) == sum(south != 500_000 for _, south, *_ in first)
    merged = sum(len(note.changes) for note in findings.notes if "earlier list, by name" in note.what)
    assert merged == counts["merged into another row"]
    assert not notes_of(findings, "repaired") or all("ids" in what for what in notes_of(findings, "repaired"))
