"""The public comment of an edition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.edition.edition import check_comment
from portal.domain.errors import InputError
from portal.domain.input_errors import CommentCharacterRefused, CommentMissing, CommentTooLong


@pytest.mark.parametrize(
    ("typed", "comment"),
    [(" Rooms  are\r\nconfirmed. ", "Rooms are confirmed."), ("e\u0301te\u0301", "été"), ("x" * 500, "x" * 500)],
)
def test_comment_is_one_line(typed: str, comment: str) -> None:
    assert check_comment(typed) == comment


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", CommentMissing),
        (" \n ", CommentMissing),
        ("\u200b\u3164", CommentMissing),
        ("x" * 501, CommentTooLong),
        ("a\x07b", CommentCharacterRefused),
        ("a\ud800b", CommentCharacterRefused),
        ("a\uffffb", CommentCharacterRefused),
    ],
)
def test_comment_is_refused(typed: str, kind: type[InputError]) -> None:
    with pytest.raises(kind) as caught:
        check_comment(typed)
    assert caught.value.field == "comment"


@given(st.text())
def test_comment_that_is_taken_is_taken_again_as_it_is(typed: str) -> None:
    try:
        comment = check_comment(typed)
    except InputError:
        return
    assert check_comment(comment) == comment
