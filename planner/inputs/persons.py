"""Lists that name persons: what they say of somebody stays in them, and in no note, as those stand in reports."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from planner.inputs.table import Table
from planner.inputs.text import PHONE
from planner.types.inputs import Change, Note
from planner.types.text import Text

KEPT = Text("stays in the register")
QUOTED = re.compile(r'"([^"]*)"')
NAMED = re.compile(r'(row \d+) "([^"]*)"')
ROW = re.compile(r"row \d+")
MAIL = re.compile(r"\S+@\S+\.\w+")
OF_PERSONS = {  # words of headers
    "phone", "telephone", "tel", "téléphone", "telefone", "telemóvel", "celular", "teléfono", "simu", "gsm", "whatsapp",
    "contact", "contacts", "contacto", "email", "mail", "chief", "leader", "chef", "chefe", "líder", "responsable",
    "responsável", "asc", "acs", "chw", "relais", "agent", "agente", "person", "personne", "persona", "pessoa",
}  # fmt: skip
SEAT = {"chef", "lieu"}  # the chef-lieu of a district is a town
WORD = re.compile(r"\w{2,}")
EXACT = re.compile(r"(\d[.,]\d{3})\d+")  # of degrees: a home's place, closer than 100 m


def withhold(table: Table, public: Collection[str]) -> None:
    """Take persons out of the notes on a table.

    Rows keep their numbers. Of cells, notes may quote those of the `public` columns only, which say no more than an id,
    a village and a place; and places are told to a thousandth of a degree.
    """
    findings, where = table.file.findings, table.file.where
    told, secret = set(table.header), set[str]()
    for name, cells in zip(table.header, table.columns, strict=True):
        if name in public:
            told.update(cells)
        else:
            secret.update(word for cell in cells for word in words(cell))
    secret -= {word for text in told for word in words(text)}
    findings.notes = [_without(note, told, secret) if note.where == where else note for note in findings.notes]


def of_persons(header: str, cells: Sequence[str]) -> bool:
    """Whether a column names persons or says how to call them: by its header, or as its cells are numbers to call."""
    said = words(header.replace("_", " "))
    if said & OF_PERSONS and not said >= SEAT:
        return True
    return any(PHONE.fullmatch(cell) or MAIL.fullmatch(cell) for cell in cells)


def words(text: str) -> set[str]:
    """The words of a text, in small letters."""
    return set(WORD.findall(text.casefold()))


def _without(note: Note, told: set[str], secret: set[str]) -> Note:
    def safe(text: str) -> str:
        text = NAMED.sub(lambda found: found[0] if found[2] in told else found[1], text)
        text = QUOTED.sub(lambda found: found[0] if found[1] in told else f'"{KEPT}"', text)
        return EXACT.sub(r"\1", text)

    def value(text: str) -> str:
        return KEPT if words(text) & secret or " | " in text else _retold(text, EXACT.sub(r"\1", text), told)

    def place(text: str) -> Text:
        return _retold(text, safe(text), told)

    changes = tuple(
        Change(place(change.place), KEPT, "")
        if note.level == "left out" and ROW.fullmatch(change.place) and not change.after  # a row with all its cells
        else Change(place(change.place), value(change.before), value(change.after))
        for change in note.changes
    )
    return replace(note, what=place(note.what), changes=changes)


def _retold(text: str, safe: str, told: set[str]) -> Text:
    """A text as its safe form has it, with its template where its values, made safe in the same way, say just that."""
    if isinstance(text, Text) and text != safe:
        again = _with_safe_values(text, told)
        return again if again == safe else Text("{text}", text=safe)
    return text if isinstance(text, Text) else Text("{text}", text=safe)


def _with_safe_values(text: Text, told: set[str]) -> Text:
    """The text without names that are not told, and with places to a thousandth of a degree."""

    def safe(name: str, value: object) -> object:
        if isinstance(value, tuple):
            return tuple(safe("", each) for each in value)
        if isinstance(value, Text):
            return _with_safe_values(value, told)
        if not isinstance(value, str):
            return value
        return EXACT.sub(r"\1", value) if value in told or f'"{{{name}}}"' not in text.template else KEPT

    if text.template == 'row {row} "{name}"' and text.values["name"] not in told:
        return Text("row {row}", row=text.values["row"])
    return Text(text.template, **{name: safe(name, value) for name, value in text.values.items()})
