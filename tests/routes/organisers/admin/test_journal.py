"""The journal: who of the organisers did what, by day, and never anything of an attendee."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from portal.domain.draft.part_form import version_of
from portal.domain.language import Text
from portal.routes.organisers.admin import dashboard
from portal.routes.organisers.attendance import check_in, invitations, policy, registrations
from portal.routes.organisers.auth import Action
from portal.routes.organisers.editions import announcements
from portal.site.event_toml import event_toml
from tests.factories.crowd import ARRIVED, SEATED, TWO_SEATS, WAITING, fill, typed
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT, on_day
from tests.factories.tickets import ticket_id

pytestmark = pytest.mark.anyio

ERASED_SOON: Final = replace(on_day(date(2026, 11, 22)), retention_days=3)
JOURNAL: Final = "/en/organisers/journal/"
RULES: Final = "Rules of registration: {mode}; seats: 3; waiting list: yes; draw: by hand; opens: —; closes: —"
STRIKE: Final = version_of(Text("", "Strike").as_mapping(), Text().as_mapping())
DEEDS: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("registrations/", "registrations/", {"limited": "yes", "capacity": "3", "draws_at_once": "no"}),
    ("registrations/", "registrations/", {"action": "draw"}),
    ("", "/organisers/", {"action": "draw"}),
    ("", "/organisers/", {"action": "check event"}),
    ("", "/organisers/", {"action": "put away"}),
    ("", "/organisers/", {"action": "bring back"}),
    ("", "/organisers/", {"action": "postpone"}),
    ("door/", "door/", {"code": typed(SEATED)}),
    ("door/", "door/", {"action": "let in", "id": ticket_id(WAITING)}),
    ("door/", "door/", {"action": "undo?", "id": ticket_id(ARRIVED)}),
    ("door/", "door/", {"action": "undo", "id": ticket_id(ARRIVED)}),
    ("door/", "door/", {"action": "restore", "id": ticket_id(ARRIVED)}),
    ("invitations/", "invitations/", {"number": "2"}),
    ("invitations/", "invitations/", {"action": "withdraw"}),
    ("invitations/", "invitations/", {"action": "withdraw", "seen": "2"}),
    ("people/", "people/", {"action": "download"}),
    ("people/", "people/", {"action": "refresh"}),
    ("people/", "people/", {"action": "ask", "id": ticket_id(WAITING)}),
    ("people/", "people/", {"action": "erase", "id": ticket_id(WAITING), "seen": "arrived", "reason": "asked"}),
    ("people/", "people/", {"search": "Béa"}),
    ("sessions/outils/", "outils/", {"title_fr": "Nos outils à nous", "title_en": "Tools of ours"}),
    ("publish/", "publish/", {"comment": "Tools first."}),
    ("announcements/", "announcements/", {"title_en": "Strike", "id": "abcdefgh"}),
    ("announcements/", "announcements/", {"action": "withdraw", "id": "abcdefgh"}),
    ("announcements/", "announcements/", {"action": "withdraw", "id": "abcdefgh", "seen": STRIKE}),
    ("announcements/", "announcements/", {"action": "again", "id": "abcdefgh"}),
    ("editions/1/take-back/", "take-back/", {}),
    ("draft/import/", "import/", {"action": "import", "revision": "5", "toml": event_toml(EVENT).decode()}),
)
"""Everything that an organiser can do: the page, the form on it, and what is typed."""
ACTIONS: Final[dict[str, Mapping[str, Action]]] = {
    "": dashboard.FORM_PAGE.actions,
    "announcements/": announcements.FORM_PAGE.actions,
    "door/": check_in.FORM_PAGE.actions,
    "invitations/": invitations.FORM_PAGE.actions,
    "people/": registrations.FORM_PAGE.actions,
    "registrations/": policy.FORM_PAGE.actions,
}
"""The actions of each page that has several."""


@pytest.mark.parametrize("page", ACTIONS)
def test_everything_is_done_below_that_a_page_can_do(page: str) -> None:
    assert {typed.get("action", "") for where, _, typed in DEEDS if where == page} == set(ACTIONS[page])


async def do_everything(harness: Harness) -> None:
    for page, form, typed_in in DEEDS:
        opened = await harness.get(f"/en/organisers/{page}")
        answer = await harness.send(f"/en/organisers/{page}", opened.fields(form) | typed_in)
        assert answer.status in (200, 303), page


async def test_journal_is_empty_at_first() -> None:
    async with open_harness() as harness:
        await harness.sign_in()
        assert "It is still empty." in (await harness.get(JOURNAL)).text


async def test_journal_tells_who_did_what_by_day() -> None:
    async with open_harness(TWO_SEATS, event=ERASED_SOON) as harness:
        await fill(harness)
        await harness.sign_in()
        await do_everything(harness)
        harness.clock.turn(hours=15)
        await harness.sign_in("Sacha")
        page = await harness.get("/en/organisers/registrations/")
        await harness.send("/en/organisers/registrations/", page.fields("registrations/") | {"mode": "closed"})
        journal = await harness.get(JOURNAL)
        lines = [" ".join(str(element.text_content()).split()) for element in journal.found("//main//h2 | //main//li")]
        assert lines == [
            "Tuesday 24 November 2026",
            f"Sacha {RULES.format(mode='closed')}",
            "Monday 23 November 2026",
            "Camille Draft replaced by an event file",
            "Camille Edition 1 taken back as the draft",
            "Camille Announcement withdrawn: “Strike”.",
            "Camille Announcement: “Strike”.",
            "Camille Edition 2 published: Tools first.",
            "Camille Session changed in the draft: Nos outils",
            "Camille One registration erased Reason: the person asked for it",
            "Camille List of registrations refreshed",
            "Camille List of registrations downloaded",
            "Camille Invitations withdrawn: 2",
            "Camille Invitations made: 2",
            "Camille Erasure of the registrations postponed to 2026-12-02 17:30",
            "Camille List of what is to be done brought back",
            "Camille List of what is to be done put away",
            "Camille Facts of the event confirmed",
            "Camille Draw: seats given to those who wait: 1",
            f"Camille {RULES.format(mode='open to all')}",
        ]


async def test_journal_never_tells_of_an_attendee() -> None:
    async with open_harness(TWO_SEATS, event=ERASED_SOON) as harness:
        await fill(harness)
        await harness.sign_in()
        await do_everything(harness)
        journal = repr(await harness.store.journal()) + (await harness.get(JOURNAL)).text
        for code, pseudonym in ((SEATED, "Ada"), (ARRIVED, "Béa"), (WAITING, "Chloé")):
            for known in (code, typed(code), ticket_id(code), ticket_id(code)[:8], pseudonym):
                assert known not in journal


async def test_journal_is_told_in_the_readers_language() -> None:
    async with open_harness(TWO_SEATS, event=ERASED_SOON) as harness:
        await fill(harness)
        await harness.sign_in()
        await do_everything(harness)
        journal = (await harness.get("/fr/organisation/journal/")).text
        assert "Règles d’inscription\N{NO-BREAK SPACE}: ouvertes à toutes et tous" in journal.replace(
            "Règles d’inscription :", "Règles d’inscription\N{NO-BREAK SPACE}:"
        )
        assert "Une inscription effacée" in journal
        assert "la personne l’a demandé" in journal
