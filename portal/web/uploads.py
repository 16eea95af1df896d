"""Forms with files: multipart/form-data (RFC 7578), read into memory within limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header
from starlette.requests import Request

from portal.domain.errors import FormError
from portal.domain.limits import BODY_READ_SECONDS, FORM_FIELDS, UPLOAD_KIB_A_SECOND
from portal.web.forms import read_body, read_form

MULTIPART: Final = "multipart/form-data"
_NAME_CHARACTERS: Final = 100


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file of a form: its `name` as the browser has it, without folders, and its `content`."""

    name: str
    content: bytes


async def read_form_with_files(request: Request, max_kib: int) -> tuple[dict[str, str], Mapping[str, UploadedFile]]:
    """Read the fields and the files of a form by name, in either encoding; a field where no file was chosen has none.

    At most `max_kib` KiB are read, within BODY_READ_SECONDS or at UPLOAD_KIB_A_SECOND, and at most FORM_FIELDS fields.
    Raises what `read_form` raises.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != MULTIPART:
        return await read_form(request, max_kib), {}
    body = await read_body(request, max_kib, max(BODY_READ_SECONDS, max_kib / UPLOAD_KIB_A_SECOND))
    fields: dict[str, str] = {}
    files: dict[str, UploadedFile] = {}
    try:
        for segment, content in _segments(body, options.get("boundary", "")):
            if segment.name in fields or segment.name in files:
                raise FormError
            if segment.filename is None:
                fields[segment.name] = _text(content)
            elif segment.filename or content:
                files[segment.name] = UploadedFile(_base_name(segment.filename), content)
    except (MultipartError, UnicodeDecodeError):
        raise FormError from None
    return fields, files


def _segments(body: bytes, boundary: str) -> list[tuple[MultipartSegment, bytes]]:
    """Return the segments of `body` with their contents. Raises `MultipartError`."""
    found: list[tuple[MultipartSegment, bytearray]] = []
    with PushMultipartParser(boundary, max_segment_count=FORM_FIELDS, strict=True) as parser:
        for part in parser.parse(body):
            if isinstance(part, MultipartSegment):
                found.append((part, bytearray()))
            elif part:
                found[-1][1].extend(part)
    return [(segment, bytes(content)) for segment, content in found]


def _text(content: bytes) -> str:
    text = content.decode()
    if "\0" in text:
        raise FormError
    return text


def _base_name(name: str) -> str:
    """Return `name` as one short line without folders."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in base if character.isprintable())[:_NAME_CHARACTERS]
