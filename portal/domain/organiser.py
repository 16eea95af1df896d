"""Organisers: who may edit and publish, and the sign-ins that prove it to a browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

from portal.domain.errors import OrganiserNameUnfit
from portal.domain.limits import ORGANISER_NAME_CHARACTERS, SIGN_IN_IDLE_MINUTES, SIGN_IN_TOTAL_HOURS


@dataclass(frozen=True, slots=True)
class Organiser:
    """`name` is how one signs in; `passphrase_hash` an argon2id string with its own salt (RFC 9106)."""

    name: str
    passphrase_hash: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """An open session of an organiser's browser. `id` is the SHA-256, in hexadecimal, of the random id in the cookie.

    `started` and `seen` are in UTC.
    """

    id: str
    organiser: str
    started: datetime
    seen: datetime


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
