"""Ids that stay: a change of one of these is a change of every feed that anybody reads."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.text import stable_id

WORDS = st.text("abc-0", min_size=1)


def test_id_is_the_same_for_ever() -> None:
    assert stable_id("journee", "fr", "edition", "2") == "urn:uuid:3b152ab5-6dc1-5646-b412-09694e6c42d3"


@given(first=st.lists(WORDS, min_size=1), other=st.lists(WORDS, min_size=1))
def test_id_is_of_its_parts_alone(first: list[str], other: list[str]) -> None:
    assert (stable_id(*first) == stable_id(*other)) == (first == other)
