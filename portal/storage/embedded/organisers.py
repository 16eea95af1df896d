"""Organisers in the store: the records of their database, and the organisers themselves, added, changed and removed."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from portal.domain.json_values import from_json, to_mapping
from portal.domain.organisers.organiser import Organiser, SetUpCode, SignIn, is_good
from portal.domain.organisers.organiser_errors import LastOrganiser, LastReader, NoLongerOrganiser, NoLongerReader
from portal.domain.text import plain_words
from portal.storage.embedded.data_file import Record
from portal.storage.embedded.database import Database, Transaction, View

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


class EmbeddedOrganisers(OrganisersPart):
    """`organisers_contract.OrganiserStore` on the database of organisers."""

    async def add_organiser(self, organiser: Organiser) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            if organiser_in(transaction, organiser.name) is not None:
                return False
            put_organiser(transaction, organiser)
            return True

        return await self._organisers.transact(decide)

    async def sealing_key(self) -> str | None:
        """See the contract."""
        return sealing_key_in(await self._organisers.snapshot())

    async def has_short_codes(self) -> bool:
        """See the contract."""
        return has_short_codes_in(await self._organisers.snapshot())

    async def renew_sealing_key(self, public_key: str, reader: Organiser | None = None) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            if readers_in(transaction) or not (reader is None or _put_wrapped_key(transaction, reader)):
                return False
            put_sealing_key(transaction, public_key)
            for code in set_up_codes_in(transaction):
                put_set_up_code(transaction, replace(code, wrapped_key=""))
            for id, record in transaction.records(SIGN_INS).items():
                put_sign_in(transaction, replace(sign_in_of(id, record), wrapped_key=""))
            return True

        return await self._organisers.transact(decide)

    async def organiser(self, name: str) -> Organiser | None:
        """See the contract."""
        return organiser_in(await self._organisers.snapshot(), name)

    async def organisers(self) -> tuple[str, ...]:
        """See the contract."""
        return tuple(sorted((await self._organisers.snapshot()).records(ORGANISERS), key=alphabetical))

    async def readers(self) -> tuple[str, ...]:
        """See the contract."""
        return tuple(readers_in(await self._organisers.snapshot()))

    async def change_passphrase(
        self, organiser: Organiser, instead_of: str | None = None, keep: str = "", *, loses_readers: bool = False
    ) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            present = organiser_in(transaction, organiser.name)
            if present is None or instead_of not in (None, present.passphrase_hash):
                return False
            if not organiser.wrapped_key and not loses_readers:
                _check_other_readers(transaction, organiser.name)
            put_organiser(transaction, replace(organiser, onion_key=present.onion_key))
            _end_sign_ins(transaction, organiser.name, keep)
            return True

        return await self._organisers.transact(decide)

    async def give_wrapped_key(self, reader: Organiser, by: str) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            if by not in readers_in(transaction):
                raise NoLongerReader
            return _put_wrapped_key(transaction, reader)

        return await self._organisers.transact(decide)

    async def set_onion_key(self, name: str, onion_key: str) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            organiser = organiser_in(transaction, name)
            if organiser is not None:
                put_organiser(transaction, replace(organiser, onion_key=onion_key))
                return True
            waiting = [code for code in set_up_codes_in(transaction) if code.name == name and not code.is_used]
            for code in waiting:
                put_set_up_code(transaction, replace(code, onion_key=onion_key))
            return bool(waiting)

        return await self._organisers.transact(decide)

    async def onion_keys(self, now: datetime) -> tuple[str, ...]:
        """See the contract."""
        view = await self._organisers.snapshot()
        own = [record.get("onion_key") for record in view.records(ORGANISERS).values()]
        waiting = [code.onion_key for code in set_up_codes_in(view) if is_good(code, now) and not code.is_used]
        return tuple(sorted({key for key in (*own, *waiting) if key}))

    async def remove_organiser(self, name: str, by: str | None = None, *, loses_readers: bool = False) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            names = transaction.records(ORGANISERS)
            if by is not None and by not in names:
                raise NoLongerOrganiser
            if name not in names:
                return False
            if len(names) == 1:
                raise LastOrganiser(name=name)
            if not loses_readers:
                _check_other_readers(transaction, name)
            transaction.erase(ORGANISERS, name)
            _end_sign_ins(transaction, name)
            for code in set_up_codes_in(transaction):
                if name in (code.giver, code.name):
                    transaction.erase(SET_UP_CODES, code.id)
            return True

        return await self._organisers.transact(decide)


def _put_wrapped_key(transaction: Transaction, reader: Organiser) -> bool:
    """Keep the wrap of `reader`; False when they have another public key by now, or a wrap."""
    present = organiser_in(transaction, reader.name)
    if present is None or present.public_key != reader.public_key or present.wrapped_key:
        return False
    put_organiser(transaction, replace(present, wrapped_key=reader.wrapped_key))
    return True


def _check_other_readers(transaction: Transaction, name: str) -> None:
    """Raise `LastReader` if the organiser of this name is the only one who can read pseudonyms."""
    if readers_in(transaction) == [name]:
        raise LastReader(name=name)


def _end_sign_ins(transaction: Transaction, organiser: str, keep: str = "") -> None:
    for sign_in in sign_ins_in(transaction, organiser):
        if sign_in.id != keep:
            transaction.erase(SIGN_INS, sign_in.id)
