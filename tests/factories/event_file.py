"""The small event file with changes, and the faults that are found in it."""

import re
from functools import partial

import pytest

from portal.domain.errors import EventFileError
from portal.domain.event.event_file import lines_of, read_event
from portal.site.catalogue import translated
from tests.factories.events import SMALL


def faults(content: bytes) -> list[str]:
    """Return the lines that an organiser would read, in English, without the numbers of the file's lines."""
    with pytest.raises(EventFileError) as raised:
        read_event(content, "small.toml")
    assert raised.value.details == {"file": "small.toml", "count": len(raised.value.problems)}
    return unnumbered(lines_of(raised.value, partial(translated, "en")))


def unnumbered(lines: list[str]) -> list[str]:
    """Return `lines` about a file without the numbers of its lines."""
    return [re.sub(r"^([a-z]+\.toml):[0-9]+:", r"\1:", line) for line in lines]


def small(*changes: tuple[str, str]) -> bytes:
    """Return the small file with each `(old, new)` put in place of its first occurrence."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def on_days(*days: tuple[str, str, str], sessions: str = "") -> bytes:
    """Return the small file on these days, each a date, a start and an end, with `sessions` in place of its own."""
    head, _, _ = SMALL.replace('day = "2026-12-15"\nstart = "11:00"\nend = "17:30"\n', "").partition("\n[[sessions]]")
    tables = (f'\n[[days]]\ndate = "{date}"\nstart = "{start}"\nend = "{end}"\n' for date, start, end in days)
    return f"{head}{''.join(tables)}{sessions}".encode()


def session(id: str, times: str, keys: str = 'room = "salle-1"') -> str:
    """Return the table of a session at `times`, `10:00-11:00`, with these `keys` besides."""
    start, _, end = times.partition("-")
    return f'\n[[sessions]]\nid = "{id}"\nkind = "talk"\ntitle.fr = "T"\nstart = "{start}"\nend = "{end}"\n{keys}\n'
