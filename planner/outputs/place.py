"""A place on disk for a result: one run at a time, whole or not at all.

A result is written beside its place under a passing name, flushed, and renamed. A run that is killed leaves passing
names; the next run for the same place removes them, and puts back what stood there where the kill came between the two
renames that replace a folder.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from planner.errors import DISK_ADVICE, Fault, InputFaults
from planner.files import patiently

DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))})
NOT_IN_NAMES = frozenset('<>:"|?*\\') | {chr(code) for code in range(32)}
LONGEST = 259 if sys.platform == "win32" else 4095  # characters of a whole path
LONGEST_INSIDE = 60  # characters of the names inside a run folder, and of the passing name's ending
FULL = (errno.ENOSPC, errno.EDQUOT)
LOCK_AT = 1 << 30  # Windows locks bytes: one far behind the text, which others may read
MB = 1_000_000
LITTLE = 10 * MB  # with less free, GDAL failed for that: it says only what it was at


@contextmanager
def reserved(path: Path, needed_bytes: int = 0) -> Iterator[Path]:
    """Hold a place for this run, and give its whole path; folders above it are made.

    Parameters
    ----------
    path
        The file or folder that will be written.
    needed_bytes
        What it may take; 0 where that is not known.

    Raises
    ------
    InputFaults
        Nothing can be written there, the disk has too little room, or another run holds the place.
    """
    with told(path, needed_bytes):
        check_name(Path(path).absolute())
        path = Path(path).resolve()
        made = [parent for parent in path.parents if not _stands(parent)]  # innermost first
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(f".{path.name}.lock")
        file = _locked(lock, path)
    try:
        with told(path):
            _tidy(path)
        free = shutil.disk_usage(path.parent).free
        if needed_bytes > free:
            raise _no_room(path, free, needed_bytes)
        yield path
    finally:
        _let_go(file, lock, made)


def check_name(path: Path) -> None:
    """Raise InputFaults for a name that could not be copied to a Windows computer."""
    for each in [path, *(parent for parent in path.parents if not _stands(parent))]:
        name = each.name
        what = ""
        if name.split(".")[0].rstrip().lower() in DEVICES:
            what = f'"{name}" is a name that Windows keeps for a device.'
        elif name.endswith((".", " ")):
            what = f'"{name}" ends in a dot or a space, which Windows drops.'
        elif wrong := sorted(NOT_IN_NAMES.intersection(name)):
            what = f'"{name}" has a sign that no name may have on Windows: {" ".join(map(repr, wrong))}.'
        if what:
            raise InputFaults([Fault(str(path), what, "Choose another name.")])
    if len(str(path)) + LONGEST_INSIDE > LONGEST:
        what = f"the path has {len(str(path))} characters, too many for this computer."
        raise InputFaults([Fault(str(path), what, "Choose a shorter one, nearer to the disk's root.")])


def _stands(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # its name is too long, or a folder above it may not be looked into
        return False


def passing(path: Path, kind: str) -> Path:
    """A hidden name beside `path`, of this process; the ending of a file stays at the end, writers go by it."""
    return path.with_name(f".{path.name}.{os.getpid()}.{kind}{path.suffix}")


@contextmanager
def told(path: Path, needed_bytes: int = 0) -> Iterator[None]:
    """What writers raise where the disk is full, or not to be written to, becomes a fault with the way out."""
    try:
        yield
    except Exception as error:
        if not _of_the_disk(error):
            raise
        there = next(parent for parent in Path(path).absolute().parents if _stands(parent))
        free, number = shutil.disk_usage(there).free, error.errno if isinstance(error, OSError) else None
        if number in FULL or (number is None and free < max(needed_bytes, LITTLE)):
            raise _no_room(path, free, needed_bytes) from error
        if number in (errno.EEXIST, errno.ENOTDIR):
            why, way_out = "there is a file where a folder above it should be", "Choose another place."
        else:
            why = (isinstance(error, OSError) and error.strerror) or str(error)
            way_out = DISK_ADVICE.get(number or 0, "Choose a place on another disk.")
        raise InputFaults([Fault(str(path), f"cannot be written: {why.rstrip('.')}.", way_out)]) from error


def _no_room(path: Path, free: int, needed_bytes: int) -> InputFaults:
    needed = f", about {-(-needed_bytes // MB):,} MB are needed" if needed_bytes else ""
    what = f"the disk has too little room: {free // MB:,} MB are free{needed}."
    return InputFaults([Fault(str(path), what, DISK_ADVICE[errno.ENOSPC])])


def _of_the_disk(error: Exception) -> bool:
    """Whether a writer failed for the disk: each library has an exception of its own for that."""
    if isinstance(error, OSError):
        return True
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
    from rasterio._err import CPLE_BaseError
    from xlsxwriter.exceptions import FileCreateError

    return isinstance(error, (CPLE_BaseError, DataLayerError, DataSourceError, FeatureError, FileCreateError))


def flush(part: Path) -> None:
    """Have the disk hold every byte before the name does: else a power cut leaves whole names on empty files."""
    for path in part.rglob("*") if part.is_dir() else [part]:
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def settle(part: Path, path: Path) -> None:
    """Rename what was written to its place; what stood there is replaced, or stands there still.

    Raises
    ------
    InputFaults
        What stands there is held by another program, as Excel does on Windows; then the new one stands beside it.
    """
    try:
        _swap(part, path)
    except PermissionError:
        if not path.exists():
            raise
        beside = next(
            other for k in range(2, 1000) if not (other := path.with_name(f"{path.stem} ({k}){path.suffix}")).exists()
        )
        patiently(part.rename, beside)
        what = (
            "could not be replaced: it is open in another program, or belongs to somebody else. The new one is whole, "
            f'and called "{beside.name}".'
        )
        way_out = "Close Excel, QGIS or whatever has it open, then rename the new one, or run again."
        raise InputFaults([Fault(str(path), what, way_out)]) from None


def _swap(part: Path, path: Path) -> None:
    if part.is_file() or not path.exists():
        patiently(part.replace, path)  # in one act, onto no folder
        return
    aside, gone = passing(path, "old"), passing(path, "gone")
    patiently(path.rename, aside)
    try:
        patiently(part.rename, path)
    except BaseException:  # an interrupt too
        if not path.exists():
            patiently(aside.rename, path)
        raise
    aside.rename(gone)  # "old" is always whole: it may have to be put back
    shutil.rmtree(gone, ignore_errors=True)


def _locked(lock: Path, path: Path) -> TextIO:
    """The lock's file, held by this process. The system lets go of it when the process ends, however it ends."""
    while True:
        file = lock.open("a+", encoding="utf-8")
        if not _lock(file):
            file.seek(0)
            what = f"another run is making it: {file.read(200).strip() or 'it has just begun'}."
            file.close()
            raise InputFaults([Fault(str(path), what, "Wait until it has ended, or choose another place.")])
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), lock.stat()):
                break
        file.close()  # the run before has just removed it
    file.truncate(0)
    file.write(f"process {os.getpid()} on {platform.node()}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n")
    file.flush()
    return file


def _lock(file: TextIO) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(LOCK_AT)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a disk without locks, as some network drives: then nobody is kept out
        return True
    return True


def _let_go(file: TextIO, lock: Path, made: list[Path]) -> None:
    if sys.platform == "win32":
        file.close()
        with contextlib.suppress(PermissionError):
            lock.unlink(missing_ok=True)
    else:
        lock.unlink(missing_ok=True)  # while it is held: nobody may hold a file that has lost its name
        file.close()
    for parent in made:
        with contextlib.suppress(OSError):  # it holds the result
            parent.rmdir()


def _tidy(path: Path) -> None:
    """Remove what killed runs left beside the place; put back what one had set aside, where nothing stands there."""
    for left in sorted(path.parent.glob(f".{glob.escape(path.name)}.*")):
        kind = re.match(r"\d+\.(part|old|gone)\b", left.name.removeprefix(f".{path.name}."))
        if kind and kind[1] == "old" and not path.exists():
            left.rename(path)
        elif kind:
            _remove(left)


def remove(part: Path) -> None:
    """Remove what was written under a passing name, and what libraries wrote beside it under names made of it."""
    for left in part.parent.glob(f"{glob.escape(part.name)}*"):
        with contextlib.suppress(OSError):
            _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
