"""The QR code: a whole PNG inside the page, that says the text and nothing else."""

import struct
import zlib
from base64 import b64decode
from typing import Final

import segno

from portal.site.qr import qr_image

PNG: Final = b"\x89PNG\r\n\x1a\n"
SCALE: Final = 8
QUIET: Final = 4
"""The quiet zone around a QR code, in modules (ISO/IEC 18004 §6.3.8)."""


def rows_of(image: str) -> list[str]:
    """Return the modules of the image, each row a string of `#` for dark and `.` for light."""
    content = b64decode(image.removeprefix("data:image/png;base64,"))
    assert content.startswith(PNG)
    width, height, depth, kind = struct.unpack(">IIBB", content[16:26])
    assert width == height, "one bit of grey each"
    assert (depth, kind) == (1, 0), "one bit of grey each"
    packed = b"".join(chunk for name, chunk in chunks_of(content) if name == b"IDAT")
    line = (width + 7) // 8 + 1
    lines = [zlib.decompress(packed)[start + 1 : start + line] for start in range(0, height * line, line)]
    bits = ["".join(f"{byte:08b}" for byte in line)[:width].replace("1", ".").replace("0", "#") for line in lines]
    return [row[::SCALE] for row in bits[::SCALE]]


def chunks_of(content: bytes) -> list[tuple[bytes, bytes]]:
    """Return the chunks of a PNG (ISO/IEC 15948 §5.3)."""
    found, start = list[tuple[bytes, bytes]](), len(PNG)
    while start < len(content):
        (length,) = struct.unpack(">I", content[start : start + 4])
        found.append((content[start + 4 : start + 8], content[start + 8 : start + 8 + length]))
        start += length + 12
    return found


def test_image_is_the_symbol_of_the_text_with_its_quiet_zone() -> None:
    symbol = segno.make("HUTEMVRWE", error="q", micro=False)
    expected = ["".join("#" if dark else "." for dark in row) for row in symbol.matrix_iter(border=QUIET)]
    assert rows_of(qr_image("HUTEMVRWE")) == expected


def test_image_is_small_and_always_the_same() -> None:
    image = qr_image("HUTEMVRWE")
    assert image == qr_image("HUTEMVRWE")
    assert len(image) < 500
