"""A server on this machine that behaves as those of the catalogue do: it answers, cuts, stalls, lies, redirects.

What stands at https://HOST/PATH is asked for at /HOST/PATH, as from a mirror.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PORTAL = b"<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>Please log in.</body></html>"
Trick = Callable[["Handler", "File", bytes], None]


@dataclass
class File:
    """What stands at an address; `tricks` are played one a request, then it answers as it should."""

    body: bytes | Callable[[Mapping[str, list[str]]], bytes]
    etag: str = '"1"'
    type: str = "application/octet-stream"
    ranges: bool = True
    tricks: list[Trick] = field(default_factory=list)


def cut(after: int) -> Trick:
    """Close the connection after so many bytes of what was asked for."""

    def trick(handler: Handler, file: File, body: bytes) -> None:
        start = handler.begin(file, body)
        handler.wfile.write(body[start : start + after])

    return trick


def stall(seconds: float) -> Trick:
    """Send half of it and then nothing for a while."""

    def trick(handler: Handler, file: File, body: bytes) -> None:
        start = handler.begin(file, body)
        handler.wfile.write(body[start : start + (len(body) - start) // 2])
        handler.wfile.flush()
        time.sleep(seconds)

    return trick


def status(code: int, text: bytes = b"", **headers: str) -> Trick:
    """Answer with a code; underscores in names of headers are dashes."""

    def trick(handler: Handler, file: File, body: bytes) -> None:
        handler.answer(code, text, {name.replace("_", "-"): value for name, value in headers.items()})

    return trick


def portal(handler: Handler, file: File, body: bytes) -> None:
    """The log-in page of a network, with 200."""
    handler.answer(200, PORTAL, {"Content-Type": "text/html; charset=utf-8"})


def bare_portal(handler: Handler, file: File, body: bytes) -> None:
    """The same, called something else by its server."""
    handler.answer(200, PORTAL, {"Content-Type": "application/octet-stream"})


def short(by: int) -> Trick:
    """Say a length that is too small, and end there: only the file itself tells that something is missing."""

    def trick(handler: Handler, file: File, body: bytes) -> None:
        handler.answer(200, body[:-by], {"ETag": file.etag})

    return trick


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.respond(send=False)

    def do_GET(self) -> None:
        self.respond(send=True)

    def do_POST(self) -> None:
        self.server.forms.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.respond(send=True)

    def respond(self, *, send: bool) -> None:
        parts = urlsplit(self.path)
        path = parts.path.lstrip("/")
        self.server.asked.append((self.command, path, dict(self.headers)))
        file = self.server.files.get(path)
        if file is None:
            self.answer(404, b"there is no such thing", {})
            return
        body = file.body(parse_qs(parts.query)) if callable(file.body) else file.body
        if send and file.tricks:
            file.tricks.pop(0)(self, file, body)
            self.close_connection = True
            return
        start = self.begin(file, body)
        if send:
            self.wfile.write(body[start:])

    def begin(self, file: File, body: bytes) -> int:
        """Send the head of an honest answer; returns where the body begins."""
        asked, same = self.headers.get("Range", ""), self.headers.get("If-Range", file.etag) == file.etag
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and same and file.ranges else 0
        if start and start >= len(body):
            self.answer(416, b"", {"Content-Range": f"bytes */{len(body)}"})
            return len(body)
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", file.type)
        self.send_header("Content-Length", str(len(body) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if file.etag:
            self.send_header("ETag", file.etag)
        self.end_headers()
        return start

    def answer(self, code: int, text: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(text)), "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)


class Server(ThreadingHTTPServer):
    """The server; `files` by host and path, `asked` all requests, `forms` all that was posted."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, File] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.forms: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        pass  # the other end has gone, as it may

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def times(self) -> Counter[str]:
        """How often each address was asked for, HEAD apart."""
        return Counter(path for method, path, _ in self.asked if method != "HEAD")

    def close(self) -> None:
        self.shutdown()
        self.server_close()
