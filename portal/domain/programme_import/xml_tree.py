"""XML parsed without any danger: no declaration of an entity is accepted, nothing outside of the file is read."""

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from portal.domain.errors import EventFileError
from portal.domain.language import N_
from portal.domain.programme_import.programme import refuse

_DEEPEST: Final = 64
_MOST_ELEMENTS: Final = 400_000


def parse_xml(content: bytes, file: str) -> tuple[Element, Mapping[str, str]]:
    """Return the root of an XML 1.0 document, its names without their namespaces, and its processing instructions.

    `file` names it in the error. Raises `EventFileError` where it is not well-formed, declares a document type, is too
    deep or has too many elements.
    """
    reading = _Reading(file)
    parser = reading.parser
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        text = N_("line %(line)s, column %(column)s: it is not well-formed XML (%(reason)s)")
        reason = expat.ErrorString(error.code)
        raise refuse(file, text, line=error.lineno, column=error.offset + 1, reason=reason) from None
    except (ValueError, LookupError):
        raise reading.refused(N_("line %(line)s: the encoding that it declares is not supported: use UTF-8")) from None
    return reading.builder.close(), reading.instructions


class _Reading:
    """Parser of a document, with the tree and the instructions that it has found so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.builder = TreeBuilder()
        self.instructions: dict[str, str] = {}
        self._depth = self._count = 0
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self.builder.data, self._doctype
        self.parser.ProcessingInstructionHandler = self.instructions.__setitem__

    def refused(self, text: str) -> EventFileError:
        """Return the error `text`, which names the line that was reached."""
        return refuse(self.file, text, line=self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth, self._count = self._depth + 1, self._count + 1
        if self._depth > _DEEPEST or self._count > _MOST_ELEMENTS:
            raise self.refused(N_("line %(line)s: there are too many elements, or they are nested too deeply"))
        self.builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(_local(name))

    def _doctype(self, *_: object) -> None:
        raise self.refused(N_("line %(line)s: a document type (<!DOCTYPE …>) is not accepted: remove it"))


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
