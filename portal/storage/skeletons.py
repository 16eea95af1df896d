"""Skeletons of public pages on the disk, so that a start or an announcement need not render the programme again."""

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from portal.storage.disk import make_folder, write_atomically

_FOLDER: Final = "pages"
_HASH_BYTES: Final = 32
_LENGTH_BYTES: Final = 4
_FAST: Final = 1
"""Level of compression: pages are so much alike that a higher one gains little."""


class DiskSkeletons:
    """`SkeletonCache` in a folder, which holds those of one edition, in a file named by their key.

    The file is the SHA-256 of the rest, then zlib (RFC 1950) of the length of an index (4 bytes, big-endian), the
    index, a JSON object of lengths by path, and the skeletons in its order.
    """

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def read(self, key: str) -> Mapping[str, bytes]:
        """See the contract."""
        # Whatever a damaged file raises, the pages can be rendered.
        with suppress(Exception):
            content = (self._folder / key).read_bytes()
            hash, packed = content[:_HASH_BYTES], content[_HASH_BYTES:]
            return dict(_unpacked(packed)) if sha256(packed).digest() == hash else {}
        return {}

    def write(self, key: str, skeletons: Mapping[str, bytes]) -> None:
        """See the contract."""
        packed = _packed(skeletons)
        with suppress(OSError):
            make_folder(self._folder)
            for path in self._folder.iterdir():
                path.unlink()
            write_atomically(self._folder / key, sha256(packed).digest() + packed)


def skeletons_in(data: Path) -> DiskSkeletons:
    """Return those of the data folder `data`. They may be removed at any time."""
    return DiskSkeletons(data / _FOLDER)


def _packed(skeletons: Mapping[str, bytes]) -> bytes:
    paths = sorted(skeletons)
    index = json.dumps({path: len(skeletons[path]) for path in paths}).encode()
    parts = (len(index).to_bytes(_LENGTH_BYTES, "big"), index, *(skeletons[path] for path in paths))
    return zlib.compress(b"".join(parts), _FAST)


def _unpacked(packed: bytes) -> Iterator[tuple[str, bytes]]:
    content = zlib.decompress(packed)
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    for path, length in json.loads(content[_LENGTH_BYTES:start]).items():
        yield path, content[start : start + length]
        start += length
