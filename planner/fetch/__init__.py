"""From a place to a folder that is ready to run, with open data; the only part of the planner that uses the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.fetch.listing import Preview
    from planner.fetch.steps import Fetched
    from planner.fetch.where import Request

LOCK = "sources.lock.json"  # what was fetched from where, in the folder


def fetch(request: Request, tell: Callable[[str], None]) -> Fetched:
    """Get population, elevation, land cover, areas, OpenStreetMap and facilities of a place, and make its folder.

    Every file is whole or not there; what was fetched stands in ``sources.lock.json`` with sha256, and is not fetched
    again. A fetch that was stopped goes on where it was.

    Parameters
    ----------
    request
        The place, the folder, which products; files come from the network or from a folder (``from_dir``).
    tell
        Is told each step.

    Raises
    ------
    InputFaults
        With the way out: no such place, no internet, a server that refuses, a file that changed where it comes from, no
        space on the disk.
    """
    from planner.fetch.steps import fetch as get_all

    return get_all(request, tell)


def preview(request: Request, tell: Callable[[str], None]) -> Preview:
    """Tell what `fetch` would get: names, sizes, licences and addresses; nothing large is read, nothing is written.

    Sizes are typical ones where there is no internet.
    """
    from planner.fetch.listing import preview as look

    return look(request, tell)
