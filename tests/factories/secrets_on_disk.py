"""The bytes of a data folder that could be a key."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

from tests.factories.tickets import KEYS


def secrets_on(data: Path) -> Iterator[bytes]:
    """Yield every 32 bytes that the folder has, written in hexadecimal or in base64, or as they are."""
    for path in data.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for found in re.findall(rb"[0-9a-f]{64}", content):
            yield bytes.fromhex(found.decode())
        for found in re.findall(rb"[A-Za-z0-9+/]{43,}={0,2}", content):
            decoded = base64.b64decode(found.rstrip(b"=") + b"=" * (-len(found.rstrip(b"=")) % 4))
            yield from (decoded[start : start + 32] for start in range(len(decoded) - 31))
        if len(content) == len(KEYS.event):
            yield content
