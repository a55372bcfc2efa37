"""The map in a real browser: nothing is asked for, nothing complained about, no name runs. Skipped without Chromium."""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from outputs.test_map import FACILITY, PAYLOADS
from outputs.tiny import tiny_plan
from planner.outputs.map import map_html

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip
# Chromium reads from file descriptor 3 and writes to 4.
ON_3_AND_4 = """
import fcntl, os, sys
high = [fcntl.fcntl(int(pipe), fcntl.F_DUPFD, 10) for pipe in sys.argv[1:3]]
os.dup2(high[0], 3)
os.dup2(high[1], 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
SETTLE = "await new Promise(done => setTimeout(done, 400));"


class Browser:
    """Chromium over the pipe of its DevTools protocol: messages are JSON, each ended by a zero byte."""

    def __init__(self, program: str, profile: Path) -> None:
        read_by_it, to_it = os.pipe()
        from_it, written_by_it = os.pipe()
        pipes = [str(read_by_it), str(written_by_it)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", ON_3_AND_4, *pipes, program, *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(read_by_it, written_by_it), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(read_by_it)
        os.close(written_by_it)
        self._to, self._from = os.fdopen(to_it, "wb", 0), os.fdopen(from_it, "rb", 0)
        self._rest, self._number, self._session = b"", 0, None
        self.events: list[dict] = []

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._to.close()
        self._from.close()

    def ask(self, method: str, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def _next(self) -> dict:
        while b"\0" not in self._rest:
            part = self._from.read(1 << 16)
            assert part, "the browser ended"
            self._rest += part
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def open(self, file: Path, width: int, height: int) -> None:
        self._session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.ask("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.events.clear()
        self.ask("Page.navigate", url=file.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def run(self, script: str):
        """What the script returns; a fault of it fails the test."""
        answer = self.ask(
            "Runtime.evaluate", expression=f"(async () => {{ {script} }})()", awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def screenshot(self) -> np.ndarray:
        png = base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    def complaints(self) -> list[dict]:
        kinds = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
        return [event["params"] for event in self.events if event.get("method") in kinds]

    def asked_for(self) -> list[str]:
        return [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None or sys.platform == "win32":
        pytest.skip("no Chromium here: the map is not tried in a browser")
    browser = Browser(program, tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("map") / "map.html"
    file.write_text(map_html(tiny_plan()), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("hostile") / "map.html"
    file.write_text(map_html(tiny_plan(names=PAYLOADS, facility=FACILITY)), encoding="utf-8")
    return file


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_the_map_opens_without_network_and_without_complaint(browser, page, width, height):
    browser.open(page, width, height)
    browser.run(SETTLE)
    assert browser.complaints() == []
    assert [url for url in browser.asked_for() if not url.startswith(("data:", page.as_uri()))] == []


def test_no_name_runs_when_everything_that_shows_names_is_shown(browser, hostile):
    browser.open(hostile, 1400, 900)
    titles = browser.run(
        SETTLE
        + """
        const titles = [];
        for (const box of document.querySelectorAll(".leaflet-control-layers input[type=checkbox]")) {
          if (!box.checked) box.click();
        }
        const places = Object.values(map_0._layers).filter((layer) => layer.getPopup && layer.getPopup());
        for (const place of places) {
          place.openTooltip();
          place.openPopup();
          titles.push(place.getPopup().getElement().querySelector("h3").textContent);
        }
        const search = document.getElementById("search");
        for (const asked of ["<", ">", "script", "$", "a"]) {
          search.value = asked;
          search.dispatchEvent(new Event("input"));
        }
        await new Promise(done => setTimeout(done, 300));
        return titles;
        """
    )
    assert set(PAYLOADS) | {FACILITY} <= set(titles)
    assert browser.run("return window.ran === undefined && document.images.length === 1")
    assert browser.complaints() == []


def test_search_finds_without_accents_flies_there_and_opens_the_popup(browser, page):
    browser.open(page, 1400, 900)
    found = browser.run(
        SETTLE
        + """
        const search = document.getElementById("search");
        search.value = "MBALE";
        search.dispatchEvent(new Event("input"));
        const first = document.querySelector("#found li").textContent;
        search.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
        await new Promise(done => setTimeout(done, 2500));
        return [first, document.querySelector(".leaflet-popup-content").textContent, map_0.getCenter().lng];
        """
    )
    assert found[0] == "Mbále Village"
    assert "411" in found[1] or "410" in found[1]
    assert found[2] == pytest.approx(34 + 13.5 / 120, abs=0.03)


def test_the_colour_on_the_screen_is_the_cell_under_it(browser, page):
    """The far corner of the east is over 180 min from a facility: its colour stands exactly up to the cell's edge."""
    browser.open(page, 1400, 900)
    edge = browser.run(
        SETTLE
        + """
        for (const box of document.querySelectorAll(".leaflet-control-layers-overlays input")) box.click();
        for (const box of document.querySelectorAll(".leaflet-control-layers-overlays input:checked")) box.click();
        await new Promise(done => setTimeout(done, 400));
        const box = map_0.getContainer().getBoundingClientRect();
        return [[2, 3], [2, 2], [7, 12]].map(([row, col]) => {
          const at = map_0.latLngToContainerPoint([-13 - row / 120, 34 + (col + 0.5) / 120]);
          return [Math.round(box.left + at.x), Math.round(box.top + at.y)];
        });
        """
    )
    image = browser.screenshot().astype(int)
    minutes = tiny_plan().to_facility.minutes.reshape(12, 16)
    for (x, y), (row, col) in zip(edge, [(2, 3), (2, 2), (7, 12)], strict=True):
        above, below = image[y - 3, x], image[y + 3, x]
        classes = np.searchsorted([30, 60, 90, 120, 180], minutes[row - 1 : row + 1, col])
        assert (np.abs(above - below).max() > 8) == (classes[0] != classes[1])


def test_the_buttons_and_the_layer_control_agree(browser, page):
    browser.open(page, 1400, 900)
    state = """
        const pressed = document.querySelector("#surfaces [aria-pressed=true]").textContent;
        const chosen = document.querySelector(".leaflet-control-layers-base input:checked").parentElement.textContent;
        return [pressed, chosen.trim(), document.querySelectorAll("img.leaflet-image-layer").length];
        """
    assert browser.run(SETTLE + state) == ["Facility today", "Facility today", 1]
    press = 'document.querySelectorAll("#surfaces button")[2].click();'
    assert browser.run(press + SETTLE + state) == ["With the plan", "With the plan", 1]
    choose = 'document.querySelectorAll(".leaflet-control-layers-base input")[1].click();'
    assert browser.run(choose + SETTLE + state) == ["Facility or CHW today", "Facility or CHW today", 1]


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_nothing_lies_on_anything_else(browser, page, width, height):
    browser.open(page, width, height)
    boxes = browser.run(
        SETTLE
        + """
        const parts = ["#panel", ".leaflet-control-layers", ".leaflet-control-zoom", ".leaflet-control-scale"];
        return parts.map((part) => {
          const box = document.querySelector(part).getBoundingClientRect();
          return [box.left, box.top, box.right, box.bottom];
        });
        """
    )
    for i, a in enumerate(boxes):
        assert a[0] >= 0
        assert a[2] <= width
        for b in boxes[i + 1 :]:
            assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.run('return document.getElementById("more").open') == (width > 760)


def test_no_name_is_cut_at_the_side_of_the_map_or_lies_under_a_control(browser, page):
    browser.open(page, 390, 844)
    chisomo = -13 - 2.5 / 120, 34 + 4.5 / 120
    names, controls, sides = browser.run(
        SETTLE
        + f"""
        map_0.setView({list(chisomo)}, 13, {{ animate: false }});
        map_0.panBy([map_0.getSize().x / 2 - 4, 0], {{ animate: false }});
        await new Promise(done => setTimeout(done, 400));
        const boxes = (what) => Array.from(document.querySelectorAll(what), (each) => {{
          const box = each.getBoundingClientRect();
          return [box.left, box.top, box.right, box.bottom, each.textContent];
        }});
        return [boxes(".place-names > *"), boxes(".leaflet-control"), boxes("#map_0, .folium-map")];
        """
    )
    assert "Chisomo" in {name[4] for name in names}
    for left, top, right, bottom, _ in names:
        assert left >= sides[0][0] - 1 and right <= sides[0][2] + 1
        for control in controls:
            assert not (left < control[2] and control[0] < right and top < control[3] and control[1] < bottom)
