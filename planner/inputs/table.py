"""A table of text as read from any file, with the row numbers that messages need."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.errors import Fault, InputFaults
from planner.inputs.body import entries, evened
from planner.inputs.findings import File
from planner.inputs.header import find_header
from planner.inputs.sheet import Sheet
from planner.inputs.text import clean, did_you_mean, examples, fold, shortened
from planner.types.arrays import Bools, Objects
from planner.types.lists import row_in_words
from planner.types.text import Text

SHOWN_COLUMNS = 20


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of cleaned text.

    Attributes
    ----------
    file
        Where it was read, for messages.
    header
        Names of the columns, in the file's order.
    columns
        One list of cells a column, in the order of `header`; "" = missing.
    row
        Number of each row in the file, counted from 1 as a spreadsheet does (features of a layer from 1).
    geometry, crs
        shapely geometries and their CRS (anything pyproj takes); None where the file has none.
    decimal
        The sign before decimals that the scenario says, "" where it leaves that to the columns.
    label
        The column that messages call the rows by, "" = by their numbers alone: names of CHWs are nobody's business.
    not_asked
        Rows of the file that `where` of the scenario passes over.
    """

    file: File
    header: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    row: Sequence[int]
    geometry: Objects | None = None
    crs: Any = None
    decimal: str = ""
    label: str = ""
    not_asked: int = 0

    def __len__(self) -> int:
        return len(self.row)

    @property
    def shown_header(self) -> str:
        """The names of the columns, for messages."""
        return examples((f'"{column}"' for column in self.header if column), most=SHOWN_COLUMNS)

    def find(self, name: str) -> str | None:
        """The column of this name, else the only one that differs in accents, case or spaces alone; None without."""
        if name in self.header:
            return name
        alike = [column for column in self.header if fold(column) == fold(name)]
        return alike[0] if len(alike) == 1 else None

    def shapes(self) -> Objects:
        """The geometries. Raise InputFaults where the file has none."""
        if self.geometry is None:
            raise self.file.fault("has no geometry.", "Give a layer with geometry.")
        return self.geometry

    def cells(self, name: str, setting: str = "") -> Sequence[str]:
        """Cells of the column that `name` finds. Raise InputFaults where there is none, or two of that name.

        `setting` is the key of the scenario that names the column, for the message.
        """
        found = self.find(name)
        if found is None:
            raise InputFaults([self.missing(name, setting)])
        if self.header.count(found) > 1:
            raise self.file.fault(f'has {self.header.count(found)} columns named "{found}".', "Rename one of them.")
        return self.columns[self.header.index(found)]

    def optional(self, name: str) -> Sequence[str]:
        """Cells of a column that may be absent: then all are blank."""
        return self.cells(name) if self.find(name) else [""] * len(self)

    def missing(self, name: str, setting: str = "") -> Fault:
        """The fault that a column is not there, which the scenario names by the key `setting`."""
        way_out = did_you_mean(name, self.header)
        if setting or not way_out:
            way_out += (
                f" Name the column in the scenario: {setting}." if setting else "Name the column in the scenario."
            )
        return Fault(self.file.where, f'has no column "{name}"; found {self.shown_header}.', way_out.strip())

    def kept(self, keep: Bools) -> Table:
        """The rows where `keep` is true."""
        at = np.flatnonzero(keep).tolist()
        return replace(
            self,
            columns=tuple([column[i] for i in at] for column in self.columns),
            row=[self.row[i] for i in at],
            geometry=None if self.geometry is None else self.geometry[at],
        )

    def filtered(self, where: Mapping[str, Sequence[str]]) -> Table:
        """Rows whose columns have one of the wanted values, compared as text."""
        if not where:
            return self
        keep = np.ones(len(self), np.bool_)
        faults = [self.missing(name) for name in where if self.find(name) is None]
        if faults:
            raise InputFaults(faults)
        for name, wanted in where.items():
            keep &= np.isin(np.asarray(self.cells(name), object), [clean(value) for value in wanted])
        chosen = (Text("{name} = {wanted: or }", name=name, wanted=tuple(wanted)) for name, wanted in where.items())
        words = Text("{chosen: and }", chosen=tuple(chosen))
        if not keep.any():
            raise self.file.fault(f"has no row where {words}.", "Correct `where` in the scenario.")
        self.file.note("info", Text("rows other than {words} were not asked for", words=words), (~keep).sum())
        return replace(self.kept(keep), not_asked=int((~keep).sum()))

    def changed(self, name: str, cells: Sequence[str]) -> Table:
        """The table with other cells in a column."""
        at = self.header.index(name)
        return replace(self, columns=(*self.columns[:at], cells, *self.columns[at + 1 :]))

    def renamed(self, names: Mapping[str, str]) -> Table:
        """The table with other names of columns."""
        return replace(self, header=tuple(names.get(name, name) for name in self.header))

    def without(self, names: Collection[str]) -> Table:
        """The table without these columns."""
        kept = [(name, cells) for name, cells in zip(self.header, self.columns, strict=True) if name not in names]
        return replace(self, header=tuple(name for name, _ in kept), columns=tuple(cells for _, cells in kept))

    def named(self, positions: Sequence[int], name: str | None = None) -> list[Text]:
        """Rows in words, for messages, by the column `name` (None = their label): ``row 14 "CS Mbale"``."""
        column = self.label if name is None else name
        names = [shortened(cell) for cell in self.cells(column)] if column else [""] * len(self)
        return [row_in_words(self.row[i], names[i]) for i in positions]


def from_sheet(sheet: Sheet, file: File, wanted: Collection[str] | None = None) -> Table:
    """Table of a sheet: its header, found by the usual names of columns and those that are `wanted`, and its entries.

    `wanted` is None for a table that is no list of places: then the header is the first row of two cells, and all rows
    below it count. Raise InputFaults where the sheet is blank.
    """
    if not sheet.rows:
        raise file.fault("is empty.", "Give a file with a header and rows.")
    if sheet.unseen:
        what = Text("characters that nobody sees were taken out (turns of direction, control characters)")
        file.note("repaired", what, len(sheet.unseen), sheet.unseen)
    header = find_header(sheet, wanted)
    first, last = sheet.rows[header.first].number, sheet.rows[header.last].number
    if header.first:
        file.note("info", Text("the header was found in row {first}", first=first))
    if last > first:
        file.note(
            "info", Text("the header has two rows, {first} and {last}: their names were joined", first=first, last=last)
        )
    body = sheet.rows[header.last + 1 :]
    rows = evened(body if wanted is None else entries(sheet, body, header.names, file), header.names, sheet.grid, file)
    columns = tuple([row.cells[k] for row in rows] for k in range(len(header.names)))
    return Table(file, tuple(header.names), columns, [row.number for row in rows])
