"""Data file of a database with its backup, on the disk, shared by processes."""

import os
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Final, Protocol

from portal.storage.disk import TEMPORARY, close_to_others, locked, make_private_folder, sync_folder, write_new_file

Stamp = tuple[object, ...]
"""Changes whenever the content does."""

_BEGINNING: Final = 128


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
