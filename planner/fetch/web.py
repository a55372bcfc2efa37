"""Files over HTTP: resumed where they were cut, tried again with patience, never a web page in a file's place.

No text made here holds more of an address than its host and path: what is asked for may hold a key.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, InvalidHeader, NameResolutionError, ReadTimeoutError
from urllib3.util import Retry

from planner import __version__
from planner.errors import Fault, InputFaults
from planner.fetch.bodies import is_page
from planner.files import patiently

MIRROR = "PLANNER_FETCH_MIRROR"  # environment: http://HOST/PATH that holds https://a.b/c as http://HOST/PATH/a.b/c
AGENT = f"planner/{__version__} (planning of community health workers)"
BLOCK = 1 << 16
MB = 1_000_000
MOST_REDIRECTS = 5
MOST_TRIES = 1000  # even where each brings a few bytes more
COMPUTES = 4  # times the usual timeout for the first byte of an answer that has to be computed
OFFLINE_TRIES = 3  # where nobody has answered yet: most probably there is no internet
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
OFFLINE = (
    "Check the connection. Without internet: let a colleague run the same command with --out FOLDER, bring the "
    "FOLDER/downloads on a stick, and add --from-dir to it here; --dry-run lists the files and their addresses."
)
LOGIN = "Open a browser and log in to the network (hotel, office, airport), then run the same command again."
LATER_OR_STICK = "Run the same command later, or bring the file on a stick: --from-dir FOLDER."

T = TypeVar("T")


class Missing(Exception):
    """There is no such file at this address."""


class Again(Exception):
    """It did not work, but may the next time.

    Attributes
    ----------
    wait_s
        What the server asks to wait for; None where it does not say.
    offline
        Whether nobody answered at all.
    """

    def __init__(self, why: str, wait_s: float | None = None, *, offline: bool = False) -> None:
        super().__init__(why)
        self.wait_s = wait_s
        self.offline = offline


@dataclass(frozen=True)
class Patience:
    """How long to try.

    Attributes
    ----------
    tries
        In a row without one more byte.
    timeout_s
        Without one byte, each time.
    first_wait_s, longest_wait_s
        Between tries: doubled each time, with jitter. Who asks for longer than the longest is not waited for.
    tell_s
        Between two words on how far a file is.
    """

    tries: int = 6
    timeout_s: float = 60.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 120.0
    tell_s: float = 30.0


PATIENCE = Patience()


@dataclass(frozen=True)
class Head:
    """What a server says of a file without sending it: bytes (None = not said), and what tells its versions apart."""

    size: int | None
    version: str


class Web:
    """The network, for one run of the command."""

    def __init__(self, tell: Callable[[str], None], patience: Patience) -> None:
        self.tell = tell
        self.patience = patience
        self.answered = False
        self.mirror = os.environ.get(MIRROR, "").rstrip("/")
        self.session = requests.Session()
        self.session.max_redirects = MOST_REDIRECTS
        # "identity": lengths and ranges are then those of the file itself
        self.session.headers.update({"User-Agent": AGENT, "Accept-Encoding": "identity"})

    def close(self) -> None:
        """Let go of all connections."""
        self.session.close()

    def head(self, url: str) -> Head:
        """Size and version of a file. Raise Missing where there is none, InputFaults where nobody answers."""

        def once() -> Head:
            with self._ask("HEAD", url) as response:
                length = response.headers.get("Content-Length", "")
                return Head(int(length) if length.isdigit() else None, version_of(response))

        return self._patiently(url, once)

    def save(
        self,
        url: str,
        part: Path,
        check: Callable[[Path], None],
        *,
        form: str = "",
        query: Mapping[str, str] | None = None,
    ) -> str:
        """Save a file, going on where an earlier try was cut.

        Parameters
        ----------
        url
            Its address, without what is secret.
        part
            Where it is written. While it is not whole, ``.from`` beside it keeps what tells its versions apart.
        check
            Raises ValueError where the whole file is not what it should be; it is then asked for anew.
        form
            What is posted; such an answer is never resumed.
        query
            What follows the address, and may be secret.

        Returns
        -------
        What tells this version of the file apart from others, "" where the server does not say.

        Raises
        ------
        Missing
            There is no such file.
        InputFaults
            No internet, a log-in page, a server that refuses or does not answer: with the way out.
        """

        def once() -> str:
            version = self._receive(url, part, form, query)
            try:
                check(part)
            except ValueError as damage:
                forget(part)
                raise Again(f"what arrived is damaged: {damage}") from None
            return version

        return self._patiently(url, once, lambda: _size(part))

    def _patiently(self, url: str, act: Callable[[], T], progress: Callable[[], int] = lambda: 0) -> T:
        failed, before = 0, progress()
        for _ in range(MOST_TRIES):
            try:
                return act()
            except Again as again:
                got = progress()
                failed = 1 if got > before else failed + 1
                before, last = got, again
            wait = self._pause(failed) if last.wait_s is None else last.wait_s
            tries = self.patience.tries if self.answered else min(self.patience.tries, OFFLINE_TRIES)
            if failed >= tries or wait > self.patience.longest_wait_s:
                break
            self.tell(f"{shown(url)}: {last}; again in {wait:.0f} s")
            time.sleep(wait)
        if last.wait_s is not None and last.wait_s > self.patience.longest_wait_s:
            what = f"{last}, and asks to come back in {-(-last.wait_s // 60):.0f} minutes."
            raise fault(url, what, "Run the same command then: it goes on where it is.")
        raise fault(url, f"{last}, {failed} times in a row.", OFFLINE if last.offline else LATER_OR_STICK)

    def _pause(self, failed: int) -> float:
        longest = min(self.patience.longest_wait_s, self.patience.first_wait_s * 2 ** (failed - 1))
        return float(longest * random.uniform(0.5, 1.0))

    def _ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        form: str = "",
        query: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer, its body not yet read. Nothing that requests says is passed on: it holds the whole address."""
        try:
            response = self.session.request(
                method,
                f"{self.mirror}/{url.removeprefix('https://')}" if self.mirror else url,
                params=query,
                data={"data": form} if form else None,
                headers=headers,
                timeout=self.patience.timeout_s * (COMPUTES if form else 1),
                allow_redirects=True,
                stream=True,
            )
        except requests.exceptions.SSLError:
            what = "no secure connection can be made: something stands in between, or the clock is wrong."
            raise fault(url, what, f"Check the date of this computer. {LOGIN}") from None
        except requests.ConnectionError as error:
            raise Again(_why(error), offline=True) from None
        except requests.Timeout:
            raise Again("no answer in time", offline=True) from None
        except requests.TooManyRedirects:
            raise fault(url, "is sent on and on.", LOGIN) from None
        except requests.RequestException as error:
            raise fault(url, f"cannot be asked for ({type(error).__name__}).", OFFLINE) from None
        self.answered = True
        try:
            self._check_status(url, response)
        except Exception:
            response.close()
            raise
        return response

    def _check_status(self, url: str, response: requests.Response) -> None:
        code, end = response.status_code, urlsplit(response.url)
        if end.scheme != "https" and not self.mirror:
            raise fault(url, f"is sent on to {end.hostname} without a secure connection.", LOGIN)
        if code in (404, 410):
            raise Missing(shown(url))
        if code in LATER:
            raise Again(f"the server is busy or out of order ({code})", _seconds(response.headers.get("Retry-After")))
        if code == 511:
            raise fault(url, "the network asks to log in first.", LOGIN)
        if code in (401, 403):
            raise fault(url, f"the server refuses ({code}).", f"Check the key, where one is needed. {LATER_OR_STICK}")
        if code not in (200, 206, 416):
            raise fault(url, f"the server answers {code}.", LATER_OR_STICK)

    def _receive(self, url: str, part: Path, form: str, query: Mapping[str, str] | None) -> str:
        """One try: from where the last one stopped, if the server still has that version, else from the start."""
        label = _read_label(part, url)
        have = _size(part) if label.get("version") and not form else 0
        if have and have == label.get("size"):
            return str(label["version"])  # it was whole, but not yet checked
        headers = {"Range": f"bytes={have}-", "If-Range": str(label["version"])} if have else {}
        with self._ask("POST" if form else "GET", url, headers, form, query) as response:
            if response.status_code == 416 or (response.status_code == 206 and not _goes_on(response, have)):
                forget(part)
                raise Again("the server lost the thread")
            if response.status_code == 200:
                have = 0
            size, version = _whole_size(response), version_of(response)
            blocks = _blocks(response)
            start = next(blocks, b"")
            if have == 0:
                if is_page(start, response.headers.get("Content-Type", "")):
                    raise fault(url, "a web page came in place of the file.", LOGIN)
                _write_label(part, url, version, size)
            self._write(part, start, blocks, have, size, shown(url))
        if size is not None and _size(part) != size:
            raise Again(f"the connection was cut at {_size(part):,} of {size:,} bytes")
        return version

    def _write(
        self, part: Path, start: bytes, blocks: Iterator[bytes], have: int, size: int | None, where: str
    ) -> None:
        told = time.monotonic()
        with part.open("r+b" if have else "wb") as file:
            file.seek(have)
            file.write(start)
            for block in blocks:
                file.write(block)
                if time.monotonic() - told > self.patience.tell_s:
                    told = time.monotonic()
                    self.tell(f"{where}: {file.tell() / MB:,.1f} of {(size or 0) / MB:,.1f} MB")
            file.flush()
            os.fsync(file.fileno())


def _blocks(response: requests.Response) -> Iterator[bytes]:
    """What arrives, as it arrives: a longer block would be lost whole where the connection is cut within it."""
    try:
        while block := response.raw.read1(BLOCK, decode_content=True):
            yield block
    except ReadTimeoutError:
        raise Again("nothing came any more") from None
    except (HTTPError, OSError):
        raise Again("the connection was cut") from None


def forget(part: Path) -> None:
    """Remove a file that is not whole, and what is known of it."""
    part.unlink(missing_ok=True)
    _label(part).unlink(missing_ok=True)


def keep(part: Path, path: Path) -> None:
    """Give a whole file its name."""
    patiently(part.replace, path)
    _label(part).unlink(missing_ok=True)


def shown(url: str) -> str:
    """Host and path of an address: what follows may be secret."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def fault(url: str, what: str, way_out: str) -> InputFaults:
    """One fault of an address, to be raised."""
    return InputFaults([Fault(shown(url), what, way_out)])


def version_of(response: requests.Response) -> str:
    """What tells this version of a file apart and may stand in If-Range: its strong ETag, else its date, else ""."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _label(part: Path) -> Path:
    return part.with_name(f"{part.name}.from")


def _read_label(part: Path, url: str) -> dict[str, object]:
    try:
        label: dict[str, object] = json.loads(_label(part).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return label if label.get("url") == url else {}


def _write_label(part: Path, url: str, version: str, size: int | None) -> None:
    part.unlink(missing_ok=True)  # bytes of another version must never be taken for those of this one
    _label(part).write_text(json.dumps({"url": url, "version": version, "size": size}), encoding="utf-8")


def _whole_size(response: requests.Response) -> int | None:
    """Bytes of the whole file; None where the server does not say, or packs what it sends."""
    if response.headers.get("Content-Encoding", "identity") != "identity":
        return None
    length = response.headers.get("Content-Length", "")
    if response.status_code == 206:
        length = response.headers["Content-Range"].rpartition("/")[2]
    return int(length) if length.isdigit() else None


def _goes_on(response: requests.Response, have: int) -> bool:
    return response.headers.get("Content-Range", "").startswith(f"bytes {have}-")


def _seconds(asked: str | None) -> float | None:
    """Seconds that a Retry-After header asks for, whether it says seconds or a date."""
    if not asked:
        return None
    try:
        return max(0.0, float(Retry().parse_retry_after(asked)))
    except InvalidHeader:
        return None


def _why(error: requests.ConnectionError) -> str:
    cause = error.args[0] if error.args else error
    if isinstance(getattr(cause, "reason", cause), NameResolutionError):
        return "no internet: the name of the server is not known here"
    return "no connection to the server"
