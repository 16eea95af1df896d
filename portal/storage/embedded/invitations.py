"""Unused invitations in the store: only their ids, beside the registrations that use them up."""

from collections.abc import Sequence

from portal.storage.embedded.database import Transaction
from portal.storage.embedded.registrations import INVITATIONS, RegistrationsPart


class EmbeddedInvitations(RegistrationsPart):
    """`contract.InvitationStore` on the database of registrations."""

    async def add_invitations(self, ids: Sequence[str]) -> None:
        """See the contract."""

        def decide(transaction: Transaction) -> None:
            for id in ids:
                transaction.put(INVITATIONS, id, {})

        await self._registrations.transact(decide)

    async def has_invitation(self, id: str) -> bool:
        """See the contract."""
        return (await self._registrations.snapshot()).get(INVITATIONS, id) is not None

    async def invitations(self) -> int:
        """See the contract."""
        return len((await self._registrations.snapshot()).records(INVITATIONS))

    async def withdraw_invitations(self) -> int:
        """See the contract."""

        def decide(transaction: Transaction) -> int:
            ids = transaction.records(INVITATIONS)
            for id in ids:
                transaction.erase(INVITATIONS, id)
            return len(ids)

        return await self._registrations.transact(decide)
