"""The pages of a ticket: opening it, and sending its forms."""

from typing import Final

from tests.factories.page import Page
from tests.factories.portal import Harness
from tests.factories.tickets import sealed, ticket_id

FORM: Final = "/en/ticket/"


CODE: Final = "HUTEMVRWE"


OTHER_CODE: Final = "UCVA6RJT6"


PASSPHRASE: Final = "blanc cheval lune vent pluie mer"


async def register(harness: Harness, code: str = CODE, pseudonym: str = "Nausicaä") -> str:
    """Keep a registration for `code`; its id."""
    id, made = ticket_id(code, harness.keys.event), await harness.hasher.hash(PASSPHRASE)
    await harness.store.register(id, sealed(pseudonym, made.key), made.stored, harness.clock())
    return id


async def opened(harness: Harness, code: str = CODE, passphrase: str = PASSPHRASE) -> Page:
    return await harness.send(FORM, {"code": code, "passphrase": passphrase})


SECRET: Final = "/ticket/passphrase/"


async def act(harness: Harness, page: Page, to: str, **typed: str) -> Page:
    """Send the form of `page` that goes to `to`, with what is typed into it."""
    return await harness.send(page.action(to), page.fields(to) | typed)
