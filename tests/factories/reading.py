"""Pseudonyms as organisers see them, and the forms of the team, for the tests of who can read."""

from typing import Final

from portal.domain.registration.sealing import seal_pseudonym
from tests.factories.page import Page
from tests.factories.portal import House
from tests.factories.tickets import hashed, ticket_id

TEAM: Final = "/en/organisers/team/"
UNREADABLE: Final = "Not readable"


async def register(house: House, code: str, pseudonym: str) -> None:
    """Keep a registration whose pseudonym is sealed to the key that is in force."""
    public_key = await house.store.sealing_key()
    assert public_key is not None
    made = hashed(f"words of {pseudonym}")
    sealed = seal_pseudonym(pseudonym, made.key, bytes.fromhex(public_key))
    await house.store.register(ticket_id(code), sealed, made.stored, house.clock())


async def pseudonyms(house: House) -> list[str]:
    """Return the pseudonyms on the list of registrations, as the browser shows them."""
    page = await house.get("/en/organisers/people/")
    return sorted(str(one.text_content()) for one in page.found("//tbody//th"))


async def on_team(house: House, **typed: str) -> Page:
    """Send a form of the team's page; the page that follows."""
    token = (await house.get(TEAM)).fields("team/")["csrf_token"]
    return await house.follow(await house.send(TEAM, {"csrf_token": token, **typed}))
