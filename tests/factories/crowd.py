"""Three people and their tickets, for the tests of the organisers' pages."""

import random
from typing import Final

from portal.domain.registration.registration import Policy
from portal.domain.registration.ticket_code import new_code, shown
from tests.factories.portal import Harness
from tests.factories.tickets import sealed, ticket_id

TWO_SEATS: Final = Policy(capacity=2)
SEATED, ARRIVED, WAITING, NOBODY = (new_code(random.Random(number)) for number in range(4))
"""The codes of Ada, who has a seat, of Béa, who has arrived, of Chloé, who waits, and one of no ticket."""


async def fill(harness: Harness) -> None:
    """Register the three of them, on a portal of two seats."""
    store = harness.store
    for code, pseudonym in ((SEATED, "Ada"), (ARRIVED, "Béa"), (WAITING, "Chloé")):
        await store.register(ticket_id(code), sealed(pseudonym), "$argon2id$", harness.clock())
    await store.arrive(ticket_id(ARRIVED))


def typed(code: str) -> str:
    """Return a code as a person types it."""
    return shown(code).lower().replace("-", " ")
