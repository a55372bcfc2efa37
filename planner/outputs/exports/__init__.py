"""From a run folder, without its inputs, to what other programs and people open: phones, DHIS2, and so on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from planner.errors import Fault, InputFaults
from planner.outputs.language import speaking
from planner.scenario.report import Language


def export(
    run: Path,
    kinds: Sequence[str],
    out: Path,
    progress: Callable[[str], None] | None = None,
    *,
    language: Language | None = None,
) -> list[Path]:
    """Write exports of a run folder, each kind into a folder of its own.

    Parameters
    ----------
    run
        A run folder; nothing else is read.
    kinds
        "report", "atlas", "slides", "chw-pages", "phones", "dhis2".
    out
        Folder for them; a kind that stands there is replaced.
    progress
        Called with a short text at the beginning of each kind.
    language
        Of what people read; None = as the scenario says.

    Returns
    -------
    The folders written.

    Raises
    ------
    InputFaults
        No run folder, or one of another form; an unknown kind; or nothing can be written there.
    """
    from planner.outputs.exports import atlas, chw_pages, dhis2, phones, report_pdf, slides
    from planner.outputs.exports.run import Run
    from planner.outputs.single import whole_file

    writers = {
        "report": report_pdf.write,
        "atlas": atlas.write,
        "slides": slides.write,
        "chw-pages": chw_pages.write,
        "phones": phones.write,
        "dhis2": dhis2.write,
    }
    unknown = [kind for kind in kinds if kind not in writers]
    if unknown:
        what = f"there is no export {', '.join(unknown)}."
        raise InputFaults([Fault("planner export", what, f"Choose from {', '.join(writers)}.")])
    opened = Run.open(run)
    written = []
    for kind in kinds:
        if progress:
            progress(f"writing {kind}")
        with whole_file(out / kind) as folder, speaking(language or opened.language):
            folder.mkdir()
            writers[kind](opened, folder)
        written.append(out / kind)
    return written
