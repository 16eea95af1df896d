"""Reasons of an organiser to erase a registration, a few only, so that the journal never names anybody."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from portal.domain.input_errors import ReasonMissing
from portal.domain.language import N_


class ErasureReason(StrEnum):
    """Reason of an erasure, in a word."""

    ASKED = "asked"
    TWICE = "twice"
    FALSE = "false"
    CONDUCT = "conduct"
    OTHER = "other"


IN_WORDS: Final[Mapping[ErasureReason, str]] = {
    ErasureReason.ASKED: N_("the person asked for it"),
    ErasureReason.TWICE: N_("the person had registered twice"),
    ErasureReason.FALSE: N_("a false registration"),
    ErasureReason.CONDUCT: N_("the code of conduct was not kept to"),
    ErasureReason.OTHER: N_("another reason"),
}
"""Each reason as a message."""


def reason_of(typed: str) -> ErasureReason:
    """Return the reason of a form's field `reason`. Raises `ReasonMissing`."""
    if typed not in list(ErasureReason):
        raise ReasonMissing("reason")
    return ErasureReason(typed)
