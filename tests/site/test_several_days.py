"""The public pages of an event of several days, over midnight, and of an event that has nothing to show yet."""

from dataclasses import replace
from functools import cache
from typing import Final

import pytest

from portal.site.files import Files
from portal.site.render import render
from tests.factories.document import Document
from tests.factories.sample import EVENT, edition, event_of
from tests.factories.several_days import TWO_DAYS

EMPTY: Final = replace(EVENT, sessions=(), rooms=(), themes=())
EVENTS: Final = {
    "two days": TWO_DAYS,
    "two long days": replace(event_of(100), days=TWO_DAYS.days),
    "nothing yet": EMPTY,
    "one day": EVENT,
}


@cache
def site(name: str) -> Files:
    return render(edition(EVENTS[name]))


def page(path: str, name: str = "two days") -> Document:
    return Document(site(name)[f"{path}/index.html"].content.decode())


def words(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def headings(path: str, name: str = "two days") -> list[str]:
    return [words(each.text) for each in page(path, name).all("h2", "h3")]


def days(path: str, name: str = "two days") -> list[str]:
    """Return the links of the list of days."""
    elements = page(path, name).elements
    start = next((n for n, each in enumerate(elements) if each.attributes.get("aria-label") == "Jours"), len(elements))
    rest = elements[start + 1 :]
    length = next((n for n, each in enumerate(rest) if each.tag not in ("ul", "li", "a", "time")), len(rest))
    return [each.attributes["href"] for each in rest[:length] if each.tag == "a"]


def test_programme_lists_each_day_by_time_and_the_night_with_its_evening() -> None:
    assert headings("fr/programme") == [
        "Samedi 12 juin 9 h – dim. 2 h",
        "9 h",
        "9 h 30",
        "12 h",
        "14 h",
        "22 h 30",
        "dim. 0 h 30",
        "Dimanche 13 juin 10 h – 18 h",
        "10 h",
        "15 h",
        "Agenda et applications",
    ]


def test_days_of_a_short_programme_are_anchors_and_have_pages_too() -> None:
    assert days("fr/programme") == ["#day-2027-06-12", "#day-2027-06-13"]
    assert headings("fr/programme/2027-06-13") == ["Dimanche 13 juin 10 h – 18 h", "10 h", "15 h"]
    assert headings("en/programme/grid/2027-06-13") == [
        "Sunday 13 June 10:00 – 18:00",
        "Session dimanche",
        "Session plenary",
    ]


def test_days_of_a_long_programme_are_pages_and_the_first_is_the_programme() -> None:
    assert headings("fr/programme", "two long days")[0] == "Samedi 12 juin 9 h – dim. 2 h"
    assert [heading for heading in headings("fr/programme", "two long days") if "juin" in heading] == [
        "Samedi 12 juin 9 h – dim. 2 h"
    ]
    assert days("fr/programme", "two long days") == [
        "../../fr/programme/2027-06-12/",
        "../../fr/programme/2027-06-13/",
    ]
    assert "Rien n’est encore prévu" in page("fr/programme/2027-06-13", "two long days").one("main").text


def test_one_day_has_no_page_of_its_own_and_no_list_of_days() -> None:
    assert [path for path in site("one day") if "2026-12-15" in path] == []
    assert days("fr/programme", "one day") == []


PLACES: Final = {
    "fr/seances/fete": "Grande salle Petite salle La Maison commune",
    "fr/seances/ouverte": "Salle à préciser La Maison commune",
    "fr/seances/plenary": "Toutes les salles La Maison commune",
}


@pytest.mark.parametrize(("path", "place"), PLACES.items())
def test_session_says_where_it_is_or_that_this_is_open(path: str, place: str) -> None:
    assert [words(each.text) for each in page(path).all("dd")][1] == place


def test_session_shows_its_new_fields() -> None:
    found = page("fr/seances/dimanche")
    text = words(found.one("main").text)
    for shown in ("Un sous-titre", "La suite.", "Portugais (Brésil)", "réseaux, Tor", "slides.example"):
        assert shown in text
    outside = [link for link in found.all("a") if link.attributes.get("rel") == "noreferrer"]
    assert [(link.attributes["href"], link.text) for link in outside] == [
        ("https://slides.example/deck", "Les diapositives"),
        ("https://code.example/repo", "code.example/repo"),
    ]


def test_session_after_midnight_says_its_date() -> None:
    text = words(page("fr/seances/minuit").one("main").text)
    assert "dim. 0 h 30 – 1 h 30 Dimanche 13 juin 2027" in text


def test_speaker_has_a_page_with_a_text_and_sessions() -> None:
    assert "Écrit des programmes." in words(page("fr/intervenants/ada").one("main").text)
    assert [words(each.text) for each in page("fr/intervenants/bo").all("h3")] == ["Séance reseau", "Séance minuit"]
    names = [each.text for each in page("fr/intervenants").all("h2")]
    assert names == ["Ada Exemple", "Bo"]
    assert "../../../fr/intervenants/bo/" in page("fr/seances/reseau").addresses


def test_room_says_how_many_it_takes_and_how_to_get_in() -> None:
    text = words(page("fr/salles/cour").one("main").text)
    assert "80 personnes" in text
    assert "Un seuil de 3 cm." in text


def test_full_programme_has_every_abstract_on_one_page() -> None:
    text = words(page("fr/programme/complet").one("main").text)
    assert text.count("Un résumé.") == len(TWO_DAYS.sessions)
    assert "Ada Exemple, Bo" in text


def test_grid_of_each_day_scrolls_in_a_region_named_after_its_day() -> None:
    found = page("fr/programme/grille")
    regions = [each.attributes for each in found.elements if each.attributes.get("role") == "region"]
    assert [(region["aria-labelledby"], region["tabindex"]) for region in regions] == [
        ("day-2027-06-12", "0"),
        ("day-2027-06-13", "0"),
    ]
    columns = [words(each.text) for each in found.all("th") if each.attributes["scope"] == "col"]
    assert columns == ["Grande salle", "Petite salle", "La cour", "Grande salle"]
    assert "Salle à préciser" in headings("fr/programme/grille")


NOTICE: Final = {"class": "notice"}
UNFINISHED: Final = {
    "programme": "Le programme n’est pas encore publié.",
    "programme/grille": "Le programme n’est pas encore publié.",
    "programme/complet": "Le programme n’est pas encore publié.",
    "programme/themes": "Le programme n’a pas de thèmes.",
    "programme/salles": "Les salles ne sont pas encore annoncées.",
    "intervenants": "Personne n’est encore annoncé.",
}


def test_unfinished_programme_says_so_in_words() -> None:
    said = {
        path: words(page(f"fr/{path}", "nothing yet").one("main").text)
        for path in (
            "programme",
            "programme/grille",
            "programme/complet",
            "programme/themes",
            "programme/salles",
            "intervenants",
        )
    }
    for path in ("programme", "programme/grille", "programme/complet"):
        assert "Le programme n’est pas encore publié." in said[path]
    assert "Le programme n’a pas de thèmes." in said["programme/themes"]
    assert "Les salles ne sont pas encore annoncées." in said["programme/salles"]
    assert "Personne n’est encore annoncé." in said["intervenants"]


@pytest.mark.parametrize(("name", "has"), [("one day", True), ("two days", False), ("nothing yet", False)])
def test_menu_names_the_assembly_where_there_is_one(name: str, has: bool) -> None:
    menu = [link.text for link in page("fr/programme", name).all("a")]
    assert ("AG" in menu) is has
