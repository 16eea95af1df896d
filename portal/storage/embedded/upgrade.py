"""Data of format 1, kept by earlier portals, as format 2 keeps it.

Format 1 stored the key of each passphrase itself (as argon2's hash), so that everything that follows from that key can
be made here without any passphrase: the verifier that takes its place, the sealed pseudonym, the organisers' wraps.
Backups of format 1 still hold these keys. Each is replaced when its owner next comes (`hashing.is_outgrown`).
"""

import random
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from portal.domain.registration.hashing import KEY_BYTES, PassphraseKey, code_keys, upgraded_key
from portal.domain.registration.sealing import PRIVATE_KEY_BYTES, public_key_of, recipient_key, seal_pseudonym, wrap
from portal.domain.registration.ticket_code import CodeDigest
from portal.storage.embedded.data_file import Record, Tables
from portal.storage.embedded.organisers import ORGANISERS, SEALING, SEALING_IN_FORCE, SET_UP_CODES, SIGN_INS
from portal.storage.embedded.registrations import INVITATIONS, REGISTRATIONS


def upgraded_organisers(tables: Tables, rng: random.Random, cores: int) -> dict[str, Mapping[str, Record]]:
    """Return the tables of organisers with a new private key of theirs, made of `rng` and wrapped for each, on `cores`.

    Sign-ins end: their cookies were not yet able to hold the key.
    """
    private_key = rng.randbytes(PRIVATE_KEY_BYTES)
    organisers = {name: _organiser(record, private_key) for name, record in tables.get(ORGANISERS, {}).items()}
    codes = {id: {**record, "wrapped_key": ""} for id, record in tables.get(SET_UP_CODES, {}).items()}
    return {
        **{name: records for name, records in tables.items() if name != SIGN_INS},
        ORGANISERS: organisers,
        SET_UP_CODES: _with_new_ids(codes, cores),
        SEALING: {SEALING_IN_FORCE: {"public_key": public_key_of(private_key).hex(), "has_short_codes": True}},
    }


def upgraded_registrations(
    tables: Tables, sealing_key: str, rng: random.Random, cores: int
) -> dict[str, Mapping[str, Record]]:
    """Return the tables of registrations; each pseudonym is sealed to `sealing_key` (hexadecimal) and to its person.

    One whose hash no passphrase ever matched is sealed for a key of `rng`, which nobody has. New ids take `cores`.
    """
    public_key = bytes.fromhex(sealing_key)
    people = {id: _registration(record, public_key, rng) for id, record in tables.get(REGISTRATIONS, {}).items()}
    return {
        **tables,
        REGISTRATIONS: _with_new_ids(people, cores),
        INVITATIONS: _with_new_ids(tables.get(INVITATIONS, {}), cores),
    }


def _organiser(record: Record, private_key: bytes) -> dict[str, Any]:
    made = upgraded_key(record["passphrase_hash"])
    if made is None:
        return {**record, "public_key": "", "wrapped_key": ""}
    recipient = recipient_key(made.key)
    wrapped = wrap(private_key, recipient)
    return {**record, "passphrase_hash": made.stored, "public_key": recipient.hex(), "wrapped_key": wrapped}


def _registration(record: Record, public_key: bytes, rng: random.Random) -> dict[str, Any]:
    made = upgraded_key(record["passphrase_hash"]) or PassphraseKey("", rng.randbytes(KEY_BYTES))
    sealed = seal_pseudonym(record["pseudonym"], made.key, public_key)
    return {"passphrase_hash": made.stored, "sealed_pseudonym": sealed, "state": record["state"]}


def _with_new_ids(records: Mapping[str, Record], cores: int) -> dict[str, Record]:
    return dict(zip(_new_ids(records, cores), records.values(), strict=True))


def _new_ids(ids: Iterable[str], cores: int) -> list[str]:
    """Return the ids that take memory and time, made of those that were the digests of short codes."""
    digests = [CodeDigest(bytes.fromhex(id), is_short=True) for id in ids]
    with ThreadPoolExecutor(cores) as threads:
        return [made.id for made in threads.map(code_keys, digests)]
