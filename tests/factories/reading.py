"""Pseudonyms as organisers see them, and the forms of the team, for the tests of who can read."""

from typing import Final

from portal.domain.registration.sealing import seal_pseudonym
from tests.factories.page import Page
from tests.factories.portal import Harness
from tests.factories.tickets import hashed, ticket_id

TEAM: Final = "/en/organisers/team/"
UNREADABLE: Final = "Not readable"


async def register(harness: Harness, code: str, pseudonym: str) -> None:
    """Keep a registration whose pseudonym is sealed to the key that is in force."""
    public_key = await harness.store.sealing_key()
    assert public_key is not None
    made = hashed(f"words of {pseudonym}")
    sealed = seal_pseudonym(pseudonym, made.key, bytes.fromhex(public_key))
    await harness.store.register(ticket_id(code), sealed, made.stored, harness.clock())


async def pseudonyms(harness: Harness) -> list[str]:
    """Return the pseudonyms on the list of registrations, as the browser shows them."""
    page = await harness.get("/en/organisers/people/")
    return sorted(str(element.text_content()) for element in page.found("//tbody//th"))


async def on_team(harness: Harness, **typed: str) -> Page:
    """Send a form of the team's page, and return the page that follows."""
    token = (await harness.get(TEAM)).fields("team/")["csrf_token"]
    return await harness.follow(await harness.send(TEAM, {"csrf_token": token, **typed}))
