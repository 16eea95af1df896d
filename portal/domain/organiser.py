"""Organisers: who may edit and publish, and the sign-ins that prove it to a browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.limits import SIGN_IN_IDLE_MINUTES, SIGN_IN_TOTAL_HOURS


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


def is_alive(sign_in: SignIn, now: datetime) -> bool:
    """Whether `sign_in` still opens the page at `now` (UTC): neither idle nor old for too long."""
    idle, total = timedelta(minutes=SIGN_IN_IDLE_MINUTES), timedelta(hours=SIGN_IN_TOTAL_HOURS)
    return now - sign_in.seen < idle and now - sign_in.started < total
