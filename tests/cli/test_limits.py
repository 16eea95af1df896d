"""Every limit is told, with its unit."""

from portal.cli.limits import WORDS, limits_in_words
from portal.domain import limits


def test_every_limit_is_told() -> None:
    assert set(WORDS) == {name for name in vars(limits) if name.isupper()}


def test_limits_are_told_with_their_number_and_unit() -> None:
    limits_by_words = dict(limits_in_words(str))
    assert limits_by_words["A passphrase, at least"] == "12 characters"
    assert limits_by_words["Memory of one argon2id hash"] == "65\N{NARROW NO-BREAK SPACE}536 KiB"
    assert limits_by_words["Connections at one listener, at most"] == "512"
    assert limits_by_words["Registrations are kept after the event, at least"] == "1 day"


def test_words_and_units_are_translated() -> None:
    limits_by_words = dict(limits_in_words(str.upper))
    assert limits_by_words["A PASSPHRASE, AT LEAST"] == "12 CHARACTERS"
