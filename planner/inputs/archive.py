"""Zip archives, written out within limits: a small file can hold more than the disk, or mean to write elsewhere."""

from __future__ import annotations

import stat
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from planner.errors import InputFaults
from planner.inputs.findings import File

MOST_MEMBERS = 1_000
MOST_BYTES = 5 * 1000**3
MOST_RATIO = 100  # of what is written to what is packed, where that is more than FREE_BYTES: blank tables pack so well
FREE_BYTES = 10 * 1000**2
GOOD_ONES = "Unpack it yourself if you trust it, and give the file inside."


@contextmanager
def unpacked(file: File, suffixes: Collection[str]) -> Iterator[list[Path]]:
    """The members of an archive whose names end so, in a folder of their own that goes afterwards.

    Raises InputFaults where it is no zip archive, is broken or locked, or is beyond the limits.
    """
    with tempfile.TemporaryDirectory(prefix="planner-") as folder:
        try:
            with zipfile.ZipFile(file.path) as archive:
                wanted = [
                    member
                    for member in checked(archive, file)
                    if PurePosixPath(member.filename).suffix.lower() in suffixes
                    and not member.filename.startswith("__MACOSX/")
                ]
                written = [Path(archive.extract(member, folder)) for member in wanted]
        except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
            raise file.fault(f"cannot be unpacked: {error}.", "Download or pack it again.") from error
        except OSError as error:
            raise file.fault(f"cannot be unpacked: {error.strerror}.", "Make room on the disk.") from error
        yield written


def checked(archive: zipfile.ZipFile, file: File) -> list[zipfile.ZipInfo]:
    """The members that are files. Raise InputFaults where one would not stay inside, or they are too many or large."""
    members = archive.infolist()
    for member in members:
        if member.flag_bits & 1:
            raise file.fault(f'holds "{member.filename}", which is locked by a password.', "Unpack it yourself.")
        if not member.filename or leads_out(member.filename) or stat.S_ISLNK(member.external_attr >> 16):
            raise refused(file, f'holds "{member.filename}", which leads out of the archive.')
    if len({member.filename for member in members}) < len(members):
        raise refused(file, "holds the same name twice.")
    size, packed = (sum(getattr(each, name) for each in members) for name in ("file_size", "compress_size"))
    if len(members) > MOST_MEMBERS:
        raise refused(file, f"holds {len(members):,} files, more than {MOST_MEMBERS:,}.")
    if size > MOST_BYTES:
        raise refused(file, f"holds {size / 1e9:.1f} GB, more than {MOST_BYTES / 1e9:.0f} GB.")
    if size > max(FREE_BYTES, MOST_RATIO * packed):
        raise refused(
            file, f"would grow from {packed / 1e6:.1f} to {size / 1e6:,.0f} MB, more than {MOST_RATIO} times."
        )
    return [member for member in members if not member.is_dir()]


def leads_out(name: str) -> bool:
    """Whether a member's name would be written outside the folder, on any system."""
    kinds = PurePosixPath(name), PureWindowsPath(name)
    return any(path.anchor or path.drive or ".." in path.parts for path in kinds)


def refused(file: File, what: str) -> InputFaults:
    """The fault that an archive is not to be trusted."""
    return file.fault(what, GOOD_ONES)
