"""The check-in desk: one request a code, a verdict in large letters, undone as easily."""

from random import Random
from typing import Final

import pytest

from portal.domain.limits import SIGN_IN_IDLE_MINUTES
from portal.domain.registration.registration import Counts, Policy, State
from portal.domain.registration.ticket_code import shown
from tests.factories.crowd import ARRIVED, NOBODY, SEATED, TWO_SEATS, WAITING, fill, typed
from tests.factories.page import Page
from tests.factories.portal import ORGANISER, PASSPHRASE, Harness, open_harness
from tests.factories.several_days import TWO_DAYS
from tests.factories.tickets import sealed, ticket_id

pytestmark = pytest.mark.anyio

CHECK_IN: Final = "/en/organisers/door/"
SCAN: Final = "//form[@class='scan']"


async def check_in_page(harness: Harness) -> Page:
    """Three people are registered, and an organiser stands at the check-in desk."""
    await fill(harness)
    await harness.sign_in()
    return await harness.get(CHECK_IN)


async def scan(harness: Harness, page: Page, code: str) -> Page:
    """Type or scan a code on `page`."""
    (token,) = {element.get("value", "") for element in page.found(f"{SCAN}//input[@name='csrf_token']")}
    return await harness.send(CHECK_IN, {"csrf_token": token, "code": code})


async def press(harness: Harness, page: Page) -> Page:
    """Press the button that stands beside the verdict."""
    (button,) = page.found("//section[contains(@class, 'verdict')]//button")
    return await harness.send(CHECK_IN, page.fields("door/") | {"action": button.get("value", "")})


async def confirm(harness: Harness, page: Page) -> Page:
    """Say yes on a page that asks."""
    return await harness.send(CHECK_IN, page.fields("door/"))


def button(page: Page) -> str:
    """Return the label of the button beside the verdict."""
    return page.text_of("//section[contains(@class, 'verdict')]//button")


def verdict(page: Page) -> tuple[str, str]:
    """Return the verdict in large letters, and the name."""
    return page.text_of("//p[@class='word']"), page.text_of("//p[@class='name']")


async def state_of(harness: Harness, code: str) -> State | None:
    found = await harness.store.registration(ticket_id(code))
    return found.state if found else None


async def test_code_is_told_and_marked_in_one_request() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await scan(harness, await check_in_page(harness), typed(SEATED))
        assert (page.status, verdict(page)) == (200, ("Come in", "Ada"))
        assert await state_of(harness, SEATED) is State.ARRIVED
        assert page.facts() == {"Arrived": "2", "Still expected": "0", "Waiting": "1", "Empty seats": "0"}


async def test_page_waits_for_the_next_code_with_an_empty_field() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await check_in_page(harness)
        for code in (typed(SEATED), "not a code at all", typed(NOBODY)):
            page = await scan(harness, page, code)
            (field,) = page.found(f"{SCAN}//input[@name='code']")
            assert (field.get("autofocus"), field.get("value")) == ("", None)


async def test_second_time_says_so_and_changes_nothing() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await scan(harness, await check_in_page(harness), typed(ARRIVED))
        assert (page.status, verdict(page)) == (200, ("Seen before", "Béa"))
        assert await harness.store.counts() == Counts(seated=1, waiting=1, arrived=1)


async def test_arrival_is_taken_back() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await press(harness, await scan(harness, await check_in_page(harness), typed(SEATED)))
        assert verdict(page) == ("Arrival undone", "Ada")
        assert "Has a seat" in page.text
        assert await state_of(harness, SEATED) is State.SEATED


async def test_arrival_undone_by_mistake_is_restored_by_one_button() -> None:
    async with open_harness(TWO_SEATS) as harness:
        undone = await press(harness, await scan(harness, await check_in_page(harness), typed(SEATED)))
        assert button(undone) == "Restore the arrival of “Ada”"
        restored = await press(harness, undone)
        assert (verdict(restored), button(restored)) == (("Arrival restored", "Ada"), "Undo the arrival of “Ada”")
        assert await harness.store.counts() == Counts(seated=0, waiting=1, arrived=2)


async def test_let_in_that_was_undone_by_mistake_is_restored_while_a_seat_is_empty() -> None:
    async with open_harness(TWO_SEATS) as harness:
        let_in = await press(harness, await scan(harness, await check_in_page(harness), typed(WAITING)))
        undone = await press(harness, let_in)
        assert verdict(await press(harness, undone)) == ("Arrival restored", "Chloé")
        assert await harness.store.counts() == Counts(seated=1, waiting=0, arrived=2)
        assert verdict(await press(harness, let_in)) == ("Arrival undone", "Chloé")
        await harness.store.arrive(ticket_id(SEATED))
        assert verdict(await press(harness, undone)) == ("On the waiting list", "Chloé")
        assert await harness.store.counts() == Counts(seated=0, waiting=1, arrived=2)


async def test_earlier_arrival_is_undone_in_a_second_step_that_names_it() -> None:
    """Under “Seen before” the button undid, in one press, the arrival of who came first."""
    async with open_harness(TWO_SEATS) as harness:
        again = await scan(harness, await check_in_page(harness), typed(ARRIVED))
        assert (verdict(again), button(again)) == (("Seen before", "Béa"), "Undo the earlier arrival of “Béa”…")
        question = await press(harness, again)
        assert (question.status, question.heading) == (200, "Undo an earlier arrival?")
        assert "One arrival is undone, and 0 are left." in question.text
        assert question.text_of("//main//div[@class='long']//button") == "Undo the arrival of “Béa”"
        assert await state_of(harness, ARRIVED) is State.ARRIVED
        done = await confirm(harness, question)
        assert (verdict(done), button(done)) == (("Arrival undone", "Béa"), "Restore the arrival of “Béa”")
        assert await harness.store.counts() == Counts(seated=2, waiting=1, arrived=0)
        late = await press(harness, again)
        assert (verdict(late), late.has_form("door/")) == (("Arrival undone", "Béa"), True)


async def test_ticket_without_pseudonym_is_named_by_its_code() -> None:
    async with open_harness(Policy()) as harness:
        page = await check_in_page(harness)
        await harness.store.register(ticket_id(NOBODY), sealed(""), "$argon2id$", harness.clock())
        labels = []
        for _ in range(2):
            page = await scan(harness, page, typed(NOBODY))
            labels.append(button(page))
        labels.append((await press(harness, page)).text_of("//p[@class='kicker']"))
        code = shown(NOBODY)
        assert labels == [f"Undo the arrival of “{code}”", f"Undo the earlier arrival of “{code}”…", code]


async def test_who_waits_stays_waiting_until_let_in_on_an_empty_seat() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await scan(harness, await check_in_page(harness), typed(WAITING))
        assert (verdict(page), await state_of(harness, WAITING)) == (("On the waiting list", "Chloé"), State.WAITING)
        assert "Empty seats: 1." in page.text
        let_in = await press(harness, page)
        assert (verdict(let_in), await state_of(harness, WAITING)) == (("Let in", "Chloé"), State.ARRIVED)
        assert let_in.facts()["Empty seats"] == "0"
        assert verdict(await press(harness, let_in)) == ("Arrival undone", "Chloé")
        assert await state_of(harness, WAITING) is State.WAITING


async def test_let_in_that_is_taken_back_after_a_second_scan_gives_no_seat_that_others_have() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await press(harness, await scan(harness, await check_in_page(harness), typed(WAITING)))
        again = await scan(harness, page, typed(WAITING))
        assert verdict(again) == ("Seen before", "Chloé")
        assert verdict(await confirm(harness, await press(harness, again))) == ("Arrival undone", "Chloé")
        assert await harness.store.counts() == Counts(seated=1, waiting=1, arrived=1)


async def test_who_waits_is_not_let_in_when_somebody_sits_on_every_seat() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await scan(harness, await check_in_page(harness), typed(WAITING))
        await harness.store.arrive(ticket_id(SEATED))
        late = await press(harness, page)
        assert (verdict(late), late.found("//section//button")) == (("On the waiting list", "Chloé"), [])
        assert await state_of(harness, WAITING) is State.WAITING


async def test_who_gave_no_pseudonym_is_told_as_such() -> None:
    async with open_harness(Policy()) as harness:
        page = await check_in_page(harness)
        await harness.store.register(ticket_id(NOBODY), sealed(""), "$argon2id$", harness.clock())
        assert verdict(await scan(harness, page, typed(NOBODY))) == ("Come in", "No pseudonym")


REFUSED: Final[dict[str, tuple[str, int, str]]] = {
    "a code of no ticket": (typed(NOBODY), 404, "No No ticket has this code."),
    "a mistyped sign": (typed(SEATED)[:-1] + "y", 422, "One character of this code is wrong"),
    "too few signs": ("abc", 422, "A code has 12 letters and digits"),
    "an address off another poster": ("https://elsewhere.example/", 422, "is never in a code"),
    "nothing": ("", 422, "A code has 12 letters and digits"),
}


@pytest.mark.parametrize(("code", "status", "words"), REFUSED.values(), ids=REFUSED.keys())
async def test_code_that_opens_nothing_is_told_in_large_words(code: str, status: int, words: str) -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await scan(harness, await check_in_page(harness), code)
        assert page.status == status
        assert words in page.text_of("//section[@role='alert']")
        assert await harness.store.counts() == Counts(seated=1, waiting=1, arrived=1)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"action": "undo", "id": ticket_id(NOBODY)}, 404),
        ({"action": "undo?", "id": ticket_id(NOBODY)}, 404),
        ({"action": "restore", "id": ticket_id(NOBODY)}, 404),
        ({"action": "let in", "id": ticket_id(NOBODY)}, 404),
        ({"action": "let in", "id": ""}, 404),
        ({"action": "open"}, 403),
    ],
)
async def test_form_that_no_page_made_changes_nothing(fields: dict[str, str], status: int) -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await check_in_page(harness)
        answer = await harness.send(CHECK_IN, page.fields("door/") | fields)
        assert (answer.status, await harness.store.counts()) == (status, Counts(seated=1, waiting=1, arrived=1))


async def test_code_sent_after_the_session_ended_is_kept_until_its_organiser_is_back() -> None:
    async with open_harness(TWO_SEATS) as harness:
        page = await check_in_page(harness)
        harness.clock.turn(minutes=31)
        sign_in_page = await scan(harness, page, typed(SEATED))
        assert (sign_in_page.status, await state_of(harness, SEATED)) == (403, State.SEATED)
        kept = await harness.send(
            sign_in_page.action(), sign_in_page.fields() | {"name": ORGANISER, "passphrase": PASSPHRASE}
        )
        assert kept.heading == "What you typed was kept"
        done = await harness.send(CHECK_IN, kept.fields("door/"))
        assert (verdict(done), await state_of(harness, SEATED)) == (("Come in", "Ada"), State.ARRIVED)


async def test_what_happens_at_the_door_is_not_noted() -> None:
    async with open_harness(TWO_SEATS) as harness:
        await press(harness, await scan(harness, await check_in_page(harness), typed(SEATED)))
        assert await harness.store.journal() == ()


HELP: Final = "/en/organisers/door/help/"


async def test_help_has_every_word_and_button_of_the_check_in() -> None:
    """Compare the printed sheet with the page, word by word."""
    async with open_harness(TWO_SEATS) as harness:
        page = await check_in_page(harness)
        help_sheet = await harness.get(HELP)
        cases = [str(element.text_content()) for element in help_sheet.found("//tbody//th")]
        words = []
        for code in (typed(SEATED), typed(ARRIVED), typed(WAITING), typed(NOBODY)):
            page = await scan(harness, page, code)
            words.append(verdict(page)[0])
            if words[-1] == "Come in":
                for shown_page in (page, await press(harness, page)):
                    assert f"“{button(shown_page).partition(' of ')[0]}”" in help_sheet.text
        assert cases == words
        await harness.store.set_policy(Policy(capacity=3, draws_at_once=False), Random(1))
        waits = await scan(harness, page, typed(WAITING))
        assert f"“{waits.text_of('//section//button')}”" in help_sheet.text


async def test_help_is_there_in_both_languages_and_linked_from_the_check_in() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert [link.get("href") for link in (await harness.get(CHECK_IN)).found("//a[contains(@href, '/help/')]")] == [
            "../../../en/organisers/door/help/"
        ]
        french = await harness.get("/fr/organisation/entree/aide/")
        assert french.heading == "Aide-mémoire de l’entrée"
        assert (await harness.get(HELP)).heading == "Check-in help"


async def test_help_says_the_hours_of_each_day() -> None:
    async with open_harness(event=TWO_DAYS) as harness:
        await harness.sign_in()
        page = await harness.get(HELP)
        assert page.text_of("//*[@class='sheet']/p") == (
            "A day for the commons, Saturday 12 June – Sunday 13 June 2027 "
            "Saturday 12 June, 09:00 – Sun 02:00 Sunday 13 June, 10:00 – 18:00"
        )


async def test_help_tells_after_how_long_one_is_signed_out() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert f"after {SIGN_IN_IDLE_MINUTES} minutes without a code" in (await harness.get(HELP)).text
