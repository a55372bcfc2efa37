"""The pictures of the README, of the demo as it is made today: `python tests/outputs/pictures.py` writes them.

`test_pictures` makes them anew and holds them against those that are kept. Beside the pixels each keeps what it says in
words, and how wide letters are where it was made: another machine's letters may move everything by a line.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from outputs.browser import SETTLE, Browser, program
from planner.cli import main

FOLDER = Path(__file__).parents[2] / "pictures"
PICTURES = {"map": ("map.html", 1400, 860), "report": ("report.html", 1000, 1300)}  # file, pixels wide and high
COLOURS = 128  # as many as make a file of a few hundred kilobytes
WORDS = """
return [...document.querySelectorAll("h1, p")].map(part => part.textContent.trim())
  .filter(text => /[0-9]/.test(text) && !/ run [0-9a-f]{8}/.test(text)).slice(0, 2).join(" ");
"""
LETTERS = """
const pen = document.createElement("canvas").getContext("2d");
pen.font = "16px " + getComputedStyle(document.body).fontFamily;
return pen.measureText("96,395 people are hard to reach").width;
"""


def pictures(browser: Browser, run: Path) -> dict[str, Image.Image]:
    """Map and report of a run as they open, by name; `text` has the words, and the width of letters."""
    made = {}
    for name, (file, width, height) in PICTURES.items():
        browser.open(run / file, width, height)
        browser.run(SETTLE)
        made[name] = Image.fromarray(browser.screenshot())
        made[name].text = {"words": browser.run(WORDS), "letters": str(browser.run(LETTERS))}
    return made


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "demo"
        if main(["demo", "--out", str(run)]):
            sys.exit("the demo did not run")
        browser = Browser(program() or sys.exit("Chromium is needed"), Path(folder) / "profile")
        FOLDER.mkdir(exist_ok=True)
        for name, picture in pictures(browser, run).items():
            kept = PngInfo()
            for key, text in picture.text.items():
                kept.add_itxt(key, text)
            few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
            few.save(FOLDER / f"{name}.png", optimize=True, pnginfo=kept)
        browser.close()
