"""A small event that has one of everything, for the tests of the site."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Final

from portal.domain.edition.change import changed
from portal.domain.edition.edition import Addresses, Edition, HistoryEntry
from portal.domain.event.event import (
    Announcement,
    Collective,
    Colours,
    Day,
    Event,
    Place,
    Room,
    Session,
    SessionKind,
    Texts,
    Theme,
)
from portal.domain.language import Text

ONION: Final = "http://" + "a" * 56 + ".onion"
CLEARNET: Final = "https://event.example"
FINGERPRINT: Final = sha256(b"a root of trust").hexdigest()

EVENT: Final = Event(
    id="journee",
    name=Text("Une journée pour les communs", "A day for the commons"),
    lead=Text("Apprendre, débattre, décider ensemble.", "Learn, debate, decide together."),
    admission=Text("Gratuit, ouvert à toutes et tous", "Free, open to all"),
    setting=Text("En marge d’un salon", "Beside a trade fair"),
    language="fr",
    days=(Day(date(2026, 12, 15), time(11), time(17, 30)),),
    zone="Europe/Paris",
    retention_days=30,
    collective=Collective("Le collectif", Text("Des travailleuses et travailleurs.", "Workers.")),
    place=Place(Text("La Maison commune", "The Common House"), "1 rue des Lilas", "Paris"),
    colours=Colours(accent="#d7263d", ink="#141414", paper="#ffffff"),
    texts=Texts(
        manifesto=Text("Nous voulons **produire moins, mais mieux**.", "We want to **produce less, but better**."),
        access=Text("Métro : ligne 7.", "Métro: line 7."),
        accessibility=Text("Plain-pied.", "Step-free."),
        conduct=Text("Respect.\n\n- Écouter\n- Partager la parole", "Respect.\n\n- Listen\n- Share the floor"),
        agenda=Text("1. Bilan\n2. Orientations", "1. Review\n2. Directions"),
    ),
    themes=(
        Theme("libre", Text("Logiciel libre", "Free software"), Text("Les communs.", "The commons.")),
        Theme("travail", Text("Travail", "Work"), Text("S’organiser.", "Organising.")),
    ),
    rooms=(
        Room("grande", Text("Grande salle", "Main room"), Text("Au rez-de-chaussée.", "Ground floor.")),
        Room("petite", Text("Petite salle", "Small room"), Text("À l’étage.", "Upstairs.")),
    ),
    sessions=(
        Session(
            "accueil", SessionKind.WELCOME, Text("Accueil", "Welcome"), Text("Café.", "Coffee."), time(11), time(11, 30)
        ),
        Session(
            "outils",
            SessionKind.TALK,
            Text("Nos outils", "Our tools"),
            Text("Un *résumé*.", "An *abstract*."),
            time(11, 30),
            time(12, 30),
            ("grande",),
            ("libre",),
            ("Le collectif",),
        ),
        Session(
            "caisse",
            SessionKind.WORKSHOP,
            Text("La caisse de grève", "The strike fund"),
            Text("Pratique.", "Hands on."),
            time(11, 30),
            time(13),
            ("petite",),
            ("travail",),
        ),
        Session("repas", SessionKind.BREAK, Text("Repas", "Lunch"), Text("", ""), time(13), time(14)),
        Session(
            "ag",
            SessionKind.ASSEMBLY,
            Text("Assemblée générale", "General assembly"),
            Text("Décider.", "Decide."),
            time(14),
            time(17, 30),
            ("grande",),
        ),
    ),
)


def on_day(day: date, event: Event = EVENT, start: time | None = None, end: time | None = None) -> Event:
    """Return `event` with its only day on another date, and at other times if these are given."""
    (only,) = event.days
    return replace(event, days=(Day(day, start or only.start, end or only.end),))


STEPS: Final = (
    HistoryEntry(
        2,
        datetime(2026, 12, 2, 13, 5, tzinfo=UTC),
        "Salles confirmées",
        (changed("“%(title)s” has another description.", title=EVENT.sessions[1].title),),
    ),
    HistoryEntry(1, datetime(2026, 12, 1, 8, 0, tzinfo=UTC), "Première édition"),
)


def edition(
    event: Event = EVENT,
    clearnet: str | None = CLEARNET,
    onion: str | None = ONION,
    fingerprint: str | None = FINGERPRINT,
) -> Edition:
    """Return the second edition of `event`, at these addresses, with this fingerprint."""
    newest, addresses = STEPS[0], Addresses(clearnet, onion, fingerprint)
    return Edition(newest.number, newest.published, newest.comment, addresses, event, STEPS)


def news(number: int, *, important: bool = False) -> Announcement:
    """Return the `number`th announcement, `number` minutes past nine (UTC)."""
    return Announcement(
        f"news-{number}",
        Text(f"Nouvelle {number}", f"News {number}"),
        Text("Venez à **vélo**.", "Come by *bike*."),
        datetime(2026, 11, 23, 9, number, tzinfo=UTC),
        important,
    )


def event_of(sessions: int) -> Event:
    """Return an event with so many sessions, five minutes each, over the rooms of `EVENT`."""
    made = tuple(
        Session(
            f"s{number}",
            SessionKind.TALK,
            Text(f"Séance {number}", f"Session {number}"),
            Text("Un paragraphe.", "A paragraph."),
            time(8 + number // 2 * 1 // 60 % 12, number // 2 % 60),
            time(8 + (number // 2 + 1) // 60 % 12, (number // 2 + 1) % 60),
            (("grande", "petite")[number % 2],),
            ("libre",),
        )
        for number in range(sessions)
    )
    return replace(EVENT, sessions=made)
