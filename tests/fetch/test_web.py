"""Files over HTTP from a server that behaves as real ones do on a bad day."""

from __future__ import annotations

import dataclasses
import os
import time
import traceback
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fetch.conftest import QUICK
from fetch.server import File, bare_portal, cut, portal, short, stall, status
from planner.errors import InputFaults
from planner.fetch.bodies import Damaged
from planner.fetch.web import Missing, Web

URL = "https://data.example.org/a/people.tif"
PATH = "data.example.org/a/people.tif"
BODY = os.urandom(200_000)


def whole(path):
    """What the file should be: BODY."""
    if path.read_bytes() != BODY:
        raise Damaged("it is another file")


@pytest.fixture
def file(server):
    server.files[PATH] = File(BODY)
    return server.files[PATH]


@pytest.fixture
def said():
    return []


@pytest.fixture
def web(server, said):
    with closing(Web(said.append, QUICK)) as web:
        yield web


def fault_of(web, part, check=whole, **more):
    with pytest.raises(InputFaults) as raised:
        web.save(URL, part, check, **more)
    [fault] = raised.value.faults
    return str(fault)


@pytest.mark.parametrize("offset", [round(len(BODY) * at / 20) for at in range(20)])
def test_a_connection_that_is_cut_at_any_offset_is_taken_up_where_it_was(server, file, web, tmp_path, offset):
    file.tricks = [cut(offset)]
    web.save(URL, tmp_path / "part", whole)
    assert (tmp_path / "part").read_bytes() == BODY
    asked = [headers.get("Range") for _, _, headers in server.asked]
    assert asked == [None, f"bytes={offset}-" if offset else None]


def test_twenty_cuts_in_one_download_cost_no_patience_while_each_try_brings_bytes(server, file, web, tmp_path):
    file.tricks = [cut(len(BODY) // 25)] * 20
    web.save(URL, tmp_path / "part", whole)
    assert (tmp_path / "part").read_bytes() == BODY
    assert server.times()[PATH] == 21


def test_a_server_that_stalls_is_left_after_the_timeout_and_asked_for_the_rest(file, web, said, tmp_path):
    file.tricks = [stall(3)]
    began = time.monotonic()
    web.save(URL, tmp_path / "part", whole)
    assert time.monotonic() - began < 2.5
    assert (tmp_path / "part").read_bytes() == BODY
    assert "again in" in said[0]


def test_how_far_a_long_file_is_is_told_now_and_then(file, said, tmp_path):
    with closing(Web(said.append, dataclasses.replace(QUICK, tell_s=0.0))) as web:
        web.save(URL, tmp_path / "part", whole)
    assert said[-1] == "data.example.org/a/people.tif: 0.2 of 0.2 MB"


def test_a_server_that_ignores_ranges_is_read_from_the_start_again(file, web, tmp_path):
    file.ranges, file.tricks = False, [cut(1000)]
    web.save(URL, tmp_path / "part", whole)
    assert (tmp_path / "part").read_bytes() == BODY


def test_without_an_etag_or_a_date_nothing_is_resumed(server, file, web, tmp_path):
    file.etag, file.tricks = "", [cut(1000)]
    web.save(URL, tmp_path / "part", whole)
    assert (tmp_path / "part").read_bytes() == BODY
    assert all("Range" not in headers for _, _, headers in server.asked)


def test_a_file_that_changes_between_two_tries_is_read_anew_and_never_joined_of_two(server, file, web, tmp_path):
    newer = os.urandom(150_000)

    def change(handler, played, body):
        cut(100_000)(handler, played, body)
        server.files[PATH] = File(newer, etag='"2"')

    file.tricks = [change]
    version = web.save(URL, tmp_path / "part", lambda path: None)
    assert (tmp_path / "part").read_bytes() == newer
    assert version == '"2"'


def test_a_length_that_lies_is_found_by_what_the_file_should_be(file, web, said, tmp_path):
    file.tricks = [short(5000)]
    web.save(URL, tmp_path / "part", whole)
    assert "what arrived is damaged: it is another file" in said[0]
    file.tricks = [short(5000)] * 9
    (tmp_path / "part").unlink()
    text = fault_of(web, tmp_path / "part")
    assert "4 times in a row" in text
    assert not (tmp_path / "part").exists()


@pytest.mark.parametrize("page", [portal, bare_portal])
def test_the_login_page_of_a_network_is_refused_at_once_and_not_kept(server, file, web, tmp_path, page):
    file.tricks = [page]
    text = fault_of(web, tmp_path / "part")
    assert "a web page came in place of the file" in text
    assert "Open a browser and log in" in text
    assert not (tmp_path / "part").exists()
    assert server.times()[PATH] == 1


@pytest.mark.parametrize("code", [301, 302, 303, 307])
def test_redirects_are_followed_and_a_cut_behind_them_is_resumed(server, file, web, tmp_path, code):
    server.files["mirror.example.org/dated.tif"] = File(BODY, tricks=[cut(70_000)])
    file.tricks = [status(code, Location=f"{server.url}/mirror.example.org/dated.tif")] * 2
    web.save(URL, tmp_path / "part", whole)
    assert (tmp_path / "part").read_bytes() == BODY
    assert [headers.get("Range") for _, path, headers in server.asked if path.endswith("dated.tif")][
        1
    ] == "bytes=70000-"


def test_a_circle_of_redirects_ends(server, file, web, tmp_path):
    file.tricks = [status(302, Location=f"{server.url}/{PATH}")] * 20
    assert "is sent on and on" in fault_of(web, tmp_path / "part")


def test_retry_after_is_honoured_in_seconds_and_as_a_date(file, web, tmp_path, monkeypatch):
    slept = []
    monkeypatch.setattr("planner.fetch.web.time.sleep", slept.append)
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    file.tricks = [status(429, Retry_After="1"), status(503, Retry_After=date), status(429, Retry_After="soon")]
    web.save(URL, tmp_path / "part", whole)
    assert slept[0] == 1.0
    assert 0 <= slept[1] <= 2
    assert slept[2] <= 0.04  # no time that can be read: the usual wait


def test_who_asks_for_longer_than_we_wait_is_not_waited_for(server, file, web, tmp_path):
    file.tricks = [status(429, Retry_After="3600")]
    text = fault_of(web, tmp_path / "part")
    assert "the server is busy or out of order (429), and asks to come back in 60 minutes" in text
    assert server.times()[PATH] == 1


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_with_growing_waits_and_not_for_ever(
    server, file, web, tmp_path, monkeypatch, code
):
    slept = []
    monkeypatch.setattr("planner.fetch.web.time.sleep", slept.append)
    file.tricks = [status(code)] * 3
    web.save(URL, tmp_path / "part", whole)
    assert all(0.5 * 0.01 * 2**at <= wait <= 0.01 * 2**at for at, wait in enumerate(slept))
    file.tricks = [status(code)] * 50
    (tmp_path / "part").unlink()
    text = fault_of(web, tmp_path / "part")
    assert f"the server is busy or out of order ({code}), 4 times in a row" in text
    assert "--from-dir" in text
    assert server.times()[PATH] == 4 + 4


def test_what_is_not_there_is_missing_and_what_is_refused_says_so(file, web, tmp_path):
    with pytest.raises(Missing):
        web.save("https://data.example.org/none", tmp_path / "part", whole)
    file.tricks = [status(403)]
    assert "the server refuses (403)" in fault_of(web, tmp_path / "part")
    file.tricks = [status(511)]
    assert "log in" in fault_of(web, tmp_path / "part")
    file.tricks = [status(418)]
    assert "answers 418" in fault_of(web, tmp_path / "part")


def test_a_file_that_was_whole_but_not_yet_named_is_not_asked_for_again(server, file, web, tmp_path):
    def stop(path):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        web.save(URL, tmp_path / "part", stop)
    web.save(URL, tmp_path / "part", whole)
    assert server.times()[PATH] == 1


def test_a_kill_between_two_versions_leaves_no_bytes_of_the_old_one(server, file, web, tmp_path, monkeypatch):
    file.tricks = [cut(100_000)] * 9
    with pytest.raises(InputFaults):
        Web(str, dataclasses.replace(QUICK, tries=1)).save(URL, tmp_path / "part", whole)
    newer = os.urandom(150_000)
    server.files[PATH] = File(newer, etag='"2"')

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Web, "_write", killed)
        web.save(URL, tmp_path / "part", whole)
    web.save(URL, tmp_path / "part", lambda path: None)
    assert (tmp_path / "part").read_bytes() == newer


def test_bytes_of_another_address_are_never_gone_on_with(server, file, web, tmp_path):
    server.files["data.example.org/b"] = File(os.urandom(90_000), tricks=[cut(50_000)] * 9)
    with pytest.raises(InputFaults):
        Web(str, dataclasses.replace(QUICK, tries=1)).save("https://data.example.org/b", tmp_path / "part", whole)
    web.save(URL, tmp_path / "part", whole)
    assert (tmp_path / "part").read_bytes() == BODY


def test_part_of_a_file_that_is_longer_than_the_file_now_is_begins_anew(file, web, tmp_path):
    file.tricks = [cut(150_000)]
    with pytest.raises(InputFaults):
        Web(str, dataclasses.replace(QUICK, tries=1)).save(URL, tmp_path / "part", whole)
    file.body = BODY[:100_000]  # the same ETag: a server that does not keep its word
    web.save(URL, tmp_path / "part", lambda path: None)
    assert (tmp_path / "part").read_bytes() == BODY[:100_000]


@pytest.mark.parametrize(
    ("mirror", "why"), [("http://no-such-host.invalid", "no internet"), ("http://127.0.0.1:9", "no connection")]
)
def test_no_internet_is_said_with_the_way_out(monkeypatch, tmp_path, mirror, why):
    monkeypatch.setenv("PLANNER_FETCH_MIRROR", mirror)
    text = fault_of(Web(str, QUICK), tmp_path / "part")
    assert why in text
    assert "--from-dir" in text


def test_what_is_asked_with_an_address_is_in_no_message_and_no_traceback(
    server, file, web, said, tmp_path, monkeypatch
):
    secret = {"api-key": "s3cret-key"}

    def told():
        with pytest.raises(InputFaults) as raised:
            web.save(URL, tmp_path / "part", whole, query=secret)
        return "".join(traceback.format_exception(raised.value))  # what --debug prints

    for tricks in ([status(503)] * 9, [status(403)], [portal], [status(302, Location=f"{server.url}/{PATH}")] * 9):
        file.tricks = list(tricks)
        assert "s3cret" not in told()
    web.mirror = "http://127.0.0.1:9"
    assert "s3cret" not in told()
    assert said
    assert "s3cret" not in " ".join(said)


def test_a_way_without_a_secure_connection_is_refused(monkeypatch, tmp_path):
    monkeypatch.delenv("PLANNER_FETCH_MIRROR", raising=False)
    web = Web(str, QUICK)

    class Answer:
        status_code, url, headers = 200, "http://login.example.org/", {}

        def close(self):
            pass

    monkeypatch.setattr(web.session, "request", lambda *_, **__: Answer())
    assert "without a secure connection" in fault_of(web, tmp_path / "part")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.integers(0, len(BODY)).map(cut), st.sampled_from([500, 429, 504]).map(status),
            st.integers(1, 5000).map(short),
        ),
        max_size=8,
    ),
    st.booleans(),
    st.sampled_from(['"1"', 'W/"1"', ""]),
)  # fmt: skip
def test_whatever_goes_wrong_on_the_way_the_bytes_are_those_of_the_file(server, tmp_path, tricks, ranges, etag):
    server.files[PATH] = File(BODY, ranges=ranges, etag=etag, tricks=tricks)
    part = tmp_path / "any"
    part.unlink(missing_ok=True)
    Web(str, dataclasses.replace(QUICK, tries=20, first_wait_s=0.001, longest_wait_s=0.002)).save(URL, part, whole)
    assert part.read_bytes() == BODY
