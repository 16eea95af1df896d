"""Records of the database of organisers: organisers, their sign-ins, and set-up codes for new ones."""

from typing import Final

from portal.domain.json_values import from_json, to_mapping
from portal.domain.organisers.organiser import Organiser, SetUpCode, SignIn
from portal.domain.text import plain_words
from portal.storage.embedded.database import Database
from portal.storage.embedded.json_file import Record
from portal.storage.embedded.snapshot import Transaction, View

ORGANISERS: Final = "organisers"
SIGN_INS: Final = "sign-ins"
SET_UP_CODES: Final = "set-up-codes"

SEALING: Final = "sealing"
SEALING_IN_FORCE: Final = "in force"


class OrganisersPart:
    """A part of the store that works on the database of organisers."""

    def __init__(self, organisers: Database) -> None:
        self._organisers: Final = organisers


def alphabetical(name: str) -> tuple[str, str]:
    """Return the sort key of a name: accents and capitals count only between names alike without them."""
    return plain_words(name), name


def organiser_in(view: View, name: str) -> Organiser | None:
    """Return the organiser of this name. A field that an earlier portal did not know has its default."""
    record = view.get(ORGANISERS, name)
    if record is None:
        return None
    return from_json(Organiser, {**record, "name": name})


def readers_in(view: View) -> list[str]:
    """Return the names of the organisers who can read pseudonyms, in alphabetical order."""
    records = view.records(ORGANISERS).items()
    return sorted((name for name, record in records if record.get("wrapped_key")), key=alphabetical)


def put_organiser(transaction: Transaction, organiser: Organiser) -> Organiser:
    """Keep an organiser."""
    record = to_mapping(organiser)
    del record["name"]
    transaction.put(ORGANISERS, organiser.name, record)
    return organiser


def sealing_key_in(view: View) -> str | None:
    """Return the public key that pseudonyms are sealed to, in hexadecimal."""
    record = view.get(SEALING, SEALING_IN_FORCE)
    return None if record is None else str(record["public_key"])


def put_sealing_key(transaction: Transaction, public_key: str) -> None:
    """Keep the public key that pseudonyms are sealed to."""
    record = {"public_key": public_key, "has_short_codes": has_short_codes_in(transaction)}
    transaction.put(SEALING, SEALING_IN_FORCE, record)


def has_short_codes_in(view: View) -> bool:
    """Return whether the folder was begun by a portal that gave short codes."""
    record = view.get(SEALING, SEALING_IN_FORCE)
    return record is not None and record.get("has_short_codes", False)


def sign_in_of(id: str, record: Record) -> SignIn:
    """Return the sign-in of `record`."""
    return from_json(SignIn, {**record, "id": id})


def sign_ins_in(view: View, organiser: str) -> list[SignIn]:
    """Return the sign-ins of an organiser, expired ones too."""
    found = (sign_in_of(id, record) for id, record in view.records(SIGN_INS).items())
    return [sign_in for sign_in in found if sign_in.organiser == organiser]


def put_sign_in(transaction: Transaction, sign_in: SignIn) -> None:
    """Keep a sign-in."""
    record = to_mapping(sign_in)
    del record["id"]
    transaction.put(SIGN_INS, sign_in.id, record)


def set_up_codes_in(view: View) -> list[SetUpCode]:
    """Return every set-up code, used and expired ones too."""
    return [_set_up_code(id, record) for id, record in view.records(SET_UP_CODES).items()]


def set_up_code_in(view: View, id: str) -> SetUpCode | None:
    """Return the set-up code with this id."""
    record = view.get(SET_UP_CODES, id)
    return None if record is None else _set_up_code(id, record)


def put_set_up_code(transaction: Transaction, code: SetUpCode) -> None:
    """Keep a set-up code."""
    record = to_mapping(code)
    del record["id"]
    transaction.put(SET_UP_CODES, code.id, record)


def _set_up_code(id: str, record: Record) -> SetUpCode:
    return from_json(SetUpCode, {**record, "id": id})
