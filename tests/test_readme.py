"""What the README shows in Python runs, and says something."""

from pathlib import Path

import readme

ROOT = Path(__file__).parents[1]


def test_the_scripts_of_the_readme_run(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    script, of_placement = readme.blocks((ROOT / "README.md").read_text(encoding="utf-8"), "python")
    exec(compile(of_placement, "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert "[1 0 1] CHWs reach 1,070 people: best possible" in said
    assert "3 CHWs who serve 350 each can serve 80 %: best possible" in said
    exec(compile(script, "README.md", "exec"), {})  # our own text, in our own repository
    said = capsys.readouterr().out
    assert "hard-to-reach villages" in said
    assert said.count("a lay worker in") == 5
