"""Signatures of a running portal: it signs each edition and renews the timestamp, and never holds up publishing."""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from securesystemslib.signer import Signature

from portal.domain.edition.edition import Edition
from portal.domain.errors import PortalError, StorageError
from portal.domain.trust.signing import Signing
from portal.domain.trust.signing_errors import SigningError
from portal.mirror.client.metadata import PREFIX
from portal.mirror.signing.metadata_store import WAITING
from portal.mirror.signing.repository import Repository
from portal.routes.current_edition import CurrentEdition, dynamic_paths
from portal.site.files import Files
from portal.storage.contract import Store
from portal.web.error_log import DuplicateFilter, format_safely

T = TypeVar("T")
LOG: Final = logging.getLogger("portal")
ROUND: Final = timedelta(seconds=5)
"""Pause between two checks of the running portal for what another process has signed or published."""
WHOLE_ROUND: Final = 120
"""After how many rounds it checks whether a timestamp is due."""
RETRY_ROUND: Final = 12
"""After how many rounds it retries what a fault kept from being signed."""
FIRST_HOLDER: Final = "portal"
"""Name of the holder whose key a portal makes that was set up before there were signatures."""


class EditionSigner:
    """`services.Signatures` on the folder `data`. A fault is logged once, and retried."""

    def __init__(self, data: Path, clock: Callable[[], datetime]) -> None:
        self.repository: Final = Repository(data, clock)
        self._status: Signing | None = None
        self._files: Files = {}
        self._needed = 1
        self._faults = DuplicateFilter()
        self._stamp: object = None
        self._rounds = 0

    def begin(self) -> None:
        """Make the keys where there are none, and read the state of the signatures."""
        self._try(lambda: self.repository.begin(FIRST_HOLDER))
        self._reload()

    def sign(self, files: Files, dynamic: Collection[str], edition: int) -> bool:
        """See the contract."""
        self._try(lambda: self.repository.sign(files, dynamic, edition))
        self._reload()
        return self._needed == 1 or (self._status is not None and self._status.edition >= edition)

    def signed_files(self, edition: int) -> Files | None:
        """See the contract."""
        return None if self._needed == 1 else self._try(lambda: self.repository.signed_files(edition))

    def files(self) -> Files:
        """See the contract."""
        return self._files

    def signing(self) -> Signing | None:
        """See the contract."""
        return self._status

    def add(self, role: str, key: str, signature: str) -> Signing:
        """See the contract."""
        signing = self.repository.add_signature(role, Signature(key, signature))
        if self._stamp != self.repository.stamp():
            self._reload()
        return signing

    def with_files(self, files: Files, is_dynamic: Callable[[str], bool], edition: int) -> Files:
        """Return `files` of edition number `edition`, signed, with the metadata that mirrors need, the timestamp last.

        The files that were signed before are in their place until these have enough signatures.
        """
        self.sign(files, dynamic_paths(files, is_dynamic), edition)
        published = {path: file for path, file in self._files.items() if not path.startswith(f"{PREFIX}{WAITING}/")}
        return {**(self.signed_files(edition) or files), **published}

    def renew(self) -> bool:
        """Renew the timestamp where that is due; return whether the signatures have changed."""
        self._rounds += 1
        if self._stamp == self.repository.stamp() and self._rounds % WHOLE_ROUND:
            return False
        before = self._files
        self._try(self.repository.renew)
        self._reload()
        return self._files != before

    def _reload(self) -> None:
        self._status = None
        self._try(self._read)
        self._stamp = self.repository.stamp()

    def _read(self) -> None:
        self._status, self._files = self.repository.signing(), self.repository.files()
        self._needed = self._status.needed

    def _try(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except (StorageError, SigningError) as error:
            if self._faults.is_new(fault := format_safely(error)):
                LOG.error("the signatures wait\n%s", fault)
            return None


def is_pending(signing: Signing | None, edition: int) -> bool:
    """Return whether edition number `edition` is pending for signatures of further holders."""
    return bool(signing and signing.needed > 1 and signing.next and signing.next.edition == edition)


def edition_to_show(editions: tuple[Edition, ...], signing: Signing | None) -> Edition:
    """Return which of `editions`, the newest first, to show at the start: the newest with enough signatures."""
    if signing is None or signing.needed == 1:
        return editions[0]
    return next((edition for edition in editions if edition.number == signing.edition), editions[0])


async def keep_signed(signer: EditionSigner, current: CurrentEdition, store: Store, pause: timedelta = ROUND) -> None:
    """Keep what is published signed, its timestamp fresh, and show it, until cancelled."""
    tried = 0
    for number in count(1):
        try:
            if await asyncio.to_thread(signer.renew):
                await current.refresh_signatures()
            edition = await store.edition()
            is_time = edition and (tried != edition.number or number % RETRY_ROUND == 0) and not current.is_rendering
            if edition and is_time and is_unfinished(edition, current, signer.signing(), is_at_start=number == 1):
                tried = edition.number
                await current.show(edition)
        except PortalError as error:
            LOG.error("the signatures wait\n%s", format_safely(error))
        await asyncio.sleep(pause.total_seconds())


def is_unfinished(edition: Edition, current: CurrentEdition, signing: Signing | None, *, is_at_start: bool) -> bool:
    """Return whether `edition` is to be signed or shown, and is pending for nobody.

    What is pending at the start may have been made by another version of the program: holders of this one refuse it.
    """
    is_done = signing and signing.edition >= edition.number and current.renderer.edition.number >= edition.number
    return not is_done and (is_at_start or not is_pending(signing, edition.number))
