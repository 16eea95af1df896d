"""One database: one flush for those who come together, an answer only after it; snapshots that never change."""

import asyncio
import errno
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import DataMissing, RegistrationFull, StorageError
from portal.storage.embedded.database import Database, Snapshot, Transaction
from tests.fakes.memory_store import MemoryFile

pytestmark = pytest.mark.anyio


class WatchedFile(MemoryFile):
    """A file in memory that counts what is written to it, and can be full, or slow."""

    def __init__(self) -> None:
        super().__init__("people.json")
        self.contents: list[bytes] = []
        self.full = False
        self.may_save = threading.Event()
        self.may_save.set()
        self.saving = threading.Event()

    def save(self, content: bytes) -> None:
        self.saving.set()
        assert self.may_save.wait(10)
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().save(content)
        self.contents.append(content)


@pytest.fixture
def file() -> WatchedFile:
    return WatchedFile()


@pytest.fixture
async def database(file: WatchedFile) -> Database:
    database = Database(file)
    await database.create()
    file.contents.clear()
    file.saving.clear()
    return database


def putting(id: str, **record: object) -> Callable[[Transaction], str]:
    def decide(transaction: Transaction) -> str:
        transaction.put("registrations", id, record)
        return id

    return decide


async def people(database: Database) -> dict[str, object]:
    return dict((await database.snapshot()).records("registrations"))


async def test_changes_that_come_together_share_one_write(file: WatchedFile, database: Database) -> None:
    answers = await asyncio.gather(*(database.transact(putting(str(n))) for n in range(64)))
    assert answers == [str(n) for n in range(64)]
    assert len(file.contents) == 1


async def test_changes_that_come_during_a_write_share_the_next(file: WatchedFile, database: Database) -> None:
    file.may_save.clear()
    first = asyncio.create_task(database.transact(putting("first")))
    await asyncio.to_thread(file.saving.wait)
    rest = [asyncio.create_task(database.transact(putting(str(n)))) for n in range(64)]
    await asyncio.sleep(0.01)
    assert not first.done()
    file.may_save.set()
    await asyncio.gather(first, *rest)
    assert len(file.contents) == 2


async def test_answer_leaves_only_after_its_write(file: WatchedFile, database: Database) -> None:
    file.may_save.clear()
    transaction = asyncio.create_task(database.transact(putting("a", n=1)))
    await asyncio.to_thread(file.saving.wait)
    assert (await people(database), transaction.done()) == ({}, False)
    file.may_save.set()
    await transaction
    assert await people(database) == {"a": {"n": 1}}
    assert b'"a":{"n":1}' in file.contents[-1]


async def test_change_of_nothing_writes_nothing(file: WatchedFile, database: Database) -> None:
    await database.transact(putting("a", n=1))
    await database.transact(putting("a", n=1))
    await database.transact(lambda transaction: transaction.erase("registrations", "b"))
    assert len(file.contents) == 1


async def test_refused_change_concerns_its_caller_alone(file: WatchedFile, database: Database) -> None:
    def refuse(transaction: Transaction) -> None:
        transaction.put("registrations", "half", {"n": 1})
        raise RegistrationFull

    answers = await asyncio.gather(
        database.transact(putting("a")),
        database.transact(refuse),
        database.transact(putting("b")),
        return_exceptions=True,
    )
    assert (answers[0], type(answers[1]), answers[2]) == ("a", RegistrationFull, "b")
    assert (await people(database), len(file.contents)) == ({"a": {}, "b": {}}, 1)


async def test_full_disk_is_told_to_all_and_changes_nothing(file: WatchedFile, database: Database) -> None:
    await database.transact(putting("a"))
    file.full = True
    answers = await asyncio.gather(*(database.transact(putting(id)) for id in "bcd"), return_exceptions=True)
    assert [type(answer) for answer in answers] == [StorageError] * 3
    assert await people(database) == {"a": {}}
    file.full = False
    await database.transact(putting("e"))
    assert await people(database) == {"a": {}, "e": {}}


async def test_error_nobody_foresaw_leaves_nobody_waiting(file: WatchedFile, database: Database) -> None:
    answers = await asyncio.gather(
        database.transact(putting("a", n=object())), database.transact(putting("b")), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [TypeError, TypeError]
    await database.transact(putting("c"))
    assert await people(database) == {"c": {}}


async def test_caller_who_goes_away_during_the_write_stops_nothing(file: WatchedFile, database: Database) -> None:
    file.may_save.clear()
    gone = asyncio.create_task(database.transact(putting("gone")))
    await asyncio.to_thread(file.saving.wait)
    queued = asyncio.create_task(database.transact(putting("queued")))
    stays = asyncio.create_task(database.transact(putting("stays")))
    await asyncio.sleep(0.01)
    gone.cancel()
    queued.cancel()
    file.may_save.set()
    assert await stays == "stays"
    assert await people(database) == {"gone": {}, "queued": {}, "stays": {}}
    assert len(file.contents) == 2


async def test_close_waits_for_what_was_asked(file: WatchedFile, database: Database) -> None:
    file.may_save.clear()
    transaction = asyncio.create_task(database.transact(putting("a")))
    await asyncio.to_thread(file.saving.wait)
    later = asyncio.create_task(database.transact(putting("b")))
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0.01)
    assert not closing.done()
    file.may_save.set()
    await closing
    assert (transaction.done(), later.done(), len(file.contents)) == (True, True, 2)


async def test_database_without_a_file_is_missing(file: WatchedFile) -> None:
    database = Database(file)
    assert not await database.open()
    for attempt in (database.snapshot(), database.transact(putting("a")), database.read(lambda view: view.tables)):
        with pytest.raises(DataMissing):
            await attempt
    assert file.contents == []


async def test_create_leaves_a_file_that_is_there(file: WatchedFile, database: Database) -> None:
    await database.transact(putting("a"))
    await database.create()
    assert await people(database) == {"a": {}}


ids = st.sampled_from("abcdef")
records = st.sampled_from([{"state": state, "kind": kind} for state in ("seated", "waiting") for kind in "xy"])
tables = st.dictionaries(st.just("registrations"), st.dictionaries(ids, records))
step = st.tuples(ids, st.none() | records)
batches = st.lists(st.tuples(st.booleans(), st.lists(step, max_size=4)), max_size=5)


class Refused(Exception):
    """Error that a decision raises."""


def decision(steps: list[tuple[str, dict[str, object] | None]], page_errors: bool) -> Callable[[Transaction], None]:
    def decide(transaction: Transaction) -> None:
        for id, record in steps:
            if record is None:
                transaction.erase("registrations", id)
            else:
                transaction.put("registrations", id, record)
        if page_errors:
            raise Refused

    return decide


@given(tables, batches)
def test_change_is_what_a_plain_dictionary_would_be(
    before: dict[str, dict[str, Mapping[str, object]]],
    batch: list[tuple[bool, list[tuple[str, dict[str, object] | None]]]],
) -> None:
    snapshot = Snapshot(deepcopy(before))
    snapshot.count_by("registrations", "state")
    model = dict(before.get("registrations", {}))
    transaction = Transaction(snapshot)
    for page_errors, steps in batch:
        if page_errors:
            with pytest.raises(Refused):
                transaction.attempt(decision(steps, page_errors=True))
        else:
            transaction.attempt(decision(steps, page_errors=False))
            transaction.count_by("registrations", "kind")
            for id, record in steps:
                if record is None:
                    model.pop(id, None)
                else:
                    model[id] = record
    after = snapshot.apply(transaction)
    for view in (transaction, after):
        assert view.records("registrations") == model
        assert {id: view.get("registrations", id) for id in "abcdef"} == {id: model.get(id) for id in "abcdef"}
        for field in ("state", "kind"):
            assert +view.count_by("registrations", field) == Counter(record[field] for record in model.values())
    assert snapshot.tables == before


def test_change_of_nothing_is_none() -> None:
    transaction = Transaction(Snapshot({"registrations": {"a": {"n": 1}}}))
    transaction.put("registrations", "a", {"n": 1})
    transaction.erase("registrations", "b")
    assert transaction.records_changed == {}


def test_counts_may_be_changed_by_the_caller() -> None:
    snapshot = Snapshot({"registrations": {"a": {"state": "seated"}}})
    snapshot.count_by("registrations", "state")["seated"] = 9
    assert snapshot.count_by("registrations", "state") == {"seated": 1}


def test_snapshot_has_no_record_in_a_table_that_is_not_there() -> None:
    snapshot = Snapshot({})
    assert (
        snapshot.get("registrations", "a"),
        snapshot.records("registrations"),
        snapshot.count_by("registrations", "n"),
    ) == (None, {}, {})
