"""Every form of the organisers, a portal that has something of everything for them, and all that they can change."""

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from portal.domain.draft.checklist import Mark
from portal.domain.draft.part_form import version_of
from portal.domain.edition.edition import Addresses
from portal.domain.organisers.organiser import Organiser, SetUpCode, SignIn, expiry
from portal.domain.registration.registration import Policy
from portal.domain.registration.sealing import recipient_key
from portal.site.event_toml import event_toml
from portal.storage.embedded.store import EmbeddedStore
from tests.factories.crowd import ARRIVED, SEATED, TWO_SEATS, WAITING, fill
from tests.factories.draft_forms import ALONE, DRAFT_FORMS, DRAFT_READINGS, MIRRORS
from tests.factories.portal import ORGANISER, PASSPHRASE, SETTINGS, Clock, Harness, cheap_hasher, enter, first_edition
from tests.factories.sample import EVENT, news
from tests.factories.tickets import KEYS, ticket_id
from tests.fakes.memory_store import memory_store

NEWS: Final = news(1)
NEWS_SEEN: Final = version_of(NEWS.title.as_mapping(), NEWS.text.as_mapping())
NOAS_CODE: Final = "c" * 64
BEGIN: Final = Clock().now
OTHER_BROWSER: Final = SignIn("5" * 64, ORGANISER, BEGIN, BEGIN)

FORMS: Final[dict[str, tuple[str, str, Mapping[str, str]]]] = {
    "the rules of registration": (
        "/en/organisers/registrations/",
        "/en/organisers/registrations/",
        {"mode": "closed", "limited": "yes", "capacity": "7"},
    ),
    "a draw on the page of the rules": (
        "/en/organisers/registrations/",
        "/en/organisers/registrations/",
        {"action": "draw"},
    ),
    "a draw on the overview": ("/en/organisers/", "/en/organisers/", {"action": "draw"}),
    "confirming the facts of the event": ("/en/organisers/", "/en/organisers/", {"action": "check event"}),
    "bringing the list back": ("/en/organisers/", "/en/organisers/", {"action": "bring back"}),
    "downloading the list": ("/en/organisers/people/", "/en/organisers/people/", {"action": "download"}),
    "refreshing the list": ("/en/organisers/people/", "/en/organisers/people/", {"action": "refresh"}),
    "a session of the draft": (
        "/en/organisers/sessions/outils/",
        "/en/organisers/sessions/outils/",
        {"title_en": "Tools of ours"},
    ),
    "publishing": ("/en/organisers/publish/", "/en/organisers/publish/", {"comment": "Rooms are confirmed."}),
    "a code at the check-in desk": ("/en/organisers/door/", "/en/organisers/door/", {"code": SEATED}),
    "letting somebody in": (
        "/en/organisers/door/",
        "/en/organisers/door/",
        {"action": "let in", "id": ticket_id(WAITING)},
    ),
    "taking an arrival back": (
        "/en/organisers/door/",
        "/en/organisers/door/",
        {"action": "undo", "id": ticket_id(ARRIVED)},
    ),
    "erasing a registration": (
        "/en/organisers/people/",
        "/en/organisers/people/",
        {"action": "erase", "id": ticket_id(SEATED), "seen": "seated", "reason": "twice"},
    ),
    "making invitations": ("/en/organisers/invitations/", "/en/organisers/invitations/", {"number": "3"}),
    "withdrawing invitations": (
        "/en/organisers/invitations/",
        "/en/organisers/invitations/",
        {"action": "withdraw", "seen": "5"},
    ),
    "an announcement": (
        "/en/organisers/announcements/",
        "/en/organisers/announcements/",
        {"title_fr": "Grève du métro"},
    ),
    "withdrawing an announcement": (
        "/en/organisers/announcements/",
        "/en/organisers/announcements/",
        {"action": "withdraw", "id": NEWS.id, "seen": NEWS_SEEN},
    ),
    "giving a set-up code": ("/en/organisers/team/", "/en/organisers/team/", {"name": "Alix"}),
    "withdrawing a set-up code": (
        "/en/organisers/team/",
        "/en/organisers/team/",
        {"action": "withdraw", "name": "Noa", "seen": version_of(NOAS_CODE)},
    ),
    "removing an organiser": (
        "/en/organisers/team/",
        "/en/organisers/team/",
        {"action": "remove", "name": "Robin", "seen": version_of([NOAS_CODE])},
    ),
    "letting an organiser read": (
        "/en/organisers/team/",
        "/en/organisers/team/",
        {"action": "let read", "name": "Robin"},
    ),
    "another passphrase": (
        "/en/organisers/me/",
        "/en/organisers/me/",
        {"action": "", "present_passphrase": PASSPHRASE, "passphrase": "words of nobody else"},
    ),
    "signing out other browsers": ("/en/organisers/me/", "/en/organisers/me/", {"action": "end others"}),
    "taking an edition back": (
        "/en/organisers/editions/1/take-back/",
        "/en/organisers/editions/1/take-back/",
        {},
    ),
    "importing an event file": (
        "/en/organisers/draft/import/",
        "/en/organisers/draft/import/",
        {"action": "import", "revision": "4", "toml": event_toml(EVENT).decode()},
    ),
    **DRAFT_FORMS,
    "signing out": ("/en/organisers/", "/en/organisers/sign-out/", {}),
}
"""The page that shows the form, where the form goes, and what is typed into it."""


READINGS: Final = [
    *DRAFT_READINGS,
    "/fr/organisation/seances/outils/",
    "/fr/organisation/publier/",
    "/fr/organisation/editions/",
    "/fr/organisation/editions/1/reprendre/",
    "/fr/organisation/brouillon/importer/",
    "/fr/organisation/inscriptions/",
    "/fr/organisation/entree/",
    "/fr/organisation/entree/aide/",
    "/fr/organisation/liste/",
    "/fr/organisation/invitations/",
    "/fr/organisation/annonces/",
    "/fr/organisation/journal/",
    "/fr/organisation/equipe/",
    "/fr/organisation/moi/",
]
"""The pages that show them."""

DOWNLOADS: Final = [
    "/fr/organisation/brouillon/fichier/",
    "/fr/organisation/brouillon/voir/fr/",
    "/fr/organisation/editions/1/fichier/",
    "/fr/organisation/editions/1/voir/fr/programme/",
    "/fr/organisation/editions/1/voir/fr/evenement.ics",
]
"""Paths of the organisers whose answer is a file or a preview, not a page of theirs."""


@asynccontextmanager
async def filled_harness(store: EmbeddedStore | None = None) -> AsyncIterator[Harness]:
    """Open a portal with three registrations, a seat to draw, five invitations, an announcement, a draft with a theme
    and mirrors of its own, a list put away, two organisers and a set-up code, and sign in as Camille."""
    store = store or memory_store()
    await store.open()
    await first_edition(store, policy=TWO_SEATS)
    harness = Harness(store, Clock(), KEYS, cheap_hasher(), SETTINGS)
    await furnish(harness)
    async with enter(harness):
        await change_something(harness)
        yield harness
    await store.close()


async def furnish(harness: Harness) -> None:
    """Store everything that is there before the sign-in."""
    await fill(harness)
    await harness.store.set_policy(Policy(capacity=3, draws_at_once=False), random.Random(1))
    await harness.store.mark(Mark.PUT_AWAY)
    await harness.store.add_organiser(Organiser("Robin", "$argon2id$", public_key=recipient_key(b"r" * 32).hex()))
    await harness.store.give_set_up_code(SetUpCode(NOAS_CODE, "Noa", "Robin", expiry(harness.clock())), harness.clock())
    await harness.store.add_invitations([number * 64 for number in "12345"])
    await harness.store.announce(NEWS, "", Addresses(), harness.clock())


async def change_something(harness: Harness) -> None:
    """Sign in, here and elsewhere, and change the draft."""
    await harness.sign_in()
    await harness.store.open_sign_in(OTHER_BROWSER, await organiser(harness))
    draft = await harness.store.draft()
    event = replace(draft.event, themes=(*draft.event.themes, ALONE), mirrors=MIRRORS)
    await harness.store.save_draft(event, draft.revision)
    session = {"title_fr": "Nos outils à nous"}
    page = await harness.get("/fr/organisation/seances/outils/")
    await harness.send(page.action("outils/"), page.fields("outils/") | session)
    assert (await harness.store.draft()).revision > draft.revision


async def organiser(harness: Harness) -> Organiser:
    """Return the organiser who is signed in."""
    known = await harness.store.organiser(ORGANISER)
    assert known is not None
    return known


async def filled_in(harness: Harness, page: str, to: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that a browser would send from the form on `page`."""
    return (await harness.get(page)).fields(to.removeprefix("/en")) | dict(typed)


async def stored_state(harness: Harness) -> tuple[object, ...]:
    """Return everything that an organiser can change."""
    store = harness.store
    return (
        await store.policy(),
        (await store.draft()).event,
        await store.editions(),
        await store.registrations(),
        await store.invitations(),
        await store.journal(),
        [await store.organiser(name) for name in (ORGANISER, "Robin")],
        await store.set_up_codes(harness.clock()),
        await store.sign_in(OTHER_BROWSER.id, BEGIN),
        await store.marks(),
    )
