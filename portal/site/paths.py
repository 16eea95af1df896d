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
    "home": {"fr": "", "en": ""},
    "programme": {"fr": "programme/", "en": "programme/"},
    "programme_by_theme": {"fr": "programme/themes/", "en": "programme/themes/"},
    "programme_by_room": {"fr": "programme/salles/", "en": "programme/rooms/"},
    "programme_grid": {"fr": "programme/grille/", "en": "programme/grid/"},
    "programme_day": {"fr": "programme/{id}/", "en": "programme/{id}/"},
    "programme_grid_day": {"fr": "programme/grille/{id}/", "en": "programme/grid/{id}/"},
    "programme_full": {"fr": "programme/complet/", "en": "programme/full/"},
    "speakers": {"fr": "intervenants/", "en": "speakers/"},
    "speaker": {"fr": "intervenants/{id}/", "en": "speakers/{id}/"},
    "my_programme": {"fr": "mon-programme/", "en": "my-programme/"},
    "my_programme_choice": {"fr": "mon-programme/choix/", "en": "my-programme/choice/"},
    "now": {"fr": "en-ce-moment/", "en": "now/"},
    "session": {"fr": "seances/{id}/", "en": "sessions/{id}/"},
    "theme": {"fr": "themes/{id}/", "en": "themes/{id}/"},
    "room": {"fr": "salles/{id}/", "en": "rooms/{id}/"},
    "assembly": {"fr": "assemblee/", "en": "assembly/"},
    "practical": {"fr": "pratique/", "en": "practical/"},
    "registration": {"fr": "inscription/", "en": "registration/"},
    "ticket": {"fr": "billet/", "en": "ticket/"},
    "privacy": {"fr": "vie-privee/", "en": "privacy/"},
    "mirrors": {"fr": "miroirs/", "en": "mirrors/"},
    "mirrors_status": {"fr": "miroirs/etat/", "en": "mirrors/status/"},
    "news": {"fr": "nouveautes/", "en": "news/"},
    "older_news": {"fr": "nouveautes/{id}/", "en": "news/{id}/"},
    "calendar": {"fr": "evenement.ics", "en": "event.ics"},
    "feed": {"fr": "nouvelles.atom", "en": "news.atom"},
    "organisers": {"fr": "organisation/", "en": "organisers/"},
    "ticket_pseudonym": {"fr": "billet/pseudonyme/", "en": "ticket/pseudonym/"},
    "ticket_passphrase": {"fr": "billet/phrase-de-passe/", "en": "ticket/passphrase/"},
    "ticket_cancel": {"fr": "billet/annuler/", "en": "ticket/cancel/"},
    "sign_in": {"fr": "organisation/connexion/", "en": "organisers/sign-in/"},
    "sign_out": {"fr": "organisation/deconnexion/", "en": "organisers/sign-out/"},
    "policy": {"fr": "organisation/inscriptions/", "en": "organisers/registrations/"},
    "draft": {"fr": "organisation/seances/{id}/", "en": "organisers/sessions/{id}/"},
    "draft_programme": {"fr": "organisation/programme/", "en": "organisers/programme/"},
    "draft_new_session": {"fr": "organisation/nouvelle-seance/", "en": "organisers/new-session/"},
    "draft_rooms": {"fr": "organisation/salles/", "en": "organisers/rooms/"},
    "draft_room": {"fr": "organisation/salles/{id}/", "en": "organisers/rooms/{id}/"},
    "draft_new_room": {"fr": "organisation/nouvelle-salle/", "en": "organisers/new-room/"},
    "draft_themes": {"fr": "organisation/themes/", "en": "organisers/themes/"},
    "draft_theme": {"fr": "organisation/themes/{id}/", "en": "organisers/themes/{id}/"},
    "draft_new_theme": {"fr": "organisation/nouveau-theme/", "en": "organisers/new-theme/"},
    "draft_mirrors": {"fr": "organisation/miroirs/", "en": "organisers/mirrors/"},
    "draft_mirror": {"fr": "organisation/miroirs/{id}/", "en": "organisers/mirrors/{id}/"},
    "draft_new_mirror": {"fr": "organisation/nouveau-miroir/", "en": "organisers/new-mirror/"},
    "draft_speaker": {"fr": "organisation/intervenants/{id}/", "en": "organisers/speakers/{id}/"},
    "draft_speakers": {"fr": "organisation/intervenants/", "en": "organisers/speakers/"},
    "draft_texts": {"fr": "organisation/textes/", "en": "organisers/texts/"},
    "draft_text": {"fr": "organisation/textes/{id}/", "en": "organisers/texts/{id}/"},
    "draft_days": {"fr": "organisation/jours/", "en": "organisers/days/"},
    "draft_facts": {"fr": "organisation/evenement/{id}/", "en": "organisers/event/{id}/"},
    "edition": {"fr": "organisation/publier/", "en": "organisers/publish/"},
    "editions": {"fr": "organisation/editions/", "en": "organisers/editions/"},
    "edition_view": {"fr": "organisation/editions/{id}/voir/", "en": "organisers/editions/{id}/view/"},
    "edition_file": {"fr": "organisation/editions/{id}/fichier/", "en": "organisers/editions/{id}/file/"},
    "edition_restore": {"fr": "organisation/editions/{id}/reprendre/", "en": "organisers/editions/{id}/take-back/"},
    "draft_view": {"fr": "organisation/brouillon/voir/", "en": "organisers/draft/view/"},
    "draft_file": {"fr": "organisation/brouillon/fichier/", "en": "organisers/draft/file/"},
    "draft_import": {"fr": "organisation/brouillon/importer/", "en": "organisers/draft/import/"},
    "check_in": {"fr": "organisation/entree/", "en": "organisers/door/"},
    "check_in_help": {"fr": "organisation/entree/aide/", "en": "organisers/door/help/"},
    "registrations": {"fr": "organisation/liste/", "en": "organisers/people/"},
    "invitations": {"fr": "organisation/invitations/", "en": "organisers/invitations/"},
    "announcements": {"fr": "organisation/annonces/", "en": "organisers/announcements/"},
    "journal": {"fr": "organisation/journal/", "en": "organisers/journal/"},
    "account_setup": {"fr": "organisation/bienvenue/", "en": "organisers/welcome/"},
    "team": {"fr": "organisation/equipe/", "en": "organisers/team/"},
    "account": {"fr": "organisation/moi/", "en": "organisers/me/"},
}


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
