"""The forms with which organisers edit the draft, and their pages: what `test_gate` looks at."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from portal.domain.draft.part import Part
from portal.domain.draft.part_form import fields_of, version_of
from portal.domain.event.event import Mirror, Theme
from portal.domain.language import Text
from tests.factories.sample import EVENT

TOOLS_FIELDS: Final = {
    "kind": "talk",
    "title_fr": "Nos outils",
    "title_en": "Our tools",
    "abstract_fr": "Un *résumé*.",
    "abstract_en": "An *abstract*.",
    "start": "11:30",
    "end": "12:30",
    "rooms": "grande",
    "themes": "libre",
    "speakers": "Le collectif",
    "cancelled": "",
    "day": "1",
    "subtitle_fr": "",
    "subtitle_en": "",
    "description_fr": "",
    "description_en": "",
    "language": "",
    "everywhere": "",
    "shares_room": "",
    "links": "",
    "tags": "",
}
"""The fields of the form of the session `outils`, as it is in the sample of the tests."""


def ticked_rooms(*ids: str) -> dict[str, str]:
    """Return the checkboxes of the rooms of the sample, of which those with these ids are checked."""
    return {f"rooms.{room.id}": "yes" if room.id in ids else "" for room in EVENT.rooms}


def ticked_themes(*ids: str) -> dict[str, str]:
    """Return the checkboxes of the themes of the sample, of which those with these ids are checked."""
    return {f"themes.{theme.id}": "yes" if theme.id in ids else "" for theme in EVENT.themes}


MIRRORS: Final = tuple(Mirror(id, id, "They", (f"https://{id}.example",)) for id in ("amis", "autres"))
ALONE: Final = Theme("seul", Text("Seul", "Alone"), Text())
SEEN: Final = version_of(fields_of(replace(EVENT, themes=(ALONE,)), Part("themes", "seul")), [], [], [])

DRAFT_FORMS: Final[dict[str, tuple[str, str, Mapping[str, str]]]] = {
    "a session to look at first": (
        "/en/organisers/sessions/outils/",
        "/en/organisers/sessions/outils/",
        {"action": "preview", "abstract_en": "Tools of ours"},
    ),
    "a session to be copied": (
        "/en/organisers/sessions/outils/",
        "/en/organisers/sessions/outils/",
        {"action": "copy"},
    ),
    "a session to be cancelled": (
        "/en/organisers/sessions/outils/",
        "/en/organisers/sessions/outils/",
        {"action": "cancel"},
    ),
    "a question before deleting": (
        "/en/organisers/sessions/outils/",
        "/en/organisers/sessions/outils/",
        {"action": "delete?"},
    ),
    "deleting a theme": (
        "/en/organisers/themes/seul/",
        "/en/organisers/themes/seul/",
        {"action": "delete", "seen": SEEN},
    ),
    "a new session": (
        "/en/organisers/new-session/",
        "/en/organisers/new-session/",
        {"title_en": "Night", "start": "15:00", "end": "16:00"},
    ),
    "a room": ("/en/organisers/rooms/grande/", "/en/organisers/rooms/grande/", {"name_en": "Hall"}),
    "a new room": ("/en/organisers/new-room/", "/en/organisers/new-room/", {"name_en": "Attic"}),
    "the order of the rooms": ("/en/organisers/rooms/", "/en/organisers/rooms/", {"down": "grande"}),
    "a theme": ("/en/organisers/themes/libre/", "/en/organisers/themes/libre/", {"name_en": "Freedom"}),
    "a new theme": ("/en/organisers/new-theme/", "/en/organisers/new-theme/", {"name_en": "Peace"}),
    "the order of the themes": ("/en/organisers/themes/", "/en/organisers/themes/", {"up": "travail"}),
    "a copy": ("/en/organisers/mirrors/amis/", "/en/organisers/mirrors/amis/", {"operator": "Friends"}),
    "a new copy": (
        "/en/organisers/new-mirror/",
        "/en/organisers/new-mirror/",
        {"name": "More", "operator": "They", "addresses": "https://more.example"},
    ),
    "the order of the copies": ("/en/organisers/mirrors/", "/en/organisers/mirrors/", {"down": "amis"}),
    "a speaker to be renamed": (
        "/en/organisers/speakers/?name=Le%20collectif",
        "/en/organisers/speakers/",
        {"action": "rename", "name": "Ada"},
    ),
    "a question before removing a speaker": (
        "/en/organisers/speakers/?name=Le%20collectif",
        "/en/organisers/speakers/",
        {"action": "remove?"},
    ),
    "a text about a speaker": (
        "/en/organisers/speakers/le-collectif/",
        "/en/organisers/speakers/le-collectif/",
        {"biography_en": "Workers."},
    ),
    "a text": ("/en/organisers/texts/agenda/", "/en/organisers/texts/agenda/", {"agenda_en": "1. Vote"}),
    "the facts of the event": ("/en/organisers/event/event/", "/en/organisers/event/event/", {"retention_days": "9"}),
    "the days": ("/en/organisers/days/", "/en/organisers/days/", {"end_1": "18:00"}),
}
"""The page that shows the form, where the form goes, and what is typed into it: for a draft with MIRRORS and ALONE."""

CHANGE_NOTHING: Final = ("preview", "copy", "delete?", "remove?")
"""The actions of those that show a page and change nothing."""

DRAFT_READINGS: Final = (
    "/fr/organisation/programme/",
    "/fr/organisation/nouvelle-seance/",
    "/fr/organisation/salles/",
    "/fr/organisation/salles/grande/",
    "/fr/organisation/nouvelle-salle/",
    "/fr/organisation/themes/",
    "/fr/organisation/themes/libre/",
    "/fr/organisation/nouveau-theme/",
    "/fr/organisation/miroirs/",
    "/fr/organisation/nouveau-miroir/",
    "/fr/organisation/intervenants/",
    "/fr/organisation/intervenants/le-collectif/",
    "/fr/organisation/textes/",
    "/fr/organisation/textes/manifesto/",
    "/fr/organisation/evenement/place/",
    "/fr/organisation/jours/",
)
"""The pages that show them."""
