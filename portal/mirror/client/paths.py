"""Paths of public files: which are plain, and under which address a source has one."""

from pathlib import PurePosixPath
from typing import Final

INDEX: Final = "index.html"


def is_plain(path: str) -> bool:
    """Whether `path` names something below a folder, and in one way alone."""
    parts = PurePosixPath(path).parts
    return path.isprintable() and path == "/".join(parts) and path != "" and not {"/", ".."} & set(parts)


def for_visitors(path: str) -> str:
    """Where visitors find the file at `path`: a page under its folder, `fr/programme/`."""
    return path.removesuffix(INDEX) if path.rpartition("/")[2] == INDEX else path
