"""Database in a data file: reads come from memory; transactions run one by one and are written in batches."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from portal.domain.errors import DataDamaged, DataMissing, StorageError
from portal.domain.language import N_
from portal.storage.embedded.data_file import DataFile, Stamp
from portal.storage.embedded.json_file import FORMAT, JsonFile, Tables
from portal.storage.embedded.snapshot import Snapshot, Transaction

Answer = TypeVar("Answer")
_EARLIER: Final = N_("an earlier portal wrote it: start this one again, which upgrades it")
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
