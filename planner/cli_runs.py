"""Commands on run folders: what ``planner run`` writes; report, export, verify and compare, which read nothing else."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

ALONE = "Made from the run folder alone: its inputs are not needed."
EXPORT = f"{ALONE} Without further words, everything is written."

EXPORT_EXAMPLE = """\
planner export runs/base                    all of it, into runs/base-exports
  planner export runs/base --pdf              what is to be printed
  planner export runs/base phones --out usb"""

LANGUAGES = ("en", "fr", "pt")  # as planner.outputs.language, which takes long to import

KINDS = {
    "report": "the report, as a page and as PDF: A4, with contents and numbered pages",
    "atlas": "maps for print, A4 and A3 (PDF), and a picture of every page",
    "slides": "PowerPoint for a meeting: one message a slide, charts and tables that can be edited, notes",
    "chw-pages": "a page for the wall of every CHW, and for every supervisor one on the round, as PDF",
    "phones": "GPX and KML for the telephones of supervisors and CHWs: posts, referral ways, rounds",
    "dhis2": "organisation units, their geometry, and data values of coverage for import into DHIS2",
}


PRINTS = ("report", "atlas", "chw-pages")  # PDFs

Command = Callable[..., argparse.ArgumentParser]


def add_commands(command: Command, export: Callable[[argparse.Namespace], None]) -> None:
    """Add all commands on run folders; `export` writes them in the kinds that are asked for."""
    add_report(command("report", export, "write the report of a plan", ALONE, "planner report runs/base --language fr"))
    add_export(command("export", export, "write a plan for phones, DHIS2, ...", EXPORT, EXPORT_EXAMPLE))
    add_verify(
        command(
            "verify", verify, "see whether a run folder is as it was written",
            "Hashes every file again; with --inputs, those that the plan was made from too.",
            "planner verify runs/base --inputs .",
        )
    )  # fmt: skip
    add_compare(
        command(
            "compare", compare, "lay plans side by side",
            "What differs in the question, in the answer, in the villages reached and where CHWs live.",
            "planner compare runs/base runs/more --out compare.html",
        )
    )  # fmt: skip


def add_run(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``planner run`` that are its own."""
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the plan")
    parser.add_argument("--afresh", action="store_true", help="take nothing up from a run that was stopped")


def add_report(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``planner report``."""
    _add_run_folder(parser, "of the report")
    parser.set_defaults(kinds=["report"], pdf=False)


def add_export(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``planner export``."""
    said = "; ".join(f"{kind}: {what}" for kind, what in KINDS.items())
    _add_run_folder(parser, "of report, prints and slides")
    parser.add_argument("kinds", metavar="KIND", nargs="*", help=f"{said} (default: all)")
    parser.add_argument("--pdf", action="store_true", help=f"what is to be printed: {', '.join(PRINTS)}")


def _add_run_folder(parser: argparse.ArgumentParser, of: str) -> None:
    parser.add_argument("run", metavar="RUN", type=Path, help="run folder")
    parser.add_argument("--out", metavar="DIR", type=Path,
                        help="folder, with one for each kind in it (default: RUN-exports)")  # fmt: skip
    parser.add_argument("--language", choices=LANGUAGES, help=f"{of} (default: as the scenario says)")


def kinds(arguments: argparse.Namespace) -> list[str]:
    """What is to be exported, each once."""
    return list(dict.fromkeys([*arguments.kinds, *(PRINTS if arguments.pdf else ())])) or list(KINDS)


def export_folder(arguments: argparse.Namespace) -> Path:
    """Where the exports are to stand."""
    run: Path = arguments.run
    return arguments.out or run.with_name(f"{run.resolve().name}-exports")


def add_names(parser: argparse.ArgumentParser) -> None:
    """Add the option that lets names of persons out."""
    said = "names and telephone numbers of CHWs stand in the tables and on the CHWs' pages; without it they do not"
    parser.add_argument("--include-names", action="store_true", help=said)


def add_verify(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``planner verify``."""
    parser.add_argument("run", metavar="RUN", type=Path, help="run folder")
    parser.add_argument("--inputs", metavar="DIR", type=Path, help="folder of the scenario, for the inputs too")


def verify(arguments: argparse.Namespace) -> None:
    """Answer ``planner verify``."""
    from planner.outputs.verify import verify as hash_again

    files, inputs = hash_again(arguments.run, arguments.inputs)
    print(
        f"All {files} files are as they were written{f', and all {inputs} inputs as they were read' if inputs else ''}."
    )


def add_compare(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``planner compare``."""
    parser.add_argument(
        "runs", metavar="RUN", type=Path, nargs="+", help="run folders; the others are held to the first"
    )
    parser.add_argument("--out", metavar="FILE", type=Path, default=Path("compare.html"),
                        help="page to write (default: compare.html)")  # fmt: skip


def compare(arguments: argparse.Namespace) -> None:
    """Answer ``planner compare``."""
    from planner.outputs.compare import compare as side_by_side

    print(side_by_side(arguments.runs, arguments.out))
    print(f"\nWrote {arguments.out}")
