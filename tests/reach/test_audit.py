"""The CHWs there are, held against the rules."""

import numpy as np
from inputs.scene import make_scenario, write_tif

from outputs.tiny import bare_plan, tiny_plan
from planner import pipeline
from planner.outputs import audit_rows


def test_each_chw_of_today_is_told_against_the_norm_and_by_village_only():
    frame = audit_rows.audit(tiny_plan())
    assert frame["post_id"].tolist() == ["CHW-01", "CHW-02"]
    assert frame["load"].tolist() == ["more than the norm", "few"]
    assert frame["nearest_post"].tolist() == ["", "CHW-01"]
    assert frame["would_move"].tolist() == [False, True]
    told = audit_rows.sentence(tiny_plan())
    assert told.startswith("Of 2 CHWs today, ") and "1 has another CHW within 30 min on foot" in told
    assert audit_rows.sentence(bare_plan()) == ""


def test_neighbours_are_those_within_the_minutes_and_people_those_for_whom_she_is_nearest(tmp_path):
    # Cells of 1.1 km, 13 minutes each: A and B side by side, C and D in one cell far from them, E off the map.
    write_tif(tmp_path / "people.tif", np.ones((4, 5), np.float32))
    rows = [("A", -10.005, 40.035), ("B", -10.005, 40.045), ("C", -10.035, 40.005), ("D", -10.035, 40.005)]
    lines = [f"{name},,{lat},{lon}" for name, lat, lon in [*rows, ("E", -20.0, 40.0)]]
    (tmp_path / "chws.csv").write_text("\n".join(["id,village,lat,lon", *lines]), encoding="utf-8")
    scenario = make_scenario(
        tmp_path, chws={"file": "chws.csv"}, walking={"slope": "none"}, placement={"new_chws": 0},
        audit={"near_minutes": 20.0},
    )  # fmt: skip
    plan = pipeline.make_plan(scenario, tmp_path)
    posts = dict(zip(plan.posts.id, range(len(plan.posts)), strict=True))
    near = {name: int(plan.audit.near[posts[name]]) for name in posts}
    assert {name: near[name] for name in "ABCD"} == {"A": 1, "B": 1, "C": 1, "D": 1}
    assert plan.audit.nearest[posts["A"]] == posts["B"] and plan.audit.nearest[posts["C"]] == posts["D"]
    if "E" in posts:
        assert near["E"] == 0 and plan.audit.nearest[posts["E"]] == -1
    served = (plan.with_chws.nearest >= len(plan.facilities)) & (plan.with_chws.minutes <= 60)
    assert plan.audit.people.sum() == served.sum() > 5, "each cell has one person, and is counted once"
