"""Files from a folder: what is taken from it, also out of zip files, and what is refused."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputFaults
from planner.fetch.stick import Stick

NAME = "tile.tif"
BODY = b"II*\0" + bytes(range(256)) * 40


def refused(folder: Path) -> str:
    with pytest.raises(InputFaults) as raised:
        Stick(folder).copy(NAME, folder / "part")
    return str(raised.value)


def zipped(folder: Path, *members: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_STORED) -> Path:
    path = folder / "bundle.zip"
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return path


def test_a_file_is_taken_from_the_folder_or_its_downloads(tmp_path):
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / NAME).write_bytes(BODY)
    assert Stick(tmp_path).copy(NAME, tmp_path / "part").endswith(NAME)
    assert (tmp_path / "part").read_bytes() == BODY
    assert Stick(tmp_path).copy("other.tif", tmp_path / "part") == ""


def test_a_file_is_taken_out_of_a_zip_from_any_folder_in_it(tmp_path):
    zipped(tmp_path, ("readme.txt", b"hello"), ("tiles/2021/" + NAME, BODY), how=zipfile.ZIP_DEFLATED)
    assert Stick(tmp_path).copy(NAME, tmp_path / "part").endswith("bundle.zip/tile.tif")
    assert (tmp_path / "part").read_bytes() == BODY


@pytest.mark.parametrize("name", ["../../tile.tif", "/etc/tile.tif", "C:\\windows\\tile.tif", "a/../../tile.tif"])
def test_a_member_that_leads_out_of_its_folder_is_refused(tmp_path, name):
    zipped(tmp_path, (name, BODY))
    assert "leads out of its folder" in refused(tmp_path)
    assert not (tmp_path / "part").exists()


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo(NAME)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    zipped(tmp_path, (link, b"/etc/passwd"))
    assert "link to another file" in refused(tmp_path)


def test_a_bomb_is_refused_by_its_ratio(tmp_path):
    path = zipped(tmp_path, (NAME, bytes(50_000_000)), how=zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 100_000
    assert "packed from 50,000,000 bytes" in refused(tmp_path)


def test_too_many_files_are_refused(tmp_path):
    zipped(tmp_path, *((f"{at}.txt", b"") for at in range(1001)))
    assert "holds 1,001 files" in refused(tmp_path)


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path):
    path = zipped(tmp_path, (NAME, BODY), how=zipfile.ZIP_DEFLATED)
    real = len(BODY).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(real, (1000).to_bytes(4, "little")))
    assert "bundle.zip" in refused(tmp_path)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_zip_is_told_and_never_a_traceback(tmp_path_factory, at, noise):
    folder = tmp_path_factory.mktemp("zip")
    path = zipped(folder, (NAME, BODY[:200]), how=zipfile.ZIP_DEFLATED)
    body = bytearray(path.read_bytes())
    at %= len(body)
    body[at : at + len(noise)] = noise
    path.write_bytes(body)
    try:
        origin = Stick(folder).copy(NAME, folder / "part")
    except InputFaults as told:
        assert "bundle.zip" in str(told)
    else:
        assert not origin or (folder / "part").read_bytes() == BODY[:200]


def test_no_such_folder_is_told(tmp_path):
    with pytest.raises(InputFaults, match="there is no such folder"):
        Stick(tmp_path / "none")
