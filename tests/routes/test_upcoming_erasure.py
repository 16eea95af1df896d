"""The erasure on the pages: announced and postponed by the organisers, confirmed before an edition brings it nearer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.event.event import Event
from portal.domain.limits import ERASURE_POSTPONEMENTS
from portal.domain.organisers.organiser import JournalEntry
from portal.domain.registration.registration import Counts
from portal.domain.registration.retention import Postponement
from portal.site.event_toml import event_toml
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.registration_form import FORM
from tests.factories.sample import EVENT, on_day

pytestmark = pytest.mark.anyio

OVERVIEW: Final = "/en/organisers/"
PUBLISH: Final = "/en/organisers/publish/"
TICKET: Final = "/en/ticket/"
BUTTON: Final = "//button[@value='postpone']"
END: Final = datetime(2026, 12, 15, 16, 30, tzinfo=UTC)
DUE: Final = datetime(2027, 1, 14, 16, 30, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
YEAR_TOO_LOW: Final = on_day(date(2025, 12, 15))
COMMENT: Final = {"comment": "Another day."}


async def fill(harness: Harness, people: int = 5, invitations: int = 0) -> None:
    """Register so many people, and make so many invitations."""
    for person in range(people):
        await harness.store.register(f"{person:064x}", "", "-", harness.clock())
    await harness.store.add_invitations([f"{number:064x}" for number in range(invitations)])


async def drafted(harness: Harness, event: Event) -> None:
    """Make `event` the draft."""
    await harness.store.save_draft(event, (await harness.store.draft()).revision)


def notices(page: Page) -> list[str]:
    """Return the notices of the page."""
    return [" ".join(str(element.text_content()).split()) for element in page.found("//*[contains(@class, 'notice')]")]


async def at(harness: Harness, now: datetime) -> Page:
    """Turn the clock, sign in anew and open the overview."""
    harness.clock.now = now
    return await harness.sign_in_by_form()


async def test_overview_says_nothing_of_an_erasure_that_is_far() -> None:
    async with open_harness() as harness:
        await fill(harness)
        page = await at(harness, DUE - 7 * DAY - HOUR)
        assert page.found(BUTTON) == []
        assert "Every registration is erased" in page.facts()


ANNOUNCED: Final[dict[str, tuple[int, int, datetime, str]]] = {
    "a week before it is due": (
        5,
        0,
        DUE - 7 * DAY,
        "On Thursday 14 January 2027, 17:30, the portal erases every registration. 5 registrations "
        "will be erased for good. Before "
        "that, download what you still need, and check that the day of the event is right. Postpone by 7 days It can "
        "be postponed 4 more times. The public is told, on the registration page.",
    ),
    "a day ahead where it is due already": (
        1,
        2,
        DUE + DAY,
        "On Saturday 16 January 2027, 17:30, the portal erases every registration. 1 registration "
        "will be erased for good. 2 unused invitations will be erased too. Before that, download what you still need, "
        "and check that the day of the event is right. Postpone by 7 days It can be postponed 4 more times. The public "
        "is told, on the registration page.",
    ),
}


@pytest.mark.parametrize("case", ANNOUNCED)
async def test_overview_announces_the_erasure(case: str) -> None:
    people, invitations, now, words = ANNOUNCED[case]
    async with open_harness() as harness:
        await fill(harness, people, invitations)
        page = await at(harness, now)
        assert page.text_of("//form[contains(@class, 'notice')]") == words


async def test_overview_announces_the_erasure_of_the_journal_without_a_button() -> None:
    async with open_harness() as harness:
        await fill(harness)
        await harness.store.erase_all_registrations(date(2027, 1, 14))
        await harness.store.note(JournalEntry(date(2027, 1, 14), "Camille", "Something else.", (), ""))
        page = await at(harness, DUE + 29 * DAY)
        assert notices(page) == ["The journal is erased on Saturday 13 February 2027, 17:30."]
        assert page.text_of("//section[@aria-labelledby='moments']//dl") == (
            "NothingThe event is over, and the registrations are erased."
        )


async def test_postponed_erasure_is_in_the_journal_and_on_public_pages() -> None:
    async with open_harness() as harness:
        await fill(harness)
        page = await at(harness, DUE - HOUR)
        answer = await harness.send(OVERVIEW, page.fields("organisers/") | {"action": "postpone"})
        assert (answer.status, (await harness.store.retained()).postponement) == (303, Postponement(DUE + 7 * DAY, 1))
        after = await harness.follow(answer)
        assert after.text_of("//*[@role='status']") == "Erasure of the registrations postponed to 2027-01-21 17:30"
        assert (after.found(BUTTON), after.facts()["Every registration is erased"]) == (
            [],
            "Thursday 21 January 2027, 17:30",
        )
        assert "postponed to 2027-01-21 17:30" in (await harness.get("/en/organisers/journal/")).text
        notice = (
            "The organisers have postponed the erasure of the registrations, which was to be on Thursday 14 January "
            "2027: it takes place on Thursday 21 January 2027, 17:30."
        )
        assert [notice in notices(await harness.get(path)) for path in (FORM, TICKET)] == [True, True]


async def test_postponing_twice_by_one_form_postpones_once() -> None:
    async with open_harness() as harness:
        await fill(harness)
        form = (await at(harness, DUE - HOUR)).fields("organisers/") | {"action": "postpone"}
        first, second = await harness.send(OVERVIEW, form), await harness.send(OVERVIEW, form)
        assert (first.status, second.status) == (303, 409)
        assert second.text_of("//*[@role='alert']") == (
            "This erasure is not announced any more: somebody has just postponed it, or it has taken place."
        )
        assert (await harness.store.retained()).postponement == Postponement(DUE + 7 * DAY, 1)


async def test_erasure_that_was_postponed_to_the_limit_has_no_button() -> None:
    async with open_harness() as harness:
        await fill(harness)
        assert ERASURE_POSTPONEMENTS == 4
        await harness.store.postpone_erasure(Postponement(DUE + 28 * DAY, 4), None)
        page = await at(harness, DUE + 28 * DAY - HOUR)
        assert page.found(BUTTON) == []
        form = page.fields("organisers/") | {"action": "postpone"}
        page_errors = await harness.send(OVERVIEW, form)
        assert page_errors.status == 409
        assert "has been postponed 4 times" in page_errors.text_of("//*[@role='alert']")


async def test_year_set_back_by_one_is_published_only_by_typing_how_many_it_erases() -> None:
    async with open_harness() as harness:
        await fill(harness, 5, 2)
        await harness.sign_in()
        await drafted(harness, YEAR_TOO_LOW)
        page = await harness.get(PUBLISH)
        assert notices(page) == [
            "The event is over already, by the day that the draft gives. Check the year.",
            "Once this is published, the portal erases 5 registrations for good, from Tuesday 24 November 2026, 10:00 "
            "on. 2 unused invitations will be erased too.",
        ]
        form = page.fields("publish/") | COMMENT
        unticked = await harness.send(PUBLISH, form)
        assert (unticked.status, unticked.error("past"), len(await harness.store.editions())) == (
            422,
            "The event of the draft is over already. If that is right, tick this box; if not, correct the day.",
            1,
        )
        wrong = await harness.send(PUBLISH, form | {"past": "yes", "erased": "4"})
        assert (wrong.status, wrong.error("erased"), len(await harness.store.editions())) == (
            422,
            "Type the number of registrations that would be erased, 5, or correct the draft first.",
            1,
        )
        assert wrong.fields("publish/").items() >= {**COMMENT, "past": "yes", "erased": "4"}.items()
        assert (await harness.send(PUBLISH, wrong.fields("publish/") | {"erased": " 5 "})).status == 303
        assert (await harness.store.counts(), len(await harness.store.editions())) == (Counts(seated=5), 2)


async def test_number_that_has_grown_meanwhile_is_asked_for_anew() -> None:
    async with open_harness() as harness:
        await fill(harness)
        harness.clock.now = END
        await harness.sign_in()
        await drafted(harness, replace(EVENT, retention_days=1))
        form = (await harness.get(PUBLISH)).fields("publish/") | COMMENT | {"erased": "5"}
        await harness.store.register("f" * 64, "", "-", harness.clock())
        page = await harness.send(PUBLISH, form)
        assert page.status == 422
        assert "would be erased, 6," in page.error("erased")


UNCONFIRMED: Final[dict[str, tuple[Event, int, datetime]]] = {
    "an erasure that stays where it was": (replace(EVENT, lead=EVENT.name), 5, DUE - HOUR),
    "an erasure that is put off": (replace(EVENT, retention_days=60), 5, DUE - HOUR),
    "an erasure a week ahead": (replace(EVENT, retention_days=7), 5, END),
    "a nearer erasure of nobody": (replace(EVENT, retention_days=1), 0, END),
}


@pytest.mark.parametrize("case", UNCONFIRMED)
async def test_edition_needs_no_confirmation_for(case: str) -> None:
    event, people, now = UNCONFIRMED[case]
    async with open_harness() as harness:
        await fill(harness, people)
        await at(harness, now)
        await drafted(harness, event)
        page = await harness.get(PUBLISH)
        assert [page.found(f"//*[@name='{name}']") for name in ("past", "erased")] == [[], []]
        assert (await harness.send(PUBLISH, page.fields("publish/") | COMMENT)).status == 303


async def test_event_that_is_over_is_corrected_without_a_confirmation_of_its_day() -> None:
    async with open_harness() as harness:
        await at(harness, END + 2 * DAY)
        await drafted(harness, replace(EVENT, lead=EVENT.name))
        page = await harness.get(PUBLISH)
        assert page.found("//*[@name='past']") == []
        assert (await harness.send(PUBLISH, page.fields("publish/") | COMMENT)).status == 303


async def test_import_and_taking_back_tell_what_publishing_would_erase() -> None:
    notice = (
        "Once this is published, the portal erases 5 registrations for good, from Tuesday 24 November 2026, 10:00 on."
    )
    async with open_harness(event=YEAR_TOO_LOW) as harness:
        await fill(harness)
        await harness.sign_in()
        await drafted(harness, EVENT)
        await harness.store.publish(2, "", Addresses(), harness.clock())
        form = (await harness.get("/en/organisers/draft/import/")).fields("import/")
        pasted = await harness.send("/en/organisers/draft/import/", form | {"toml": event_toml(YEAR_TOO_LOW).decode()})
        back = await harness.get("/en/organisers/editions/1/take-back/")
        assert [notice in notices(page) for page in (pasted, back)] == [True, True]


async def test_draft_without_retention_of_an_earlier_portal_opens_and_is_put_right_before_it_is_published() -> None:
    async with open_harness(event=replace(EVENT, retention_days=0)) as harness:
        await fill(harness)
        overview = await harness.sign_in_by_form()
        assert overview.facts()["Every registration is erased"] == "Wednesday 16 December 2026, 17:30"
        assert "1 day after the end of the event" in (await harness.get("/en/privacy/")).text
        page = await harness.get(PUBLISH)
        assert page.text_of("//*[@class='faults']") == "The event: a number from 1 to 365 is expected."
        facts = "/en/organisers/event/event/"
        form = (await harness.get(facts)).fields("event/")
        page_errors = await harness.send(facts, form | {"lead_en": "Another sentence"})
        assert (page_errors.status, page_errors.error("retention_days")) == (422, "A number from 1 to 365 is expected.")
        assert (await harness.send(facts, page_errors.fields("event/") | {"retention_days": "30"})).status == 303
        answer = await harness.send(PUBLISH, (await harness.get(PUBLISH)).fields("publish/") | COMMENT)
        assert (answer.status, len(await harness.store.editions())) == (303, 2)
