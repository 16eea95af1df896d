"""The small event file with changes, and the faults that are found in it."""

from functools import partial

import pytest

from portal.domain.errors import EventFileError
from portal.domain.event.event_file import lines_of, read_event
from portal.site.catalogue import translated
from tests.factories.events import SMALL


def faults(content: bytes) -> list[str]:
    """Return the lines that an organiser would read, in English."""
    with pytest.raises(EventFileError) as raised:
        read_event(content, "small.toml")
    assert raised.value.details == {"file": "small.toml", "count": len(raised.value.problems)}
    return lines_of(raised.value, partial(translated, "en"))


def small(*changes: tuple[str, str]) -> bytes:
    """Return the small file with each `(old, new)` put in place of its first occurrence."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()
