"""The tables of one database at one moment, and a change of them that has not happened yet."""

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
    """What can be read of the tables. A table that is not there is empty."""

    def get(self, table: str, id: str) -> Record | None:
        """The record with this id."""
        ...

    def records(self, table: str) -> Mapping[str, Record]:
        """Every record of the table by its id, in no order that means anything."""
        ...

    def tally(self, table: str, field: str) -> Counter[str]:
        """How many records have each value of `field`."""
        ...


class _NamedTable(Table):
    """A TinyDB table whose ids are strings, since numbers given one after the other would tell who came first.

    The cache of queries is off: it would keep what was erased.
    """

    document_id_class = str  # type: ignore[assignment]  # TinyDB's annotation says int, its manual says any class
    default_query_cache_capacity = 0


class _NamedTables(TinyDB):
    table_class = _NamedTable


class Snapshot:
    """The tables as they are on the disk: never changed, so that any thread may read it."""

    def __init__(self, tables: Tables, tallies: Mapping[tuple[str, str], Counter[str]] | None = None) -> None:
        self._database: Final = _NamedTables(storage=MemoryStorage)
        self._database.storage.write(dict(tables))  # type: ignore[arg-type]  # TinyDB makes new tables, not new records
        self._tallies: Final = dict(tallies or {})

    @property
    def tables(self) -> Mapping[str, Mapping[str, Record]]:
        """Every table."""
        return self._database.storage.read() or {}

    def get(self, table: str, id: str) -> Record | None:
        """See `View`."""
        return self._database.table(table).get(doc_id=id)  # type: ignore[call-overload, no-any-return]  # ids are str

    def records(self, table: str) -> Mapping[str, Record]:
        """See `View`."""
        return self.tables.get(table, {})

    def tally(self, table: str, field: str) -> Counter[str]:
        """See `View`; counted once, then carried from snapshot to snapshot."""
        key = (table, field)
        if key not in self._tallies:
            self._tallies[key] = Counter(record[field] for record in self.records(table).values())
        return self._tallies[key].copy()

    def changed(self, change: "Transaction") -> "Snapshot":
        """The snapshot that follows when `change`, which was made on this one, has happened."""
        after = Snapshot(self.tables, {key: change.tally(*key) for key in self._tallies})
        for name, records in change.records_changed.items():
            table = after._database.table(name)
            # TinyDB would update a record that is there in place, which the snapshots before this one share.
            if replaced := [id for id in records if self.get(name, id) is not None]:
                table.remove(doc_ids=replaced)  # type: ignore[arg-type]
            table.insert_multiple(Document(record, id) for id, record in records.items() if record is not None)  # type: ignore[arg-type]
        return after


class Transaction:
    """A change in the making, over a snapshot or over another change: it reads as if it had happened."""

    def __init__(self, base: View) -> None:
        self._base: Final = base
        self._tallies: Final[dict[tuple[str, str], Counter[str]]] = {}
        self.records_changed: Final[dict[str, dict[str, Record | None]]] = {}

    def get(self, table: str, id: str) -> Record | None:
        """See `View`."""
        changed = self.records_changed.get(table, {})
        return changed[id] if id in changed else self._base.get(table, id)

    def records(self, table: str) -> Mapping[str, Record]:
        """See `View`."""
        found = dict(chain(self._base.records(table).items(), self.records_changed.get(table, {}).items()))
        return {id: record for id, record in found.items() if record is not None}

    def tally(self, table: str, field: str) -> Counter[str]:
        """See `View`; counted once, then kept up to date."""
        key = (table, field)
        if key not in self._tallies:
            tally = self._base.tally(table, field)
            for id, record in self.records_changed.get(table, {}).items():
                _recount(tally, field, self._base.get(table, id), record)
            self._tallies[key] = tally
        return self._tallies[key].copy()

    def put(self, table: str, id: str, record: Record) -> None:
        """Keep a record, in place of the one that had this id. One that is the same changes nothing."""
        self._set(table, id, record)

    def erase(self, table: str, id: str) -> None:
        """Erase a record; nothing when there is none."""
        self._set(table, id, None)

    def attempt(self, decide: Callable[["Transaction"], Answer]) -> Answer:
        """What `decide` answers, with the change that it makes; when it raises it has made none."""
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
            for (counted, field), tally in self._tallies.items():
                if counted == table:
                    _recount(tally, field, before, record)


def _recount(tally: Counter[str], field: str, before: Record | None, after: Record | None) -> None:
    tally.subtract([before[field]] if before is not None else [])
    tally.update([after[field]] if after is not None else [])
