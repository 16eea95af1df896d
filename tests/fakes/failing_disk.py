"""A disk in memory that can be full."""

import errno
import os

from portal.storage.embedded.store import EmbeddedStore
from tests.fakes.memory_store import MemoryFile


class FailingDisk:
    """A disk on which nothing can be written once it `is_full`; everything on it can be read."""

    def __init__(self) -> None:
        self.is_full = False

    def store(self) -> EmbeddedStore:
        """Return an empty store on the disk."""
        return EmbeddedStore(*(_File(name, self) for name in ("registrations", "programme", "organisers")))


class _File(MemoryFile):
    def __init__(self, name: str, disk: FailingDisk) -> None:
        super().__init__(name)
        self._disk = disk

    def save(self, content: bytes) -> None:
        if self._disk.is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().save(content)
