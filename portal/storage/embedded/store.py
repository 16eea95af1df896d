"""Store inside the portal itself: three TinyDB databases in a data folder."""

import random
from pathlib import Path
from typing import Final

from portal.domain.edition.edition import Draft
from portal.domain.errors import DataDamaged, DataExists, DataLost, DataMissing
from portal.domain.event.event import Event
from portal.domain.language import N_
from portal.domain.registration.registration import Counts
from portal.storage.embedded.checklist import EmbeddedChecklist
from portal.storage.embedded.data_file import DataFile, DiskFile
from portal.storage.embedded.database import Database
from portal.storage.embedded.erasure import EmbeddedErasure
from portal.storage.embedded.invitations import EmbeddedInvitations
from portal.storage.embedded.journal import EmbeddedJournal
from portal.storage.embedded.organisers import EmbeddedOrganisers, OrganisersPart
from portal.storage.embedded.programme import EmbeddedProgramme
from portal.storage.embedded.registrations import EmbeddedRegistrations, EmbeddedSeats, RegistrationsPart
from portal.storage.embedded.set_up_codes import EmbeddedSetUpCodes
from portal.storage.embedded.sign_ins import EmbeddedSignIns
from portal.storage.embedded.upgrade import upgraded_organisers, upgraded_registrations

_RNG: Final = random.SystemRandom()
_OUTDATED: Final = N_("it is older than the registrations beside it: bring all files back from the same backup")

_NO_READER: Final = N_("it names no organiser who could read the pseudonyms: add one with the portal that wrote it")


class EmbeddedStore(
    EmbeddedRegistrations,
    EmbeddedErasure,
    EmbeddedSeats,
    EmbeddedInvitations,
    EmbeddedJournal,
    EmbeddedChecklist,
    EmbeddedProgramme,
    EmbeddedOrganisers,
    EmbeddedSignIns,
    EmbeddedSetUpCodes,
):
    """`contract.Store`, for one event loop; several processes may share its data folder."""

    def __init__(self, registrations: DataFile, programme: DataFile, organisers: DataFile) -> None:
        RegistrationsPart.__init__(self, Database(registrations))
        EmbeddedProgramme.__init__(self, Database(programme))
        OrganisersPart.__init__(self, Database(organisers))
        self._databases: Final = (self._registrations, self._organisers, self._programme)

    async def open(self, rng: random.Random = _RNG, cores: int = 1) -> None:
        """Read every file, and bring those of an earlier portal up to date on `cores`; `rng` is fit for secrets.

        A folder without any is fit for `initialise`; raises `DataDamaged` and `StorageError`.
        """
        missing = [database.file for database in self._databases if not await database.open()]
        if missing and await self._has_draft():
            raise DataLost(file=missing[0].name, reason=N_("it is missing"), copy=missing[0].backup_name)
        if not missing and any(database.is_outdated for database in self._databases):
            await self._upgrade(rng, cores)

    async def _upgrade(self, rng: random.Random, cores: int) -> None:
        """Upgrade the organisers first: the rest is sealed to their key, and a run that is cut off can go on."""
        file = self._organisers.file
        if self._organisers.is_outdated and not self._registrations.is_outdated:
            raise DataDamaged(file=file.name, reason=_OUTDATED, copy=file.backup_name)
        if self._organisers.is_outdated and not await self.organisers() and await self.counts() != Counts():
            raise DataDamaged(file=file.name, reason=_NO_READER, copy=file.backup_name)
        await self._programme.upgrade(lambda tables: tables)
        await self._organisers.upgrade(lambda tables: upgraded_organisers(tables, rng, cores))
        sealing_key = await self.sealing_key()
        if sealing_key is not None:
            await self._registrations.upgrade(lambda tables: upgraded_registrations(tables, sealing_key, rng, cores))

    async def initialise(self, event: Event) -> Draft:
        """See the contract. The draft comes last: a folder without one can be initialised again."""
        if await self._has_draft():
            raise DataExists(folder=self._programme.file.folder)
        for database in self._databases:
            await database.create()
        if await self.counts() != Counts():
            raise DataExists(folder=self._programme.file.folder)
        return await self._begin(event)

    async def close(self) -> None:
        """Wait until every transaction is on the disk."""
        for database in self._databases:
            await database.close()

    async def _has_draft(self) -> bool:
        try:
            await self.draft()
        except DataMissing:
            return False
        return True


async def open_store(data: Path, cores: int = 1) -> EmbeddedStore:
    """Return the store in the folder `data`, which need not be there yet; an earlier portal's is upgraded on `cores`.

    Raises `DataDamaged` when a file is not whole, and `StorageError` when the folder cannot be read or written.
    """
    store = EmbeddedStore(*(DiskFile(data, name) for name in ("registrations", "programme", "organisers")))
    await store.open(cores=cores)
    return store
