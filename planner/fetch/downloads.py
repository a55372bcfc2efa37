"""The folder of downloads: each file is there once, whole, checked, and the same as when it was first fetched."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from planner.errors import Fault, InputFaults
from planner.fetch import bodies
from planner.fetch.catalogue import Wanted
from planner.fetch.lock import Lock
from planner.fetch.stick import Stick
from planner.fetch.web import MB, Missing, Web, forget, keep, shown
from planner.files import sha256_of

SPARE_MB = 200  # that stay free on the disk


class Downloads:
    """Gets files from the network or from a stick into a folder.

    Attributes
    ----------
    folder, lock
        Where the files lie, and what is known of them.
    web, stick
        One of them is None.
    update
        Whether newer files than those in the lock file are welcome.
    missing
        Files that are not on the stick.
    """

    def __init__(
        self, folder: Path, lock: Lock, tell: Callable[[str], None], source: Web | Stick, *, update: bool = False
    ) -> None:
        self.folder = folder
        self.lock = lock
        self.tell = tell
        self.web = source if isinstance(source, Web) else None
        self.stick = source if isinstance(source, Stick) else None
        self.update = update
        self.missing: list[Wanted] = []

    def get(self, wanted: Wanted, *, query: Mapping[str, str] | None = None) -> Path | None:
        """The file, fetched where it is not there yet; None where there is none and there need not be.

        Raises
        ------
        InputFaults
            It cannot be had, or is not the file that it was: with the way out.
        """
        path, entry = self.folder / wanted.name, self.lock.files.get(wanted.name)
        if entry and not self._outdated(wanted, entry):
            if entry.get("absent"):
                return None
            if path.exists():
                self._check_same(path, entry)
                return path
        elif path.exists() and not entry:
            self._check_found(path, wanted)
            self._record(wanted, path, url="", version="")
            return path
        return self._from_stick(wanted, path) if self.stick else self._from_web(wanted, path, query)

    def _outdated(self, wanted: Wanted, entry: Mapping[str, object]) -> bool:
        """Whether a newer file is welcome and there is one; also where the server does not tell versions apart."""
        if not self.update or self.web is None:
            return False
        if wanted.form or entry.get("absent") or not entry.get("version"):
            return True
        try:
            return self.web.head(str(entry["url"])).version != entry["version"]
        except Missing:
            return True

    def _check_same(self, path: Path, entry: Mapping[str, object]) -> None:
        if sha256_of(path) != entry["sha256"]:
            what = f"is not the file that was fetched on {entry['fetched']}: its sha256 is another."
            raise _fault(path, what, "Delete it and run the same command again: it is fetched anew.")

    def _check_found(self, path: Path, wanted: Wanted) -> None:
        try:
            bodies.check(path, wanted.source.kind)
        except bodies.Damaged as damage:
            what = f"lies there, but {damage}."
            raise _fault(path, what, "Delete it and run the same command again: it is fetched anew.") from None

    def _from_stick(self, wanted: Wanted, path: Path) -> Path | None:
        assert self.stick is not None
        part = _part(path)
        self.tell(f"from the folder: {wanted.name}")
        origin = self.stick.copy(wanted.name, part)
        if not origin:
            self.missing += [] if wanted.spare else [wanted]
            return None
        try:
            bodies.check(part, wanted.source.kind)
        except bodies.Damaged as damage:
            forget(part)
            raise _fault(Path(origin), f"cannot be used: {damage}.", "Copy it to the stick again.") from None
        return self._accept(wanted, part, path, url="", version="")

    def _from_web(self, wanted: Wanted, path: Path, query: Mapping[str, str] | None) -> Path | None:
        assert self.web is not None
        part = _part(path)
        for url in wanted.urls:
            self.tell(f"{wanted.source.title}: {wanted.name}")
            check = partial(self._check, wanted=wanted, url=url)
            try:
                version = self.web.save(url, part, check, form=wanted.form, query=query)
            except Missing:
                continue
            return self._accept(wanted, part, path, url=url, version=version)
        if wanted.optional:
            self.lock.files[wanted.name] = {"absent": True, "fetched": _today()}
            self.lock.save()
            return None
        tried = " and ".join(map(shown, wanted.urls))
        what = f"has no {wanted.name}: {tried} (404)."
        other = "Try --population 2020, or take" if wanted.source.role == "population" else "Take"
        raise InputFaults([Fault(wanted.source.title, what, f"{other} a file of your own: planner init.")])

    def get_pages(self, wanted: Wanted, query: Callable[[int], Mapping[str, str]], most: int) -> Path:
        """The file that all pages of an answer make, from page 1 to the first that has nothing new."""
        path, entry = self.folder / wanted.name, self.lock.files.get(wanted.name)
        if path.exists() and entry and not self.update:
            self._check_same(path, entry)
            return path
        assert self.web is not None
        part, features, last = _part(path), list[object](), None
        for page in range(1, most + 1):
            self.tell(f"{wanted.source.title}: page {page}")
            try:
                self.web.save(wanted.urls[0], part, partial(bodies.check, kind="json"), query=query(page))
                told = json.loads(part.read_bytes())
            except Missing:
                break
            found = told.get("features") if isinstance(told, dict) else None
            if not isinstance(found, list):
                raise _fault(path, "cannot be made: the answer has no features.", "Unset the key to use OpenStreetMap.")
            if not found or found == last:
                break
            features, last = features + found, found
        text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        part.write_text(text, encoding="utf-8", newline="\n")
        return self._accept(wanted, part, path, url=wanted.urls[0], version="")

    @contextmanager
    def unless_useless(self, wanted: Wanted) -> Iterator[None]:
        """Do not keep an answer that proves of no use: the next one may be better."""
        try:
            yield
        except InputFaults:
            (self.folder / wanted.name).unlink(missing_ok=True)
            self.lock.files.pop(wanted.name, None)
            self.lock.save()
            raise

    def _check(self, part: Path, wanted: Wanted, url: str) -> None:
        bodies.check(part, wanted.source.kind)
        if wanted.source.kind == "pbf":
            self._check_md5(part, url)

    def _check_md5(self, part: Path, url: str) -> None:
        """Raise Damaged where the file's sum is not the one that stands beside it, as Geofabrik publishes it."""
        assert self.web is not None
        beside = part.with_name(f"{part.name}.md5")
        try:
            self.web.save(f"{url}.md5", beside, lambda _: None)
            told = beside.read_text(encoding="ascii", errors="replace").split()
        except Missing:
            return
        finally:
            forget(beside)
        with part.open("rb") as file:
            if told and hashlib.file_digest(file, "md5").hexdigest() != told[0].lower():
                raise bodies.Damaged("its md5 sum is not the published one")

    def _accept(self, wanted: Wanted, part: Path, path: Path, *, url: str, version: str) -> Path:
        known = self.lock.sha256(wanted.name)
        if known and known != sha256_of(part) and not self.update:
            date = self.lock.files[wanted.name]["fetched"]
            what = f"is not the file that was fetched on {date}: it has been changed where it comes from."
            way_out = (
                "To take the new one, run the same command with --update. To keep to the old one, put it into "
                f"{self.folder}, or bring it on a stick: --from-dir FOLDER."
            )
            raise _fault(path, what, way_out)
        self._record(wanted, part, url=url, version=version)  # first: what is killed here still knows where it is from
        keep(part, path)
        return path

    def _record(self, wanted: Wanted, path: Path, *, url: str, version: str) -> None:
        """Enter a file into the lock file, whatever its name still is."""
        self.lock.files[wanted.name] = {
            "source": wanted.source.title,
            "url": url or wanted.urls[0],
            "sha256": sha256_of(path),
            "bytes": path.stat().st_size,
            "version": version,
            "fetched": _today(),
            "licence": wanted.licence or wanted.source.licence,
            "citation": wanted.source.citation,
        }
        self.lock.save()

    def check_stick(self) -> None:
        """Raise InputFaults for files that are not on the stick, all at once."""
        if not self.missing:
            return
        names = ", ".join(wanted.name for wanted in self.missing)
        count = "1 file is" if len(self.missing) == 1 else f"{len(self.missing)} files are"
        what = f"{count} not there: {names}."
        way_out = (
            "Put what is missing there, or zip files with it; tiles at sea do not exist. The same command with "
            "--dry-run tells the addresses."
        )
        assert self.stick is not None
        raise InputFaults([Fault(f"--from-dir {self.stick.folders[0]}", what, way_out)])

    def check_space(self, wanted: Iterable[Wanted]) -> None:
        """Raise InputFaults where the disk has not the space for files of typical sizes."""
        needed = sum(each.source.typical_mb for each in wanted if each.name not in self.lock.files) + SPARE_MB
        free = shutil.disk_usage(self.folder).free / MB
        if free < needed:
            what = f"about {needed:,.0f} MB are needed, {free:,.0f} MB are free."
            raise _fault(self.folder, what, "Free some space, or choose a folder on another disk with --out.")


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _fault(path: Path, what: str, way_out: str) -> InputFaults:
    return InputFaults([Fault(str(path), what, way_out)])
