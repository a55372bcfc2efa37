"""Exports of ODK and KoboToolbox: what their program adds to the answers is no answer."""

from __future__ import annotations

import re

from planner.inputs.names import AXIS
from planner.inputs.table import Table
from planner.inputs.text import examples
from planner.types.text import Text

KOBO = {"_uuid", "_submission_time"}
CENTRAL = {"KEY", "SubmissionDate"}
IDS = ("_uuid", "KEY")
SYSTEM = re.compile(
    r"start|end|today|username|deviceid|phonenumber|simserial|simid|subscriberid|audit|__version__|formdef_version|"
    r"(meta[-/])?(instanceID|instanceName|rootUuid|deprecatedID)|SubmissionDate|SubmitterID|SubmitterName|"
    r"Attachments(Present|Expected)|Status|ReviewState|DeviceID|Edits|FormVersion|_.*"
)


def answers(table: Table) -> Table:
    """The table of a survey without the columns of its program, but for its id and its places; others as they are.

    Groups of ODK Central stand before a hyphen: here, as elsewhere, before a slash.
    """
    names = set(table.header)
    if not (names >= KOBO or names >= CENTRAL):
        return table
    gone = [name for name in table.header if SYSTEM.fullmatch(name) and name not in IDS and not AXIS.fullmatch(name)]
    table.file.note(
        "info",
        Text("is an export of a survey: columns of its program are not read ({examples})", examples=examples(gone)),
    )
    table = table.without(gone)
    return table.renamed({name: name.replace("-", "/") for name in table.header}) if names >= CENTRAL else table
