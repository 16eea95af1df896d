"""The journal: who of the organisers did what, by day, and never anything of an attendee."""

from typing import Final

import pytest

from tests.routes.crowd import ARRIVED, SEATED, TWO_SEATS, WAITING, fill, id_of, typed
from tests.routes.house import House, open_house

pytestmark = pytest.mark.anyio

JOURNAL: Final = "/en/organisers/journal/"
DEEDS: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("registrations/", "registrations/", {"capacity": "3"}),
    ("door/", "door/", {"code": typed(SEATED)}),
    ("invitations/", "invitations/", {"number": "2"}),
    ("invitations/", "invitations/", {"action": "withdraw"}),
    ("people/", "people/", {"action": "erase", "id": id_of(WAITING), "reason": "asked"}),
    ("people/", "people/", {"search": "Béa"}),
    ("sessions/outils/", "outils/", {"title_fr": "Nos outils à nous", "title_en": "Tools of ours"}),
    ("publish/", "publish/", {"comment": "Tools first."}),
    ("announcements/", "announcements/", {"title_en": "Strike"}),
)
"""Everything that an organiser can do: the page, the form on it, and what is typed."""


async def do_everything(house: House) -> None:
    for page, form, typed_in in DEEDS:
        opened = await house.get(f"/en/organisers/{page}")
        answer = await house.send(f"/en/organisers/{page}", opened.fields(form) | typed_in)
        assert answer.status in (200, 303), page


async def test_journal_is_empty_at_first() -> None:
    async with open_house() as house:
        await house.sign_in()
        assert "Nothing is in it yet." in (await house.get(JOURNAL)).text


async def test_journal_tells_who_did_what_by_day() -> None:
    async with open_house(TWO_SEATS) as house:
        await fill(house)
        await house.sign_in()
        await do_everything(house)
        house.clock.turn(hours=15)
        await house.sign_in("Sacha")
        page = await house.get("/en/organisers/registrations/")
        await house.send("/en/organisers/registrations/", page.fields("registrations/") | {"mode": "closed"})
        journal = await house.get(JOURNAL)
        lines = [" ".join(str(one.text_content()).split()) for one in journal.found("//main//h2 | //main//li")]
        assert lines == [
            "Tuesday 24 November 2026",
            "Sacha Rules of registration: closed; seats: 3",
            "Monday 23 November 2026",
            "Camille Announcement: “Strike”.",
            "Camille Edition 2 published: Tools first.",
            "Camille Session changed in the draft: Nos outils",
            "Camille One registration erased Reason: the person asked for it",
            "Camille Invitations withdrawn: 2",
            "Camille Invitations made: 2",
            "Camille Rules of registration: open to all; seats: 3",
        ]


async def test_journal_never_tells_of_an_attendee() -> None:
    async with open_house(TWO_SEATS) as house:
        await fill(house)
        await house.sign_in()
        await do_everything(house)
        journal = repr(await house.store.journal()) + (await house.get(JOURNAL)).text
        for code, pseudonym in ((SEATED, "Ada"), (ARRIVED, "Béa"), (WAITING, "Chloé")):
            for known in (code, typed(code), id_of(code), id_of(code)[:8], pseudonym):
                assert known not in journal


async def test_journal_is_told_in_the_readers_language() -> None:
    async with open_house(TWO_SEATS) as house:
        await fill(house)
        await house.sign_in()
        await do_everything(house)
        said = (await house.get("/fr/organisation/journal/")).text
        assert "Règles d’inscription\N{NO-BREAK SPACE}: ouvertes à toutes et tous" in said.replace(
            "Règles d’inscription :", "Règles d’inscription\N{NO-BREAK SPACE}:"
        )
        assert "Une inscription effacée" in said
        assert "la personne l’a demandé" in said
