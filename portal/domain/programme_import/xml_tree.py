"""XML parsed without any danger: no declaration of an entity is accepted, nothing outside of the file is read."""

from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from portal.domain.errors import EventFileError
from portal.domain.language import N_
from portal.domain.programme_import.programme import refuse

_DEEPEST: Final = 64
_MOST_ELEMENTS: Final = 400_000


def parse_xml(content: bytes, file: str) -> Element:
    """Return the root of an XML 1.0 document, its names without their namespaces; `file` names it in the error.

    Raises `EventFileError` where it is not well-formed, declares a document type, is too deep or has too many elements.
    """
    parser, builder, depth, count = expat.ParserCreate(namespace_separator=" "), TreeBuilder(), 0, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            raise _refused(
                parser, file, N_("line %(line)s: there are too many elements, or they are nested too deeply")
            )
        builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    def doctype(*_: object) -> None:
        raise _refused(parser, file, N_("line %(line)s: a document type (<!DOCTYPE …>) is not accepted: remove it"))

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = builder.data, doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        text = N_("line %(line)s, column %(column)s: it is not well-formed XML (%(reason)s)")
        reason = expat.ErrorString(error.code)
        raise refuse(file, text, line=error.lineno, column=error.offset + 1, reason=reason) from None
    except (ValueError, LookupError):
        raise _refused(
            parser, file, N_("line %(line)s: the encoding that it declares is not supported: use UTF-8")
        ) from None
    return builder.close()


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refused(parser: expat.XMLParserType, file: str, text: str) -> EventFileError:
    return refuse(file, text, line=parser.CurrentLineNumber)
