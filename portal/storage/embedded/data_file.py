"""Data file of a database with its backup: on the disk, shared by processes, in canonical JSON with a checksum.

The file is a JSON object: `format`, the SHA-256 of the bytes of `tables`, and `tables` itself, with every id and key
sorted, a record on each line. The same records give the same bytes: a table that has become empty leaves no trace.
"""

import json
import os
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol

from tinydb.storages import Storage

from portal.domain.errors import DataDamaged, DataLost
from portal.domain.language import N_
from portal.storage.disk import TEMPORARY, close_to_others, locked, make_private_folder, sync_folder, write_new_file

Stamp = tuple[object, ...]
"""Changes whenever the content does."""

_BEGINNING: Final = 128


Record = Mapping[str, Any]
"""The fields of one record, JSON values; never changed in place."""
Tables = Mapping[str, Mapping[str, Record]]
"""Records by id, by table."""

FORMAT: Final = 2
EARLIER_FORMATS: Final = (1,)
"""Those that `embedded.upgrade` brings up to FORMAT."""
_FORMAT_OF: Final = re.compile(rb'\{"format":(\d+),')
_ENVELOPE: Final = re.compile(rb'\{"format":\d+,"sha256":"([0-9a-f]{64})","tables":(\{.*\})\}\n', re.DOTALL)

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


class DataFile(Protocol):
    """File of a database and its backup. All but `stamp` may wait for the disk; errors are `OSError`.

    `folder`, `name` and `backup_name` are names without a path, fit to be shown.
    """

    folder: str
    name: str
    backup_name: str

    def create_folder(self) -> None:
        """Make the folder of the file."""
        ...

    def close_to_others(self) -> None:
        """Leave permissions on the folder and the files that are there to their owner alone."""
        ...

    def locked(self) -> AbstractContextManager[None]:
        """Keep every other writer away, in this process and in others, until the end of the block."""
        ...

    def stamp(self) -> Stamp | None:
        """Return the mark of the present content, None when there is no file. Cheap."""
        ...

    def load(self) -> bytes | None:
        """Return the whole content, None when there is no file."""
        ...

    def load_backup(self) -> bytes | None:
        """Return the whole content of the backup, None when there is none."""
        ...

    def save(self, content: bytes) -> None:
        """Write `content` to the file and its backup, down to the disk. The caller holds the lock."""
        ...

    def sweep(self) -> None:
        """Remove the temporary files of a killed writer. The caller holds the lock."""
        ...


class DiskFile:
    """`<name>.json` and `<name>.last-good.json` in a folder that only its owner may enter.

    Both are written to temporary files and flushed before either is renamed, so that a full disk changes neither; the
    backup is renamed first, so that what the file has forgotten is nowhere else.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder: Final = folder
        self._file: Final = folder / f"{name}.json"
        self._backup: Final = folder / f"{name}.last-good.json"
        self._temporary: Final = {path: path.with_suffix(TEMPORARY) for path in (self._backup, self._file)}
        self._lock: Final = folder / f".{name}.lock"
        self.folder: str = folder.resolve().name
        self.name: str = self._file.name
        self.backup_name: str = self._backup.name

    def create_folder(self) -> None:
        make_private_folder(self._folder)

    def close_to_others(self) -> None:
        for path in (self._folder, self._file, self._backup, self._lock):
            with suppress(FileNotFoundError):
                close_to_others(path)

    def locked(self) -> AbstractContextManager[None]:
        return locked(self._lock)

    def stamp(self) -> Stamp | None:
        # Two writes may fall into one tick of the clock of a file system: the checksum, which is at the beginning of
        # a content, tells them apart. What was changed in place, by anybody else than a store, shows in the rest.
        try:
            with self._file.open("rb", buffering=0) as file:
                status = os.fstat(file.fileno())
                return status.st_ino, status.st_ctime_ns, status.st_size, file.read(_BEGINNING)
        except OSError:
            return None

    def load(self) -> bytes | None:
        return _content(self._file)

    def load_backup(self) -> bytes | None:
        return _content(self._backup)

    def save(self, content: bytes) -> None:
        close_to_others(self._folder)
        try:
            for temporary in self._temporary.values():
                write_new_file(temporary, content)
            for path, temporary in self._temporary.items():
                temporary.replace(path)
        finally:
            self.sweep()
        sync_folder(self._folder)

    def sweep(self) -> None:
        for temporary in self._temporary.values():
            temporary.unlink(missing_ok=True)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


class _Damage(Exception):
    """Error of bytes that are no whole data file, as a gettext message."""


class _Sealer:
    """Encoder of data files that encodes a record again only when it is another object than the last time."""

    def __init__(self) -> None:
        self._written: Tables = {}
        self._lines: dict[str, dict[str, bytes]] = {}

    def sealed(self, tables: Tables) -> bytes:
        """Return the content of a file with `tables`."""
        self._lines = {name: self._encoded(name, tables[name]) for name in sorted(tables) if tables[name]}
        self._written = dict(tables)
        parts = (b"\n%b:{%b}" % (_json(name), b",".join(lines.values())) for name, lines in self._lines.items())
        content = b"{%b}" % b",".join(parts)
        return b'{"format":%d,"sha256":"%b","tables":%b}\n' % (FORMAT, sha256(content).hexdigest().encode(), content)

    def forget(self) -> None:
        """Forget what was written."""
        self._written, self._lines = {}, {}

    def _encoded(self, table: str, records: Mapping[str, Record]) -> dict[str, bytes]:
        """Return the line of each record by its id, in the order of the ids."""
        before, lines = self._written.get(table, {}), self._lines.get(table, {})
        # One record at a time, for a thread that encodes many must let the others run in between.
        return {
            id: lines[id] if before.get(id) is records[id] else b"\n%b:%b" % (_json(id), _json(records[id]))
            for id in sorted(records)
        }


def _json(value: object) -> bytes:
    # What is no character at all (half of a surrogate pair) is a string in Python: it must not stop a whole flush.
    return _ENCODER.encode(value).encode("utf-8", "surrogatepass")


def _format_of(content: bytes) -> int:
    found = _FORMAT_OF.match(content)
    return int(found[1]) if found else FORMAT


def _unsealed(content: bytes) -> dict[str, dict[str, Record]]:
    if _format_of(content) not in (FORMAT, *EARLIER_FORMATS):
        raise _Damage(N_("another version of the portal wrote it"))
    envelope = _ENVELOPE.fullmatch(content)
    if not envelope:
        raise _Damage(N_("it is cut off, or is no data file"))
    if sha256(envelope[2]).hexdigest().encode() != envelope[1]:
        raise _Damage(N_("it does not hold what was written"))
    try:
        tables = json.loads(envelope[2])
    except ValueError:
        raise _Damage(N_("it does not hold what was written")) from None
    return dict(tables)


class JsonFile(Storage):
    """TinyDB storage that reads and writes a whole `DataFile`, and refuses a damaged file."""

    def __init__(self, file: DataFile) -> None:
        self._file: Final = file
        self._sealer: Final = _Sealer()
        self.format = FORMAT
        """Format of the file that was read last."""

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Return every table, None when there is no file.

        Raises `DataDamaged`, or `DataLost` when the backup is no better; neither touches a file.
        """
        self._sealer.forget()
        content = self._file.load()
        try:
            if content is not None:
                self.format = _format_of(content)
                return _unsealed(content)
            if self._file.load_backup() is None:
                return None
            raise _Damage(N_("it is missing"))
        except _Damage as damage:
            raise self._error(str(damage)) from None

    def write(self, data: Tables) -> None:
        """Write `data` to the file and its backup, down to the disk."""
        self._file.save(self._sealer.sealed(data))
        self.format = FORMAT

    def restore_backup(self) -> None:
        """Make the backup again where a killed process left it behind or ahead of the file, which must be whole."""
        self._file.sweep()
        content = self._file.load()
        if content is not None and content != self._file.load_backup():
            self._file.save(content)

    def _error(self, reason: str) -> DataDamaged:
        backup = self._file.load_backup()
        try:
            if backup is not None:
                _unsealed(backup)
                return DataDamaged(file=self._file.name, reason=reason, copy=self._file.backup_name)
        except _Damage:
            pass
        return DataLost(file=self._file.name, reason=reason, copy=self._file.backup_name)
