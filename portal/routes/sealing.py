"""The ids of codes and the sealed pseudonyms, as the routes need them."""

from portal.domain.errors import DataMissing
from portal.domain.registration.hashing import Hasher
from portal.domain.registration.sealing import seal_pseudonym
from portal.domain.registration.ticket_code import code_digest
from portal.services import Services


async def ticket_id(hasher: Hasher, services: Services, code: str) -> str:
    """Return the id of the registration that `code` opens, worked out by `hasher`. Raises `BusyError`."""
    return (await hasher.locate(code_digest(services.keys.event, code))).id


async def sealed_pseudonym(services: Services, pseudonym: str, key: bytes) -> str:
    """Return `pseudonym` sealed for the person whose passphrase has this `key`, and for the organisers."""
    organisers_key = await services.store.sealing_key()
    if organisers_key is None:
        raise DataMissing(folder=services.settings.data)
    return seal_pseudonym(pseudonym, key, bytes.fromhex(organisers_key))
