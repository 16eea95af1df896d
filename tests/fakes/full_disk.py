"""A store whose disk is full."""

from datetime import datetime

from portal.domain.errors import StorageError
from portal.domain.registration.registration import Registration
from portal.storage.embedded.store import EmbeddedStore


class FullDisk(EmbeddedStore):
    """A store whose disk takes no more."""

    async def register(
        self, id: str, sealed_pseudonym: str, passphrase_hash: str, now: datetime, invitation: str | None = None
    ) -> Registration:
        raise StorageError
