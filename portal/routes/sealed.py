"""The ids of codes and the sealed pseudonyms, as the routes need them."""

from portal.domain.errors import DataMissing, TicketUnknown
from portal.domain.hashing import Hasher, PassphraseKey
from portal.domain.sealing import seal_pseudonym
from portal.domain.ticket_code import code_digest
from portal.routes.ticket_page import OpenTicket
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


async def rekeyed(services: Services, ticket: OpenTicket, made: PassphraseKey) -> OpenTicket:
    """Keep another passphrase key for `ticket`, and its pseudonym sealed for it.

    Raises `TicketUnknown` when it was erased, or given another passphrase, in the meantime.
    """
    before = ticket.registration
    sealed = await sealed_pseudonym(services, ticket.pseudonym, made.key)
    kept = await services.store.amend_registration(before.id, sealed, made.stored, before.passphrase_hash)
    if kept is None or kept.passphrase_hash != made.stored:
        raise TicketUnknown
    return OpenTicket(ticket.code, kept, made.key)
