"""Organisers: who may edit and publish, the sign-ins that prove it to a browser, the codes that make new ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

from portal.domain.limits import (
    ORGANISER_NAME_CHARACTERS,
    SET_UP_CODE_HOURS,
    SIGN_IN_IDLE_MINUTES,
    SIGN_IN_TOTAL_HOURS,
)
from portal.domain.organisers.organiser_errors import OrganiserNameUnfit
from portal.domain.times import whole_minute


@dataclass(frozen=True, slots=True)
class Organiser:
    """`name` is how one signs in; `passphrase_hash` an argon2id string with its own salt (RFC 9106).

    `has_own_passphrase` tells one that they chose themselves from one that a terminal printed. `onion_key` is the
    public part of the key that lets them in at the organisers' own onion, as Tor writes it; "" for none.
    `public_key` follows from the passphrase (`sealing.recipient_key`, in hexadecimal); `wrapped_key` is the private key
    that opens pseudonyms, wrapped for it, "" for who cannot read them.
    """

    name: str
    passphrase_hash: str
    has_own_passphrase: bool = False
    onion_key: str = ""
    public_key: str = ""
    wrapped_key: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """An open session of an organiser's browser. `id` is the SHA-256, in hexadecimal, of the random id in the cookie.

    `started` and `seen` are in UTC. `wrapped_key` is the private key that opens pseudonyms, wrapped for the id in the
    cookie, "" for an organiser who cannot read them.
    """

    id: str
    organiser: str
    started: datetime
    seen: datetime
    wrapped_key: str = ""


@dataclass(frozen=True, slots=True)
class SetUpCode:
    """What is kept of a code that makes a new organiser of this `name`, once, before it `expires` (UTC, to the minute).

    `id` is that of the code, `giver` the organiser who gave it. A used one is kept until it expires, so that a
    form that is sent twice ends well. `onion_key` is that of the organiser to be; `wrapped_key` the private key that
    opens pseudonyms, wrapped for the key of the code, "" once it is used.
    """

    id: str
    name: str
    giver: str
    expires: datetime
    is_used: bool = False
    onion_key: str = ""
    wrapped_key: str = ""


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


def expiry(given: datetime) -> datetime:
    """Until when a set-up code that was `given` at this moment (UTC) is good, to the minute."""
    return whole_minute(given) + timedelta(hours=SET_UP_CODE_HOURS)


def is_good(code: SetUpCode, now: datetime) -> bool:
    """Whether the time of `code` is not over at `now` (UTC)."""
    return now < code.expires
