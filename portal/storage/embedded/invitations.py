"""The invitations that nobody has used: nothing but their ids, beside the registrations that use them up."""

from collections.abc import Sequence

from portal.storage.embedded.registration_records import INVITATIONS, OnRegistrations
from portal.storage.embedded.snapshot import Transaction


class EmbeddedInvitations(OnRegistrations):
    """`contract.InvitationStore` on the database of registrations."""

    async def add_invitations(self, ids: Sequence[str]) -> None:
        """See the contract."""

        def decide(change: Transaction) -> None:
            for id in ids:
                change.put(INVITATIONS, id, {})

        await self._registrations.change(decide)

    async def has_invitation(self, id: str) -> bool:
        """See the contract."""
        return (await self._registrations.snapshot()).get(INVITATIONS, id) is not None

    async def invitations(self) -> int:
        """See the contract."""
        return len((await self._registrations.snapshot()).records(INVITATIONS))

    async def withdraw_invitations(self) -> int:
        """See the contract."""

        def decide(change: Transaction) -> int:
            ids = change.records(INVITATIONS)
            for id in ids:
                change.erase(INVITATIONS, id)
            return len(ids)

        return await self._registrations.change(decide)
