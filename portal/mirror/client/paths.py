"""Paths of public files, and the addresses at which a source has them."""

from pathlib import PurePosixPath
from typing import Final

INDEX: Final = "index.html"


def is_plain(path: str) -> bool:
    """Return whether `path` names a file below a folder, in its shortest form (no `..`, no `//`)."""
    parts = PurePosixPath(path).parts
    return path.isprintable() and path == "/".join(parts) and path != "" and not {"/", ".."} & set(parts)


def for_visitors(path: str) -> str:
    """Return the address of the file at `path` for visitors: a page has that of its folder, `fr/programme/`."""
    return path.removesuffix(INDEX) if path.rpartition("/")[2] == INDEX else path
