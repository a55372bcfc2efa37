"""A run folder that was touched is told apart from one that was not."""

from __future__ import annotations

import json

import pytest

from outputs.tiny import tiny_plan
from planner import cli, outputs
from planner.errors import InputFaults
from planner.outputs.verify import verify


@pytest.fixture
def run(tmp_path):
    outputs.write(tiny_plan(), tmp_path / "base", scenario_toml="", log=("read",))
    return tmp_path / "base"


def told(run, inputs=None):
    with pytest.raises(InputFaults) as raised:
        verify(run, inputs)
    return [(fault.where.rsplit("/", 1)[-1], fault.what) for fault in raised.value.faults]


def test_a_folder_as_it_was_written_is_good(run, capsys):
    count = sum(path.is_file() for path in run.rglob("*"))
    assert verify(run, None) == (count, 0)
    assert cli.main(["verify", str(run)]) == 0
    assert capsys.readouterr().out == f"All {count} files are as they were written.\n"


def test_what_is_changed_missing_and_foreign_is_told_at_once(run):
    (run / "report.html").write_text("better", encoding="utf-8")
    (run / "tables" / "posts.csv").unlink()
    (run / "notes.txt").write_text("mine", encoding="utf-8")
    assert told(run) == [
        ("notes.txt", "was not written by this run."),
        ("report.html", "is not as it was written."),
        ("posts.csv", "is missing."),
    ]


def test_inputs_that_changed_since_are_told(run, tmp_path):
    plan = json.loads((run / "plan.json").read_text(encoding="utf-8"))
    names = [each["file"] for each in plan["provenance"]["inputs"]]
    text = "".join(f'[layer{k}]\nfile = "data/{name}"\n' for k, name in enumerate(names))
    outputs.write(tiny_plan(), run, scenario_toml=text, log=())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / names[0]).write_text("other people", encoding="utf-8")
    faults = [what for _, what in told(run, tmp_path)]
    assert f"{names[0]} has changed since the run." in faults[0]
    assert all("is not there any more" in what for what in faults[1:])
    assert len(faults) == len(names)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": {}}'])
def test_what_is_no_run_folder_is_told(tmp_path, text):
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    [(_, what)] = told(tmp_path)
    assert "is no run folder that can be verified" in what
