"""An installation: set up once, whole, and finished when a first run was cut off."""

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.errors import DataExists, DataMissing, StorageError
from portal.domain.organisers.organiser import Organiser
from portal.domain.organisers.organiser_errors import (
    LastReader,
    NotAReader,
    OrganiserExists,
    OrganiserUnknown,
    SignInRefused,
)
from portal.domain.registration.registration import Counts, Policy
from portal.domain.registration.sealing import public_key_of
from portal.mirror.client.metadata import fingerprint_of
from portal.origin.installation import (
    add_organiser,
    edition_in_force,
    hasher_of,
    is_set_up,
    now,
    open_installation,
    private_key_by,
    reset_passphrase,
    set_up,
)
from portal.origin.word_lists import word_lists
from portal.settings import Settings
from portal.storage.embedded.store import EmbeddedStore
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio


def cheap(data: Path, public_url: str = "") -> Settings:
    return Settings(data=data, public_url=public_url, argon2_memory_kib=64, argon2_passes=1, cores=1)


async def test_set_up_leaves_an_edition_an_organiser_and_an_empty_register(tmp_path: Path) -> None:
    settings = cheap(tmp_path, "https://event.example")
    secret = await set_up(settings, EVENT, "Bienvenue", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        edition = await edition_in_force(store, tmp_path)
        uid = edition.event.uid
        assert (edition.number, edition.comment, edition.event) == (1, "Bienvenue", replace(EVENT, uid=uid))
        assert UUID(uid or "").version == 4
        root = (tmp_path / "tuf" / "1.root.json").read_bytes()
        assert edition.addresses == Addresses("https://event.example", None, fingerprint_of(root))
        assert (edition.published.second, edition.published.microsecond) == (0, 0)
        assert timedelta(0) <= now() - edition.published < timedelta(minutes=2)
        assert (await store.policy(), await store.counts()) == (Policy(capacity=500), Counts())
        organiser = await store.organiser("Camille")
        assert organiser is not None
        assert await hasher_of(settings).verify(organiser.passphrase_hash, secret)
        assert await store.readers() == ("Camille",)
        assert await opens(settings, "Camille", secret)


async def opens(settings: Settings, name: str, secret: str) -> bool:
    """Return whether a passphrase leads to the private key of the public key that pseudonyms are sealed to."""
    async with open_installation(settings) as store:
        private_key = await private_key_by(settings, store, name, secret)
        return public_key_of(private_key).hex() == await store.sealing_key()


@pytest.mark.parametrize("capacity", [7, None])
async def test_set_up_takes_the_seats_that_were_asked_for_and_leaves_the_rules_to_be_kept(
    capacity: int | None, tmp_path: Path
) -> None:
    await set_up(cheap(tmp_path), EVENT, "", "Camille", capacity)
    async with open_installation(cheap(tmp_path)) as store:
        assert (await store.policy(), await store.marks()) == (Policy(capacity=capacity), frozenset())


async def test_generated_passphrase_is_six_words_of_the_events_language(tmp_path: Path) -> None:
    words = (await set_up(cheap(tmp_path), EVENT, "", "Camille")).split()
    assert len(words) == 6
    assert set(words) <= set(word_lists()["fr"])


async def test_everything_kept_is_closed_to_others(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await set_up(cheap(data), EVENT, "", "Camille")
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in (data, *data.rglob("*"))}
    assert modes == {True: 0o700, False: 0o600}


async def test_set_up_refuses_a_portal_that_is_there(tmp_path: Path) -> None:
    await set_up(cheap(tmp_path), EVENT, "", "Camille")
    with pytest.raises(DataExists):
        await set_up(cheap(tmp_path), EVENT, "", "Claude")
    async with open_installation(cheap(tmp_path)) as store:
        assert await store.organisers() == ("Camille",)


async def test_set_up_finishes_what_was_cut_off(tmp_path: Path) -> None:
    async with open_installation(cheap(tmp_path)) as store:
        await store.initialise(EVENT)
        assert not await is_set_up(store)
        with pytest.raises(DataMissing):
            await edition_in_force(store, tmp_path)
    await set_up(cheap(tmp_path), EVENT, "", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        assert (await is_set_up(store), await store.organisers()) == (True, ("Camille",))


async def test_set_up_finishes_what_was_cut_off_before_there_was_an_organiser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut_off(store: EmbeddedStore, organiser: Organiser) -> bool:
        raise StorageError

    with monkeypatch.context() as power_cut, pytest.raises(StorageError):
        power_cut.setattr(EmbeddedStore, "add_organiser", cut_off)
        await set_up(cheap(tmp_path), EVENT, "Bienvenue", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        assert not await is_set_up(store)
    secret = await set_up(cheap(tmp_path), EVENT, "Bienvenue", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        assert (await is_set_up(store), (await edition_in_force(store, tmp_path)).number) == (True, 1)
        organiser = await store.organiser("Camille")
        assert organiser is not None
        assert await hasher_of(cheap(tmp_path)).verify(organiser.passphrase_hash, secret)
    assert await opens(cheap(tmp_path), "Camille", secret)


async def test_name_of_an_organiser_is_taken_once(tmp_path: Path) -> None:
    await set_up(cheap(tmp_path), EVENT, "", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        before = await store.organiser("Camille")
        with pytest.raises(OrganiserExists, match="“Camille”"):
            await add_organiser(cheap(tmp_path), store, "Camille", "fr")
        assert await store.organiser("Camille") == before


async def test_passphrase_of_a_terminal_is_not_the_organisers_own(tmp_path: Path) -> None:
    await set_up(cheap(tmp_path), EVENT, "", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        organiser = await store.organiser("Camille")
        assert organiser is not None
        own = replace(organiser, has_own_passphrase=True)
        assert (organiser.has_own_passphrase, await store.change_passphrase(own)) == (False, True)
        secret = await reset_passphrase(cheap(tmp_path), store, "Camille", "fr", loses_readers=True)
        reset = await store.organiser("Camille")
        assert reset is not None
        assert not reset.has_own_passphrase
        assert await hasher_of(cheap(tmp_path)).verify(reset.passphrase_hash, secret)
        with pytest.raises(OrganiserUnknown, match="“Nobody”"):
            await reset_passphrase(cheap(tmp_path), store, "Nobody", "fr")


async def test_organiser_who_is_added_without_the_key_cannot_read_pseudonyms(tmp_path: Path) -> None:
    settings = cheap(tmp_path)
    first = await set_up(settings, EVENT, "", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        second = await add_organiser(settings, store, "Sacha", "fr")
        assert await store.readers() == ("Camille",)
        with pytest.raises(NotAReader, match="“Sacha” cannot read"):
            await private_key_by(settings, store, "Sacha", second)
        private_key = await private_key_by(settings, store, "Camille", f"  {first}\n")
        third = await add_organiser(settings, store, "Noa", "fr", private_key)
        assert await store.readers() == ("Camille", "Noa")
    assert await opens(settings, "Noa", third)


@pytest.mark.parametrize("name", ["Camille", "Nobody"])
async def test_wrong_name_or_passphrase_leads_to_no_key(tmp_path: Path, name: str) -> None:
    await set_up(cheap(tmp_path), EVENT, "", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        with pytest.raises(SignInRefused):
            await private_key_by(cheap(tmp_path), store, name, "not the passphrase of anybody")


async def test_passphrase_of_who_alone_can_read_is_reset_only_when_it_is_meant(tmp_path: Path) -> None:
    settings = cheap(tmp_path)
    first = await set_up(settings, EVENT, "", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        before = await store.sealing_key()
        with pytest.raises(LastReader):
            await reset_passphrase(settings, store, "Camille", "fr")
        assert (await store.sealing_key(), await opens(settings, "Camille", first)) == (before, True)
        second = await reset_passphrase(settings, store, "Camille", "fr", loses_readers=True)
        assert await store.sealing_key() != before
        with pytest.raises(SignInRefused):
            await private_key_by(settings, store, "Camille", first)
    assert await opens(settings, "Camille", second)


async def test_passphrase_that_is_reset_with_the_key_goes_on_opening_what_was_sealed(tmp_path: Path) -> None:
    settings = cheap(tmp_path)
    first = await set_up(settings, EVENT, "", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        before = await store.sealing_key()
        private_key = await private_key_by(settings, store, "Camille", first)
        second = await reset_passphrase(settings, store, "Camille", "fr", private_key)
        assert await store.sealing_key() == before
    assert await opens(settings, "Camille", second)


async def test_passphrase_that_is_reset_without_the_key_reads_nothing_while_another_can(tmp_path: Path) -> None:
    settings = cheap(tmp_path)
    first = await set_up(settings, EVENT, "", "Camille")
    async with open_installation(cheap(tmp_path)) as store:
        key = await private_key_by(settings, store, "Camille", first)
        await add_organiser(settings, store, "Sacha", "fr", key)
        await reset_passphrase(settings, store, "Sacha", "fr")
        assert (await store.readers(), await store.sealing_key()) == (("Camille",), public_key_of(key).hex())
