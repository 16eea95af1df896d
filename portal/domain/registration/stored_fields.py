"""Everything that the store keeps about persons, field by field. The privacy page is made of these tables."""

from dataclasses import dataclass
from typing import Final

from portal.domain.language import N_


@dataclass(frozen=True, slots=True)
class StoredField:
    """A field that the store keeps about a person: why, and until when. The privacy page is made of these."""

    name: str
    what: str
    why: str
    until: str


_UNTIL_ERASED: Final = N_(
    "until you erase it, and at the latest until the portal erases every registration after the event"
)

STORED_FIELDS: Final[tuple[StoredField, ...]] = (
    StoredField(
        "id",
        N_("a fingerprint of your ticket’s code, which takes so much memory and time that nobody can try all codes"),
        N_("to find your registration when you come back; the code itself is not kept"),
        _UNTIL_ERASED,
    ),
    StoredField(
        "sealed_pseudonym",
        N_(
            "the pseudonym, if you chose to give one, sealed: your passphrase opens it, and so do organisers who are "
            "signed in, but not the disk alone, which does not even show whether there is one"
        ),
        N_("so that the organisers can greet you when you arrive"),
        _UNTIL_ERASED,
    ),
    StoredField(
        "passphrase_hash",
        N_("a digest of an argon2id hash of your passphrase"),
        N_("to recognise you without knowing your passphrase"),
        _UNTIL_ERASED,
    ),
    StoredField(
        "state",
        N_("the state of your registration: seat, waiting, arrived, or let in after having waited"),
        N_("to count the seats"),
        _UNTIL_ERASED,
    ),
)


@dataclass(frozen=True, slots=True)
class StoredTable:
    """Table that the store keeps beside the registrations: all its `fields`, its purpose, and its retention."""

    name: str
    fields: tuple[str, ...]
    what: str
    why: str
    until: str


STORED_TABLES: Final[tuple[StoredTable, ...]] = (
    StoredTable(
        "invitations",
        ("id",),
        N_("a fingerprint of each invitation that nobody has used yet; the invitation itself is not kept"),
        N_("to let one person register with it; a used one is destroyed, and nothing links it to who came with it"),
        N_("until it is used or withdrawn, and at the latest until the portal erases every registration"),
    ),
    StoredTable(
        "journal",
        ("day", "organiser", "action", "details", "reason"),
        N_("what the organisers did, on which day and why; it names nobody who registered"),
        N_("so that the organisers can answer for it to one another"),
        N_("until 30 days after the portal has erased every registration"),
    ),
    StoredTable(
        "organisers",
        ("name", "passphrase_hash", "has_own_passphrase", "onion_key", "public_key", "wrapped_key"),
        N_(
            "the organisers: the name that each signs in with, an argon2id hash of each passphrase, whether they chose "
            "it themselves, the public part of the key that opens their own onion to them, if they have one, and the "
            "key that opens pseudonyms, wrapped so that only their passphrase opens it"
        ),
        N_("so that nobody else edits the programme or sees the registrations"),
        N_("until another organiser removes them"),
    ),
    StoredTable(
        "set-up-codes",
        ("id", "name", "giver", "expires", "is_used", "onion_key", "wrapped_key"),
        N_(
            "a fingerprint of each set-up code for a new organiser, the name it is for, who gave it, until which "
            "minute it is valid, whether it was used, the public part of a key as above, and the key that opens "
            "pseudonyms, wrapped so that only the code opens it; the code itself is not kept"
        ),
        N_("to let one newcomer choose a passphrase with it, once"),
        N_("until it is withdrawn; what has expired, until the next organiser signs in"),
    ),
    StoredTable(
        "sign-ins",
        ("id", "organiser", "started", "seen", "wrapped_key"),
        N_(
            "which organisers are signed in, since when, the minute of their last page, and the key that opens "
            "pseudonyms, wrapped so that only their browser opens it"
        ),
        N_("to sign out whoever left a page open, and to show pseudonyms to nobody else"),
        N_("until they sign out; what has expired, until the next organiser signs in"),
    ),
    StoredTable(
        "sealing",
        ("public_key", "has_short_codes"),
        N_(
            "the public key to which pseudonyms are sealed, which opens none of them; and whether an earlier portal "
            "gave codes of nine characters"
        ),
        N_("so that only organisers who are signed in, and the person with their own passphrase, can read a pseudonym"),
        N_("as long as the portal exists"),
    ),
    StoredTable(
        "erasure",
        ("day", "number"),
        N_("the day on which the portal erased every registration, and how many there were"),
        N_("so that everybody can see that the promise was kept"),
        N_("as long as the portal exists"),
    ),
    StoredTable(
        "erasure-notice",
        ("due", "since", "seen"),
        N_("when this is to happen next, and since when and until when the portal has announced it to the organisers"),
        N_("so that nothing is erased by accident"),
        N_("until it has happened"),
    ),
    StoredTable(
        "postponement",
        ("until", "times"),
        N_("until when the organisers have postponed it, and how many times"),
        N_("so that the public page says what is true"),
        N_("until it has happened"),
    ),
)
