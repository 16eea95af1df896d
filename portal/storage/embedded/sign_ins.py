"""Sign-ins of the organisers in the store: opened after a proof, seen to the minute, closed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from portal.domain.organisers.organiser import Organiser, SignIn, is_alive, is_good
from portal.domain.times import whole_minute
from portal.storage.embedded.database import Transaction, View
from portal.storage.embedded.organisers import (
    SET_UP_CODES,
    SIGN_INS,
    OrganisersPart,
    organiser_in,
    put_organiser,
    put_sign_in,
    set_up_codes_in,
    sign_in_of,
    sign_ins_in,
)


class EmbeddedSignIns(OrganisersPart):
    """`organisers_contract.SignInStore` on the database of organisers."""

    async def open_sign_in(self, sign_in: SignIn, proven: Organiser, renewed: Organiser | None = None) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            present = organiser_in(transaction, sign_in.organiser)
            if present is None or _access(present) != _access(proven):
                return False
            if renewed is not None:
                put_organiser(transaction, replace(renewed, onion_key=present.onion_key))
            sweep(transaction, sign_in.started)
            put_sign_in(transaction, sign_in)
            return True

        return await self._organisers.transact(decide)

    async def sign_in(self, id: str, now: datetime) -> SignIn | None:
        """See the contract."""
        snapshot = await self._organisers.snapshot()
        known = _seen(snapshot, id, now)
        if known is None or known == _stored(snapshot, id):
            return known

        def decide(transaction: Transaction) -> SignIn | None:
            seen = _seen(transaction, id, now)
            if seen is not None:
                put_sign_in(transaction, seen)
            return seen

        return await self._organisers.transact(decide)

    async def sign_ins(self, organiser: str, now: datetime) -> tuple[SignIn, ...]:
        """See the contract."""
        found = sign_ins_in(await self._organisers.snapshot(), organiser)
        alive = (sign_in for sign_in in found if is_alive(sign_in, now))
        return tuple(sorted(alive, key=attrgetter("seen", "started", "id"), reverse=True))

    async def close_sign_in(self, id: str) -> None:
        """See the contract."""
        await self._organisers.transact(lambda transaction: transaction.erase(SIGN_INS, id))

    async def close_sign_ins(self, organiser: str, ids: Sequence[str]) -> int:
        """See the contract."""

        def decide(transaction: Transaction) -> int:
            own = {sign_in.id for sign_in in sign_ins_in(transaction, organiser)} & set(ids)
            for id in own:
                transaction.erase(SIGN_INS, id)
            return len(own)

        return await self._organisers.transact(decide)


def sweep(transaction: Transaction, now: datetime) -> None:
    """Forget the sign-ins that are no longer alive at `now`, and the set-up codes that are no longer good."""
    for id, record in transaction.records(SIGN_INS).items():
        if not is_alive(sign_in_of(id, record), now):
            transaction.erase(SIGN_INS, id)
    for code in set_up_codes_in(transaction):
        if not is_good(code, now):
            transaction.erase(SET_UP_CODES, code.id)


def _access(organiser: Organiser) -> tuple[str, str]:
    return organiser.passphrase_hash, organiser.wrapped_key


def _stored(view: View, id: str) -> SignIn | None:
    record = view.get(SIGN_INS, id)
    return None if record is None else sign_in_of(id, record)


def _seen(view: View, id: str, now: datetime) -> SignIn | None:
    """Return the sign-in as seen at `now`, to the minute; None when it is not alive."""
    stored = _stored(view, id)
    if stored is None or not is_alive(stored, now):
        return None
    return replace(stored, seen=max(stored.seen, whole_minute(now)))
