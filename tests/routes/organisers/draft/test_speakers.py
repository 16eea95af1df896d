"""An organiser renames a speaker in every session at once, or takes the name out."""

from dataclasses import replace
from typing import Final
from urllib.parse import quote

import pytest

from portal.domain.event.event import Speaker
from portal.domain.language import Text
from tests.factories.drafting import draft_of, put
from tests.factories.drafting import sent as sent_to
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio

PATH: Final = "/en/organisers/speakers/"
NAMES: Final = ((), ("Grace", "Ada"), ("Ada",), (), ("Grace",))


async def with_names(harness: Harness, names: tuple[tuple[str, ...], ...] = NAMES) -> None:
    """Put these names into the sessions of the draft."""
    draft = await harness.store.draft()
    sessions = zip(draft.event.sessions, names, strict=True)
    event = replace(draft.event, sessions=tuple(replace(session, speakers=named) for session, named in sessions))
    await harness.store.save_draft(event, draft.revision)


async def names(harness: Harness) -> tuple[tuple[str, ...], ...]:
    """Return the speakers of each session of the draft."""
    return tuple(session.speakers for session in (await harness.store.draft()).event.sessions)


async def sent(harness: Harness, action: str, old: str, **typed: str) -> Page:
    """Open the list and send the form of the name `old`."""
    form = (await harness.get(f"{PATH}?name={quote(old)}")).fields("speakers/")
    return await harness.send(PATH, form | {"action": action, "old": old} | typed)


async def test_every_name_is_listed_with_its_sessions() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        page = await harness.get(PATH)
        listed = [str(element.text_content()) for element in page.found("//li//h2")]
        sessions = [page.text_of(f"(//li//h2)[{number}]/../p[@class='meta']") for number in (1, 2)]
        assert (listed, sessions) == (
            ["Ada", "Grace"],
            ["Our tools The strike fund", "Our tools General assembly"],
        )


async def test_name_is_changed_in_every_session() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        assert (await sent(harness, "rename", "Ada", name=" Ada Lovelace ")).status == 303
        assert await names(harness) == ((), ("Grace", "Ada Lovelace"), ("Ada Lovelace",), (), ("Grace",))
        assert "Speaker renamed in the draft: Ada → Ada Lovelace" in (await harness.get(PATH)).text_of(
            "//*[@role='status']"
        )
        assert [dict(entry.details) for entry in await harness.store.journal()] == [
            {"old": "Ada", "new": "Ada Lovelace"}
        ]


async def test_two_names_become_one_once_that_was_confirmed() -> None:
    """Ask before a typing error merges two speakers for good."""
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        page = await sent(harness, "rename", "Ada", name="Grace")
        assert (page.status, page.heading, await names(harness)) == (200, "Merge two names?", NAMES)
        assert "“Ada” is in 2 sessions:" in page.text
        assert (await harness.send(PATH, page.fields("speakers/"))).status == 303
        assert await names(harness) == ((), ("Grace",), ("Grace",), (), ("Grace",))


async def test_names_that_entered_other_sessions_meanwhile_stay_two() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        form = (await sent(harness, "rename", "Ada", name="Grace")).fields("speakers/")
        others = (("Grace",), *NAMES[1:])
        await with_names(harness, others)
        page = await harness.send(PATH, form)
        assert (page.status, await names(harness)) == (409, others)
        assert "“Grace” is in 3 sessions:" in page.text


@pytest.mark.parametrize(("name", "words"), [("", "It is empty."), ("a\x07", "It contains the character U+0007")])
async def test_name_that_cannot_be_comes_back(name: str, words: str) -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        page = await sent(harness, "rename", "Ada", name=name)
        assert (page.status, await names(harness)) == (422, NAMES)
        assert words in page.text_of("//*[@class='error']")
        assert [str(element.text_content()) for element in page.found("//li//h2")] == ["Ada"]


async def test_name_that_somebody_else_changed_first_is_told() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        form = (await harness.get(f"{PATH}?name=Ada")).fields("speakers/") | {"action": "rename"}
        await sent(harness, "rename", "Ada", name="Ada L.")
        assert (await harness.send(PATH, form | {"name": "Countess"})).status == 409
        assert (await harness.send(PATH, form | {"name": "Ada L."})).status == 303
        assert (await names(harness))[2] == ("Ada L.",)


async def test_name_is_taken_out_once_that_was_confirmed() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        page = await sent(harness, "remove?", "Grace")
        assert (page.status, page.heading, await names(harness)) == (200, "Remove this name?", NAMES)
        assert "It is removed from 2 sessions, which otherwise stay as they are:" in page.text
        assert [str(element.text_content()) for element in page.found("//main//li")] == [
            "Our tools",
            "General assembly",
        ]
        form = page.fields("speakers/")
        assert (await harness.send(PATH, form)).status == 303
        assert await names(harness) == ((), ("Ada",), ("Ada",), (), ())
        assert ((await harness.send(PATH, form)).status, len(await harness.store.journal())) == (303, 1)


async def test_name_that_entered_another_session_meanwhile_is_asked_about_again() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        form = (await sent(harness, "remove?", "Grace")).fields("speakers/")
        await with_names(harness, (("Grace",), *NAMES[1:]))
        page = await harness.send(PATH, form)
        assert (page.status, (await names(harness))[0]) == (409, ("Grace",))
        assert "Welcome" in page.text
        assert (await harness.send(PATH, page.fields("speakers/"))).status == 303


async def test_nobody_is_named_yet() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness, ((),) * len(EVENT.sessions))
        assert "No session names anybody yet." in (await harness.get(PATH)).text


async def test_text_about_a_speaker_is_written_on_a_page_of_its_own_and_goes_with_the_name() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await with_names(harness)
        links = [element.get("href") or "" for element in (await harness.get(PATH)).found("//ul[@class='entries']//a")]
        assert [link.rpartition("organisers/")[2] for link in links] == [
            *("speakers/ada/", "speakers/?name=Ada"),
            *("speakers/grace/", "speakers/?name=Grace"),
        ]
        assert (await sent_to(harness, "speakers/ada/", biography_en="A *mathematician*.")).status == 303
        assert (await draft_of(harness)).speakers == (Speaker("ada", "Ada", Text("", "A *mathematician*.")),)
        page = await harness.get(PATH)
        assert page.text_of("//*[@role='status']") == "Text about a speaker changed in the draft: Ada"
        assert "Part of it is not in French" in page.text
        assert (await sent(harness, "rename", "Ada", name="Ada Lovelace")).status == 303
        assert (await draft_of(harness)).speakers == (Speaker("ada", "Ada Lovelace", Text("", "A *mathematician*.")),)
        assert (await sent_to(harness, "speakers/ada/", biography_en="")).status == 303
        assert (await draft_of(harness)).speakers == ()


async def test_text_about_somebody_who_is_in_no_session_any_more_can_be_removed() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        await put(
            harness, lambda event: replace(event, speakers=(Speaker("alan", "Alan", Text("Un mot.", "A word.")),))
        )
        page = await harness.get(PATH)
        assert page.text_of("//li[h2='Alan' or div/h2='Alan']//p[@class='meta']") == "in no session with a text"
        page = await sent(harness, "remove?", "Alan")
        assert "It is in no session. The text about this person is erased." in page.text
        assert (await harness.send(PATH, page.fields("speakers/"))).status == 303
        assert await draft_of(harness) == EVENT


async def test_speaker_who_is_not_there_has_no_page() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert (await harness.get(f"{PATH}nobody/")).status == 404
