"""Files that are not as they were left: damaged, gone, or half written by a process that was killed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portal.domain.errors import DataDamaged, DataLost
from portal.domain.registration.registration import Counts
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.factories.data_folder import EVERY_FILE, FILES, contents
from tests.factories.stores import NOW, TODAY

pytestmark = pytest.mark.anyio


def cut(content: bytes) -> bytes:
    return content[:-9]


def flip(content: bytes) -> bytes:
    return content[:40] + bytes([content[40] ^ 1]) + content[41:]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": cut,
    "one bit flipped": flip,
    "emptied": lambda content: b"",
    "of another version": lambda content: content.replace(b'"format":2', b'"format":9'),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", FILES)
async def test_damaged_file_is_refused_at_the_start_and_left_alone(
    name: str, damage: str, disk_store: EmbeddedStore, data: Path
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
    damage: str, disk_store: EmbeddedStore, data: Path
) -> None:
    await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    file = data / "registrations.json"
    whole = file.read_bytes()
    file.write_bytes(DAMAGES[damage](whole))
    before = contents(data)
    for attempt in (
        disk_store.registration("a" * 64),
        disk_store.counts(),
        disk_store.register("b" * 64, "", "", NOW),
        disk_store.erase_all_registrations(TODAY),
    ):
        with pytest.raises(DataDamaged):
            await attempt
    assert contents(data) == before
    file.write_bytes(whole)
    await disk_store.register("b" * 64, "", "", NOW)
    assert await disk_store.counts() == Counts(seated=2)


@pytest.mark.parametrize("name", FILES)
async def test_file_that_is_gone_is_told_with_its_copy(name: str, disk_store: EmbeddedStore, data: Path) -> None:
    (data / name).unlink()
    with pytest.raises(DataDamaged, match="it is missing"):
        await open_store(data)
    assert not (data / name).exists()


@pytest.mark.parametrize("name", ["organisers", "registrations"])
async def test_file_that_is_gone_with_its_copy_is_lost(name: str, disk_store: EmbeddedStore, data: Path) -> None:
    for suffix in (".json", ".last-good.json"):
        (data / f"{name}{suffix}").unlink()
    with pytest.raises(DataLost):
        await open_store(data)


async def test_what_a_killed_process_left_aside_goes_at_the_next_start(disk_store: EmbeddedStore, data: Path) -> None:
    for name in ("registrations.new", "registrations.last-good.new"):
        (data / name).write_bytes(b"half a reg")
    again = await open_store(data)
    assert sorted(contents(data)) == EVERY_FILE
    await again.close()


async def test_what_a_killed_process_left_aside_goes_at_the_next_write(
    open_umask: None, disk_store: EmbeddedStore, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").write_bytes(b"not ours")
    (data / "registrations.new").write_bytes(b"half a reg")
    (data / "registrations.last-good.new").symlink_to(tmp_path / "elsewhere")
    await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    assert sorted(contents(data)) == EVERY_FILE
    assert (tmp_path / "elsewhere").read_bytes() == b"not ours"
    assert not (data / "registrations.last-good.json").is_symlink()


@pytest.mark.parametrize("copy", [b"older", None])
async def test_copy_left_behind_by_a_killed_process_is_made_again_at_the_start(
    copy: bytes | None, disk_store: EmbeddedStore, data: Path
) -> None:
    await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    file, kept = data / "registrations.json", data / "registrations.last-good.json"
    kept.unlink()
    if copy is not None:
        kept.write_bytes(copy)
    again = await open_store(data)
    assert kept.read_bytes() == file.read_bytes()
    assert await again.counts() == Counts(seated=1)
    await again.close()
