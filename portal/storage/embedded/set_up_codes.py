"""Set-up codes in the store: given by an organiser, each used once to make another."""

from dataclasses import replace
from datetime import datetime

from portal.domain.limits import SET_UP_CODES as MOST
from portal.domain.organisers.organiser import Organiser, SetUpCode, is_good
from portal.domain.organisers.organiser_errors import (
    NoLongerOrganiser,
    OrganiserExists,
    SetUpCodePending,
    SetUpCodesFull,
)
from portal.storage.embedded.database import Transaction, View
from portal.storage.embedded.organisers import (
    SET_UP_CODES,
    OrganisersPart,
    alphabetical,
    organiser_in,
    put_organiser,
    put_set_up_code,
    set_up_code_in,
    set_up_codes_in,
)
from portal.storage.embedded.sign_ins import sweep


class EmbeddedSetUpCodes(OrganisersPart):
    """`organisers_contract.SetUpStore` on the database of organisers."""

    async def give_set_up_code(self, code: SetUpCode, now: datetime) -> None:
        """See the contract."""

        def decide(transaction: Transaction) -> None:
            sweep(transaction, now)
            waiting = [unused.name for unused in set_up_codes_in(transaction) if not unused.is_used]
            giver = organiser_in(transaction, code.giver)
            if giver is None:
                raise NoLongerOrganiser
            if organiser_in(transaction, code.name) is not None:
                raise OrganiserExists(name=code.name)
            if code.name in waiting:
                raise SetUpCodePending(name=code.name)
            if len(waiting) >= MOST:
                raise SetUpCodesFull(most=MOST)
            put_set_up_code(transaction, code if giver.wrapped_key else replace(code, wrapped_key=""))

        await self._organisers.transact(decide)

    async def set_up_code(self, id: str, now: datetime) -> SetUpCode | None:
        """See the contract."""
        return _good(await self._organisers.snapshot(), id, now)

    async def set_up_codes(self, now: datetime) -> tuple[SetUpCode, ...]:
        """See the contract."""
        codes = set_up_codes_in(await self._organisers.snapshot())
        waiting = (code for code in codes if is_good(code, now) and not code.is_used)
        return tuple(sorted(waiting, key=lambda code: alphabetical(code.name)))

    async def use_set_up_code(self, id: str, organiser: Organiser, now: datetime) -> Organiser | None:
        """See the contract."""

        def decide(transaction: Transaction) -> Organiser | None:
            code = _good(transaction, id, now)
            if code is None or code.is_used or code.name != organiser.name or organiser_in(transaction, code.name):
                return None
            put_set_up_code(transaction, replace(code, is_used=True, wrapped_key=""))
            wrapped_key = organiser.wrapped_key if code.wrapped_key else ""
            return put_organiser(transaction, replace(organiser, onion_key=code.onion_key, wrapped_key=wrapped_key))

        return await self._organisers.transact(decide)

    async def withdraw_set_up_code(self, name: str) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            found = [code for code in set_up_codes_in(transaction) if code.name == name and not code.is_used]
            for code in found:
                transaction.erase(SET_UP_CODES, code.id)
            return bool(found)

        return await self._organisers.transact(decide)


def _good(view: View, id: str, now: datetime) -> SetUpCode | None:
    code = set_up_code_in(view, id)
    return code if code is not None and is_good(code, now) else None
