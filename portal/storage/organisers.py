"""The organisers and their sign-ins."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from portal.domain.organiser import Organiser, SignIn, is_alive
from portal.domain.plain_words import plain_words
from portal.storage.database import Database
from portal.storage.json_file import Record
from portal.storage.snapshot import Change, View

_ORGANISERS: Final = "organisers"
_SIGN_INS: Final = "sign-ins"


class EmbeddedOrganisers:
    """`portal.storage.contract.OrganiserStore` on a database."""

    def __init__(self, organisers: Database) -> None:
        self._organisers: Final = organisers

    async def add_organiser(self, organiser: Organiser) -> bool:
        """See the contract."""

        def decide(change: Change) -> bool:
            if change.get(_ORGANISERS, organiser.name) is not None:
                return False
            change.put(_ORGANISERS, organiser.name, {"passphrase_hash": organiser.passphrase_hash})
            return True

        return await self._organisers.change(decide)

    async def organiser(self, name: str) -> Organiser | None:
        """See the contract."""
        record = (await self._organisers.snapshot()).get(_ORGANISERS, name)
        return None if record is None else Organiser(name, record["passphrase_hash"])

    async def organisers(self) -> tuple[str, ...]:
        """See the contract."""
        return tuple(sorted((await self._organisers.snapshot()).records(_ORGANISERS), key=_alphabetical))

    async def open_sign_in(self, sign_in: SignIn) -> None:
        """See the contract."""

        def decide(change: Change) -> None:
            for id, record in change.records(_SIGN_INS).items():
                if not is_alive(_sign_in(id, record), sign_in.started):
                    change.erase(_SIGN_INS, id)
            _put(change, sign_in)

        await self._organisers.change(decide)

    async def sign_in(self, id: str, now: datetime) -> SignIn | None:
        """See the contract."""
        snapshot = await self._organisers.snapshot()
        known = _seen(snapshot, id, now)
        if known is None or known == _stored(snapshot, id):
            return known

        def decide(change: Change) -> SignIn | None:
            seen = _seen(change, id, now)
            if seen is not None:
                _put(change, seen)
            return seen

        return await self._organisers.change(decide)

    async def close_sign_in(self, id: str) -> None:
        """See the contract."""
        await self._organisers.change(lambda change: change.erase(_SIGN_INS, id))


def _alphabetical(name: str) -> tuple[str, str]:
    """Where a name stands in a list: accents and capitals do not count, but between names alike without them."""
    return plain_words(name), name


def _stored(view: View, id: str) -> SignIn | None:
    record = view.get(_SIGN_INS, id)
    return None if record is None else _sign_in(id, record)


def _seen(view: View, id: str, now: datetime) -> SignIn | None:
    """The sign-in as it is once seen at `now`, to the minute; None when it is not alive."""
    stored = _stored(view, id)
    if stored is None or not is_alive(stored, now):
        return None
    return replace(stored, seen=max(stored.seen, now.replace(second=0, microsecond=0)))


def _sign_in(id: str, record: Record) -> SignIn:
    started, seen = (datetime.fromisoformat(record[field]) for field in ("started", "seen"))
    return SignIn(id, record["organiser"], started, seen)


def _put(change: Change, sign_in: SignIn) -> None:
    started, seen = sign_in.started.isoformat(), sign_in.seen.isoformat()
    change.put(_SIGN_INS, sign_in.id, {"organiser": sign_in.organiser, "started": started, "seen": seen})
