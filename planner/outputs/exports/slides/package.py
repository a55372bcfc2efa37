"""The same bytes every time: workbooks behind charts, and the file of the slides, without a clock.

python-pptx lets a workbook take a text for a formula; here a name is a name.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, XyWorkbookWriter
from xlsxwriter import Workbook

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold
TEXT_IS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class _Plain:
    """Opens the workbook of a chart: no text is a formula, and its date is fixed."""

    @contextmanager
    def _open_worksheet(self, file: Any) -> Iterator[Any]:
        workbook = Workbook(file, TEXT_IS_TEXT)
        workbook.set_properties({"created": datetime(*EPOCH)})
        yield workbook, workbook.add_worksheet()
        workbook.close()


class _Categories(_Plain, CategoryWorkbookWriter):
    """The workbook of a chart of categories."""


class _Points(_Plain, XyWorkbookWriter):
    """The workbook of a chart of points."""


class Categories(CategoryChartData):
    """Data of a chart of categories."""

    @property
    def _workbook_writer(self) -> Any:
        return _Categories(self)  # type: ignore[no-untyped-call]


class Points(XyChartData):
    """Data of a chart of points."""

    @property
    def _workbook_writer(self) -> Any:
        return _Points(self)  # type: ignore[no-untyped-call]


def undated(package: bytes) -> bytes:
    """The file with its parts in order of their names, the list of contents first, none of them with a time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(part, given.read(name))
    return out.getvalue()
