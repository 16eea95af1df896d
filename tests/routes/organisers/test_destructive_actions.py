"""Every form that destroys something asks once, with what is lost in numbers; the table is of all forms."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

import pytest

from portal.domain.event.event import Event, Theme
from portal.domain.language import Text
from portal.domain.organisers.organiser import SetUpCode, expiry
from portal.routes import FORM_PAGES, PAGES
from portal.site.event_toml import event_toml
from tests.factories.crowd import SEATED
from tests.factories.draft_forms import MIRRORS
from tests.factories.drafting import put
from tests.factories.organisers_forms import NEWS, filled_harness, stored_state
from tests.factories.page import Page
from tests.factories.portal import Harness
from tests.factories.sample import EVENT
from tests.factories.tickets import ticket_id

pytestmark = pytest.mark.anyio

ADDS: Final = "it adds or changes what was typed"
SHOWS: Final = "it shows a page"
SEEN: Final = "it publishes what its page shows, and every edition is kept"
ASKS: Final = "it shows the page that asks"
RESTORED: Final = "a button undoes it"
SIGNS_OUT: Final = "a passphrase signs in again"
OF_A_PART: Final = {"": ADDS, "preview": SHOWS, "copy": SHOWS, "delete?": ASKS}
OF_A_LIST: Final = {"": RESTORED}
OF_A_TEXT: Final = {"": ADDS, "preview": SHOWS}

HARMLESS: Final[Mapping[str, Mapping[str, str]]] = {
    "registration": {"": ADDS},
    "ticket": {"": SHOWS},
    "ticket_pseudonym": {"": ADDS},
    "ticket_passphrase": {"": "a page says that the old one opens nothing any more"},
    "ticket_cancel": {"": "tests/routes/public/test_ticket_actions.py has it: it asks"},
    "organisers": {
        "draw": ADDS,
        "check event": ADDS,
        "put away": RESTORED,
        "bring back": RESTORED,
        "postpone": "it keeps what would be erased",
    },
    "sign_in": {"": ADDS},
    "sign_out": {"": SIGNS_OUT},
    "account_setup": {"": ADDS},
    "team": {"": ADDS, "let read": ADDS, "make key": "it takes the place of a key that nobody has any more"},
    "account": {
        "": "its page says who is signed out, and asks for a passphrase",
        "end": SIGNS_OUT,
        "end others": SIGNS_OUT,
    },
    "policy": {"": ADDS, "draw": ADDS},
    "check_in": {"": RESTORED, "let in": RESTORED, "undo?": ASKS, "undo": RESTORED, "restore": RESTORED},
    "registrations": {"": SHOWS, "ask": ASKS, "download": SHOWS, "refresh": SHOWS},
    "invitations": {"": ADDS},
    "announcements": {"": ADDS, "again": SHOWS},
    "draft_speakers": {"remove?": ASKS},
    "draft": {**OF_A_PART, "cancel": "a tick undoes it"},
    **dict.fromkeys(("draft_room", "draft_theme", "draft_mirror"), OF_A_PART),
    **dict.fromkeys(("draft_new_session", "draft_new_room", "draft_new_theme", "draft_new_mirror"), OF_A_TEXT),
    **dict.fromkeys(("draft_rooms", "draft_themes", "draft_mirrors"), OF_A_LIST),
    **dict.fromkeys(("draft_text", "draft_facts", "draft_speaker"), OF_A_TEXT),
    "draft_days": {"": "the sessions of a removed day are put on another"},
    "edition": {"": SEEN},
    "draft_import": {"": ASKS, "edit": SHOWS},
}
"""Reasons for which each of the other actions need not ask."""


def speaking(event: Event, *names: tuple[str, ...]) -> Event:
    """`event` with these speakers in its first sessions."""
    named = zip(event.sessions, (*names, *[()] * len(event.sessions)), strict=False)
    return replace(event, sessions=tuple(replace(session, speakers=who) for session, who in named))


Meanwhile = Callable[[Harness], Awaitable[object]]


async def one_more_invitation(harness: Harness) -> None:
    await harness.store.add_invitations(["9" * 64])


async def another_code_for_noa(harness: Harness) -> None:
    await harness.store.withdraw_set_up_code("Noa")
    await harness.store.give_set_up_code(SetUpCode("d" * 64, "Noa", "Robin", expiry(harness.clock())), harness.clock())


async def one_more_code_of_robins(harness: Harness) -> None:
    await harness.store.give_set_up_code(SetUpCode("e" * 64, "Lou", "Robin", expiry(harness.clock())), harness.clock())


async def they_arrive(harness: Harness) -> None:
    await harness.store.arrive(ticket_id(SEATED))


async def reworded(harness: Harness) -> None:
    edition = await harness.store.edition()
    assert edition is not None
    news = replace(NEWS, text=Text("Une autre nouvelle"))
    await put(harness, lambda event: replace(event, announcements=(news,)))
    draft = await harness.store.draft()
    await harness.store.publish(draft.revision, "", edition.addresses, harness.clock())


async def everybody_is_in_the_big_room(harness: Harness) -> None:
    await put(
        harness,
        lambda event: replace(event, sessions=tuple(replace(session, rooms=("grande",)) for session in event.sessions)),
    )


async def a_link_leads_there(harness: Harness) -> None:
    links = Text("[a](session:outils) [b](theme:libre)")
    await put(harness, lambda event: replace(event, texts=replace(event.texts, access=links)))


async def its_text_changed(harness: Harness) -> None:
    await put(harness, lambda event: replace(event, mirrors=(replace(MIRRORS[0], operator="Others"), *MIRRORS[1:])))


async def the_draft_changed(harness: Harness) -> None:
    await put(harness, lambda event: replace(event, themes=(*event.themes, Theme("paix", Text("Paix"), Text()))))


async def grace_is_in_one_more_session(harness: Harness) -> None:
    await put(harness, lambda event: speaking(event, ("Ada",), ("Grace",), ("Grace",)))


async def ada_is_in_every_session(harness: Harness) -> None:
    await put(harness, lambda event: speaking(event, *[("Ada",)] * len(event.sessions)))


DESTRUCTIVE: Final[dict[tuple[str, str], tuple[str, Mapping[str, str], str, Meanwhile]]] = {
    ("invitations", "withdraw"): ("invitations/", {}, "5 cards", one_more_invitation),
    ("team", "withdraw"): ("team/", {"name": "Noa"}, "One set-up code", another_code_for_noa),
    ("team", "remove"): (
        "team/",
        {"name": "Robin"},
        "1 unused set-up code is withdrawn, for: Noa. 1 organiser is left.",
        one_more_code_of_robins,
    ),
    ("registrations", "erase"): (
        "people/",
        {"id": ticket_id(SEATED), "reason": "twice"},
        "One registration",
        they_arrive,
    ),
    ("announcements", "withdraw"): ("announcements/", {"id": NEWS.id}, "edition 3 is published without it", reworded),
    ("draft", "delete"): ("sessions/outils/", {}, "The public sees it until you publish", a_link_leads_there),
    ("draft_room", "delete"): (
        "rooms/grande/",
        {"instead": "petite"},
        "2 sessions use it:",
        everybody_is_in_the_big_room,
    ),
    ("draft_theme", "delete"): ("themes/libre/", {"instead": "-"}, "1 session uses it:", a_link_leads_there),
    ("draft_mirror", "delete"): ("mirrors/amis/", {}, "The public has never seen it.", its_text_changed),
    ("draft_speakers", "remove"): ("speakers/?name=Ada", {"old": "Ada"}, "from 1 session", ada_is_in_every_session),
    ("draft_speakers", "rename"): (
        "speakers/?name=Grace",
        {"old": "Grace", "name": "Ada"},
        "“Grace” is in 1 session:",
        grace_is_in_one_more_session,
    ),
    ("edition_restore", ""): (
        "editions/1/take-back/",
        {},
        "6 unpublished changes in the draft",
        the_draft_changed,
    ),
    ("draft_import", "import"): (
        "draft/import/",
        {"toml": event_toml(EVENT).decode()},
        "6 unpublished changes in the draft",
        the_draft_changed,
    ),
}
"""Each with its page, what is typed there, what the page that asks says, and how more comes to be lost meanwhile."""


def every_action() -> set[tuple[str, str]]:
    """Return each page of the route table that takes forms, with each of its actions."""
    pages = [page for page, handlers in PAGES.items() if "POST" in handlers]
    return {(page, action) for page in pages for action in (FORM_PAGES[page].actions if page in FORM_PAGES else [""])}


def test_every_action_is_in_one_of_the_tables() -> None:
    """Whoever adds a form decides whether it destroys something, and lets it ask if it does."""
    harmless = [(page, action) for page, actions in HARMLESS.items() for action in actions]
    assert sorted([*harmless, *DESTRUCTIVE]) == sorted(every_action())


async def send(harness: Harness, path: str, typed: Mapping[str, str]) -> Page:
    """Send a form to the page at `path` as it would be without any question."""
    address = f"/en/organisers/{path}"
    token = (await harness.get(address)).fields(path.partition("?")[0])["csrf_token"]
    return await harness.send(address, {"csrf_token": token, **typed})


def confirmation(page: Page) -> dict[str, str]:
    """Return the fields of the form that confirms."""
    forms = [{name: str(value or "") for name, value in form.fields.items()} for form in page.forms()]
    return next(fields for fields in forms if "seen" in fields)


@pytest.mark.parametrize(("page", "action"), DESTRUCTIVE, ids=[f"{page} {action}" for page, action in DESTRUCTIVE])
async def test_nothing_is_destroyed_unasked_nor_more_than_was_confirmed(page: str, action: str) -> None:
    path, typed, sentence, meanwhile = DESTRUCTIVE[page, action]
    async with filled_harness() as harness:
        await put(harness, lambda event: speaking(event, ("Ada",), ("Grace",)))
        before = await stored_state(harness)
        question = await send(harness, path, {**typed, "action": action})
        assert question.status in (200, 409)
        assert sentence in question.text
        assert await stored_state(harness) == before
        await meanwhile(harness)
        changed = await stored_state(harness)
        again = await harness.send(f"/en/organisers/{path}", {**typed, **confirmation(question)})
        assert (again.status, await stored_state(harness)) == (409, changed)
        done = await harness.send(f"/en/organisers/{path}", {**typed, **confirmation(again)})
        assert done.status in (200, 303)
        assert await stored_state(harness) != changed
