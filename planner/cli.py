"""The command line. What it says goes to stdout; progress and faults go to stderr.

Exit codes: 0 good, 1 our bug, 2 mend something, 3 well asked but no answer, 130 stopped by Ctrl-C, 141 nobody listens.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from planner import __version__, cli_doctor, cli_fetch, cli_runs, cli_speeds, cli_travel
from planner.cli_told import note_lines, plan_summary, read_summary, review_hint
from planner.errors import DISK_ADVICE, Fault, InputFaults, NoAnswer, one_line

GOOD, BUG, MEND, NO_ANSWER, STOPPED, NOBODY_LISTENS = 0, 1, 2, 3, 130, 141

# Set by PostGIS, QGIS or OSGeo4W for their own PROJ and GDAL, they break those that the planner brings.
OF_OTHER_PROGRAMS = ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH")

ABOUT = """\
Where community health workers (CHWs) should live: travel time to care, hard-to-reach villages,
placement, referral, supervision and supply, from open data to maps and reports."""

BEGIN = """\
begin with:
  planner demo                               see a whole plan, made from invented data
  planner init                               write scenario.toml, every key explained
  planner fetch --country COM --out comoros  get open data of a place, and a scenario that runs
  planner check scenario.toml                read all files, tell all faults
  planner speeds scenario.toml               show how fast everybody is taken to travel
  planner run scenario.toml --out plan       make the plan: map, report, tables, layers
  planner report plan --language fr          the report in another language, as a page and for print
  planner export plan                        prints, slides, files for phones and DHIS2
  planner compare plan other-plan            lay plans side by side
  planner travel --help                      travel times alone, for scripts
  planner doctor                             try whether all works on this computer

exit codes: 0 good, 2 something to mend, 3 well asked but no answer, 1 a fault of the planner itself"""


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code. Faults are told on stderr, never as a traceback without --debug."""
    _prepare_process()
    try:
        try:
            return _run(argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # as `planner check ... | head` ends; without this, Python complains once more when it closes stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_LISTENS


def _prepare_process() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # code pages of Windows lack most letters
    for name in OF_OTHER_PROGRAMS:
        os.environ.pop(name, None)
    os.environ["PROJ_NETWORK"] = "OFF"
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # waiting threads leave the processor to the others


def _run(argv: list[str] | None) -> int:
    parser = _parser()
    arguments = parser.parse_args(cli_fetch.joined(sys.argv[1:] if argv is None else argv))
    if "act" not in arguments:
        parser.print_help(sys.stderr)
        return MEND
    try:
        arguments.act(arguments)
    except BrokenPipeError:
        raise
    except (Exception, KeyboardInterrupt) as error:
        if "debug" in arguments:
            import traceback

            traceback.print_exc()
        code, text = _told(error)
        print("\n".join([text, *getattr(error, "__notes__", ())]).rstrip(), file=sys.stderr)
        return code
    return GOOD


def _told(error: BaseException) -> tuple[int, str]:
    """Exit code and text for what went wrong."""
    if isinstance(error, InputFaults):
        return MEND, "\n".join([_fault_list(error.faults), *review_hint(error.doubts)])
    if isinstance(error, NoAnswer):
        return NO_ANSWER, f"planner: no answer: {error}"
    if isinstance(error, KeyboardInterrupt):
        return STOPPED, "planner: stopped"
    if isinstance(error, MemoryError):
        way_out = (
            "Write cell = 2 under [population], close other programs, cut the population raster to your area, or use a "
            "machine with more memory."
        )
        return MEND, _fault_list([Fault("memory", "there is not enough memory for this area.", way_out)])
    if isinstance(error, OSError) and error.errno in DISK_ADVICE:
        what = f"{error.strerror}."
        return MEND, _fault_list([Fault(str(error.filename or "disk"), what, DISK_ADVICE[error.errno])])
    what = one_line(f"{type(error).__name__}: {error}")[:300]
    return BUG, f"planner: internal error: {what}. Please run again with --debug and send us the text."


def _fault_list(faults: Iterable[Fault]) -> str:
    faults = tuple(faults)
    things = "1 thing" if len(faults) == 1 else f"{len(faults)} things"
    lines = [f"planner: {things} to mend"]
    for number, fault in enumerate(faults, start=1):
        lines += ["", f"{number:3}. {one_line(fault.where)}", _wrapped(fault.what), _wrapped(fault.way_out)]
    return "\n".join(lines)


def _wrapped(text: str) -> str:
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    return textwrap.fill(
        one_line(text), width, initial_indent=" " * 5, subsequent_indent=" " * 7,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of errors")
    parser = argparse.ArgumentParser(
        "planner", description=ABOUT, epilog=BEGIN, parents=[common], allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"planner {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, act: Callable[[argparse.Namespace], None], summary: str, more: str, example: str
                ) -> argparse.ArgumentParser:  # fmt: skip
        added = commands.add_parser(
            name, help=summary, parents=[common], allow_abbrev=False, epilog=f"example:\n  {example}",
            description=f"{summary[0].upper()}{summary[1:]}.\n{more}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        added.set_defaults(act=act)
        return added

    init = command(
        "init", _init, "write a scenario to start from",
        "Every section and key is explained, with its unit, default and source. A file that exists is left alone.",
        "planner init district.toml",
    )  # fmt: skip
    init.add_argument("file", metavar="FILE", type=Path, nargs="?", default=Path("scenario.toml"),
                      help="file to write (default: scenario.toml)")  # fmt: skip
    init.add_argument(
        "--schema", action="store_true", help="print the JSON Schema instead, for editors that check TOML"
    )
    fetch = command(
        "fetch", _fetch, "get open data of a place, and a scenario that runs", cli_fetch.MORE, cli_fetch.EXAMPLE
    )
    cli_fetch.add_options(fetch)
    check = command(
        "check", _check, "read the scenario and all its files, and tell every fault",
        "Nothing is computed, and nothing is written but the review, where one is asked for.",
        "planner check scenario.toml",
    )  # fmt: skip
    check.add_argument("--review", metavar="FILE", type=Path,
                       help="workbook (.xlsx) to write the rows of lists to that should be looked at")  # fmt: skip
    speeds = command(
        "speeds", _speeds, "show the speeds in use, with their ranges and sources",
        "On foot by land cover and road class, by every traveller's vehicle, in both seasons, and on slopes.",
        "planner speeds scenario.toml",
    )  # fmt: skip
    speeds.add_argument("scenario", metavar="SCENARIO", type=Path, nargs="?",
                        help="scenario file (TOML); without one, the defaults are shown")  # fmt: skip
    speeds.add_argument("--list", action="store_true", help="only name the tables that come with the planner")
    run = command(
        "run", _run_scenario, "make the plan",
        "Writes map.html, report.html, tables, layers and rasters to a folder: all of them, or none.",
        "planner run scenario.toml --out plan",
    )  # fmt: skip
    cli_runs.add_commands(command, _export)
    travel = command("travel", _travel, "travel times alone, without a plan", cli_travel.MORE, cli_travel.EXAMPLE)
    cli_travel.add_options(travel)
    demo = command(
        "demo", _demo, "make the plan of an invented district",
        "Everything it needs comes with the planner; no network is used.",
        "planner demo --out my-demo",
    )  # fmt: skip
    command("doctor", _doctor, cli_doctor.SUMMARY, cli_doctor.MORE, "planner doctor")
    for needs_scenario in (check, run):
        needs_scenario.add_argument("scenario", metavar="SCENARIO", type=Path, help="scenario file (TOML)")
    for reads in (check, run, travel):
        reads.add_argument("--fix", metavar="NAME", action="append", default=[],
                           help="agree to a repair that a message offers; may be given again")  # fmt: skip
    cli_runs.add_run(run)
    cli_runs.add_names(run)
    for computes in (check, run):
        cli_travel.add_memory(computes)
    demo.add_argument("--out", metavar="DIR", type=Path, default=Path("planner-demo"),
                      help="folder for the plan (default: planner-demo)")  # fmt: skip
    return parser


def _init(arguments: argparse.Namespace) -> None:
    from planner import scenario_file

    if arguments.schema:
        print(scenario_file.schema(), end="")
        return
    path: Path = arguments.file
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(scenario_file.commented())
    except FileExistsError:
        fault = Fault(str(path), "it exists already and was left alone.", "Give another name: planner init NAME.toml")
        raise InputFaults([fault]) from None
    except FileNotFoundError:
        fault = Fault(str(path), f"there is no folder {path.parent}.", "Make the folder first, or give another name.")
        raise InputFaults([fault]) from None
    print(f"Wrote {path}. Put in your title and files, then: planner check {path}")


def _doctor(_: argparse.Namespace) -> None:
    for line in cli_doctor.lines():
        print(line, flush=True)


def _fetch(arguments: argparse.Namespace) -> None:
    with _progress() as tell:
        from planner import fetch
        from planner.outputs import place

        request = cli_fetch.request(arguments)
        if arguments.dry_run:
            lines = cli_fetch.listing(fetch.preview(request, tell), arguments.out)
        else:
            with place.reserved(arguments.out / fetch.LOCK), place.told(arguments.out):
                lines = cli_fetch.summary(fetch.fetch(request, tell))
    print("\n".join(lines))


def _check(arguments: argparse.Namespace) -> None:
    from planner import pipeline

    review: Path | None = arguments.review
    was_there = review is None or review.exists()
    try:
        base = pipeline.check(arguments.scenario, arguments.fix, memory_bytes=arguments.memory, review=review)
    finally:
        if review and not was_there and review.exists():
            print(f'Wrote {review}. Decide its rows, then name it in the scenario: review = "{review.name}"\n')
    print("\n".join([*read_summary(base), *review_hint(() if review else base.doubts)]))


def _speeds(arguments: argparse.Namespace) -> None:
    for line in cli_speeds.shipped() if arguments.list else cli_speeds.lines(arguments.scenario):
        print(line)


def _run_scenario(arguments: argparse.Namespace) -> None:
    asked = {"include_names": arguments.include_names, "afresh": arguments.afresh}
    _make_plan(arguments.scenario, arguments.out, memory_bytes=arguments.memory, fixes=arguments.fix, **asked)


def _export(arguments: argparse.Namespace) -> None:
    with _progress() as tell:
        from planner.outputs.exports import export

        written = export(
            arguments.run, cli_runs.kinds(arguments), cli_runs.export_folder(arguments), tell,
            language=arguments.language,
        )  # fmt: skip
    for path in written:
        print(f"Wrote {path}")


def _travel(arguments: argparse.Namespace) -> None:
    with _progress() as tell:
        from planner import analysis

        notes = analysis.travel(
            arguments.scenario, cli_travel.request(arguments), tell,
            memory_bytes=arguments.memory, fixes=arguments.fix,
        )  # fmt: skip
    for line in note_lines(note for note in notes if note.level != "info"):
        print(line, file=sys.stderr)
    print(f"Wrote {arguments.out}")


def _demo(arguments: argparse.Namespace) -> None:
    from planner.files import data_folder

    scenario = data_folder() / "demo" / "scenario.toml"
    _make_plan(scenario, arguments.out)
    print(f"The demo's scenario and data stand in {scenario.parent}. For your own: planner init")


def _make_plan(scenario: Path, out: Path, **options: Any) -> None:
    with _progress() as tell:
        from planner import pipeline

        plan = pipeline.run(scenario, out, tell, **options)
    print("\n".join(plan_summary(plan)))
    print(f"\nmap     {out / 'map.html'}\nreport  {out / 'report.html'}")


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Tells the stages on stderr: a live line on a terminal, else a line each with the seconds since the start."""
    start = time.perf_counter()
    if not sys.stderr.isatty():
        yield lambda stage: print(f"{time.perf_counter() - start:7.1f} s  {one_line(stage)}", file=sys.stderr)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    tick = "done" if console.options.ascii_only else "✓"
    running: list[tuple[str, float]] = []

    def tick_off() -> None:
        while running:
            stage, began = running.pop()
            console.print(
                Text.assemble((tick, "green"), f" {stage}  ", (f"{time.perf_counter() - began:.1f} s", "dim"))
            )

    with console.status(Text("starting"), spinner="line") as status:

        def tell(stage: str) -> None:
            tick_off()
            running.append((one_line(stage), time.perf_counter()))
            status.update(Text(running[0][0]))

        yield tell
        tick_off()
