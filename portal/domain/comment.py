"""The public comment of an edition: one line that says what is new."""

from typing import Final
from unicodedata import normalize

from portal.domain.input_errors import CommentMissing, CommentSignRefused, CommentTooLong
from portal.domain.limits import COMMENT_CHARACTERS
from portal.domain.value_rules import is_unshowable

_FIELD: Final = "comment"


def check_comment(typed: str) -> str:
    """`typed` on one line, in NFC.

    Raises `CommentMissing`, `CommentTooLong` or `CommentSignRefused`, on the field `comment`.
    """
    comment = normalize("NFC", " ".join(typed.split()))
    if not comment:
        raise CommentMissing(_FIELD)
    if len(comment) > COMMENT_CHARACTERS:
        raise CommentTooLong(_FIELD, most=COMMENT_CHARACTERS, count=len(comment))
    odd = next((sign for sign in comment if is_unshowable(sign)), None)
    if odd is not None:
        raise CommentSignRefused(_FIELD, sign=f"U+{ord(odd):04X}")
    return comment
