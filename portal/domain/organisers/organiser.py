"""Organisers, who edit and publish; their sign-ins, set-up codes for new ones, and the journal of what they did."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from unicodedata import normalize

from portal.domain.limits import (
    ORGANISER_NAME_CHARACTERS,
    SET_UP_CODE_HOURS,
    SIGN_IN_IDLE_MINUTES,
    SIGN_IN_TOTAL_HOURS,
)
from portal.domain.organisers.organiser_errors import OrganiserNameUnfit
from portal.domain.registration.hashing import PassphraseKey
from portal.domain.registration.sealing import recipient_key, wrap
from portal.domain.text import is_invisible, is_unprintable
from portal.domain.times import whole_minute


@dataclass(frozen=True, slots=True)
class Organiser:
    """An organiser, who signs in as `name`; `passphrase_hash` is an argon2id string with its own salt (RFC 9106).

    `has_own_passphrase`: they chose the passphrase, and no terminal printed it. `onion_key` is the public part of their
    key for the organisers' own onion, as Tor writes it; "" for none. `public_key` follows from the passphrase
    (`sealing.recipient_key`, in hexadecimal); `wrapped_key` is the private key that opens pseudonyms, wrapped for it,
    "" if they cannot read pseudonyms.
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
    cookie, "" if the organiser cannot read pseudonyms.
    """

    id: str
    organiser: str
    started: datetime
    seen: datetime
    wrapped_key: str = ""


@dataclass(frozen=True, slots=True)
class SetUpCode:
    """A code that makes a new organiser of this `name`, once, before it `expires` (UTC, to the minute).

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


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Entry of the journal, which never says anything about a person who registered.

    On `day`, in the event's zone, `organiser` did `action`, a gettext message with `details` for its places.

    An empty `organiser` is the portal itself, acting at a time that an organiser had set. `reason` is in plain text; it
    may be empty.
    """

    day: date
    organiser: str
    action: str
    details: tuple[tuple[str, str], ...] = ()
    reason: str = ""


def organiser_name(typed: str) -> str:
    """Return `typed` in NFC (Unicode Standard Annex 15), with single spaces. Raises `OrganiserNameUnfit`."""
    name = normalize("NFC", " ".join(typed.split()))
    if len(name) > ORGANISER_NAME_CHARACTERS or is_invisible(name) or any(map(is_unprintable, name)):
        raise OrganiserNameUnfit(most=ORGANISER_NAME_CHARACTERS)
    return name


def is_alive(sign_in: SignIn, now: datetime) -> bool:
    """Tell whether `sign_in` is still valid at `now` (UTC): neither idle nor old for too long.

    A clock that was put back by more than the idle time ends it, because its age is unknown.
    """
    idle, total = timedelta(minutes=SIGN_IN_IDLE_MINUTES), timedelta(hours=SIGN_IN_TOTAL_HOURS)
    return abs(now - sign_in.seen) < idle and now - sign_in.started < total


def expiry(given: datetime) -> datetime:
    """Return the moment (UTC, to the minute) at which a set-up code that was `given` expires."""
    return whole_minute(given) + timedelta(hours=SET_UP_CODE_HOURS)


def is_good(code: SetUpCode, now: datetime) -> bool:
    """Tell whether `code` has not expired at `now` (UTC)."""
    return now < code.expires


def wrapped_for(private_key: bytes | None, secret: bytes) -> str:
    """Return the organisers' private key, wrapped for whoever has `secret` (32 bytes); "" without a key."""
    return wrap(private_key, recipient_key(secret)) if private_key else ""


def with_passphrase(organiser: Organiser, made: PassphraseKey, private_key: bytes | None) -> Organiser:
    """Return `organiser` with the passphrase of `made`, by which they can read pseudonyms if there is a key."""
    return replace(
        organiser,
        passphrase_hash=made.stored,
        public_key=recipient_key(made.key).hex(),
        wrapped_key=wrapped_for(private_key, made.key),
    )
