"""The embedded store without a disk: data files in memory, and the content that a data file has."""

from contextlib import AbstractContextManager, nullcontext

from portal.storage.embedded.data_file import JsonFile, Stamp, Tables
from portal.storage.embedded.store import EmbeddedStore


class MemoryFile:
    """A data file for one process and for as long as it lives."""

    def __init__(self, name: str) -> None:
        self._content: bytes | None = None
        self._saves = 0
        self.folder: str = "memory"
        self.name: str = name
        self.backup_name: str = name

    def create_folder(self) -> None:
        """There is always room."""

    def close_to_others(self) -> None:
        """Nobody else reads the memory of a process."""

    def locked(self) -> AbstractContextManager[None]:
        return nullcontext()

    def stamp(self) -> Stamp | None:
        return None if self._content is None else (self._saves,)

    def load(self) -> bytes | None:
        return self._content

    def load_backup(self) -> bytes | None:
        return self._content

    def save(self, content: bytes) -> None:
        self._content = content
        self._saves += 1

    def sweep(self) -> None:
        """Nothing is ever written aside."""


def memory_files() -> tuple[MemoryFile, MemoryFile, MemoryFile]:
    """Return the three files of a store, empty."""
    return MemoryFile("registrations"), MemoryFile("programme"), MemoryFile("organisers")


def memory_store() -> EmbeddedStore:
    """Return a store that ends with the process."""
    return EmbeddedStore(*memory_files())


def sealed(tables: Tables) -> bytes:
    """Return the content of a data file that holds `tables`."""
    file = MemoryFile("any.json")
    JsonFile(file).write(tables)
    return file.load() or b""
