"""The ministry's logo: read whole, written anew, and refused where it is none."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from planner.errors import InputFaults
from planner.inputs.findings import Findings
from planner.inputs.logo import read_logo
from planner.scenario import Reporting


def picture(mode="RGB", size=(64, 48), colour=(10, 80, 160)):
    return Image.new("RGB", size, colour).convert(mode)


def save(image, path, **options):
    image.save(path, **options)
    return path


def read(folder, name):
    findings = Findings(folder)
    return Image.open(io.BytesIO(read_logo(Reporting(logo=name), findings))), findings


def test_without_a_logo_there_is_none(tmp_path):
    assert read_logo(Reporting(), Findings(tmp_path)) == b""


@pytest.mark.parametrize(("mode", "name", "becomes"), [
    ("RGB", "a.png", "RGB"), ("RGBA", "a.png", "RGBA"), ("LA", "a.png", "RGBA"), ("L", "a.png", "RGB"),
    ("P", "a.png", "RGB"), ("1", "a.png", "RGB"), ("I;16", "a.png", "RGB"), ("RGB", "a.jpg", "RGB"),
    ("CMYK", "a.jpeg", "RGB"), ("L", "a.jpg", "RGB"),
])  # fmt: skip
def test_png_and_jpeg_of_every_kind_become_one_png(tmp_path, mode, name, becomes):
    save(picture("L").convert(mode) if mode == "I;16" else picture(mode), tmp_path / name)
    logo, findings = read(tmp_path, name)
    assert (logo.format, logo.mode, logo.size) == ("PNG", becomes, (64, 48))
    [source] = findings.sources
    assert (source.role, source.file) == ("logo", name)


def test_large_ones_are_made_smaller_and_keep_their_shape(tmp_path):
    save(picture(size=(3000, 1500)), tmp_path / "a.png")
    assert read(tmp_path, "a.png")[0].size == (1000, 500)


def test_a_photograph_stands_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    save(picture(size=(64, 48)), tmp_path / "a.jpg", exif=exif)
    assert read(tmp_path, "a.jpg")[0].size == (48, 64)


def test_nothing_else_that_the_file_carries_is_kept(tmp_path):
    more = PngImagePlugin.PngInfo()
    more.add_text("Author", "Banda <script>")
    save(picture(), tmp_path / "a.png", pnginfo=more, icc_profile=b"profile of the screen")
    logo = read_logo(Reporting(logo="a.png"), Findings(tmp_path))
    assert b"Banda" not in logo and b"iCCP" not in logo and b"script" not in logo


def test_what_is_no_logo_is_told(tmp_path):
    save(picture(size=(300, 200)), tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:200])
    (tmp_path / "page.png").write_text("<html><script>1</script></html>")
    (tmp_path / "empty.png").write_bytes(b"")
    save(picture(), tmp_path / "moving.gif")
    (tmp_path / "moving.png").write_bytes((tmp_path / "moving.gif").read_bytes())
    save(picture(size=(31, 200)), tmp_path / "small.png")
    save(Image.new("1", (12000, 12000)), tmp_path / "bomb.png")
    (tmp_path / "heavy.png").write_bytes(bytes(20_000_001))
    for name, words in {
        "none.png": "there is no such file", "cut.png": "no picture in PNG or JPEG", "page.png": "no picture",
        "empty.png": "no picture", "moving.png": "no picture", "small.png": "31 x 200 pixels",
        "bomb.png": "no picture in PNG or JPEG|12000 x 12000", "heavy.png": "has 20 MB",
    }.items():  # fmt: skip
        with pytest.raises(InputFaults, match=words) as caught:
            read(tmp_path, name)
        assert f"logo ({name})" in caught.value.faults[0].where and caught.value.faults[0].way_out
