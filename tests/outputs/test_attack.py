"""40 hostile texts in every text of every input: a run, its exports and a comparison of it do nothing but show them.

`make attack` does the same with 500, and with twenty of them at a time.
"""

from __future__ import annotations

import pytest

from outputs import attack, hostile_run
from outputs.payloads import ALL, FORTY, KINDS


def turned(number: int) -> str:
    """All payloads in a text, each text beginning with another one."""
    first = number % len(FORTY)
    return " ".join(FORTY[first:] + FORTY[:first])


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacked")
    return hostile_run.everything(hostile_run.make(folder, turned), folder)


def test_nothing_runs_breaks_or_is_lost_outside_of_browsers(attacked):
    assert list(attack.wrong_in(attacked, None)) == []


def test_nothing_runs_breaks_or_is_lost_in_chromium(attacked, browser):
    assert list(attack.in_browser(attacked, attack.Run.open(attacked / "run"), browser)) == []


def test_the_payloads_reach_every_output(attacked):
    """Else the tests above would test less than they say."""
    scenario = (attacked / "run" / "scenario.toml").read_text(encoding="utf-8")
    assert scenario.count("<script>window.ran=1</script>") > 15
    assert all(FORTY[0].startswith("<script>") and any(text in FORTY for text in texts) for texts in KINDS.values())
    assert len(set(ALL)) == 500


@pytest.mark.parametrize("spoil", ["live", "gone", "xml", "secret"])
def test_the_checks_find_what_is_wrong(attacked, tmp_path, spoil):
    """Each kind of harm, planted."""
    import shutil

    folder = tmp_path / "spoiled"
    shutil.copytree(attacked, folder)
    if spoil == "live":
        path = folder / "run" / "tables" / "villages.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("'=", "="), encoding="utf-8")
    elif spoil == "gone":
        path = folder / "run" / "tables" / "facilities.csv"
        path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:2]) + "\n", encoding="utf-8")
    elif spoil == "xml":
        path = next((folder / "exports" / "phones").rglob("*.gpx"))
        path.write_text(path.read_text(encoding="utf-8").replace("&lt;", "<"), encoding="utf-8")
    else:
        (folder / "exports" / "phones" / "x.txt").write_bytes(attack.SECRET)
    run = attack.Run.open(folder / "run")
    outputs = [path for path in folder.rglob("*") if path.is_file()]
    found = {
        "live": lambda: attack.of_tables(folder, run), "gone": lambda: attack.lists(folder, run),
        "xml": lambda: attack.of_xml(outputs), "secret": lambda: attack.stolen(outputs),
    }[spoil]()  # fmt: skip
    assert list(found)
