"""A public file: its bytes and their media type, rendered from an edition, served, exported and mirrored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

JSON: Final = "application/json"
"""The media type of a JSON file, which is always in UTF-8 (RFC 8259 §8.1)."""


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of one public file and their media type, `text/html; charset=utf-8` for a page."""

    content: bytes
    media_type: str


Files = Mapping[str, File]
"""Public files by path: relative, `/` between parts, `fr/programme/index.html` for the page at `/fr/programme/`."""
