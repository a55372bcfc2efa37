from __future__ import annotations

import dataclasses

import pytest

from fetch import world
from fetch.server import Server
from planner import cli
from planner.fetch import web

QUICK = web.Patience(tries=4, timeout_s=0.5, first_wait_s=0.01, longest_wait_s=2.0)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    return world.country(tmp_path_factory.mktemp("country"))


@pytest.fixture
def server(made, monkeypatch):
    """The server with the tiny country, in place of the internet."""
    server = Server()
    server.files = {path: dataclasses.replace(file, tricks=[]) for path, file in made.items()}
    monkeypatch.setenv(web.MIRROR, server.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("HEALTHSITES_API_KEY", raising=False)
    monkeypatch.setattr(web, "PATIENCE", QUICK)
    yield server
    server.close()


@pytest.fixture(autouse=True)
def own_process(monkeypatch):
    """What main() changes in the process is put back."""
    for name in (*cli.OF_OTHER_PROGRAMS, "PROJ_NETWORK", "OMP_WAIT_POLICY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
