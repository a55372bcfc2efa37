"""`planner doctor` tells what works here, and what fails with the way out."""

from __future__ import annotations

import re

import pytest

from planner import cli, cli_doctor


@pytest.fixture(autouse=True)
def own_process(monkeypatch, tmp_path):
    for name in (*cli.OF_OTHER_PROGRAMS, "PROJ_NETWORK", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_all_is_good_here_and_nothing_is_left_behind(tmp_path, capsys):
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert re.findall(r"^ +good  ([^:]+): ", said, re.MULTILINE) == list(cli_doctor.CHECKS)
    assert "HiGHS" in said and "numba" in said
    assert list(tmp_path.iterdir()) == []


def test_what_fails_is_told_after_the_rest_with_the_way_out(monkeypatch, capsys):
    def fail(_):
        raise ImportError("DLL load failed while importing _io:\nThe specified module could not be found.")

    kept = {name: cli_doctor.CHECKS[name] for name in ("coordinates", "room")}
    monkeypatch.setattr(cli_doctor, "CHECKS", {"travel times": fail, **kept})
    assert cli.main(["doctor"]) == 2
    told = capsys.readouterr()
    assert "FAILED  travel times\n" in told.out and "good  room" in told.out
    assert "ImportError: DLL load failed while importing _io: The specified module" in " ".join(told.err.split())
    assert "Install planner again" in told.err


def test_a_projection_that_is_wrong_is_found(monkeypatch):
    monkeypatch.setattr("planner.types.frame.Frame.lonlat", lambda *_: (33.0, -13.4))
    with pytest.raises(ValueError, match=r"comes out as 33\.0000000, -13\.4000000"):
        cli_doctor.CHECKS["coordinates"](None)
