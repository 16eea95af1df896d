"""Columns of a table that are read, by the headings that mean them, and the words of its states."""

import re
from collections.abc import Mapping
from typing import Final

from portal.domain.language import N_
from portal.domain.text import plain_words

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "guid", "uid", "code", "identifiant", "proposalid", "submissionid"),
    "title": ("title", "titre", "intitule", "session", "sujet", "nom", "name", "titel", "summary", "subject"),
    "subtitle": ("subtitle", "soustitre", "untertitel"),
    "date": ("date", "day", "jour", "datum", "tag", "startdate", "datededebut", "datedebut"),
    "start": ("start", "debut", "heure", "horaire", "time", "starttime", "heurededebut", "heuredebut", "beginn"),
    "end_date": ("enddate", "datedefin", "datefin"),
    "end": ("end", "fin", "endtime", "heuredefin", "heurefin", "ende", "to", "a"),
    "duration": ("duration", "duree", "dauer", "length", "minutes"),
    "room": ("room", "rooms", "salle", "salles", "lieu", "location", "raum", "place", "venue"),
    "theme": ("theme", "themes", "track", "tracks", "parcours", "thematique", "piste", "categorie", "category"),
    "type": ("type", "kind", "format", "sessiontype", "submissiontype", "genre"),
    "speakers": ("speakers", "speaker", "persons", "intervenants", "intervenant", "intervenantes", "intervenante"),
    "abstract": ("abstract", "resume", "chapo", "shortdescription"),
    "description": ("description", "beschreibung", "details", "texte", "longdescription"),
    "language": ("language", "langue", "lang", "sprache"),
    "links": ("links", "link", "lien", "liens", "url", "urls"),
    "tags": ("tags", "tag", "motscles", "keywords", "etiquettes"),
    "status": ("status", "etat", "statut", "cancelled", "annule", "annulee"),
    "all_day": ("alldayevent", "journeeentiere"),
    "private": (
        "private",
        "prive",
        "privee",
        "privat",
        "privado",
        "sensitivity",
        "criteredediffusion",
        "vertraulichkeit",
    ),
}
_MORE: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("sessiontitle", "proposaltitle", "titredelasession"),
    "start": ("uhrzeit", "begin", "from", "de"),
    "speakers": ("orateurs", "orateur", "oratrices", "conferenciers", "vortragende", "speakernames", "presenters"),
}
"""The columns that are read, each with the headings that mean it: without capitals, accents, spaces and signs."""

_BY_HEADING: Final = {
    heading: column for known in (_COLUMNS, _MORE) for column, headings in known.items() for heading in headings
}
_NOT_IN_HEADINGS: Final = re.compile(r"[^a-z0-9]+")

YES: Final = frozenset({"yes", "oui", "true", "1", "x", "vrai", "ja", "wahr", "si", "verdadero"})
CANCELLED: Final = frozenset({"cancelled", "canceled", "annule", "annulee", "abgesagt", "yes", "oui", "true", "1", "x"})
"""The words of a cell that mean yes, and those of a session that is cancelled: without capitals and accents."""

_PRIVATE: Final = YES | {
    *("private", "prive", "privee", "privat", "privado", "privada", "confidential", "confidentiel", "confidentielle"),
    *("confidencial", "vertraulich", "personal", "personnel", "personnelle", "personlich"),
}
_NOT_ACCEPTED: Final = frozenset(
    {
        *("rejected", "declined", "refused", "withdrawn", "draft", "deleted", "submitted", "proposed", "pending"),
        *("rejete", "rejetee", "refuse", "refusee", "retire", "retiree", "brouillon", "supprime", "supprimee"),
        *("soumis", "soumise", "propose", "proposee", "en attente", "waiting list", "waitlisted", "liste d'attente"),
        *("abgelehnt", "zuruckgezogen", "entwurf", "geloscht", "eingereicht", "warteliste"),
        *("rechazado", "rechazada", "retirado", "retirada", "borrador", "eliminado", "eliminada", "pendiente"),
    }
)
"""The states of a session that its organisers have not made public, as pretalx and people name them."""


def column_of(heading: str) -> str:
    """Return the column that a heading means, "" for none."""
    return _BY_HEADING.get(_NOT_IN_HEADINGS.sub("", plain_words(heading)), "")


def unfit(private: str, status: str) -> str:
    """Return the message why a row with such cells must not become public, "" where it may."""
    if plain_words(private) in _PRIVATE:
        return N_("Entries that are marked as private: %(count)s")
    if plain_words(status.replace("’", "'")) in _NOT_ACCEPTED:
        return N_("Sessions that are not accepted, such as drafts and rejected ones, left out: %(count)s")
    return ""
