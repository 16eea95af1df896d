"""The ticket: opened again with its code and its passphrase, shown, and told to nobody who only guesses."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Announcement
from portal.domain.language import Text
from portal.domain.limits import ANNOUNCEMENT_CHARACTERS
from portal.domain.registration.registration import Policy, Registration, State
from portal.site.calendar import CALENDAR
from portal.site.qr import qr_image
from portal.storage.embedded.store import EmbeddedStore
from tests.factories.page import Page
from tests.factories.portal import House, open_house
from tests.factories.tickets import KEYS, sealed, ticket_id

pytestmark = pytest.mark.anyio

FORM: Final = "/en/ticket/"
CODE: Final = "HUTEMVRWE"
OTHER_CODE: Final = "UCVA6RJT6"
PUBLISHED: Final = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)
PASSPHRASE: Final = "blanc cheval lune vent pluie mer"


async def register(house: House, code: str = CODE, pseudonym: str = "Nausicaä") -> str:
    """Keep a registration for `code`; its id."""
    id, made = ticket_id(code, house.keys.event), await house.hasher.hash(PASSPHRASE)
    await house.store.register(id, sealed(pseudonym, made.key), made.stored, house.clock())
    return id


async def opened(house: House, code: str = CODE, passphrase: str = PASSPHRASE) -> Page:
    return await house.send(FORM, {"code": code, "passphrase": passphrase})


WRITINGS: Final = {
    "as it is shown": "HUT-EMV-RWE",
    "in one piece": "HUTEMVRWE",
    "in small letters with blanks": " hut emv rwe ",
    "with the dashes of a word processor": "HUT–EMV—RWE",
}


@pytest.mark.parametrize("typed", WRITINGS.values(), ids=WRITINGS.keys())
async def test_ticket_opens_however_its_code_is_typed(typed: str) -> None:
    async with open_house() as house:
        await register(house)
        page = await opened(house, typed)
        assert (page.status, page.heading, page.said("//*[@class='code']")) == (200, "You have a seat", "HUT-EMV-RWE")


async def test_ticket_says_who_when_and_where() -> None:
    async with open_house() as house:
        await register(house)
        page = await opened(house)
        assert page.facts() == {
            "Code": "HUT-EMV-RWE",
            "Pseudonym": "Nausicaä",
            "When": "Tuesday 15 December 2026, 11:00 – 17:30",
            "Where": "The Common House, 1 rue des Lilas",
        }


async def test_ticket_without_a_pseudonym_leaves_it_out() -> None:
    async with open_house() as house:
        await register(house, pseudonym="")
        assert "Pseudonym" not in (await opened(house)).facts()


HEADINGS: Final = {
    State.SEATED: "You have a seat",
    State.WAITING: "You are on the waiting list",
    State.ARRIVED: "You have arrived",
}


class AtTheDoor(EmbeddedStore):
    """A store in which everybody has arrived."""

    async def registration(self, id: str) -> Registration | None:
        found = await super().registration(id)
        return replace(found, state=State.ARRIVED) if found else None


@pytest.mark.parametrize("state", State)
async def test_ticket_says_where_its_registration_stands(state: State) -> None:
    kind = AtTheDoor if state is State.ARRIVED else EmbeddedStore
    async with open_house(Policy(capacity=0 if state is State.WAITING else 1), kind=kind) as house:
        await register(house)
        assert (await opened(house)).heading == HEADINGS[state]


REFUSALS: Final[dict[str, tuple[str, str, int, str]]] = {
    "a sign that is none": ("HUT-EMV-RW@", "code", 422, "is in no code"),
    "a sign too few": ("HUT-EMV-RW", "code", 422, "here there are 8"),
    "two signs that changed places": ("HUT-EMV-REW", "code", 422, "two have changed places"),
    "no code": ("", "code", 422, "here there are 0"),
}


@pytest.mark.parametrize(("code", "field", "status", "words"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_code_that_cannot_be_one_is_told_as_such(code: str, field: str, status: int, words: str) -> None:
    async with open_house() as house:
        page = await opened(house, code)
        assert (page.status, words in page.error(field)) == (status, True)
        assert page.fields() == {"code": code, "passphrase": ""}


async def test_code_of_another_event_opens_nothing() -> None:
    async with open_house(keys=replace(KEYS, event=b"o" * 32)) as other, open_house() as house:
        await register(other)
        assert (await opened(other)).status == 200
        assert (await opened(house)).status == 403


async def test_ticket_leaves_no_cookie_and_is_kept_by_nobody() -> None:
    async with open_house() as house:
        await register(house)
        headers = (await opened(house)).response.headers
        assert (headers["cache-control"], "set-cookie" in headers) == ("no-store", False)


async def test_ticket_carries_its_code_alone_in_an_image_of_the_page_itself() -> None:
    async with open_house() as house:
        await register(house)
        (image,) = (await opened(house)).found("//main//img")
        assert image.get("src") == qr_image(CODE)
        assert image.get("alt") == "The code of this ticket, to be scanned at the door"


async def test_ticket_leads_to_the_calendar_of_the_edition() -> None:
    async with open_house() as house:
        await register(house)
        page = await opened(house)
        (link,) = page.found("//main//a[contains(., 'calendar')]")
        answer = await house.client.get(page.response.request.url.join(link.get("href", "")))
        assert (answer.status_code, answer.headers["content-type"]) == (200, CALENDAR)


async def test_ticket_tells_the_announcements_of_the_edition() -> None:
    async with open_house() as house:
        await register(house)
        text = Text("Au *premier*.", "On the *first* floor.")
        news = Announcement("salle", Text("Autre salle", "Another room"), text, PUBLISHED)
        await house.store.announce(news, "Another room", Addresses(), PUBLISHED)
        await house.client.aclose()
        await house.enter()
        page = await opened(house)
        assert page.said("//*[@id='announcement-salle']//h3") == "Another room"
        assert page.said("//*[@id='announcement-salle']//em") == "first"


async def test_ticket_tells_the_titles_alone_of_long_announcements() -> None:
    async with open_house() as house:
        await register(house)
        for number in range(3):
            news = Announcement(f"n{number}", Text(f"Avis {number}"), Text("a" * ANNOUNCEMENT_CHARACTERS), PUBLISHED)
            await house.store.announce(news, "", Addresses(), PUBLISHED)
        await house.client.aclose()
        await house.enter()
        page = await opened(house)
        assert page.found("//*[@class='news']") == []
        assert page.said("//aside//ul") == "Avis 0 Avis 1 Avis 2"


async def test_page_that_asks_for_the_ticket_tells_that_everything_was_erased() -> None:
    async with open_house() as house:
        await register(house)
        assert "erased" not in (await house.get(FORM)).text
        await house.store.erase_all_registrations(date(2026, 12, 22))
        told = "the portal erased everything that it kept about the people who had registered: 1 registration."
        assert told in (await house.get(FORM)).text
        assert "Tuesday 22 December 2026" in (await opened(house)).text
