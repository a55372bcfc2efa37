"""The options of ``planner export``."""

from __future__ import annotations

import argparse
from pathlib import Path

MORE = """\
Made from the run folder alone: its inputs are not needed. Without further words, everything is written."""

EXAMPLE = """\
planner export runs/base                    all of it, into runs/base-exports
  planner export runs/base phones --out usb"""


KINDS = {
    "phones": "GPX and KML for the telephones of supervisors and CHWs: posts, referral ways, rounds",
    "dhis2": "organisation units, their geometry, and data values of coverage for import into DHIS2",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all options to the parser of the command."""
    said = "; ".join(f"{kind}: {what}" for kind, what in KINDS.items())
    parser.add_argument("run", metavar="RUN", type=Path, help="run folder")
    parser.add_argument("kinds", metavar="KIND", nargs="*", help=f"{said} (default: all)")
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder for them (default: RUN-exports)")


def folder(arguments: argparse.Namespace) -> Path:
    """Where the exports are to stand."""
    run: Path = arguments.run
    return arguments.out or run.with_name(f"{run.resolve().name}-exports")
