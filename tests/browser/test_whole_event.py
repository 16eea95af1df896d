"""A whole event run from a browser without scripts: programme, edition, a second organiser, seats, draw, door."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.on_the_day import at_the_door, opened, registered
from tests.browser.portal import Portal, assert_fits, heading, signed_in

pytestmark = pytest.mark.browser

COMMENT: Final = "« Réparer » dure cinq minutes de plus."
CHANGE: Final = "passe de 13 h 50 – 14 h 30 à 13 h 50 – 14 h 35"
TOLD: Final = {"fr/seances/reparer/": "14 h 35", "fr/nouveautes/": CHANGE, "fr/nouvelles.atom": CHANGE}


def pressed(page: Page, name: str) -> None:
    """Press a button, and look at the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()
    assert_fits(page)


def plain(text: str) -> str:
    return " ".join(text.split())


def moved(page: Page, portal: Portal, room: str, end: str = "") -> None:
    """Put the session on repairing into another room, until another time."""
    page.goto(f"{portal.url}fr/organisation/seances/reparer/")
    for box in page.get_by_role("group", name="Où").get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("checkbox", name=room).check()
    if end:
        page.get_by_label("Fin").fill(end)
    pressed(page, "Enregistrer")


def newcomer(page: Page, camille: Page, portal: Portal, name: str) -> None:
    """Camille gives a set-up code to `name`, who turns it into a passphrase on another phone."""
    camille.goto(f"{portal.url}fr/organisation/equipe/")
    camille.get_by_label("Nom").fill(name)
    pressed(camille, "code")
    address, code = (camille.locator("p.code").nth(number).inner_text() for number in (0, 1))
    page.goto(address)
    page.get_by_label("Code").fill(code)
    pressed(page, "Garder")
    assert_fits(page)


def publish_after_a_conflict(camille: Page, portal: Portal) -> None:
    """Move a session into a conflict, be told, put it right, and publish."""
    moved(camille, portal, "Salle 1")
    camille.goto(f"{portal.url}fr/organisation/publier/")
    assert "empiète sur" in camille.get_by_role("main").inner_text()
    moved(camille, portal, "Salle 2", "14:35")
    camille.goto(f"{portal.url}fr/organisation/publier/")
    camille.get_by_label("Ce qui est nouveau").fill(COMMENT)
    pressed(camille, "Publier maintenant")


def read_what_is_new(reader: Page, portal: Portal) -> None:
    """The session's own page, the public changelog and the feed tell it."""
    for path, words in TOLD.items():
        assert words in plain(reader.request.get(f"{portal.url}{path}").text()), path
    reader.goto(f"{portal.url}fr/nouveautes/")
    assert_fits(reader)


def edit_at_once(camille: Page, sacha: Page, portal: Portal) -> None:
    """Both open the same room; who saves second is shown what the first one saved."""
    for page in (camille, sacha):
        page.goto(f"{portal.url}fr/organisation/salles/salle-1/")
    camille.get_by_label("Nom, en français").fill("Grande salle")
    pressed(camille, "Enregistrer")
    sacha.get_by_label("Nom, en français").fill("Salle du bas")
    pressed(sacha, "Enregistrer")
    assert sacha.locator(".theirs .lines").all_inner_texts() == ["Grande salle"]


def seat_three_on_two_seats(camille: Page, people: dict[str, Page], portal: Portal) -> str:
    """Three register, one gives the seat back, the draw seats the third, whose code is returned."""
    camille.goto(f"{portal.url}fr/organisation/inscriptions/")
    camille.get_by_label("Nombre de places").fill("2")
    pressed(camille, "Enregistrer ces règles")
    tickets = {name: ticket for name, (ticket, _) in registered(people, portal).items()}
    assert opened(people["Chloé"], portal, tickets["Chloé"]) == "Vous êtes sur la liste d’attente"
    opened(people["Béa"], portal, tickets["Béa"])
    people["Béa"].get_by_role("button", name="Rendre la place").click()
    people["Béa"].get_by_role("button", name="Oui, tout effacer").click()
    assert opened(people["Chloé"], portal, tickets["Chloé"]) == "Vous avez une place"
    return tickets["Chloé"][0]


def test_event_is_run_from_the_draft_to_the_door(person: Callable[[], Page], portal: Portal) -> None:
    camille, sacha, reader = person(), person(), person()
    people = {name: person() for name in ("Ada", "Béa", "Chloé")}
    camille.goto(f"{portal.url}fr/organisation/")
    signed_in(camille, portal)
    publish_after_a_conflict(camille, portal)
    read_what_is_new(reader, portal)
    newcomer(sacha, camille, portal, "Sacha")
    edit_at_once(camille, sacha, portal)
    code = seat_three_on_two_seats(camille, people, portal)
    sacha.goto(f"{portal.url}fr/organisation/entree/")
    assert at_the_door(sacha, code) == ["C’est bon, entrez", "Chloé"]
    camille.goto(f"{portal.url}fr/organisation/journal/")
    journal = plain(camille.get_by_role("main").inner_text())
    assert heading(camille) == "Journal"
    assert "Sacha" in journal
    assert [name for name in people if name in journal] == []
