"""The public paths, in each language, and how one page links to another without naming a host."""

from collections.abc import Iterator
from typing import Final, Literal

from portal.domain.language import Language

PageName = Literal[
    "home",
    "programme",
    "programme_by_theme",
    "programme_by_room",
    "programme_grid",
    "programme_day",
    "programme_grid_day",
    "programme_full",
    "speakers",
    "speaker",
    "my_programme",
    "my_programme_choice",
    "my_programme_calendar",
    "now",
    "session",
    "theme",
    "room",
    "assembly",
    "practical",
    "registration",
    "ticket",
    "privacy",
    "mirrors",
    "mirrors_status",
    "news",
    "older_news",
    "calendar",
    "session_calendar",
    "theme_calendar",
    "room_calendar",
    "feed",
    "organisers",
    "ticket_pseudonym",
    "ticket_passphrase",
    "ticket_cancel",
    "sign_in",
    "sign_out",
    "policy",
    "draft",
    "draft_programme",
    "draft_new_session",
    "draft_rooms",
    "draft_room",
    "draft_new_room",
    "draft_themes",
    "draft_theme",
    "draft_new_theme",
    "draft_mirrors",
    "draft_mirror",
    "draft_new_mirror",
    "draft_speakers",
    "draft_speaker",
    "draft_texts",
    "draft_text",
    "draft_facts",
    "draft_days",
    "edition",
    "editions",
    "edition_view",
    "edition_file",
    "edition_restore",
    "draft_view",
    "draft_file",
    "draft_import",
    "check_in",
    "check_in_help",
    "registrations",
    "invitations",
    "announcements",
    "journal",
    "account_setup",
    "team",
    "account",
]

_PATHS: Final[dict[PageName, dict[Language, str]]] = {
    "home": {"fr": "", "en": "", "es": ""},
    "programme": {"fr": "programme/", "en": "programme/", "es": "programa/"},
    "programme_by_theme": {"fr": "programme/themes/", "en": "programme/themes/", "es": "programa/temas/"},
    "programme_by_room": {"fr": "programme/salles/", "en": "programme/rooms/", "es": "programa/salas/"},
    "programme_grid": {"fr": "programme/grille/", "en": "programme/grid/", "es": "programa/cuadricula/"},
    "programme_day": {"fr": "programme/{id}/", "en": "programme/{id}/", "es": "programa/{id}/"},
    "programme_grid_day": {
        "fr": "programme/grille/{id}/",
        "en": "programme/grid/{id}/",
        "es": "programa/cuadricula/{id}/",
    },
    "programme_full": {"fr": "programme/complet/", "en": "programme/full/", "es": "programa/completo/"},
    "speakers": {"fr": "intervenants/", "en": "speakers/", "es": "ponentes/"},
    "speaker": {"fr": "intervenants/{id}/", "en": "speakers/{id}/", "es": "ponentes/{id}/"},
    "my_programme": {"fr": "mon-programme/", "en": "my-programme/", "es": "mi-programa/"},
    "my_programme_choice": {"fr": "mon-programme/choix/", "en": "my-programme/choice/", "es": "mi-programa/eleccion/"},
    "my_programme_calendar": {
        "fr": "mon-programme/choix.ics",
        "en": "my-programme/choice.ics",
        "es": "mi-programa/eleccion.ics",
    },
    "now": {"fr": "en-ce-moment/", "en": "now/", "es": "ahora/"},
    "session": {"fr": "seances/{id}/", "en": "sessions/{id}/", "es": "sesiones/{id}/"},
    "theme": {"fr": "themes/{id}/", "en": "themes/{id}/", "es": "temas/{id}/"},
    "room": {"fr": "salles/{id}/", "en": "rooms/{id}/", "es": "salas/{id}/"},
    "assembly": {"fr": "assemblee/", "en": "assembly/", "es": "asamblea/"},
    "practical": {"fr": "pratique/", "en": "practical/", "es": "practico/"},
    "registration": {"fr": "inscription/", "en": "registration/", "es": "inscripcion/"},
    "ticket": {"fr": "billet/", "en": "ticket/", "es": "entrada/"},
    "privacy": {"fr": "vie-privee/", "en": "privacy/", "es": "privacidad/"},
    "mirrors": {"fr": "miroirs/", "en": "mirrors/", "es": "copias/"},
    "mirrors_status": {"fr": "miroirs/etat/", "en": "mirrors/status/", "es": "copias/estado/"},
    "news": {"fr": "nouveautes/", "en": "news/", "es": "novedades/"},
    "older_news": {"fr": "nouveautes/{id}/", "en": "news/{id}/", "es": "novedades/{id}/"},
    "calendar": {"fr": "evenement.ics", "en": "event.ics", "es": "evento.ics"},
    "session_calendar": {"fr": "seances/{id}.ics", "en": "sessions/{id}.ics", "es": "sesiones/{id}.ics"},
    "theme_calendar": {"fr": "themes/{id}.ics", "en": "themes/{id}.ics", "es": "temas/{id}.ics"},
    "room_calendar": {"fr": "salles/{id}.ics", "en": "rooms/{id}.ics", "es": "salas/{id}.ics"},
    "feed": {"fr": "nouvelles.atom", "en": "news.atom", "es": "novedades.atom"},
    "organisers": {"fr": "organisation/", "en": "organisers/", "es": "organizacion/"},
    "ticket_pseudonym": {"fr": "billet/pseudonyme/", "en": "ticket/pseudonym/", "es": "entrada/seudonimo/"},
    "ticket_passphrase": {
        "fr": "billet/phrase-de-passe/",
        "en": "ticket/passphrase/",
        "es": "entrada/frase-de-contrasena/",
    },
    "ticket_cancel": {"fr": "billet/annuler/", "en": "ticket/cancel/", "es": "entrada/anular/"},
    "sign_in": {"fr": "organisation/connexion/", "en": "organisers/sign-in/", "es": "organizacion/iniciar-sesion/"},
    "sign_out": {"fr": "organisation/deconnexion/", "en": "organisers/sign-out/", "es": "organizacion/cerrar-sesion/"},
    "policy": {
        "fr": "organisation/inscriptions/",
        "en": "organisers/registrations/",
        "es": "organizacion/inscripciones/",
    },
    "draft": {
        "fr": "organisation/seances/{id}/",
        "en": "organisers/sessions/{id}/",
        "es": "organizacion/sesiones/{id}/",
    },
    "draft_programme": {"fr": "organisation/programme/", "en": "organisers/programme/", "es": "organizacion/programa/"},
    "draft_new_session": {
        "fr": "organisation/nouvelle-seance/",
        "en": "organisers/new-session/",
        "es": "organizacion/nueva-sesion/",
    },
    "draft_rooms": {"fr": "organisation/salles/", "en": "organisers/rooms/", "es": "organizacion/salas/"},
    "draft_room": {"fr": "organisation/salles/{id}/", "en": "organisers/rooms/{id}/", "es": "organizacion/salas/{id}/"},
    "draft_new_room": {
        "fr": "organisation/nouvelle-salle/",
        "en": "organisers/new-room/",
        "es": "organizacion/nueva-sala/",
    },
    "draft_themes": {"fr": "organisation/themes/", "en": "organisers/themes/", "es": "organizacion/temas/"},
    "draft_theme": {
        "fr": "organisation/themes/{id}/",
        "en": "organisers/themes/{id}/",
        "es": "organizacion/temas/{id}/",
    },
    "draft_new_theme": {
        "fr": "organisation/nouveau-theme/",
        "en": "organisers/new-theme/",
        "es": "organizacion/nuevo-tema/",
    },
    "draft_mirrors": {"fr": "organisation/miroirs/", "en": "organisers/mirrors/", "es": "organizacion/copias/"},
    "draft_mirror": {
        "fr": "organisation/miroirs/{id}/",
        "en": "organisers/mirrors/{id}/",
        "es": "organizacion/copias/{id}/",
    },
    "draft_new_mirror": {
        "fr": "organisation/nouveau-miroir/",
        "en": "organisers/new-mirror/",
        "es": "organizacion/nueva-copia/",
    },
    "draft_speaker": {
        "fr": "organisation/intervenants/{id}/",
        "en": "organisers/speakers/{id}/",
        "es": "organizacion/ponentes/{id}/",
    },
    "draft_speakers": {
        "fr": "organisation/intervenants/",
        "en": "organisers/speakers/",
        "es": "organizacion/ponentes/",
    },
    "draft_texts": {"fr": "organisation/textes/", "en": "organisers/texts/", "es": "organizacion/textos/"},
    "draft_text": {
        "fr": "organisation/textes/{id}/",
        "en": "organisers/texts/{id}/",
        "es": "organizacion/textos/{id}/",
    },
    "draft_days": {"fr": "organisation/jours/", "en": "organisers/days/", "es": "organizacion/dias/"},
    "draft_facts": {
        "fr": "organisation/evenement/{id}/",
        "en": "organisers/event/{id}/",
        "es": "organizacion/evento/{id}/",
    },
    "edition": {"fr": "organisation/publier/", "en": "organisers/publish/", "es": "organizacion/publicar/"},
    "editions": {"fr": "organisation/editions/", "en": "organisers/editions/", "es": "organizacion/ediciones/"},
    "edition_view": {
        "fr": "organisation/editions/{id}/voir/",
        "en": "organisers/editions/{id}/view/",
        "es": "organizacion/ediciones/{id}/ver/",
    },
    "edition_file": {
        "fr": "organisation/editions/{id}/fichier/",
        "en": "organisers/editions/{id}/file/",
        "es": "organizacion/ediciones/{id}/archivo/",
    },
    "edition_restore": {
        "fr": "organisation/editions/{id}/reprendre/",
        "en": "organisers/editions/{id}/take-back/",
        "es": "organizacion/ediciones/{id}/restaurar/",
    },
    "draft_view": {
        "fr": "organisation/brouillon/voir/",
        "en": "organisers/draft/view/",
        "es": "organizacion/borrador/ver/",
    },
    "draft_file": {
        "fr": "organisation/brouillon/fichier/",
        "en": "organisers/draft/file/",
        "es": "organizacion/borrador/archivo/",
    },
    "draft_import": {
        "fr": "organisation/brouillon/importer/",
        "en": "organisers/draft/import/",
        "es": "organizacion/borrador/importar/",
    },
    "check_in": {"fr": "organisation/entree/", "en": "organisers/door/", "es": "organizacion/acreditacion/"},
    "check_in_help": {
        "fr": "organisation/entree/aide/",
        "en": "organisers/door/help/",
        "es": "organizacion/acreditacion/ayuda/",
    },
    "registrations": {"fr": "organisation/liste/", "en": "organisers/people/", "es": "organizacion/lista/"},
    "invitations": {
        "fr": "organisation/invitations/",
        "en": "organisers/invitations/",
        "es": "organizacion/invitaciones/",
    },
    "announcements": {
        "fr": "organisation/annonces/",
        "en": "organisers/announcements/",
        "es": "organizacion/anuncios/",
    },
    "journal": {"fr": "organisation/journal/", "en": "organisers/journal/", "es": "organizacion/diario/"},
    "account_setup": {"fr": "organisation/bienvenue/", "en": "organisers/welcome/", "es": "organizacion/bienvenida/"},
    "team": {"fr": "organisation/equipe/", "en": "organisers/team/", "es": "organizacion/equipo/"},
    "account": {"fr": "organisation/moi/", "en": "organisers/me/", "es": "organizacion/yo/"},
}

SCHEDULE_XML: Final = "schedule.xml"
SCHEDULE_JSON: Final = "schedule.json"
GIGGITY: Final = "giggity.json"
"""The paths of the files for conference apps, which are in the event's language alone."""


def page_path(page: PageName, language: Language, id: str = "") -> str:
    """Return the path of a page from the root of the site, without a leading slash: `fr/seances/accueil/`.

    A language that has no path words of its own has the English ones.
    """
    words = _PATHS[page]
    return f"{language}/{words.get(language, words['en']).format(id=id)}"


ANY_LANGUAGE: Final = "{language}"
"""The first part of the pattern of a path, in every language that has no path words of its own."""


def path_patterns(page: PageName, id: str) -> Iterator[str]:
    """Yield the patterns of the path of a page in all languages: one for each that has its own words, one for others.

    `id` is the pattern of the id.
    """
    for language, words in _PATHS[page].items():
        yield f"{ANY_LANGUAGE if language == 'en' else language}/{words.format(id=id)}"


def has_path(page: PageName, language: Language, pattern: str) -> bool:
    """Return whether `pattern`, one of `path_patterns`, is that of the page in `language`."""
    return pattern.startswith(f"{language if language != 'en' and language in _PATHS[page] else ANY_LANGUAGE}/")


def is_of_organisers(page: PageName) -> bool:
    """Return whether the path of a page is that of the organisers, or below it."""
    return page_path(page, "en").startswith(page_path("organisers", "en"))


def root_of(path: str) -> str:
    """Return the way back to the root from the page at `path` (no leading slash): `../../` for `fr/programme/`."""
    return "../" * path.count("/") or "./"
