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
from tests.factories.portal import open_harness
from tests.factories.several_days import TWO_DAYS
from tests.factories.ticket_pages import CODE, FORM, opened, register
from tests.factories.tickets import KEYS

pytestmark = pytest.mark.anyio

PUBLISHED: Final = datetime(2026, 12, 14, 8, 0, tzinfo=UTC)


WRITINGS: Final = {
    "as it is shown": "HUT-EMV-RWE",
    "in one piece": "HUTEMVRWE",
    "in small letters with blanks": " hut emv rwe ",
    "with the dashes of a word processor": "HUT–EMV—RWE",
}


@pytest.mark.parametrize("typed", WRITINGS.values(), ids=WRITINGS.keys())
async def test_ticket_opens_however_its_code_is_typed(typed: str) -> None:
    async with open_harness() as harness:
        await register(harness)
        page = await opened(harness, typed)
        assert (page.status, page.heading, page.text_of("//*[@class='code']")) == (
            200,
            "You have a seat",
            "HUT-EMV-RWE",
        )


async def test_ticket_says_who_when_and_where() -> None:
    async with open_harness() as harness:
        await register(harness)
        page = await opened(harness)
        assert page.facts() == {
            "Code": "HUT-EMV-RWE",
            "Pseudonym": "Nausicaä",
            "When": "Tuesday 15 December 2026, 11:00 – 17:30",
            "Where": "The Common House, 1 rue des Lilas",
        }


async def test_ticket_says_the_hours_of_each_of_a_few_days() -> None:
    async with open_harness(event=TWO_DAYS) as harness:
        await register(harness)
        assert (await opened(harness)).facts()["When"] == (
            "Saturday 12 June – Sunday 13 June 2027 Saturday 12 June, 09:00 – Sun 02:00 Sunday 13 June, 10:00 – 18:00"
        )


async def test_ticket_says_the_first_and_the_last_of_many_days() -> None:
    days = tuple(replace(TWO_DAYS.days[1], date=date(2027, 6, 10 + number)) for number in range(5))
    async with open_harness(event=replace(TWO_DAYS, days=days)) as harness:
        await register(harness)
        assert (await opened(harness)).facts()["When"] == "Thursday 10 June – Monday 14 June 2027"


async def test_ticket_without_a_pseudonym_leaves_it_out() -> None:
    async with open_harness() as harness:
        await register(harness, pseudonym="")
        assert "Pseudonym" not in (await opened(harness)).facts()


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
    async with open_harness(Policy(capacity=0 if state is State.WAITING else 1), kind=kind) as harness:
        await register(harness)
        assert (await opened(harness)).heading == HEADINGS[state]


REFUSALS: Final[dict[str, tuple[str, str, int, str]]] = {
    "a sign that is none": ("HUT-EMV-RW@", "code", 422, "is never in a code"),
    "a sign too few": ("HUT-EMV-RW", "code", 422, "this one has 8"),
    "two signs that changed places": ("HUT-EMV-REW", "code", 422, "two were swapped"),
    "no code": ("", "code", 422, "this one has 0"),
}


@pytest.mark.parametrize(("code", "field", "status", "words"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_invalid_code_gets_its_own_error(code: str, field: str, status: int, words: str) -> None:
    async with open_harness() as harness:
        page = await opened(harness, code)
        assert page.status == status
        assert words in page.error(field)
        assert page.fields() == {"code": code, "passphrase": ""}


async def test_code_of_another_event_opens_nothing() -> None:
    async with open_harness(keys=replace(KEYS, event=b"o" * 32)) as other, open_harness() as harness:
        await register(other)
        assert (await opened(other)).status == 200
        assert (await opened(harness)).status == 403


async def test_ticket_leaves_no_cookie_and_is_kept_by_nobody() -> None:
    async with open_harness() as harness:
        await register(harness)
        headers = (await opened(harness)).response.headers
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers


async def test_ticket_carries_its_code_alone_in_an_image_of_the_page_itself() -> None:
    async with open_harness() as harness:
        await register(harness)
        (image,) = (await opened(harness)).found("//main//img")
        assert image.get("src") == qr_image(CODE)
        assert image.get("alt") == "The code of this ticket, to be scanned at check-in"


async def test_ticket_leads_to_the_calendar_of_the_edition() -> None:
    async with open_harness() as harness:
        await register(harness)
        page = await opened(harness)
        (link,) = page.found("//main//a[contains(., 'calendar')]")
        answer = await harness.client.get(page.response.request.url.join(link.get("href", "")))
        assert (answer.status_code, answer.headers["content-type"]) == (200, CALENDAR)


async def test_ticket_tells_the_announcements_of_the_edition() -> None:
    async with open_harness() as harness:
        await register(harness)
        text = Text("Au *premier*.", "On the *first* floor.")
        news = Announcement("salle", Text("Autre salle", "Another room"), text, PUBLISHED)
        await harness.store.announce(news, "Another room", Addresses(), PUBLISHED)
        await harness.client.aclose()
        await harness.enter()
        page = await opened(harness)
        assert page.text_of("//*[@id='announcement-salle']//h3") == "Another room"
        assert page.text_of("//*[@id='announcement-salle']//em") == "first"


async def test_ticket_tells_the_titles_alone_of_long_announcements() -> None:
    async with open_harness() as harness:
        await register(harness)
        for number in range(3):
            news = Announcement(f"n{number}", Text(f"Avis {number}"), Text("a" * ANNOUNCEMENT_CHARACTERS), PUBLISHED)
            await harness.store.announce(news, "", Addresses(), PUBLISHED)
        await harness.client.aclose()
        await harness.enter()
        page = await opened(harness)
        assert page.found("//*[@class='news']") == []
        assert page.text_of("//aside//ul") == "Avis 0 Avis 1 Avis 2"


async def test_page_that_asks_for_the_ticket_tells_that_everything_was_erased() -> None:
    async with open_harness() as harness:
        await register(harness)
        assert "erased" not in (await harness.get(FORM)).text
        await harness.store.erase_all_registrations(date(2026, 12, 22))
        notice = "the portal erased everything that it kept about the people who had registered: 1 registration."
        assert notice in (await harness.get(FORM)).text
        assert "Tuesday 22 December 2026" in (await opened(harness)).text
