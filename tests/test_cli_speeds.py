"""``planner speeds``: how slope changes speed."""

from __future__ import annotations

from planner import cli

SCENARIO = """
schema_version = 1
title = "T"
{walking}
[population]
file = "people.tif"
[facilities]
file = "facilities.csv"
[travellers.cyclist]
ride = "bike.csv"
slope = "bicycle_power"
[travellers.taxi]
ride = "motorbike"
"""


def slopes(folder, capsys, walking):
    """The lines about slopes."""
    (folder / "s.toml").write_text(SCENARIO.format(walking=walking), encoding="utf-8")
    (folder / "bike.csv").write_text("key,value\nprimary,12\ntrack,6\nroad,12\nsteps,0\n", encoding="utf-8")
    assert cli.main(["speeds", str(folder / "s.toml")]) == 0
    told = capsys.readouterr().out
    return told[told.index("on slopes") :].split("\n\n")[0].splitlines()


def test_whom_slope_changes_is_told_up_and_down_hill(tmp_path, capsys):
    _, head, on_foot, fast, slow, *sources = slopes(tmp_path, capsys, '[walking]\nslope = "irmischer_clarke"')
    assert head.split() == ["-20", "%", "-10", "%", "-5", "%", "flat", "+5", "%", "+10", "%", "+20", "%"]
    # Irmischer and Clarke 2018: 0.11 + exp(-(100 s + 5)^2 / 1800), of 1.0962 on the flat
    assert on_foot.split()[3::2] == ["91", "100", "101", "100", "96", "91", "74"]
    # by the power, downhill at most twice as fast; uphill pushed, as Tobler walks at 5.04 km/h: 5.04 exp(-0.7)
    assert fast.split()[-1] == slow.split()[-1] == "2.5"
    assert (fast.split()[6], slow.split()[6]) == ("24.0", "12.0")
    assert fast.startswith("cyclist, 12 km/h on the flat") and slow.startswith("cyclist, 6 km/h on the flat")
    assert [line.split()[1] for line in sources] == ["Irmischer", "power"]


def test_nothing_is_said_of_slopes_where_they_change_nothing(capsys, tmp_path):
    scenario = SCENARIO.replace('slope = "bicycle_power"', "").format(walking='[walking]\nslope = "none"')
    (tmp_path / "s.toml").write_text(scenario, encoding="utf-8")
    (tmp_path / "bike.csv").write_text("key,value\nprimary,12\n", encoding="utf-8")
    assert cli.main(["speeds", str(tmp_path / "s.toml")]) == 0
    assert "slopes" not in capsys.readouterr().out
