"""What the README shows in Python runs, and says something."""

from pathlib import Path

import readme

ROOT = Path(__file__).parents[1]


def test_the_script_of_the_readme_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    (script,) = readme.blocks((ROOT / "README.md").read_text(encoding="utf-8"), "python")
    exec(compile(script, "README.md", "exec"), {})  # our own text, in our own repository
    said = capsys.readouterr().out
    assert "hard-to-reach villages" in said
    assert said.count("a lay worker in") == 5
