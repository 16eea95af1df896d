"""The form of registration: its fields, its code, and the people and invitations that are there before it is sent."""

from typing import Final

from portal.domain.registration.ticket_code import parse_code
from tests.factories.page import Page
from tests.factories.portal import Harness
from tests.factories.tickets import invitation_id

FORM: Final = "/en/registration/"


async def filled_in(harness: Harness, **typed: str) -> dict[str, str]:
    """Return the fields of a new form as a person would send them, three seconds later."""
    fields = (await harness.get(FORM)).fields() | typed
    harness.clock.turn(seconds=3)
    return fields


def code_on(page: Page) -> str:
    """Return the code that a form or a ticket shows."""
    return parse_code(page.text_of("//*[@class='code']"))


async def invite(harness: Harness, *codes: str) -> None:
    await harness.store.add_invitations([invitation_id(code) for code in codes])


async def fill(harness: Harness, number: int) -> None:
    """Register so many people."""
    for person in range(number):
        await harness.store.register(f"{person:064x}", "", "-", harness.clock())
