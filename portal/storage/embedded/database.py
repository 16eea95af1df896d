"""Database in a data file: reads come from memory; transactions run one by one and are written in batches."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, TypeVar

from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from portal.domain.errors import DataDamaged, DataMissing, StorageError
from portal.domain.language import N_
from portal.storage.embedded.data_file import FORMAT, DataFile, JsonFile, Record, Stamp, Tables

_EARLIER: Final = N_("an earlier portal wrote it: start this one again, which upgrades it")

Answer = TypeVar("Answer")


class _NamedTable(Table):
    """TinyDB table whose ids are strings, since consecutive numbers would tell who came first.

    The cache of queries is off: it would keep what was erased.
    """

    document_id_class = str  # type: ignore[assignment]  # TinyDB's annotation says int, its manual says any class
    default_query_cache_capacity = 0


class _NamedTables(TinyDB):
    table_class = _NamedTable


class Snapshot:
    """Tables as they are on the disk: immutable, so that any thread may read them. A table that is missing is empty."""

    def __init__(self, tables: Tables, counts: Mapping[tuple[str, str], Counter[str]] | None = None) -> None:
        self._database: Final = _NamedTables(storage=MemoryStorage)
        self._database.storage.write(dict(tables))  # type: ignore[arg-type]  # TinyDB makes new tables, not new records
        self._counts: Final = dict(counts or {})

    @property
    def tables(self) -> Mapping[str, Mapping[str, Record]]:
        """Return every table."""
        return self._database.storage.read() or {}

    def get(self, table: str, id: str) -> Record | None:
        """Return the record with this id."""
        return self._database.table(table).get(doc_id=id)  # type: ignore[call-overload, no-any-return]  # ids are str

    def records(self, table: str) -> Mapping[str, Record]:
        """Return every record of the table by its id, in no meaningful order."""
        return self.tables.get(table, {})

    def count_by(self, table: str, field: str) -> Counter[str]:
        """Count the records with each value of `field`: counted once, then kept from snapshot to snapshot."""
        key = (table, field)
        if key not in self._counts:
            self._counts[key] = Counter(record[field] for record in self.records(table).values())
        return self._counts[key].copy()

    def apply(self, transaction: "Transaction") -> "Snapshot":
        """Return the snapshot after `transaction`, which was made on this one."""
        after = Snapshot(self.tables, {key: transaction.count_by(*key) for key in self._counts})
        for name, records in transaction.records_changed.items():
            table = after._database.table(name)
            # TinyDB would update an existing record in place, which earlier snapshots share.
            if replaced := [id for id in records if self.get(name, id) is not None]:
                table.remove(doc_ids=replaced)  # type: ignore[arg-type]
            table.insert_multiple(Document(record, id) for id, record in records.items() if record is not None)  # type: ignore[arg-type]
        return after


class Transaction:
    """Transaction over a snapshot, or over another transaction: it reads as if its changes had happened."""

    def __init__(self, base: "View") -> None:
        self._base: Final = base
        self._counts: Final[dict[tuple[str, str], Counter[str]]] = {}
        self.records_changed: Final[dict[str, dict[str, Record | None]]] = {}

    def get(self, table: str, id: str) -> Record | None:
        """See `Snapshot`."""
        changed = self.records_changed.get(table, {})
        return changed[id] if id in changed else self._base.get(table, id)

    def records(self, table: str) -> Mapping[str, Record]:
        """See `Snapshot`."""
        found = dict(chain(self._base.records(table).items(), self.records_changed.get(table, {}).items()))
        return {id: record for id, record in found.items() if record is not None}

    def count_by(self, table: str, field: str) -> Counter[str]:
        """See `Snapshot`; counted once, then kept up to date."""
        key = (table, field)
        if key not in self._counts:
            counts = self._base.count_by(table, field)
            for id, record in self.records_changed.get(table, {}).items():
                _recount(counts, field, self._base.get(table, id), record)
            self._counts[key] = counts
        return self._counts[key].copy()

    def put(self, table: str, id: str, record: Record) -> None:
        """Put a record, in place of an earlier one of this id. An equal record changes nothing."""
        self._set(table, id, record)

    def erase(self, table: str, id: str) -> None:
        """Erase a record; nothing when there is none."""
        self._set(table, id, None)

    def attempt(self, decide: Callable[["Transaction"], Answer]) -> Answer:
        """Make the changes of `decide` and return its answer; when it raises, make none."""
        own = Transaction(self)
        answer = decide(own)
        for table, records in own.records_changed.items():
            for id, record in records.items():
                self._set(table, id, record)
        return answer

    def _set(self, table: str, id: str, record: Record | None) -> None:
        before = self.get(table, id)
        if before != record:
            self.records_changed.setdefault(table, {})[id] = record
            for (counted, field), counts in self._counts.items():
                if counted == table:
                    _recount(counts, field, before, record)


def _recount(counts: Counter[str], field: str, before: Record | None, after: Record | None) -> None:
    counts.subtract([before[field]] if before is not None else [])
    counts.update([after[field]] if after is not None else [])


View = Snapshot | Transaction
"""Tables to read."""
Decision = Callable[[Transaction], Answer]
"""Body of a transaction, which returns its answer. It runs in a thread, sees all earlier ones, and must not wait."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Answer of a decision, or the error that it raised."""

    answer: Any
    error: Exception | None = None

    def settle(self, waiting: "asyncio.Future[Any]") -> None:
        if waiting.done():  # the caller has gone away; the transaction stands
            return
        if self.error is None:
            waiting.set_result(self.answer)
        else:
            waiting.set_exception(self.error)


class Database:
    """The tables of one `DataFile`, for one event loop; other processes may change the file too.

    The snapshot in memory is always on the disk too. A single thread does all that touches the file, so the only lock
    is that which keeps other processes away.
    """

    def __init__(self, file: DataFile) -> None:
        self.file: Final = file
        self._storage: Final = JsonFile(file)
        self._thread: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix=file.name)
        self._known: tuple[Stamp | None, Snapshot | None] = (None, None)
        self._queue: list[tuple[Decision[Any], asyncio.Future[Any]]] = []
        self._flusher: asyncio.Task[None] | None = None

    async def open(self) -> bool:
        """Close the file to others, read it, repair its backup after a killed process; False when there is no file.

        Raises `DataDamaged`, and `StorageError` when the folder cannot be read or written.
        """
        return await self._in_thread(self._open)

    @property
    def is_outdated(self) -> bool:
        """Return whether the file has the format of an earlier portal: it must be upgraded before anything else."""
        return self._storage.format != FORMAT

    async def upgrade(self, convert: Callable[[Tables], Tables]) -> None:
        """Write what `convert` makes of the tables, unless another process has done so in the meantime."""
        await self._in_thread(lambda: self._upgrade(convert))

    async def create(self) -> None:
        """Make the folder and a file without tables, unless it is there."""
        await self._in_thread(self._create)

    async def snapshot(self) -> Snapshot:
        """Return the tables as they are on the disk now. Raises `DataMissing`, `DataDamaged`, `StorageError`."""
        stamp, snapshot = self._known
        if stamp is None or stamp != self.file.stamp():
            snapshot = await self._in_thread(self._refreshed)
        return self._required(snapshot)

    async def read(self, make: Callable[[Snapshot], Answer]) -> Answer:
        """Return what `make`, which may be slow, makes of the tables. Raises as `snapshot` does, and its errors."""
        snapshot = await self.snapshot()
        return await self._in_thread(lambda: make(snapshot))

    async def transact(self, decide: Decision[Answer]) -> Answer:
        """Return the answer of `decide` once its changes are on the disk. Raises as `snapshot` does, and its errors.

        A caller that is cancelled while it waits does not know whether the changes were made: they will be.
        """
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._queue.append((decide, waiting))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._drain())
        return await waiting

    async def close(self) -> None:
        """Wait until every transaction is on the disk."""
        if self._flusher is not None:
            await asyncio.shield(self._flusher)
        self._thread.shutdown()

    async def _drain(self) -> None:
        while self._queue:
            batch, self._queue = self._queue, []
            outcomes = await self._outcomes([decide for decide, _ in batch])
            for (_, waiting), outcome in zip(batch, outcomes, strict=True):
                outcome.settle(waiting)

    async def _outcomes(self, decisions: Sequence[Decision[Any]]) -> Sequence[_Outcome]:
        try:
            return await self._in_thread(lambda: self._flush(decisions))
        except Exception as error:  # nobody may be left waiting, whatever went wrong
            return [_Outcome(None, error)] * len(decisions)

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except OSError as error:
            raise StorageError from error

    def _open(self) -> bool:
        self.file.close_to_others()
        if self._refreshed() is None:
            return False
        with self.file.locked():
            self._refreshed()
            self._storage.restore_backup()
            self._refreshed()
        return True

    def _upgrade(self, convert: Callable[[Tables], Tables]) -> None:
        with self.file.locked():
            before = self._required(self._refreshed())
            if self.is_outdated:
                self._storage.write(convert(before.tables))
                self._refreshed()

    def _create(self) -> None:
        self.file.create_folder()
        with self.file.locked():
            before = self._refreshed()
            if before is None or (self.is_outdated and not before.tables):
                self._storage.write({})
                self._refreshed()

    def _refreshed(self) -> Snapshot | None:
        """Return the snapshot, read again when the file has changed."""
        stamp = self.file.stamp()
        if stamp is None or stamp != self._known[0]:
            tables = self._storage.read()
            self._known = (stamp, None if tables is None else Snapshot(tables))
        return self._known[1]

    def _required(self, snapshot: Snapshot | None) -> Snapshot:
        if snapshot is None:
            raise DataMissing(folder=self.file.folder)
        return snapshot

    def _flush(self, decisions: Sequence[Decision[Any]]) -> Sequence[_Outcome]:
        self._required(self._refreshed())
        with self.file.locked():
            before = self._required(self._refreshed())
            if self.is_outdated:  # brought back from a backup while this process runs
                raise DataDamaged(file=self.file.name, reason=_EARLIER, copy=self.file.backup_name)
            transaction = Transaction(before)
            outcomes = [_outcome(transaction, decide) for decide in decisions]
            if transaction.records_changed:
                after = before.apply(transaction)
                self._storage.write(after.tables)
                self._known = (self.file.stamp(), after)
        return outcomes


def _outcome(transaction: Transaction, decide: Decision[Any]) -> _Outcome:
    try:
        return _Outcome(transaction.attempt(decide))
    except Exception as error:  # it concerns the caller, not those who share the flush
        return _Outcome(None, error)
