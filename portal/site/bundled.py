"""The files that travel with the code: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """Return the file or folder `name` (`templates`, `events`, `torrc.example`) as it came with this code."""
    in_wheel = _PACKAGE / "bundled" / name
    return in_wheel if in_wheel.exists() else _PACKAGE.parent / name
