"""An event's file with very many faults: the first are told, the others counted."""

from functools import partial
from typing import Final

import pytest

from portal.domain.errors import EventFileError
from portal.domain.event.event_file import lines_of, read_event
from portal.domain.limits import EVENT_FILE_KIB, FAULT_NAME_CHARACTERS, FAULTS_COUNTED, FAULTS_LISTED
from portal.site.catalogue import translated
from tests.factories.event_file import unnumbered
from tests.factories.events import SMALL

ENGLISH: Final = partial(translated, "en")


def faults(keys: str) -> list[str]:
    """Return the lines that an organiser would read of a file with such `keys` in its first table."""
    with pytest.raises(EventFileError) as raised:
        read_event(SMALL.replace("[event]\n", f"[event]\n{keys}", 1).encode(), "small.toml")
    return unnumbered(lines_of(raised.value, ENGLISH))


LARGEST = EVENT_FILE_KIB * 1024
ONE_ENTRY = 20
"""No entry, and no missing table, has more faults."""

ENDLESS: dict[str, str] = {
    "keys that are unknown": "[event]\n" + "".join(f"x{number}=1\n" for number in range(50_000)),
    "tables that are unknown": "".join(f"[x{number}]\n" for number in range(50_000)),
    "languages that are unknown": "[event]\n" + "".join(f"name.x{number}=1\n" for number in range(30_000)),
    "sessions without anything": "[[sessions]]\n" * 37_000,
    "sessions that are no tables": f"sessions=[{'1,' * 260_000}]",
    "sessions that overlap": SMALL
    + "".join(
        f'[[sessions]]\nid="s{number}"\nkind="talk"\nroom="salle-1"\nstart="11:00"\nend="12:00"\ntitle.fr="a"\n'
        for number in range(4_000)
    ),
    "sessions in rooms of their own that are not there": SMALL
    + "".join(
        f'[[sessions]]\nid="s{number}"\nkind="talk"\nroom="r{number}"\nstart="11:00"\nend="12:00"\ntitle.fr="a"\n'
        for number in range(4_000)
    ),
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_file_is_read_no_further_than_its_faults_are_counted(text: str) -> None:
    assert len(text) < LARGEST
    with pytest.raises(EventFileError) as raised:
        read_event(text.encode(), "small.toml")
    count = len(raised.value.problems)
    assert FAULTS_COUNTED < count <= FAULTS_COUNTED + 3 * ONE_ENTRY
    lines = lines_of(raised.value, ENGLISH)
    assert len(lines) == FAULTS_LISTED + 1
    assert lines[-1] == f"small.toml: and more than {FAULTS_COUNTED - FAULTS_LISTED} others"


def test_every_fault_is_listed_up_to_the_limit_and_none_said_to_be_left_out() -> None:
    keys = "".join(f"x{number} = 1\n" for number in range(FAULTS_LISTED + 1))
    named = [f"small.toml: event: x{number}: this name is unknown" for number in range(FAULTS_LISTED + 1)]
    assert faults(keys.rpartition("x")[0]) == named[:-1]
    assert faults(keys) == [
        *named[:-1],
        "small.toml: other problems that are not listed: 1",
    ]


def test_fault_repeats_little_of_a_long_name() -> None:
    (line,) = faults(f"{'x' * 300_000} = 1\n")
    assert line == f"small.toml: event: {'x' * FAULT_NAME_CHARACTERS}…: this name is unknown"
