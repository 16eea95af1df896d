"""Organisers: who may edit and publish, the sign-ins that prove it to a browser, the codes that make new ones."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from unicodedata import normalize

from portal.domain.limits import (
    ORGANISER_NAME_CHARACTERS,
    SET_UP_CODE_HOURS,
    SIGN_IN_IDLE_MINUTES,
    SIGN_IN_TOTAL_HOURS,
)
from portal.domain.organiser_errors import OrganiserNameUnfit
from portal.domain.whole_minute import whole_minute

_SET_UP: Final = b"set-up code\0"


@dataclass(frozen=True, slots=True)
class Organiser:
    """`name` is how one signs in; `passphrase_hash` an argon2id string with its own salt (RFC 9106).

    `has_own_passphrase` tells one that they chose themselves from one that a terminal printed. `onion_key` is the
    public part of the key that lets them in at the organisers' own onion, as Tor writes it; "" for none.
    """

    name: str
    passphrase_hash: str
    has_own_passphrase: bool = False
    onion_key: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """An open session of an organiser's browser. `id` is the SHA-256, in hexadecimal, of the random id in the cookie.

    `started` and `seen` are in UTC.
    """

    id: str
    organiser: str
    started: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class SetUpCode:
    """What is kept of a code that makes a new organiser of this `name`, once, before it `expires` (UTC, to the minute).

    `id` is `set_up_id` of the code, `giver` the organiser who gave it. A used one is kept until it expires, so that a
    form that is sent twice ends well. `onion_key` is that of the organiser to be.
    """

    id: str
    name: str
    giver: str
    expires: datetime
    is_used: bool = False
    onion_key: str = ""


def organiser_name(typed: str) -> str:
    """`typed` in NFC (Unicode Standard Annex 15), with one blank between two words. Raises `OrganiserNameUnfit`."""
    name = normalize("NFC", " ".join(typed.split()))
    if not 0 < len(name) <= ORGANISER_NAME_CHARACTERS or not name.isprintable():
        raise OrganiserNameUnfit(most=ORGANISER_NAME_CHARACTERS)
    return name


def is_alive(sign_in: SignIn, now: datetime) -> bool:
    """Whether `sign_in` still opens the page at `now` (UTC): neither idle nor old for too long.

    A clock that was put back by more than the idle time ends it: nobody knows how old it is.
    """
    idle, total = timedelta(minutes=SIGN_IN_IDLE_MINUTES), timedelta(hours=SIGN_IN_TOTAL_HOURS)
    return abs(now - sign_in.seen) < idle and now - sign_in.started < total


def set_up_id(key: bytes, code: str) -> str:
    """What is kept of a set-up code: HMAC-SHA256 (RFC 2104) of its purpose and its nine signs, 64 hexadecimal digits.

    Purpose and signs together are the message of no ticket's locator and of no invitation.
    """
    return hmac.new(key, _SET_UP + code.encode("ascii"), hashlib.sha256).hexdigest()


def expiry(given: datetime) -> datetime:
    """Until when a set-up code that was `given` at this moment (UTC) is good, to the minute."""
    return whole_minute(given) + timedelta(hours=SET_UP_CODE_HOURS)


def is_good(code: SetUpCode, now: datetime) -> bool:
    """Whether the time of `code` is not over at `now` (UTC)."""
    return now < code.expires
