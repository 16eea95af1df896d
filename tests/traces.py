"""Looks for a string in bytes, in whatever form it may have been left there."""

import base64
import json
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

DEPTH: Final = 3
"""Number of compressed streams inside one another that are opened."""
_GZIP: Final = b"\x1f\x8b\x08"
_ZLIB: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_GZIP_WINDOW: Final = 31


def traces(text: str, content: bytes, depth: int = DEPTH) -> list[str]:
    """Return the names of the forms in which `text` is in `content`, or in what `content` holds compressed."""
    found = [name for name, form in _forms(text) if form in content]
    if depth:
        for name, inner in _compressed(content):
            found += [f"{form} in {name}" for form in traces(text, inner, depth - 1)]
    return found


def _forms(text: str) -> Iterator[tuple[str, bytes]]:
    raw = text.encode()
    yield "raw", raw
    yield "JSON", json.dumps(text).strip('"').encode()
    yield "percent", quote(text, safe="").encode()
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    yield "UTF-16 LE", text.encode("utf-16-le")
    yield "UTF-16 BE", text.encode("utf-16-be")
    for place in range(3):
        yield "base64", _base64_in_the_middle(raw, place)
        yield "base64 for URLs", _base64_in_the_middle(raw, place).translate(bytes.maketrans(b"+/", b"-_"))


def _base64_in_the_middle(raw: bytes, place: int) -> bytes:
    """Return the characters of base64 (RFC 4648 §4) that encode `raw` alone, `place` bytes after a group has begun."""
    first, end = -(-place * 8 // 6), (place + len(raw)) * 8 // 6
    return base64.b64encode(b"\0" * place + raw)[first:end]


def _compressed(content: bytes) -> Iterator[tuple[str, bytes]]:
    for name, heads, window in (("gzip", (_GZIP,), _GZIP_WINDOW), ("zlib", _ZLIB, zlib.MAX_WBITS)):
        for head in heads:
            start = content.find(head)
            while start != -1:
                if inner := _inflated(content[start:], window):
                    yield name, inner
                start = content.find(head, start + 1)


def _inflated(content: bytes, window: int) -> bytes:
    """Return the readable part of a compressed stream that may be cut off, or be none."""
    stream, read = zlib.decompressobj(window), b""
    for place in range(0, len(content), 256):
        try:
            read += stream.decompress(content[place : place + 256])
        except zlib.error:
            break
    return read
