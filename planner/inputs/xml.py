"""XML that may be handed on to a parser: without document type, so without entities, bombs, or files from outside."""

from __future__ import annotations

from typing import BinaryIO
from xml.parsers import expat

from planner.inputs.findings import File

CHUNK = 65_536
LONGEST_PROLOG = 1_000_000  # bytes before the first element: comments, at most


class _Begun(Exception):
    """The first element was met: what follows is the parser's."""


def check_xml(file: File, root: str, stream: BinaryIO, way_out: str) -> None:
    """Read an XML file as far as its first element.

    Raises InputFaults where it has a document type, is no XML, or its first element is another than `root`.
    """
    found = ""

    def document_type(name: str, *_: object) -> None:
        if name.casefold() == "html":
            raise file.fault("is a web page, not the file it is called: a download that went wrong.", way_out)
        raise file.fault(
            "has a document type (<!DOCTYPE>): it could draw in other files, or grow without end.", way_out
        )

    def element(name: str, _: object) -> None:
        nonlocal found
        found = name.rpartition(" ")[2]
        raise _Begun

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = document_type, element
    read = 0
    try:
        while read <= LONGEST_PROLOG and (chunk := stream.read(CHUNK)):
            parser.Parse(chunk)
            read += len(chunk)
        parser.Parse(b"", True)
    except _Begun:
        if found != root:
            raise file.fault(f"is XML of another kind: it begins with <{found}>, not <{root}>.", way_out) from None
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two: of the encoding that it names
        raise file.fault(f"is no XML: {error}.", way_out) from error
