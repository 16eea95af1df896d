"""Content of a data folder."""

from pathlib import Path
from typing import Final

FILES: Final = ["organisers.json", "programme.json", "registrations.json"]
EVERY_FILE: Final = sorted(
    [name for file in FILES for name in (file, file.replace(".json", ".last-good.json"))]
    + [".organisers.lock", ".programme.lock", ".registrations.lock"]
)


def contents(data: Path) -> dict[str, bytes]:
    """Return the content of each file of the folder, by its name."""
    return {path.name: path.read_bytes() for path in data.iterdir()}
