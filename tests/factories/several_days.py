"""An event of two days in three rooms, the first of which ends after midnight, for the tests of the site."""

from dataclasses import replace
from datetime import date, time
from typing import Final

from portal.domain.event.event import Day, Link, Room, Session, SessionKind, Speaker
from portal.domain.language import Text
from tests.factories.sample import EVENT

SATURDAY: Final = Day(date(2027, 6, 12), time(9), time(2))
SUNDAY: Final = Day(date(2027, 6, 13), time(10), time(18))


def talk(id: str, start: str, end: str, *rooms: str, **other: object) -> Session:
    """Return a talk from `start` to `end` (`09:30`) in `rooms`."""
    values: dict[str, object] = {
        "kind": "talk",
        "title": Text(f"Séance {id}", f"Session {id}"),
        "abstract": Text("Un *résumé*.", "An *abstract*."),
        "rooms": rooms,
        **other,
    }
    return Session(id=id, start=time.fromisoformat(start), end=time.fromisoformat(end), **values)  # type: ignore[arg-type]


TWO_DAYS: Final = replace(
    EVENT,
    days=(SATURDAY, SUNDAY),
    rooms=(
        *EVENT.rooms,
        Room("cour", Text("La cour", "The yard"), Text(), 80, Text("Un seuil de 3 cm.", "A step of 3 cm.")),
    ),
    speakers=(Speaker("ada", "Ada Exemple", Text("Écrit *des programmes*.", "Writes *programs*.")),),
    sessions=(
        talk("accueil", "09:00", "09:30", kind=SessionKind.WELCOME),
        talk("reseau", "09:30", "11:00", "grande", themes=("libre", "travail"), speakers=("Ada Exemple", "Bo")),
        talk("atelier", "09:30", "12:30", "petite", kind=SessionKind.WORKSHOP),
        talk("repas", "12:00", "13:00", kind=SessionKind.BREAK),
        talk("ouverte", "14:00", "15:00"),
        talk("fete", "22:30", "00:30", "grande", "petite", kind="party"),
        talk("minuit", "00:30", "01:30", "cour", speakers=("Bo",)),
        talk(
            "dimanche",
            "10:00",
            "11:00",
            "grande",
            day=2,
            subtitle=Text("Un sous-titre", "A subtitle"),
            description=Text("La suite.", "The rest."),
            language="pt-BR",
            links=(Link("https://slides.example/deck", "Les diapositives"), Link("https://code.example/repo")),
            tags=("réseaux", "Tor"),
        ),
        talk("plenary", "15:00", "16:00", day=2, everywhere=True),
    ),
)
"""Saturday ends at two in the morning of Sunday; the yard has a session of its own on Saturday alone."""
