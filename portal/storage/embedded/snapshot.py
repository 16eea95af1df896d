"""Snapshots of the tables of a database, and transactions over them."""

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Final, Protocol, TypeVar

from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from portal.storage.embedded.json_file import Record, Tables

Answer = TypeVar("Answer")


class View(Protocol):
    """Read access to tables. A table that is missing is empty."""

    def get(self, table: str, id: str) -> Record | None:
        """Return the record with this id."""
        ...

    def records(self, table: str) -> Mapping[str, Record]:
        """Return every record of the table by its id, in no meaningful order."""
        ...

    def count_by(self, table: str, field: str) -> Counter[str]:
        """Count the records with each value of `field`."""
        ...


class _NamedTable(Table):
    """TinyDB table whose ids are strings, since consecutive numbers would tell who came first.

    The cache of queries is off: it would keep what was erased.
    """

    document_id_class = str  # type: ignore[assignment]  # TinyDB's annotation says int, its manual says any class
    default_query_cache_capacity = 0


class _NamedTables(TinyDB):
    table_class = _NamedTable


class Snapshot:
    """Tables as they are on the disk: immutable, so that any thread may read them."""

    def __init__(self, tables: Tables, counts: Mapping[tuple[str, str], Counter[str]] | None = None) -> None:
        self._database: Final = _NamedTables(storage=MemoryStorage)
        self._database.storage.write(dict(tables))  # type: ignore[arg-type]  # TinyDB makes new tables, not new records
        self._counts: Final = dict(counts or {})

    @property
    def tables(self) -> Mapping[str, Mapping[str, Record]]:
        """Return every table."""
        return self._database.storage.read() or {}

    def get(self, table: str, id: str) -> Record | None:
        """See `View`."""
        return self._database.table(table).get(doc_id=id)  # type: ignore[call-overload, no-any-return]  # ids are str

    def records(self, table: str) -> Mapping[str, Record]:
        """See `View`."""
        return self.tables.get(table, {})

    def count_by(self, table: str, field: str) -> Counter[str]:
        """See `View`; counted once, then kept from snapshot to snapshot."""
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

    def __init__(self, base: View) -> None:
        self._base: Final = base
        self._counts: Final[dict[tuple[str, str], Counter[str]]] = {}
        self.records_changed: Final[dict[str, dict[str, Record | None]]] = {}

    def get(self, table: str, id: str) -> Record | None:
        """See `View`."""
        changed = self.records_changed.get(table, {})
        return changed[id] if id in changed else self._base.get(table, id)

    def records(self, table: str) -> Mapping[str, Record]:
        """See `View`."""
        found = dict(chain(self._base.records(table).items(), self.records_changed.get(table, {}).items()))
        return {id: record for id, record in found.items() if record is not None}

    def count_by(self, table: str, field: str) -> Counter[str]:
        """See `View`; counted once, then kept up to date."""
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
