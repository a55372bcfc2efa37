"""Files from a folder (a USB stick, a shared drive), also inside zip files that lie there, in place of the network."""

from __future__ import annotations

import errno
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from planner.errors import Fault, InputFaults

MOST_MEMBERS = 1000
MOST_BYTES = 5_000_000_000
MOST_RATIO = 100  # of a member's size to its packed size
BLOCK = 1 << 20


class Stick:
    """A folder of files with the names of the catalogue."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            what = "there is no such folder."
            raise InputFaults([Fault(f"--from-dir {folder}", what, "Give the folder that the files lie in.")])
        # A colleague's whole folder is as good as the downloads in it.
        self.folders = [place for place in (folder, folder / "downloads") if place.is_dir()]
        self.zips = sorted(path for place in self.folders for path in place.glob("*.zip"))

    def close(self) -> None:
        """Nothing is open between two files."""

    def has(self, name: str) -> bool:
        """Whether a file of this name lies there, outside of zip files."""
        return any((folder / name).is_file() for folder in self.folders)

    def copy(self, name: str, part: Path) -> str:
        """Copy the file of this name to `part`; returns where it was found, "" where it is not there."""
        for folder in self.folders:
            if (folder / name).is_file():
                _pour(folder / name, part)
                return str(folder / name)
        for path in self.zips:
            if _unpack(path, name, part):
                return f"{path}/{name}"
        return ""


def _pour(path: Path, part: Path) -> None:
    with path.open("rb") as source, part.open("wb") as target:
        while block := source.read(BLOCK):
            target.write(block)


def _unpack(path: Path, name: str, part: Path) -> bool:
    """Whether the zip holds a file of this name, which then stands at `part`."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise _refused(path, f"holds {len(members):,} files, more than {MOST_MEMBERS:,}.")
            found = [member for member in members if PurePosixPath(member.filename.replace("\\", "/")).name == name]
            if not found:
                return False
            _check_member(path, found[0])
            _pour_member(archive, path, found[0], part)
            return True
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise _refused(path, f"cannot be read as a zip file: {error}.") from None
    except OSError as error:
        if error.errno != errno.EINVAL:  # of the disk
            raise
        raise _refused(path, "cannot be read as a zip file: it points before its own beginning.") from None


def _check_member(path: Path, member: zipfile.ZipInfo) -> None:
    """Raise InputFaults for members that no honest zip of these files has."""
    parts = PurePosixPath(member.filename.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
        raise _refused(path, f'holds "{member.filename}", which leads out of its folder.')
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _refused(path, f'holds "{member.filename}" as a link to another file.')
    if member.flag_bits & 1:
        raise _refused(path, f'holds "{member.filename}" under a password.')
    if member.file_size > MOST_BYTES or member.file_size > MOST_RATIO * max(member.compress_size, 1):
        raise _refused(
            path, f'holds "{member.filename}" packed from {member.file_size:,} bytes into {member.compress_size:,}.'
        )


def _pour_member(archive: zipfile.ZipFile, path: Path, member: zipfile.ZipInfo, part: Path) -> None:
    """Unpack a member, no further than the size that it was checked with."""
    written = 0
    with archive.open(member) as source, part.open("wb") as target:
        while block := source.read(BLOCK):
            written += len(block)
            if written > member.file_size:
                raise _refused(path, f'holds more in "{member.filename}" than it says.')
            target.write(block)


def _refused(path: Path, what: str) -> InputFaults:
    return InputFaults([Fault(str(path), what, "Unpack it yourself and put the files you trust into the folder.")])
