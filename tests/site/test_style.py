"""The stylesheet: what it may not fetch, and where its grid puts the sessions."""

import re

import pytest

from portal.site.style import content_security_policy, organisers_stylesheet, style_hash, stylesheet
from tests.factories.sample import EVENT, event_of


def test_style_fetches_nothing() -> None:
    assert re.findall(r"url\(|@import|@font-face|image-set|//", stylesheet(EVENT)) == []


@pytest.mark.parametrize("style", [stylesheet(EVENT), organisers_stylesheet(EVENT)], ids=["public", "organisers"])
def test_style_holds_from_right_to_left_as_well(style: str) -> None:
    """No left, no right (CSS Logical Properties 1): neither by name nor as a second and fourth side that differ."""
    assert re.findall(r"[^;{}]*\b(?:left|right)\b[^;{}]*", style) == []
    sides = re.findall(
        r"[;{]((?:margin|padding|border-width|inset):([^ ;}()]+) ([^ ;}()]+) ([^ ;}()]+) ([^ ;}()!]+))", style
    )
    assert [rule for rule, _, right, _, left in sides if right != left] == []


def test_style_depends_on_the_colours_alone_however_long_the_programme() -> None:
    assert stylesheet(event_of(500)) == stylesheet(EVENT)


def test_style_is_written_without_comments_and_idle_blanks() -> None:
    assert re.findall(r"/\*|\n|  |; |\{ |;\}", stylesheet(EVENT)) == []


def test_hash_is_that_of_the_standard() -> None:
    # CSP 3 §8.5, by another implementation: printf 'a{}' | openssl dgst -sha256 -binary | base64
    assert style_hash("a{}") == "sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk="


def test_policy_allows_nothing_but_this_style_and_our_own_forms() -> None:
    allowed = f"style-src '{style_hash('a{}')}'; img-src 'self' data:; form-action 'self'"
    assert content_security_policy("a{}") == f"default-src 'none'; {allowed}; base-uri 'none'"
