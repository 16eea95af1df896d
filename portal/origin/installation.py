"""Installation of the portal by the terminal: its data folder set up, opened, given organisers."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from portal.domain.edition.edition import Addresses, Draft, Edition
from portal.domain.errors import DataExists, DataMissing, NothingToPublish
from portal.domain.event.event import Event
from portal.domain.language import Language
from portal.domain.language_tags import nearest_own
from portal.domain.limits import USUAL_CAPACITY_SEATS
from portal.domain.organisers.organiser import Organiser, organiser_name, with_passphrase
from portal.domain.organisers.organiser_errors import NotAReader, OrganiserExists, OrganiserUnknown, SignInRefused
from portal.domain.registration import passphrase
from portal.domain.registration.hashing import CODE_COSTS, WITHOUT_SHORT_CODES, Argon2, CodeCosts
from portal.domain.registration.registration import Policy
from portal.domain.registration.sealing import PRIVATE_KEY_BYTES, public_key_of, unwrap, wrap
from portal.domain.times import whole_minute
from portal.mirror.signing.repository import Repository
from portal.origin.word_lists import word_lists
from portal.settings import Settings
from portal.storage.contract import Store
from portal.storage.embedded.store import EmbeddedStore, open_store
from portal.storage.keys import make_key
from portal.web.hashing_pool import ThreadedHasher

KEYS: Final = ("event", "forms")


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_installation(settings: Settings) -> AsyncIterator[EmbeddedStore]:
    """Open the store of the data folder of `settings`; at the end of the block every transaction is on the disk."""
    store = await open_store(settings.data, settings.cores)
    try:
        yield store
    finally:
        await store.close()


def hasher_of(settings: Settings, code_costs: CodeCosts = CODE_COSTS) -> ThreadedHasher:
    """Return the hasher that `settings` ask for, with the costs of codes that the data folder asks for."""
    return ThreadedHasher(
        Argon2(settings.argon2_memory_kib, settings.argon2_passes), settings.cores, code_costs=code_costs
    )


async def code_costs_of(store: Store) -> CodeCosts:
    """Return the cost of the ids of codes in `store`."""
    return CODE_COSTS if await store.has_short_codes() else WITHOUT_SHORT_CODES


async def set_up(
    settings: Settings, event: Event, comment: str, organiser: str, capacity: int | None = USUAL_CAPACITY_SEATS
) -> str:
    """Make a portal of `event`: keys, draft, edition 1 with the public `comment`, and an organiser.

    It has seats for `capacity` people, None is no limit, until the organisers keep rules of registration. The organiser
    can read pseudonyms; their passphrase is returned. What a run that was cut off left is finished. Raises
    `DataExists`, having changed nothing, where there is a portal already.
    """
    name = organiser_name(organiser)
    async with open_installation(settings) as store:
        if await is_set_up(store):
            raise DataExists(folder=settings.data)
        for key in KEYS:
            make_key(settings.data, key, random.SystemRandom())
        repository = Repository(settings.data, now)
        repository.begin(name)
        draft = await _first_draft(store, event)
        await store.set_first_policy(Policy(capacity=capacity))
        addresses = Addresses(settings.public_url or None, None, repository.signing().fingerprint)
        with suppress(NothingToPublish):  # a run that was cut off may have published this very event
            await store.publish(draft.revision, comment, addresses, whole_minute(now()))
        private_key = _new_private_key()
        is_new = await store.renew_sealing_key(public_key_of(private_key).hex())
        return await add_organiser(settings, store, name, event.language, private_key if is_new else None)


async def is_set_up(store: Store) -> bool:
    """Return whether `store` has an edition to show and an organiser, who is added last."""
    try:
        return await store.edition() is not None and bool(await store.organisers())
    except DataMissing:
        return False


async def edition_in_force(store: Store, data: Path) -> Edition:
    """Return the edition in force. Raises `DataMissing` before `set_up`."""
    try:
        edition = await store.edition()
    except DataMissing:
        edition = None
    if edition is None:
        raise DataMissing(folder=data)
    return edition


async def present_edition(settings: Settings) -> Edition:
    """Return the edition in force in the data folder, for a command that needs nothing else. Raises `DataMissing`."""
    async with open_installation(settings) as store:
        return await edition_in_force(store, settings.data)


async def add_organiser(
    settings: Settings, store: Store, name: str, language: Language, private_key: bytes | None = None
) -> str:
    """Keep a new organiser; return the passphrase made for them, which is stored nowhere. Raises `OrganiserExists`.

    They can read pseudonyms only with the organisers' `private_key`.
    """
    organiser, secret = await _with_new_passphrase(settings, name, language, private_key)
    if not await store.add_organiser(organiser):
        raise OrganiserExists(name=name)
    return secret


async def reset_passphrase(
    settings: Settings,
    store: Store,
    name: str,
    language: Language,
    private_key: bytes | None = None,
    *,
    loses_readers: bool = False,
) -> str:
    """Keep another passphrase for an organiser, who is signed out everywhere; return it.

    They can read pseudonyms only with the organisers' `private_key`; where nobody can any more, they get another key
    for those given from now on. Raises `OrganiserUnknown`, and `LastReader` unless `loses_readers`.
    """
    organiser, secret = await _with_new_passphrase(settings, name, language, private_key)
    if not await store.change_passphrase(organiser, loses_readers=loses_readers):
        raise OrganiserUnknown(name=name)
    if not await store.readers():
        new = _new_private_key()
        reader = replace(organiser, wrapped_key=wrap(new, bytes.fromhex(organiser.public_key)))
        await store.renew_sealing_key(public_key_of(new).hex(), reader)
    return secret


async def private_key_by(settings: Settings, store: Store, name: str, typed: str) -> bytes:
    """Return the key that opens pseudonyms, by the passphrase that an organiser typed.

    Raises `SignInRefused` and `NotAReader`.
    """
    organiser = await store.organiser(name)
    stored = organiser.passphrase_hash if organiser else None
    key = await hasher_of(settings).verify(stored, passphrase.normalised(typed))
    if organiser is None or key is None:
        raise SignInRefused
    private_key = unwrap(organiser.wrapped_key, key)
    if private_key is None:
        raise NotAReader(name=name)
    return private_key


async def _with_new_passphrase(
    settings: Settings, name: str, language: Language, private_key: bytes | None
) -> tuple[Organiser, str]:
    secret = passphrase.generate(word_lists()[nearest_own((language,))], random.SystemRandom())
    return with_passphrase(Organiser(name, ""), await hasher_of(settings).hash(secret), private_key), secret


def _new_uid() -> str:
    """Return a random UUID (RFC 9562 §5.4), so that the entries of this event in calendars are like no other's."""
    return str(UUID(int=random.SystemRandom().getrandbits(128), version=4))


def _new_private_key() -> bytes:
    return random.SystemRandom().randbytes(PRIVATE_KEY_BYTES)


async def _first_draft(store: Store, event: Event) -> Draft:
    """Keep `event` as the draft; an event without a `uid` keeps that of an earlier run, or gets one."""
    try:
        return await store.initialise(event if event.uid else replace(event, uid=_new_uid()))
    except DataExists:
        draft = await store.draft()
        return await store.save_draft(replace(event, uid=event.uid or draft.event.uid), draft.revision)
