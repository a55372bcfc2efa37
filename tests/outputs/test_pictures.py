"""The pictures of the README show what the demo looks like today."""

import numpy as np
import pytest
from PIL import Image

from outputs.pictures import FOLDER, PICTURES, pictures
from planner.cli import main

SMALL = (350, 240)
APART = 3.0  # of 255, on average: the map in the wet season is 4.2 from that of the dry one
ANEW = "make them anew: python tests/outputs/pictures.py"


@pytest.fixture(scope="module")
def today(browser, tmp_path_factory) -> dict[str, Image.Image]:
    run = tmp_path_factory.mktemp("demo") / "run"
    assert main(["demo", "--out", str(run)]) == 0
    return pictures(browser, run)


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_of_the_readme_say_what_is_said_today(today, name):
    with Image.open(FOLDER / f"{name}.png") as kept:
        assert kept.text["words"] == today[name].text["words"], ANEW
        assert "people" in kept.text["words"] or "under-fives" in kept.text["words"]


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_of_the_readme_look_as_the_demo_does_today(today, name):
    with Image.open(FOLDER / f"{name}.png") as kept:
        if kept.text["letters"] != today[name].text["letters"]:
            pytest.skip("letters are others here than where the pictures were made")
        small = [
            np.asarray(picture.convert("RGB").resize(SMALL, Image.Resampling.BOX), np.float64)
            for picture in (kept, today[name])
        ]
    assert np.abs(small[0] - small[1]).mean() < APART, ANEW
