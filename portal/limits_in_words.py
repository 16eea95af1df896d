"""The limits of the portal in words, for `portal limits`."""

from collections.abc import Callable, Iterator
from typing import Final

from portal.domain import limits
from portal.domain.language import N_

WORDS: Final = {
    "BODY_KIB": N_("A sent form, at most"),
    "ORGANISERS_BODY_KIB": N_("A form sent to the organisers' pages, at most"),
    "IMPORT_BODY_KIB": N_("A form with an event file in it, at most"),
    "FORM_FIELDS": N_("Fields of a form, at most"),
    "PSEUDONYM_CHARACTERS": N_("A pseudonym, at most"),
    "PASSPHRASE_MIN_CHARACTERS": N_("A passphrase, at least"),
    "PASSPHRASE_MAX_CHARACTERS": N_("A passphrase, at most"),
    "PASSPHRASE_WORDS": N_("A generated passphrase"),
    "ORGANISER_NAME_CHARACTERS": N_("An organiser's name, at most"),
    "TEXT_FIELD_CHARACTERS": N_("A text of the programme, at most"),
    "COMMENT_CHARACTERS": N_("The comment of an edition, at most"),
    "ANNOUNCEMENTS": N_("Announcements at one time, at most"),
    "ANNOUNCEMENT_TITLE_CHARACTERS": N_("The title of an announcement, at most"),
    "ANNOUNCEMENT_CHARACTERS": N_("The text of an announcement, at most"),
    "EDITIONS_A_PAGE": N_("Editions on a page of what is new, and in the feed"),
    "CHANGES_A_PAGE": N_("Changes that such a page tells one by one, at most"),
    "MIRRORS": N_("Copies in the list of mirrors, at most"),
    "MIRROR_ADDRESSES": N_("Addresses of one copy, at most"),
    "EVENT_FILE_KIB": N_("An event file, at most"),
    "CAPACITY_SEATS": N_("Seats of an event, at most"),
    "RETENTION_MAX_DAYS": N_("Registrations are kept after the event, at most"),
    "PEOPLE_A_PAGE": N_("Registrations on a page of their list"),
    "EDITIONS_LISTED": N_("Editions on a page of their list"),
    "INVITATIONS_A_SHEET": N_("Invitations made at once, at most"),
    "DISK_LOW_MIB": N_("The organisers are warned when the disk has less left than"),
    "HEADER_KIB": N_("The head of a request, at most"),
    "UNWANTED_BODY_KIB": N_("What is read of a body that is refused, at most"),
    "HEADER_READ_SECONDS": N_("The head of a request arrives within"),
    "BODY_READ_SECONDS": N_("A sent form arrives within"),
    "KEEP_ALIVE_SECONDS": N_("An idle connection is kept for"),
    "STALLED_WRITE_SECONDS": N_("An answer that nobody reads is dropped after"),
    "STOP_SECONDS": N_("What is under way when the portal stops ends within"),
    "CONNECTIONS_PER_DOOR": N_("Connections at one door, at most"),
    "ONION_STREAMS": N_("Connections over one circuit of the onion, at most"),
    "ONION_ARRIVALS_A_SECOND": N_("New circuits of the onion a second, before a proof of work is asked for"),
    "ONION_ARRIVALS_WAITING": N_("New circuits of the onion that wait, at most"),
    "ONION_PROOF_MINUTES": N_("The portal checks its onion through Tor every"),
    "ONION_PROOF_FRESH_MINUTES": N_("Pages point to the onion after such a check for"),
    "FORM_MIN_AGE_SECONDS": N_("A form can be sent after"),
    "FORM_MAX_AGE_HOURS": N_("A form can be sent for"),
    "TICKET_ACTION_MAX_AGE_MINUTES": N_("An open ticket can be acted on for"),
    "FAILURES_FREE": N_("Failures on a ticket's code before the next attempt on it waits"),
    "FAILURE_DELAY_SECONDS": N_("An attempt on a code that failed before waits, at most"),
    "FAILURES_FORGOTTEN_MINUTES": N_("Failures on a code are forgotten after"),
    "FAILING_CODES": N_("Codes that failed and are remembered, at most"),
    "HELD_ATTEMPTS": N_("Attempts that wait at one time, at most"),
    "CIRCUIT_FORMS_A_MINUTE": N_("Forms from one circuit of Tor in a minute, where Tor tells circuits, at most"),
    "CIRCUIT_FORGOTTEN_MINUTES": N_("A circuit of Tor that sends nothing is forgotten after"),
    "CIRCUITS_REMEMBERED": N_("Circuits of Tor that are remembered, at most"),
    "SIGN_IN_IDLE_MINUTES": N_("An organiser is signed out when idle for"),
    "SIGN_IN_TOTAL_HOURS": N_("An organiser is signed out in any case after"),
    "SIGN_INS_PER_MINUTE": N_("Sign-ins from unfamiliar browsers that are looked at, at most"),
    "SET_UPS_PER_MINUTE": N_("Set-up codes that are looked at, at most"),
    "FAMILIAR_BROWSERS": N_("Organisers' browsers that are remembered, at most"),
    "SET_UP_CODE_HOURS": N_("A set-up code is good for"),
    "SET_UP_CODES": N_("Set-up codes that wait at one time, at most"),
    "ARGON2_MEMORY_KIB": N_("Memory of one argon2id hash"),
    "ARGON2_PASSES": N_("Passes of one argon2id hash"),
    "ARGON2_LANES": N_("Lanes of one argon2id hash"),
    "ARGON2_QUEUE": N_("Passphrases that wait to be hashed, at most"),
    "BUSY_RETRY_SECONDS": N_("Who comes when all is taken is asked to wait"),
    "PAGE_BYTES_ON_THE_WIRE": N_("A public page, compressed, at most"),
    "METADATA_KIB": N_("A file of signatures that a copy fetches, at most"),
    "TARGET_KIB": N_("A public file that a copy fetches, at most"),
    "EDITION_KIB": N_("All files of an edition that a copy takes, at most"),
    "FETCH_SECONDS": N_("A copy fetches one file within"),
    "FETCH_IDLE_SECONDS": N_("A copy waits for a source that sends nothing for"),
    "FILES_AT_ONCE": N_("Files that a copy fetches at one time, at most"),
    "ROOT_ROTATIONS": N_("Changes of keys that a copy follows at once, at most"),
    "TIMESTAMP_HOURS": N_("The portal vouches that an edition is the newest for"),
    "TIMESTAMP_RENEWED_HOURS": N_("The portal vouches for it anew after"),
    "MAKE_KIB": N_("An edition whose pages a copy makes itself, at most"),
    "MAKE_SECONDS": N_("A copy makes pages for as much processor time, at most"),
    "OFFERS_AT_ONCE": N_("Hand-overs that a copy takes at one time, at most"),
    "FOLLOW_MINUTES": N_("A copy asks for something new about every"),
    "FOLLOW_MAX_MINUTES": N_("However seldom it is told to ask, it does so at least every"),
    "AUDIT_MINUTES": N_("A copy in the list is looked at about every"),
    "AUDIT_DOUBT_MINUTES": N_("A copy that was not found true is looked at again after about"),
    "AUDIT_PATHS": N_("Files of it that are compared at each look"),
    "AUDIT_FETCH_SECONDS": N_("At a look, one file is fetched within"),
}

_UNITS: Final = {
    "_KIB": N_("KiB"),
    "_MIB": N_("MiB"),
    "_BYTES_ON_THE_WIRE": N_("bytes"),
    "_CHARACTERS": N_("characters"),
    "_WORDS": N_("words"),
    "_SECONDS": N_("seconds"),
    "_MINUTES": N_("minutes"),
    "_HOURS": N_("hours"),
    "_DAYS": N_("days"),
    "_PER_MINUTE": N_("a minute"),
}


def limits_in_words(translate: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Each limit in the order of its module: what it is about, and its number with its unit."""
    for name, value in vars(limits).items():
        if name in WORDS:
            unit = next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), None)
            yield (
                translate(WORDS[name]),
                f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") + (f" {translate(unit)}" if unit else ""),
            )
