"""A pseudonym in any script, and nothing that plays with the page it is shown on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import InputError
from portal.domain.input_errors import PseudonymCharacterRefused, PseudonymTooLong
from portal.domain.limits import PSEUDONYM_CHARACTERS
from portal.domain.registration.pseudonym import check_pseudonym

TAKEN = {
    "none at all": ("", ""),
    "blanks only": ("   ", ""),
    "blanks around it": ("  Camille ", "Camille"),
    "an accent typed apart": ("Ame\u0301lie", "Amélie"),
    "another script": ("مينا", "مينا"),
    "a family, joined by signs that are not seen": ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
    "as long as may be": ("é" * PSEUDONYM_CHARACTERS, "é" * PSEUDONYM_CHARACTERS),
    "signs of a page": ("<b>&amp;", "<b>&amp;"),
}


@pytest.mark.parametrize(("typed", "kept"), TAKEN.values(), ids=TAKEN)
def test_pseudonym_is_kept(typed: str, kept: str) -> None:
    assert check_pseudonym(typed) == kept


REFUSED = {
    "a null": ("Ca\0mille", "U+0000", "it is a control character"),
    "a new line": ("Ca\nmille", "U+000A", "it is a control character"),
    "a line separator": ("Ca\u2028mille", "U+2028", "it breaks the line"),
    "an override of the direction": ("Ca\u202emille", "U+202E", "it turns the direction of writing"),
    "an isolate of the direction": ("Ca\u2067mille", "U+2067", "it turns the direction of writing"),
    "half a character": ("Ca\ud800mille", "U+D800", "it is half a character"),
    "a character of nobody": ("Ca\u0378mille", "U+0378", "not every device knows it"),
    "a private character": ("Ca\ue000mille", "U+E000", "not every device knows it"),
}


@pytest.mark.parametrize(("typed", "sign", "reason"), REFUSED.values(), ids=REFUSED)
def test_pseudonym_is_refused_with_the_sign_and_the_reason(typed: str, sign: str, reason: str) -> None:
    with pytest.raises(PseudonymCharacterRefused) as raised:
        check_pseudonym(typed)
    assert (raised.value.field, raised.value.details) == ("pseudonym", {"sign": sign, "reason": reason})


def test_pseudonym_is_not_longer_than_its_limit() -> None:
    with pytest.raises(PseudonymTooLong) as raised:
        check_pseudonym("é" * 65)
    assert (raised.value.field, raised.value.details) == ("pseudonym", {"most": 64, "count": 65})


@given(st.text(alphabet=st.characters(), max_size=100))
def test_kept_pseudonym_is_kept_again_and_can_be_written(typed: str) -> None:
    try:
        kept = check_pseudonym(typed)
    except InputError as error:
        assert error.field == "pseudonym"
        return
    assert check_pseudonym(kept) == kept
    assert kept.encode("utf-8").decode("utf-8") == kept
