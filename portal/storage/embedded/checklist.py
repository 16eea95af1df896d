"""Checklist of the organisers in the store, beside the policy, which counts as one of its steps."""

from typing import Final

from portal.domain.draft.checklist import Mark
from portal.storage.embedded.database import Transaction
from portal.storage.embedded.registrations import RegistrationsPart, is_policy_kept

_MARKS: Final = "marks"


class EmbeddedChecklist(RegistrationsPart):
    """`contract.ChecklistStore` on the database of registrations, where the rules are."""

    async def marks(self) -> frozenset[Mark]:
        """See the contract."""
        view = await self._registrations.snapshot()
        kept = {Mark(id) for id in view.records(_MARKS)}
        return frozenset(kept | {Mark.RULES_KEPT} if is_policy_kept(view) else kept)

    async def mark(self, mark: Mark, is_set: bool = True) -> bool:
        """See the contract."""

        def decide(transaction: Transaction) -> bool:
            if (transaction.get(_MARKS, mark) is not None) is is_set:
                return False
            if is_set:
                transaction.put(_MARKS, mark.value, {})
            else:
                transaction.erase(_MARKS, mark.value)
            return True

        return await self._registrations.transact(decide)
