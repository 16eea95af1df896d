"""The data folder: what is in it, who may read it, and who may share it."""

import asyncio
import json
import re
import resource
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest

from portal.domain.draft.checklist import Mark
from portal.domain.edition.edition import Addresses, Draft
from portal.domain.errors import DataExists, DataMissing, StorageError
from portal.domain.organisers.organiser import JournalEntry, Organiser, SetUpCode, SignIn, expiry
from portal.domain.registration.registration import Counts, Mode, Policy, Registration, State
from portal.domain.registration.retention import Postponement
from portal.domain.registration.stored_fields import STORED_FIELDS, STORED_TABLES
from portal.storage.contract import Store
from portal.storage.embedded.data_file import Record, Tables
from portal.storage.embedded.store import EmbeddedStore, open_store
from tests.checkout import ROOT
from tests.factories.data_folder import EVERY_FILE, FILES, contents
from tests.factories.sample import EVENT
from tests.factories.stores import NOW, TODAY
from tests.fakes.memory_store import sealed
from tests.traces import traces

pytestmark = pytest.mark.anyio


def modes(data: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (data, *data.iterdir())}


LOUISE = Organiser("Louise", "$argon2id$")
PRIVATE = {name: 0o600 for name in EVERY_FILE} | {"data": 0o700}


async def test_folder_holds_three_files_their_copies_and_their_locks(disk_store: EmbeddedStore, data: Path) -> None:
    assert sorted(contents(data)) == EVERY_FILE
    assert all(content == b"" for name, content in contents(data).items() if name.endswith(".lock"))


async def test_folder_is_private_even_without_a_umask(open_umask: None, data: Path) -> None:
    store = await open_store(data)
    await store.initialise(EVENT)
    await store.register("a" * 64, "Ada", "$argon2id$", NOW)
    assert modes(data) == PRIVATE
    await store.close()


async def test_folders_made_above_are_private_too(open_umask: None, tmp_path: Path) -> None:
    store = await open_store(tmp_path / "srv" / "portal" / "data")
    await store.initialise(EVENT)
    assert modes(tmp_path / "srv") == {"srv": 0o700, "portal": 0o700}
    await store.close()


async def test_folder_that_was_opened_to_others_is_closed_at_the_next_write(
    disk_store: EmbeddedStore, data: Path
) -> None:
    data.chmod(0o755)
    for path in data.iterdir():
        path.chmod(0o644)
    await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    assert (modes(data)["data"], modes(data)["registrations.json"]) == (0o700, 0o600)
    assert modes(data)["registrations.last-good.json"] == 0o600


async def test_folder_that_was_opened_to_others_is_closed_when_a_store_opens(
    disk_store: EmbeddedStore, data: Path
) -> None:
    await disk_store.close()
    data.chmod(0o755)
    for path in data.iterdir():
        path.chmod(0o644)
    store = await open_store(data)
    assert modes(data) == PRIVATE
    await store.close()


async def test_store_opens_as_it_was_closed(disk_store: EmbeddedStore, data: Path) -> None:
    registration = await disk_store.register("a" * 64, "Zoë", "$argon2id$", NOW)
    policy = await disk_store.set_policy(Policy(capacity=4), Random(1))
    edition = await disk_store.publish(1, "Le programme", Addresses(), NOW)
    draft = await disk_store.save_draft(EVENT, 1)
    await disk_store.add_organiser(LOUISE)
    await disk_store.open_sign_in(sign_in := SignIn("5" * 64, "Louise", NOW, NOW), LOUISE)
    again = await open_store(data)
    assert await again.registration("a" * 64) == registration
    assert (await again.policy(), await again.counts()) == (policy, Counts(seated=1))
    assert (await again.editions(), await again.draft()) == ((edition,), draft)
    assert (await again.organisers(), await again.sign_in(sign_in.id, NOW)) == (("Louise",), sign_in)
    await again.close()


async def test_stored_record_has_the_fields_of_the_privacy_page_and_no_other(
    disk_store: EmbeddedStore, data: Path
) -> None:
    registration = await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    record = {"sealed_pseudonym": "Ada", "passphrase_hash": "$argon2id$", "state": registration.state}
    assert (data / "registrations.json").read_bytes() == sealed({"registrations": {"a" * 64: record}})
    assert {"id", *record} == {field.name for field in STORED_FIELDS}


async def test_every_table_about_persons_is_on_the_privacy_page_field_by_field(
    disk_store: EmbeddedStore, data: Path
) -> None:
    await disk_store.erase_all_registrations(TODAY)
    await disk_store.postpone_erasure(Postponement(NOW, 1), None)
    await disk_store.announce_erasure(NOW, NOW)
    await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    await disk_store.add_invitations(["b" * 64])
    await disk_store.note(JournalEntry(TODAY, "Louise", "%(n)s", (("n", "3"),), "why"))
    await disk_store.renew_sealing_key("its public key")
    await disk_store.add_organiser(LOUISE)
    await disk_store.open_sign_in(SignIn("5" * 64, "Louise", NOW, NOW), LOUISE)
    await disk_store.give_set_up_code(SetUpCode("c" * 64, "Sacha", "Louise", expiry(NOW)), NOW)
    await disk_store.set_policy(Policy(), Random(1))
    await disk_store.mark(Mark.EVENT_CHECKED)
    tables = {name: table for file in FILES for name, table in json.loads((data / file).read_bytes())["tables"].items()}
    described = re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs" / "data.md").read_text("utf-8"), re.MULTILINE)
    assert tables.keys() | {"editions"} == set(described)
    for about_nobody in ("policy", "marks", "draft"):
        del tables[about_nobody]
    documented = {table.name: set(table.fields) for table in STORED_TABLES}
    documented["registrations"] = {field.name for field in STORED_FIELDS}
    assert tables.keys() == documented.keys()
    for name, records in tables.items():
        for record in records.values():
            # What a record is found by, its id or its name, is not among its fields.
            assert documented[name] - record.keys() <= {"id", "name"}
            assert record.keys() <= documented[name]


WRITTEN_BEFORE: dict[str, tuple[Record, Policy]] = {
    "open": ({"capacity": 4, "mode": "open", "waiting_list": False}, Policy(Mode.OPEN, 4, waiting_list=False)),
    "closed": ({"capacity": None, "mode": "closed", "waiting_list": True}, Policy(Mode.CLOSED)),
}


@pytest.mark.parametrize("case", WRITTEN_BEFORE)
async def test_data_of_a_portal_that_knew_no_invitations_opens_with_defaults(
    case: str, disk_store: EmbeddedStore, data: Path
) -> None:
    record, policy = WRITTEN_BEFORE[case]
    person = Registration("a" * 64, "Ada", "$argon2id$", State.WAITING)
    fields = {
        "passphrase_hash": person.passphrase_hash,
        "sealed_pseudonym": person.sealed_pseudonym,
        "state": "waiting",
    }
    content = sealed({"policy": {"in force": record}, "registrations": {person.id: fields}})
    assert content.startswith(b'{"format":2,')
    for name in ("registrations.json", "registrations.last-good.json"):
        (data / name).write_bytes(content)
    store = await open_store(data)
    assert (await store.policy(), await store.registration(person.id)) == (policy, person)
    assert (await store.invitations(), await store.journal(), await store.erasure()) == (0, (), None)
    assert contents(data)["registrations.json"] == content
    await store.close()


async def test_file_and_copy_are_the_same(disk_store: EmbeddedStore, data: Path) -> None:
    await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    found = contents(data)
    for file in FILES:
        assert found[file] == found[file.replace(".json", ".last-good.json")]


Erase = Callable[[Store], Awaitable[object]]
PERSON = ("abc" + "0" * 61, "Coquelicot", "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2g")
INVITATION, REASON = "def" + "0" * 61, "asked for by one who lost a ticket"
NOTICE: Tables = {"erasure": {"done": {"day": TODAY.isoformat(), "number": 1}}}
ERASURES: dict[str, tuple[Erase, tuple[str, ...]]] = {
    "one person": (lambda store: store.erase_registration(PERSON[0], Random(1)), PERSON),
    "unused invitations": (lambda store: store.withdraw_invitations(), (INVITATION,)),
    "everything, after the event": (lambda store: store.erase_all_registrations(TODAY), (*PERSON, INVITATION)),
    "the journal, some weeks later": (lambda store: store.erase_journal(), (REASON,)),
}


@pytest.mark.parametrize("erasure", ERASURES)
async def test_what_was_erased_is_in_no_file(erasure: str, disk_store: EmbeddedStore, data: Path) -> None:
    erase, words = ERASURES[erasure]
    await disk_store.register(*PERSON, NOW)
    await disk_store.add_invitations([INVITATION])
    await disk_store.note(JournalEntry(TODAY, "Louise", "One registration erased.", (), REASON))
    assert all(traces(word, contents(data)["registrations.last-good.json"]) for word in words)
    await erase(disk_store)
    everything = b"".join(path.name.encode() + path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert [traces(word, everything) for word in words] == [[]] * len(words)


async def test_erasure_leaves_the_notice_alone(disk_store: EmbeddedStore, data: Path) -> None:
    await disk_store.register(*PERSON, NOW)
    await disk_store.add_invitations([INVITATION])
    await disk_store.erase_all_registrations(TODAY)
    assert contents(data)["registrations.json"] == sealed(NOTICE)


async def test_folder_that_is_not_there_is_left_so_until_it_is_initialised(data: Path) -> None:
    store = await open_store(data)
    for attempt in (
        store.draft(),
        store.policy(),
        store.organisers(),
        store.register("a" * 64, "", "", NOW),
        store.add_organiser(Organiser("Louise", "")),
        store.save_draft(EVENT, 1),
    ):
        with pytest.raises(DataMissing) as caught:
            await attempt
        assert caught.value.details == {"folder": "data"}
    assert not data.exists()
    assert await store.initialise(EVENT) == Draft(1, EVENT)
    await store.close()


async def test_initialise_that_was_cut_short_can_be_done_again(disk_store: EmbeddedStore, data: Path) -> None:
    for name in ("programme.json", "programme.last-good.json", "organisers.json", "organisers.last-good.json"):
        (data / name).unlink()
    again = await open_store(data)
    assert await again.initialise(EVENT) == Draft(1, EVENT)
    await again.close()


async def test_initialise_by_two_stores_at_once_keeps_one_event(data: Path) -> None:
    stores = [await open_store(data) for _ in range(2)]
    answers = await asyncio.gather(*(store.initialise(EVENT) for store in stores), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["DataExists", "Draft"]
    for store in stores:
        assert await store.draft() == Draft(1, EVENT)
        await store.close()


async def test_initialise_never_takes_over_the_registrations_of_another_event(
    disk_store: EmbeddedStore, data: Path
) -> None:
    await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    for name in ("programme.json", "programme.last-good.json"):
        (data / name).unlink()
    again = await open_store(data)
    with pytest.raises(DataExists):
        await again.initialise(EVENT)
    await again.close()


async def test_full_disk_changes_neither_file_nor_copy(disk_store: EmbeddedStore, data: Path) -> None:
    await disk_store.register("a" * 64, "Ada", "$argon2id$", NOW)
    before = contents(data)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    try:
        attempts = (disk_store.register(letter * 64, "", "$argon2id$", NOW) for letter in "bcd")
        answers = await asyncio.gather(*attempts, return_exceptions=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [type(answer) for answer in answers] == [StorageError] * 3
    assert contents(data) == before
    assert await disk_store.counts() == Counts(seated=1)
    await disk_store.register("b" * 64, "", "$argon2id$", NOW)
    assert await disk_store.counts() == Counts(seated=2)


async def test_two_stores_on_one_folder_see_each_other_at_once(disk_store: EmbeddedStore, data: Path) -> None:
    other = await open_store(data)
    for turn in range(5):
        await other.add_organiser(Organiser(f"organiser {turn}", ""))
        assert len(await disk_store.organisers()) == turn + 1
        await disk_store.register(f"{turn:064x}", "", "", NOW)
        assert await other.counts() == Counts(seated=turn + 1)
    await other.close()


async def test_two_stores_that_write_at_once_lose_nothing(disk_store: EmbeddedStore, data: Path) -> None:
    other = await open_store(data)
    await disk_store.set_policy(Policy(capacity=30), Random(1))
    await asyncio.gather(*((disk_store, other)[n % 2].register(f"{n:064x}", "", "", NOW) for n in range(64)))
    assert await disk_store.counts() == await other.counts() == Counts(seated=30, waiting=34)
    await other.close()


async def test_folder_in_place_of_a_file_is_an_error_of_storage(disk_store: EmbeddedStore, data: Path) -> None:
    (data / "registrations.json").unlink()
    (data / "registrations.json").mkdir()
    with pytest.raises(StorageError):
        await disk_store.counts()
    with pytest.raises(StorageError):
        await open_store(data)
