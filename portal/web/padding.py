"""Padding of answers to a few sizes, so that the size of an encrypted answer does not tell which page it is.

A head is padded by a header, to one size in HTTP/1.1 and to one where a proxy packs it for HTTP/2. A body is padded
inside its gzip, by empty blocks after the content: decoders drop them, and the file keeps the bytes that were signed.
"""

import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from portal.domain.limits import BODY_BYTES_ON_THE_WIRE, HEAD_BYTES_ON_THE_WIRE, PACKED_HEAD_BYTES_ON_THE_WIRE

RawHeader = tuple[bytes, bytes]
RawHeaders = list[RawHeader]

PADDING: Final = b"x-padding"
_LIGHT_BITS, _HEAVY_BITS = 5, 8
_LIGHT, _HEAVY = b"0", b"X"
"""Characters of 5 and of 8 bits in HTTP/2."""

_HUFFMAN_BITS: Final = {
    5: b"012aceiost",
    6: b" %-./3456789=A_bdfghlmnpru",
    7: b":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz",
    8: b"&*,;XZ",
    10: b'!"()?',
    11: b"'+|",
    12: b"#>",
    13: b"$@[]~",
}
"""RFC 7541, appendix B, as far as headers of ours have it."""
_BITS: Final = bytes(next((bits for bits, light in _HUFFMAN_BITS.items() if byte in light), 30) for byte in range(256))
"""Bits of each byte in Huffman code."""
_STATUSES_OF_ONE_BYTE: Final = {200, 204, 206, 304, 400, 404, 500}
"""RFC 7541, appendix A. Others take a byte for the name, one for the length, and three digits."""

_PUBLIC_PARTS: Final = re.compile(
    rb"""(<style>.*?</style>|<header class="top">.*?</header>|<aside class="alert[ "].*?</aside>"""
    rb"""|<section class="news" aria-labelledby="news">.*?</section>|<footer class="bottom">.*?</footer>)""",
    re.DOTALL,
)
"""As templates/base.html and templates/_announcements.html write them. What a person typed is escaped, and is none."""

_CLASSES: Final = tuple(times * BODY_BYTES_ON_THE_WIRE for times in (1, 2, 4))
"""Sizes of bodies; longer bodies are of multiples of the last."""

_GZIP_HEADER: Final = b"\x1f\x8b\x08\x10\0\0\0\0\0\xff"
"""RFC 1952 §2.3: deflate, a comment, no time, no operating system. The comment ends with a NUL."""
_GZIP_TRAILER: Final = struct.Struct("<LL")
_STORED_BLOCK: Final = struct.Struct("<BHH")
"""Header of a stored block: last or not, its length, and the complement of the length (RFC 1951 §3.2.4)."""
_STORED_BLOCK_BYTES: Final = 0xFFFF
_EMPTY: Final = _STORED_BLOCK.pack(0, 0, 0xFFFF)
_LAST_EMPTY: Final = _STORED_BLOCK.pack(1, 0, 0xFFFF)
_FRAME_BYTES: Final = len(_GZIP_HEADER + b"\0" + _LAST_EMPTY) + _GZIP_TRAILER.size


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The head of an answer: its `headers`, and its length in bytes without the value of the padding.

    `packed_length` is that in HTTP/2, as nginx packs each head by itself, without the padding.
    """

    headers: RawHeaders
    length: int
    packed_length: int

    def padded(self, added: Sequence[RawHeader]) -> RawHeaders:
        """Return the headers and those `added`, padded to a multiple of HEAD_BYTES_ON_THE_WIRE.

        As many characters of the padding are heavy as bring the packed head to PACKED_HEAD_BYTES_ON_THE_WIRE.
        """
        lengths = [(self.length, self.packed_length), *map(_lengths, added)]
        padding = _padding(*map(sum, zip(*lengths, strict=True)))
        return [*self.headers, *added, padding]


def head_of(status: int, headers: RawHeaders) -> Head:
    """Return the head of an answer, with its length in HTTP/1.1 (RFC 9112 §2.1) and in HTTP/2 (RFC 9113 §8.3.2)."""
    status_line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
    lengths = [_lengths(header) for header in headers]
    length = len(status_line) + sum(plain for plain, _ in lengths) + len(PADDING + b": \r\n" + b"\r\n")
    packed_status = 1 if status in _STATUSES_OF_ONE_BYTE else 5
    return Head(headers, length, packed_status + sum(short for _, short in lengths))


def compress_public(content: bytes) -> bytes:
    """Compress `content`, the same for everybody, with gzip into a size class."""
    return _gzip(content, _deflated(content))


def compress_personal(content: bytes, *, is_page: bool) -> bytes:
    """Pack `content`, made for one person, as gzip in a size class: stored, but for the public parts of a page.

    Each of these is compressed by itself. So the length depends on that of `content` alone, not on how well the input
    of a person compresses together with the rest of the page (BREACH).
    """
    parts = _PUBLIC_PARTS.split(content) if is_page else [content]
    return _gzip(content, *(_deflated_once(part) if number % 2 else _stored(part) for number, part in enumerate(parts)))


def size_class(length: int) -> int:
    """Return the length to which a body of `length` bytes is padded: a class, or a multiple of the last."""
    step = next((size for size in _CLASSES if length <= size), _CLASSES[-1])
    return -(-length // step) * step


@lru_cache(maxsize=64)
def accepts_gzip(accepted: bytes) -> bool:
    """Return whether Accept-Encoding names gzip with a weight above 0 (RFC 9110 §12.5.3)."""
    for coding in accepted.lower().split(b","):
        name, _, weight = coding.partition(b";")
        if name.strip() == b"gzip":
            return weight.replace(b" ", b"").rstrip(b"0.") != b"q="
    return False


def _padding(length: int, packed_length: int) -> RawHeader:
    """Return the padding of a head that has these lengths without it.

    Packed, the padding cannot have 128 or 257 bytes, from where its own length takes another byte: it has one more or
    one less.
    """
    count = -length % HEAD_BYTES_ON_THE_WIRE
    packed = PACKED_HEAD_BYTES_ON_THE_WIRE - packed_length
    bits = 8 * (packed - _prefix_length(packed - 2))
    heavy = min(max(0, (bits - count * _LIGHT_BITS) // (_HEAVY_BITS - _LIGHT_BITS)), count)
    return PADDING, _HEAVY * heavy + _LIGHT * (count - heavy)


def _lengths(header: RawHeader) -> tuple[int, int]:
    """Return the length of `header` in HTTP/1.1, and as a literal without an index in HTTP/2 (RFC 7541 §6.2.2)."""
    name, value = header
    return len(name) + len(value) + len(b": \r\n"), 1 + _string_length(name) + _string_length(value)


def _string_length(text: bytes) -> int:
    """Return the length of a string literal: Huffman code where that is shorter, after its length (RFC 7541 §5.2)."""
    length = min(-(-sum(text.translate(_BITS)) // 8), len(text))
    return _prefix_length(length) + length


def _prefix_length(length: int) -> int:
    """Return the bytes of an integer with a prefix of seven bits, at most three (RFC 7541 §5.1)."""
    return 1 if length < 0x7F else 2 if length < 0xFF else 3


def _gzip(content: bytes, *deflated: bytes) -> bytes:
    """Wrap `content` as gzip in a size class, given its `deflated` parts, each of which ends at a byte."""
    length = sum(map(len, deflated)) + _FRAME_BYTES
    blocks, rest = divmod(size_class(length) - length, len(_EMPTY))
    trailer = _GZIP_TRAILER.pack(zlib.crc32(content), len(content) % 2**32)
    return b"".join((_GZIP_HEADER, b"-" * rest, b"\0", *deflated, _EMPTY * blocks, _LAST_EMPTY, trailer))


def _stored(content: bytes) -> bytes:
    """Return `content` in stored blocks (RFC 1951 §3.2.4), none of which is the last."""
    starts = range(0, len(content), _STORED_BLOCK_BYTES)
    parts = (content[start : start + _STORED_BLOCK_BYTES] for start in starts)
    return b"".join(_STORED_BLOCK.pack(0, len(part), len(part) ^ 0xFFFF) + part for part in parts)


def _deflated(content: bytes) -> bytes:
    """Compress `content` by itself, without reference to anything before or after it."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(content) + compressor.flush(zlib.Z_FULL_FLUSH)


_deflated_once: Final = lru_cache(maxsize=64)(_deflated)
"""Cache for the public parts of pages, in each language, and for those of previews."""
