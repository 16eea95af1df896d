"""Invitations: codes that let one person register each, when registration is by invitation."""

import hashlib
import hmac
import random
from typing import Final

from portal.domain.ticket_code import new_code

_PURPOSE: Final = b"invitation\0"


def new_invitations(number: int, chance: random.Random) -> tuple[str, ...]:
    """So many codes, no two alike, of the signs of a ticket's code; `chance` must be fit for secrets."""
    codes = dict[str, None]()
    while len(codes) < number:
        codes[new_code(chance)] = None
    return tuple(codes)


def invitation_id(key: bytes, code: str) -> str:
    """What is kept of an invitation: HMAC-SHA256 (RFC 2104) of its purpose and its nine signs, 64 hexadecimal digits.

    Purpose and signs together are the message of no ticket's locator, so that neither ever opens what the other does.
    """
    return hmac.new(key, _PURPOSE + code.encode("ascii"), hashlib.sha256).hexdigest()
