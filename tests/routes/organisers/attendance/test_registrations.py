"""The registrations: found, and erased with a reason that names nobody."""

import random
from datetime import UTC, datetime
from typing import Final

import pytest

from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.registration import Counts, Policy
from tests.factories.crowd import ARRIVED, NOBODY, SEATED, TWO_SEATS, WAITING, fill, typed
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, Harness, open_harness
from tests.factories.tickets import sealed, ticket_id

pytestmark = pytest.mark.anyio

PEOPLE: Final = "/en/organisers/people/"
BUTTONS: Final = "//form[@class='actions']//button"


async def opened(harness: Harness) -> Page:
    """Show the list of the three to an organiser."""
    await fill(harness)
    await harness.sign_in()
    return await harness.get(PEOPLE)


async def found(harness: Harness, page: Page, search: str, offset: str = "0") -> Page:
    return await harness.send(PEOPLE, page.fields("people/") | {"search": search, "offset": offset})


def rows(page: Page) -> set[tuple[str, str]]:
    """Return the pseudonym and the state of each."""
    cells = [[str(cell.text_content()) for cell in row] for row in page.found("//tbody/tr")]
    return {(name, state) for name, state, _ in cells}


async def test_list_tells_pseudonym_and_state_of_everybody() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await opened(harness)
        assert rows(page) == {("Ada", "Has a seat"), ("Béa", "Arrived"), ("Chloé", "Waiting")}


SEARCHES: Final[dict[str, tuple[str, set[str]]]] = {
    "a part without its accent": (" BEA ", {"Béa"}),
    "a letter of two": ("a", {"Ada", "Béa"}),
    "capitals": ("BÉA", {"Béa"}),
    "a code": (typed(SEATED), {"Ada"}),
    "a code of no ticket": (typed(NOBODY), set()),
    "nobody's name": ("Zoé", set()),
    "nothing": ("", {"Ada", "Béa", "Chloé"}),
}


@pytest.mark.parametrize(("search", "names"), SEARCHES.values(), ids=SEARCHES.keys())
async def test_search_finds(search: str, names: set[str]) -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await found(harness, await opened(harness), search)
        assert (page.status, {name for name, _ in rows(page)}) == (200, names)
        assert page.fields("people/")["search"] == search.strip()


async def test_search_stands_in_no_address() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await opened(harness)
        assert {form.method for form in page.forms()} == {"POST"}


async def test_list_is_told_page_by_page() -> None:
    async with open_harness() as harness:
        for number in range(120):
            await harness.store.register(f"{number:064x}", sealed(f"P{number}"), "$argon2id$", harness.clock())
        await harness.sign_in()
        page, seen = await harness.get(PEOPLE), set[str]()
        sizes = []
        for _ in range(3):
            seen |= {name for name, _ in rows(page)}
            sizes.append((len(rows(page)), [button.text_content() for button in page.found(BUTTONS)]))
            onward = [button.get("value", "") for button in page.found(f"{BUTTONS}[.='Next']")]
            page = await found(harness, page, "", onward[0]) if onward else page
        assert (len(seen), sizes) == (120, [(50, ["Next"]), (50, ["Previous", "Next"]), (20, ["Previous"])])
        assert "101 to 120 of 120" in page.text


@pytest.mark.parametrize("offset", ["-50", "many", "9" * 40, "٣", "", "49"])
async def test_offset_that_is_none_is_the_first_page(offset: str) -> None:
    async with open_harness(TWO_SEATS) as harness:
        assert len(rows(await found(harness, await opened(harness), "", offset))) == 3


async def confirmation_page(harness: Harness, page: Page, code: str) -> Page:
    """Press the button to erase the registration of `code`."""
    token = page.fields("people/")["csrf_token"]
    return await harness.send(PEOPLE, {"csrf_token": token, "action": "ask", "id": ticket_id(code), "search": "a"})


async def test_registration_is_erased_with_a_reason_that_names_nobody() -> None:
    async with open_harness(TWO_SEATS) as harness:
        question = await confirmation_page(harness, await opened(harness), SEATED)
        assert (question.heading, question.facts()) == (
            "Erase this registration?",
            {"Pseudonym": "Ada", "State": "Has a seat"},
        )
        assert len(await harness.store.journal()) == 0
        page = await harness.send(PEOPLE, question.fields("people/") | {"reason": "false"})
        assert (page.status, rows(page)) == (200, {("Béa", "Arrived")})
        assert "It is erased, and nothing of it is left." in page.text
        assert await harness.store.counts() == Counts(seated=1, waiting=0, arrived=1)
        today = datetime(2026, 11, 23, tzinfo=UTC).date()
        assert await harness.store.journal() == (
            JournalEntry(today, ORGANISER, "One registration erased", (), "a false registration"),
        )


LOSSES: Final[dict[str, tuple[Policy, str, str]]] = {
    "somebody who waits": (TWO_SEATS, SEATED, "Its seat goes at once to the only person waiting."),
    "nobody before the draw": (
        Policy(capacity=2, draws_at_once=False),
        ARRIVED,
        "Its seat stays free for the only person waiting, until the draw.",
    ),
    "nobody, of a seat that was not there": (TWO_SEATS, WAITING, "It had no seat."),
    "a newcomer": (Policy(capacity=3), SEATED, "Its seat is free for whoever registers next: nobody is waiting."),
    "nobody, where seats are not counted": (Policy(), SEATED, "Its seat goes to nobody else."),
}


@pytest.mark.parametrize(("policy", "code", "words"), LOSSES.values(), ids=LOSSES.keys())
async def test_question_says_who_gets_the_seat(policy: Policy, code: str, words: str) -> None:
    async with open_harness(policy) as harness:
        question = await confirmation_page(harness, await opened(harness), code)
        sentence = "One registration is erased for good, and its ticket is no longer valid."
        assert question.text_of("//main//header/p") == f"{sentence} {words}"


async def test_registration_that_got_a_seat_meanwhile_is_asked_about_again() -> None:
    async with open_harness(TWO_SEATS) as harness:
        question = await confirmation_page(harness, await opened(harness), WAITING)
        await harness.store.set_policy(Policy(capacity=3), random.Random(1))
        form = question.fields("people/") | {"reason": "false"}
        again = await harness.send(PEOPLE, form)
        assert (again.status, again.facts()["State"]) == (409, "Has a seat")
        assert again.fields("people/")["reason"] == "false"
        assert await harness.store.counts() == Counts(seated=2, waiting=0, arrived=1)
        assert (await harness.send(PEOPLE, again.fields("people/"))).status == 200
        assert await harness.store.counts() == Counts(seated=1, waiting=0, arrived=1)


@pytest.mark.parametrize("reason", ["", "Ada is a spy", "FALSE"])
async def test_erasure_without_one_of_the_reasons_is_refused(reason: str) -> None:
    async with open_harness(TWO_SEATS) as harness:
        question = await confirmation_page(harness, await opened(harness), SEATED)
        page = await harness.send(PEOPLE, question.fields("people/") | {"reason": reason})
        assert page.status == 422
        assert "Choose a reason" in page.error("reason")
        assert (await harness.store.counts(), await harness.store.journal()) == (Counts(1, 1, 1), ())


@pytest.mark.parametrize("action", ["ask", "erase"])
async def test_registration_that_is_gone_is_told_with_the_list(action: str) -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await opened(harness)
        await harness.store.erase_registration(ticket_id(ARRIVED), random.Random(1))
        token = page.fields("people/")["csrf_token"]
        fields = {"csrf_token": token, "action": action, "id": ticket_id(ARRIVED), "seen": "arrived", "reason": "asked"}
        answer = await harness.send(PEOPLE, fields)
        assert (answer.status, answer.text_of("//p[@role='alert']")) == (404, "No ticket has this code.")
        assert (len(rows(answer)), await harness.store.journal()) == (2, ())


async def test_list_is_downloaded_as_a_file_that_no_cache_keeps() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await fill(harness)
        await harness.store.register("f" * 64, sealed("=HYPERLINK(1)"), "$argon2id$", harness.clock())
        await harness.sign_in()
        page = await harness.get(PEOPLE)
        file = (await harness.send(PEOPLE, page.fields("people/") | {"action": "download"})).response
        kept = ("content-type", "content-disposition", "cache-control", "x-content-type-options")
        assert (file.status_code, [file.headers[name] for name in kept]) == (
            200,
            ["text/csv; charset=utf-8", 'attachment; filename="registrations.csv"', "no-store", "nosniff"],
        )
        assert file.content.decode() == (
            '"Pseudonym","State"\r\n'
            '"\'=HYPERLINK(1)","Waiting"\r\n'
            '"Ada","Has a seat"\r\n'
            '"Béa","Arrived"\r\n'
            '"Chloé","Waiting"\r\n'
        )
        entry = JournalEntry(datetime(2026, 11, 23, tzinfo=UTC).date(), ORGANISER, "List of registrations downloaded")
        assert await harness.store.journal() == (entry,)


async def test_list_is_downloaded_in_the_organisers_language() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await opened(harness)
        french = "/fr/organisation/liste/"
        fields = (await harness.get(french)).fields("liste/") | {"action": "download"}
        file = (await harness.send(french, fields)).response
        assert file.text.splitlines()[:2] == ['"Pseudonyme","État"', '"Ada","A une place"']
        assert file.headers["content-disposition"] == 'attachment; filename="inscriptions.csv"'


async def test_page_says_whose_the_file_is() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        section = (await harness.get(PEOPLE)).text_of("//section[@aria-labelledby='file']")
        assert "On your computer the file is yours to protect" in section
        assert "Delete it as soon as you no longer need it." in section


DAILY: Final[dict[str, tuple[datetime, bool]]] = {
    "the same minute": (datetime(2026, 11, 20, 9, 0, tzinfo=UTC), False),
    "before four the next night": (datetime(2026, 11, 21, 2, 59, tzinfo=UTC), False),
    "from four on": (datetime(2026, 11, 21, 3, 0, tzinfo=UTC), True),
}


@pytest.mark.parametrize(("later", "is_shown"), DAILY.values(), ids=DAILY.keys())
async def test_newcomer_is_listed_from_the_next_morning_on(later: datetime, is_shown: bool) -> None:
    async with open_harness(TWO_SEATS) as harness:
        harness.clock.now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        await opened(harness)
        await harness.store.register("f" * 64, sealed("Zoé"), "$argon2id$", harness.clock())
        harness.clock.now = later
        await harness.sign_in()
        page = await harness.get(PEOPLE)
        file = (await harness.send(PEOPLE, page.fields("people/") | {"action": "download"})).response
        looked_for = await found(harness, page, "zoe")
        assert (("Zoé", "Waiting") in rows(page)) is is_shown
        assert ("Zoé" in file.text) is is_shown
        assert len(rows(looked_for)) == int(is_shown)


async def test_list_is_refreshed_by_a_button_and_the_journal_tells_it() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await opened(harness)
        await harness.store.register("f" * 64, sealed("Zoé"), "$argon2id$", harness.clock())
        page = await harness.send(PEOPLE, page.fields("people/") | {"action": "refresh"})
        assert ("Zoé", "Waiting") in rows(page)
        (entry,) = await harness.store.journal()
        assert (entry.organiser, entry.action) == (ORGANISER, "List of registrations refreshed")


async def test_code_finds_a_newcomer_whatever_is_listed() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await harness.sign_in()
        await harness.get(PEOPLE)
        await fill(harness)
        assert rows(await harness.get(PEOPLE)) == set()
        assert rows(await found(harness, await harness.get(PEOPLE), typed(SEATED))) == {("Ada", "Has a seat")}


async def test_list_is_that_of_the_moment_on_the_day_of_the_event() -> None:
    async with open_harness(TWO_SEATS) as harness:
        harness.clock.now = datetime(2026, 12, 15, 9, 0, tzinfo=UTC)
        page = await opened(harness)
        await harness.store.register("f" * 64, sealed("Zoé"), "$argon2id$", harness.clock())
        page = await harness.get(PEOPLE)
        assert ("Zoé", "Waiting") in rows(page)
        assert page.found("//button[@value='refresh']") == []


async def test_erased_registration_leaves_the_list_at_once() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await opened(harness)
        await harness.store.erase_registration(ticket_id(SEATED), random.Random(1))
        assert {name for name, _ in rows(await harness.get(PEOPLE))} == {"Béa", "Chloé"}
