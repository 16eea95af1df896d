"""The program that renders, as a hash: another version may make other pages of the same edition."""

import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from portal.site.bundled import bundled

_LIBRARIES: Final = ("babel", "icalendar", "jinja2", "markdown-it-py", "markupsafe", "segno")
"""Packages that have a hand in the public files."""
_PACKAGE: Final = Path(__file__).resolve().parents[1]


@cache
def program_hash() -> bytes:
    """Return the SHA-256 of the code, the templates, the catalogues, and the versions of Python and its libraries."""
    program = sha256(sys.version.encode())
    for name in _LIBRARIES:
        program.update(f"{name} {version(name)}\0".encode())
    for folder, path in _sources():
        program.update(f"{path.relative_to(folder)}\0".encode() + sha256(path.read_bytes()).digest())
    return program.digest()


def _sources() -> Iterator[tuple[Path, Path]]:
    """Yield every file of code, template or catalogue, after its folder."""
    for folder, pattern in ((_PACKAGE, "**/*.py"), (_PACKAGE / "locale", "**/*.po"), (bundled("templates"), "**/*")):
        yield from ((folder, path) for path in sorted(folder.glob(pattern)) if path.is_file())
