"""A passphrase is the same one whatever keyboard typed it, and never too weak or too long to hash."""

import random
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import InputError
from portal.domain.input_errors import PassphraseTooLong, PassphraseTooShort
from portal.domain.limits import PASSPHRASE_MAX_CHARACTERS, PASSPHRASE_MIN_CHARACTERS, PASSPHRASE_WORDS
from portal.domain.registration.passphrase import check, generate, normalised

WORDS = ("abaisse", "abandon", "abaque", "abattre", "abbaye", "abcès")


def test_passphrase_is_made_of_six_words() -> None:
    words = generate(WORDS, random.Random(0)).split(" ")
    assert len(words) == PASSPHRASE_WORDS == 6
    assert set(words) <= set(WORDS)


@pytest.mark.parametrize("name", ["wordlist_fr.txt", "wordlist_en_eff.txt"])
def test_passphrase_of_the_portals_lists_is_taken_as_it_is(name: str) -> None:
    lines = files("diceware").joinpath("wordlists", name).read_text(encoding="utf-8").splitlines()
    words = [line.split()[-1] for line in lines if line.strip()]
    for extreme in (min(words, key=len), max(words, key=len)):
        passphrase = generate([extreme], random.Random(0))
        assert check(passphrase) == passphrase
    assert len(set(words)) == 7776
    assert [word for word in words if normalised(word) != word] == []


TAKEN = {
    "as it was given": ("abaisse abandon abaque", "abaisse abandon abaque"),
    "with blanks around": ("  abaisse abandon abaque\n", "abaisse abandon abaque"),
    "with wide and unbreakable blanks": ("abaisse \u00a0abandon\u3000abaque", "abaisse abandon abaque"),
    "with an accent typed apart": ("abce\u0300s abaisse abandon", "abcès abaisse abandon"),
    "with capitals of its own": ("Abaisse Abandon", "Abaisse Abandon"),
}


@pytest.mark.parametrize(("typed", "taken"), TAKEN.values(), ids=TAKEN)
def test_passphrase_is_normalised(typed: str, taken: str) -> None:
    assert check(typed) == taken


@given(st.text())
def test_normalised_passphrase_stays_as_it_is(typed: str) -> None:
    assert normalised(normalised(typed)) == normalised(typed)


REFUSED: dict[str, tuple[str, type[InputError], dict[str, object]]] = {
    "empty": ("", PassphraseTooShort, {"least": PASSPHRASE_MIN_CHARACTERS}),
    "a character too few": ("x" * 11, PassphraseTooShort, {"least": 12}),
    "blanks that make up the length": ("x" + " " * 20 + "y", PassphraseTooShort, {"least": 12}),
    "a character too many": ("x" * 129, PassphraseTooLong, {"most": 128, "count": 129}),
}


@pytest.mark.parametrize(("typed", "error", "details"), REFUSED.values(), ids=REFUSED)
def test_passphrase_that_cannot_be_taken_says_why(
    typed: str, error: type[InputError], details: dict[str, object]
) -> None:
    with pytest.raises(error) as raised:
        check(typed)
    assert (raised.value.field, raised.value.details) == ("passphrase", details)


def test_passphrase_may_have_any_length_in_between() -> None:
    for length in (PASSPHRASE_MIN_CHARACTERS, PASSPHRASE_MAX_CHARACTERS):
        assert check("x" * length) == "x" * length
