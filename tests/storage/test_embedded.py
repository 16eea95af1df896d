"""The data folder: what is in it, who may read it, and what happens when it is not as it was left."""

import asyncio
import os
import resource
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from portal.domain.edition import Addresses, Draft
from portal.domain.errors import DataDamaged, DataExists, DataLost, DataMissing, StorageError
from portal.domain.organiser import Organiser, SignIn
from portal.domain.registration import STORED_FIELDS, Counts, Policy
from portal.storage.contract import Store
from portal.storage.embedded import EmbeddedStore, open_store
from portal.storage.json_file import sealed
from tests.storage.backends import EVENT

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FILES = ["organisers.json", "programme.json", "registrations.json"]
EVERY_FILE = sorted(
    [name for file in FILES for name in (file, file.replace(".json", ".last-good.json"))]
    + [".organisers.lock", ".programme.lock", ".registrations.lock"]
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def store(data: Path) -> AsyncIterator[EmbeddedStore]:
    store = await open_store(data)
    await store.initialise(EVENT)
    yield store
    await store.close()


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def contents(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data.iterdir()}


def modes(data: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (data, *data.iterdir())}


PRIVATE = {name: 0o600 for name in EVERY_FILE} | {"data": 0o700}


async def test_folder_holds_three_files_their_copies_and_their_locks(store: EmbeddedStore, data: Path) -> None:
    assert sorted(contents(data)) == EVERY_FILE
    assert all(content == b"" for name, content in contents(data).items() if name.endswith(".lock"))


async def test_folder_is_private_even_without_a_umask(open_umask: None, data: Path) -> None:
    store = await open_store(data)
    await store.initialise(EVENT)
    await store.register("a" * 64, "Ada", "$argon2id$")
    assert modes(data) == PRIVATE
    await store.close()


async def test_folder_that_was_opened_to_others_is_closed_at_the_next_write(store: EmbeddedStore, data: Path) -> None:
    data.chmod(0o755)
    for path in data.iterdir():
        path.chmod(0o644)
    await store.register("a" * 64, "Ada", "$argon2id$")
    assert (modes(data)["data"], modes(data)["registrations.json"]) == (0o700, 0o600)
    assert modes(data)["registrations.last-good.json"] == 0o600


async def test_store_opens_as_it_was_closed(store: EmbeddedStore, data: Path) -> None:
    registration = await store.register("a" * 64, "Zoë", "$argon2id$")
    policy = await store.set_policy(Policy(capacity=4), Random(1))
    edition = await store.publish(1, "Le programme", Addresses(), NOW)
    draft = await store.save_draft(EVENT, 1)
    await store.add_organiser(Organiser("Louise", "$argon2id$"))
    await store.open_sign_in(sign_in := SignIn("5" * 64, "Louise", NOW, NOW))
    again = await open_store(data)
    assert await again.registration("a" * 64) == registration
    assert (await again.policy(), await again.counts()) == (policy, Counts(seated=1))
    assert (await again.editions(), await again.draft()) == ((edition,), draft)
    assert (await again.organisers(), await again.sign_in(sign_in.id, NOW)) == (("Louise",), sign_in)
    await again.close()


async def test_stored_record_has_the_fields_of_the_privacy_page_and_no_other(store: EmbeddedStore, data: Path) -> None:
    registration = await store.register("a" * 64, "Ada", "$argon2id$")
    record = {"pseudonym": "Ada", "passphrase_hash": "$argon2id$", "state": registration.state}
    assert (data / "registrations.json").read_bytes() == sealed({"registrations": {"a" * 64: record}})
    assert {"id", *record} == {field.name for field in STORED_FIELDS}


async def test_file_and_copy_are_the_same(store: EmbeddedStore, data: Path) -> None:
    await store.register("a" * 64, "Ada", "$argon2id$")
    found = contents(data)
    for file in FILES:
        assert found[file] == found[file.replace(".json", ".last-good.json")]


Erase = Callable[[Store], Awaitable[object]]
ERASURES: dict[str, Erase] = {
    "one person": lambda store: store.erase_registration("abc" + "0" * 61, Random(1)),
    "everybody, after the event": lambda store: store.erase_all_registrations(),
}


@pytest.mark.parametrize("erasure", ERASURES)
async def test_erased_person_is_in_no_file(erasure: str, store: EmbeddedStore, data: Path) -> None:
    before = contents(data)["registrations.json"]
    person = ("abc" + "0" * 61, "Olympe de Gouges", "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2g")
    await store.register(*person)
    assert any(person[0].encode() in content for content in contents(data).values())
    await ERASURES[erasure](store)
    everything = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    for word in person:
        for form in (word.encode(), b64encode(word.encode()).rstrip(b"="), word.encode().hex().encode()):
            assert form not in everything
    assert contents(data)["registrations.json"] == before


async def test_folder_that_is_not_there_is_left_so_until_it_is_initialised(data: Path) -> None:
    store = await open_store(data)
    for attempt in (
        store.draft(),
        store.policy(),
        store.organisers(),
        store.register("a" * 64, "", ""),
        store.add_organiser(Organiser("Louise", "")),
        store.save_draft(EVENT, 1),
    ):
        with pytest.raises(DataMissing) as caught:
            await attempt
        assert caught.value.details == {"folder": "data"}
    assert not data.exists()
    assert await store.initialise(EVENT) == Draft(1, EVENT)
    await store.close()


async def test_initialise_that_was_cut_short_can_be_done_again(store: EmbeddedStore, data: Path) -> None:
    for name in ("programme.json", "programme.last-good.json", "organisers.json", "organisers.last-good.json"):
        (data / name).unlink()
    again = await open_store(data)
    assert await again.initialise(EVENT) == Draft(1, EVENT)
    await again.close()


async def test_initialise_never_takes_over_the_registrations_of_another_event(store: EmbeddedStore, data: Path) -> None:
    await store.register("a" * 64, "Ada", "$argon2id$")
    for name in ("programme.json", "programme.last-good.json"):
        (data / name).unlink()
    again = await open_store(data)
    with pytest.raises(DataExists):
        await again.initialise(EVENT)
    await again.close()


def cut(content: bytes) -> bytes:
    return content[:-9]


def flip(content: bytes) -> bytes:
    return content[:40] + bytes([content[40] ^ 1]) + content[41:]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": cut,
    "one bit flipped": flip,
    "emptied": lambda content: b"",
    "of another version": lambda content: content.replace(b'"format":1', b'"format":9'),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", FILES)
async def test_damaged_file_is_refused_at_the_start_and_left_alone(
    name: str, damage: str, store: EmbeddedStore, data: Path
) -> None:
    (data / name).write_bytes(DAMAGES[damage]((data / name).read_bytes()))
    (data / "registrations.new").write_bytes(b"left by a killed process")
    before = contents(data)
    with pytest.raises(DataDamaged) as caught:
        await open_store(data)
    assert type(caught.value) is DataDamaged
    assert caught.value.details["file"] == name
    assert caught.value.details["copy"] == name.replace(".json", ".last-good.json")
    after = contents(data)
    assert {file: after[file] for file in EVERY_FILE} == {file: before[file] for file in EVERY_FILE}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_file_damaged_while_the_portal_runs_is_never_written_over(
    damage: str, store: EmbeddedStore, data: Path
) -> None:
    await store.register("a" * 64, "Ada", "$argon2id$")
    file = data / "registrations.json"
    whole = file.read_bytes()
    file.write_bytes(DAMAGES[damage](whole))
    before = contents(data)
    for attempt in (
        store.registration("a" * 64),
        store.counts(),
        store.register("b" * 64, "", ""),
        store.erase_all_registrations(),
    ):
        with pytest.raises(DataDamaged):
            await attempt
    assert contents(data) == before
    file.write_bytes(whole)
    await store.register("b" * 64, "", "")
    assert await store.counts() == Counts(seated=2)


@pytest.mark.parametrize("name", FILES)
async def test_file_that_is_gone_is_told_with_its_copy(name: str, store: EmbeddedStore, data: Path) -> None:
    (data / name).unlink()
    with pytest.raises(DataDamaged, match="it is missing"):
        await open_store(data)
    assert not (data / name).exists()


@pytest.mark.parametrize("name", ["organisers", "registrations"])
async def test_file_that_is_gone_with_its_copy_is_lost(name: str, store: EmbeddedStore, data: Path) -> None:
    for suffix in (".json", ".last-good.json"):
        (data / f"{name}{suffix}").unlink()
    with pytest.raises(DataLost):
        await open_store(data)


async def test_what_a_killed_process_left_aside_goes_at_the_next_start(store: EmbeddedStore, data: Path) -> None:
    for name in ("registrations.new", "registrations.last-good.new"):
        (data / name).write_bytes(b"half a reg")
    again = await open_store(data)
    assert sorted(contents(data)) == EVERY_FILE
    await again.close()


async def test_what_a_killed_process_left_aside_goes_at_the_next_write(
    open_umask: None, store: EmbeddedStore, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").write_bytes(b"not ours")
    (data / "registrations.new").write_bytes(b"half a reg")
    (data / "registrations.last-good.new").symlink_to(tmp_path / "elsewhere")
    await store.register("a" * 64, "Ada", "$argon2id$")
    assert sorted(contents(data)) == EVERY_FILE
    assert (tmp_path / "elsewhere").read_bytes() == b"not ours"
    assert not (data / "registrations.last-good.json").is_symlink()


@pytest.mark.parametrize("copy", [b"older", None])
async def test_copy_left_behind_by_a_killed_process_is_made_again_at_the_start(
    copy: bytes | None, store: EmbeddedStore, data: Path
) -> None:
    await store.register("a" * 64, "Ada", "$argon2id$")
    file, kept = data / "registrations.json", data / "registrations.last-good.json"
    kept.unlink()
    if copy is not None:
        kept.write_bytes(copy)
    again = await open_store(data)
    assert kept.read_bytes() == file.read_bytes()
    assert await again.counts() == Counts(seated=1)
    await again.close()


async def test_full_disk_changes_neither_file_nor_copy(store: EmbeddedStore, data: Path) -> None:
    await store.register("a" * 64, "Ada", "$argon2id$")
    before = contents(data)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    try:
        attempts = (store.register(letter * 64, "", "$argon2id$") for letter in "bcd")
        answers = await asyncio.gather(*attempts, return_exceptions=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [type(answer) for answer in answers] == [StorageError] * 3
    assert contents(data) == before
    assert await store.counts() == Counts(seated=1)
    await store.register("b" * 64, "", "$argon2id$")
    assert await store.counts() == Counts(seated=2)


async def test_two_stores_on_one_folder_see_each_other_at_once(store: EmbeddedStore, data: Path) -> None:
    other = await open_store(data)
    for turn in range(5):
        await other.add_organiser(Organiser(f"organiser {turn}", ""))
        assert len(await store.organisers()) == turn + 1
        await store.register(f"{turn:064x}", "", "")
        assert await other.counts() == Counts(seated=turn + 1)
    await other.close()


async def test_two_stores_that_write_at_once_lose_nothing(store: EmbeddedStore, data: Path) -> None:
    other = await open_store(data)
    await store.set_policy(Policy(capacity=30), Random(1))
    await asyncio.gather(*((store, other)[n % 2].register(f"{n:064x}", "", "") for n in range(64)))
    assert await store.counts() == await other.counts() == Counts(seated=30, waiting=34)
    await other.close()


async def test_folder_in_place_of_a_file_is_an_error_of_storage(store: EmbeddedStore, data: Path) -> None:
    (data / "registrations.json").unlink()
    (data / "registrations.json").mkdir()
    with pytest.raises(StorageError):
        await store.counts()
    with pytest.raises(StorageError):
        await open_store(data)
