"""The files that travel with the code: beside the package in a checkout, inside it in a wheel."""

from functools import cache
from pathlib import Path
from typing import Final

from portal.domain.event.event import Event
from portal.domain.event.event_file import read_event

SAMPLE: Final = "onestla.toml"
"""The file of the sample event."""
TEMPLATE: Final = "new.toml"
"""The file of an event whose texts say what they wait for."""

_PACKAGE: Final = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """Return the file or folder `name` (`templates`, `events`, `torrc.example`) as it came with this code."""
    in_wheel = _PACKAGE / "bundled" / name
    return in_wheel if in_wheel.exists() else _PACKAGE.parent / name


@cache
def bundled_event(file: str) -> Event:
    """Return the event of a `file` among those that come with the portal."""
    return read_event((bundled("events") / file).read_bytes(), file)
