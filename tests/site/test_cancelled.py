"""A cancelled session: on every page where it stood, it says in a word before its title that it does not take place."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.event.event import Session
from portal.domain.language import Text
from portal.site.render import render
from tests.factories.document import Document
from tests.factories.sample import EVENT, edition

GONE: Final = ("outils", "ag")
TITLES: Final = {"outils": "Nos outils", "ag": "Assemblée générale"}


def event_sessions() -> tuple[Session, ...]:
    sessions = tuple(replace(session, cancelled=session.id in GONE) for session in EVENT.sessions)
    return (*sessions, replace(EVENT.sessions[1], id="remplacement", title=Text("Autre chose", "Something else")))


SITE: Final = render(edition(replace(EVENT, sessions=event_sessions())))
EVERYWHERE: Final = {
    "the programme": ("programme", ["Nos outils", "Assemblée générale"]),
    "the programme by theme": ("programme/themes", ["Nos outils", "Assemblée générale"]),
    "the programme by room": ("programme/salles", ["Nos outils", "Assemblée générale"]),
    "the grid": ("programme/grille", ["Nos outils", "Assemblée générale"]),
    "its theme": ("themes/libre", ["Nos outils"]),
    "its room": ("salles/grande", ["Nos outils", "Assemblée générale"]),
    "its own page": ("seances/outils", ["Nos outils"]),
    "the page of its neighbour": ("seances/repas", ["Assemblée générale"]),
    "the home": (".", ["Assemblée générale"]),
    "the page of the assembly": ("assemblee", ["Assemblée générale"]),
}


def page(path: str) -> Document:
    return Document(SITE[f"fr/{path}/index.html".replace("/./", "/")].content.decode())


@pytest.mark.parametrize(("path", "titles"), EVERYWHERE.values(), ids=EVERYWHERE.keys())
def test_cancelled_session_says_so_before_its_title(path: str, titles: list[str]) -> None:
    found = page(path)
    assert [element.text for element in found.all("s")] == titles
    words = " ".join(found.one("main").text.split())
    assert all(f"Annulée {title}" in words for title in titles)


def test_word_is_part_of_the_link_for_who_reads_links_alone() -> None:
    links = [" ".join(link.text.split()) for link in page("programme").all("a") if "outils/" in link.attributes["href"]]
    assert links == ["Annulée Nos outils"]


def test_own_page_says_it_in_its_title_and_what_follows_is_what_was_planned() -> None:
    found = page("seances/outils")
    assert found.one("title").text == "Annulée\xa0: Nos outils · Une journée pour les communs"
    assert "Cette séance n’aura pas lieu." in found.one("main").text


def test_session_that_takes_place_says_nothing_of_it() -> None:
    assert page("seances/caisse").all("s") == []
    assert "Annulé" not in page("seances/caisse").one("title").text


def test_replacement_and_cancelled_session_share_a_place_of_the_grid() -> None:
    (shared,) = [
        " ".join(cell.text.split()) for cell in page("programme/grille").all("td") if "Autre chose" in cell.text
    ]
    assert shared.startswith("Autre chose")
    assert "Annulée Nos outils" in shared
