"""The chosen sessions in an address: whatever it says, it is read, bounded, and written back."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.limits import CHOSEN_SESSIONS
from portal.site.choice import Choice, choice_of
from portal.site.programme import Programme
from tests.factories.sample import event_of
from tests.factories.several_days import TWO_DAYS

TWO: Final = Programme(TWO_DAYS)
MANY: Final = Programme(event_of(CHOSEN_SESSIONS + 20))


def read(query: str, programme: Programme = TWO) -> tuple[list[str], int, int, list[str]]:
    choice = choice_of(programme, query)
    ids = [session.id for session in choice.sessions]
    return ids, choice.unknown, choice.too_many, [day.id for day in choice.edited]


QUERIES: Final[dict[str, tuple[str, tuple[list[str], int, int, list[str]]]]] = {
    "in the order of the programme": ("s=fete&s=reseau&s=dimanche", (["reseau", "fete", "dimanche"], 0, 0, [])),
    "twice": ("s=fete&s=fete", (["fete"], 0, 0, [])),
    "unknown": ("s=gone&s=fete&s=gone&s=", (["fete"], 2, 0, [])),
    "nothing": ("day=", ([], 0, 0, [])),
    "no field at all": ("&&=&%00&s", ([], 1, 0, [])),
    "escaped": ("s=%66ete", ([], 1, 0, [])),
    "the boxes of a day": ("day=2027-06-13&s=fete", (["fete"], 0, 0, ["2027-06-13"])),
    "the boxes of every day": ("day=all", ([], 0, 0, ["2027-06-12", "2027-06-13"])),
    "the boxes of another day": ("day=2027-06-14", ([], 0, 0, [])),
}


@pytest.mark.parametrize(("query", "expected"), QUERIES.values(), ids=QUERIES.keys())
def test_choice_is_what_the_address_says(query: str, expected: tuple[list[str], int, int, list[str]]) -> None:
    assert read(query) == expected


def test_choice_is_cut_at_the_limit_and_says_by_how_many() -> None:
    ids, unknown, too_many, _ = read("&".join(f"s=s{number}" for number in range(CHOSEN_SESSIONS + 5)), MANY)
    assert (len(ids), unknown, too_many) == (CHOSEN_SESSIONS, 0, 5)


def test_boxes_of_a_day_leave_the_choice_of_the_other_days() -> None:
    choice = choice_of(TWO, "day=2027-06-13&s=fete&s=dimanche")
    assert [session.id for session in choice.elsewhere] == ["fete"]


@given(st.lists(st.sampled_from(TWO_DAYS.sessions).map(lambda session: session.id)), st.text(max_size=30))
def test_query_of_a_choice_is_read_as_the_same_choice(ids: list[str], noise: str) -> None:
    choice = choice_of(TWO, "&".join([*(f"s={id}" for id in ids), noise]))
    again = choice_of(TWO, choice.query)
    assert again == Choice(choice.sessions, 0, 0, ())
