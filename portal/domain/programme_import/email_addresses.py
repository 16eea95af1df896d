"""E-mail addresses in a programme: those of speakers and of links leave, those within texts are named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from portal.domain.language import N_
from portal.domain.programme_import.programme import ImportedPerson, ImportedSession, Programme, Remarks
from portal.domain.programme_import.texts import line_of_text

_ADDRESS: Final = re.compile(r"(?<![\w.+/@-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[a-zA-Z]{2,63}\b")
"""An address as people write it (RFC 5321 §4.1.2); `@name@example.org` is the name of an account, not an address."""

_WITH_BRACKETS: Final = re.compile(rf"[<(\[]?(?:mailto:)?{_ADDRESS.pattern}[>)\]]?", re.IGNORECASE)
_LINK: Final = re.compile(r"\[([^\[\]]*)\]\(<?mailto:[^()<>\n]*>?(?: \"[^\"\n]*\")?\)", re.IGNORECASE)
_BESIDE_NAME: Final = " \t\"',;:–-"


def without_addresses(programme: Programme) -> Programme:
    """Return `programme` without the addresses of its speakers and its links, with a remark about each sort."""
    lost, assumed = Remarks(), Remarks()
    sessions = tuple(_without_addresses(session, lost) for session in programme.sessions)
    texts = [text for session in sessions for text in _texts(session)]
    texts += [(room.name, room.description) for room in programme.rooms]
    for name, text in dict.fromkeys(texts):
        if _ADDRESS.search(text):
            assumed.add(N_("Texts with e-mail addresses, which everybody will be able to read: %(count)s"), name)
    return replace(
        programme,
        sessions=sessions,
        lost=(*programme.lost, *lost.listed()),
        assumed=(*programme.assumed, *assumed.listed()),
    )


def _texts(session: ImportedSession) -> Iterator[tuple[str, str]]:
    """Yield the texts of a session that contain `@`, each with the name of whom or what it is about."""
    own = (session.title, session.subtitle, session.abstract, session.description)
    texts = [*((session.title, text) for text in (*own, *session.rooms, *session.tracks, *session.tags))]
    texts += [(person.name, person.biography) for person in session.persons]
    return ((name, text) for name, text in texts if "@" in text)


def _without_addresses(session: ImportedSession, lost: Remarks) -> ImportedSession:
    return replace(
        session,
        abstract=_without_links(session.abstract, session.title, lost),
        description=_without_links(session.description, session.title, lost),
        persons=tuple(_persons(session.persons, session.title, lost)),
    )


def _persons(persons: Sequence[ImportedPerson], title: str, lost: Remarks) -> Iterator[ImportedPerson]:
    """Yield the speakers of the session `title` by their names alone; an address alone is no name."""
    for person in persons:
        name, addresses = _WITH_BRACKETS.subn(" ", person.name) if "@" in person.name else (person.name, 0)
        if addresses:
            name = line_of_text(name).strip(_BESIDE_NAME)
            lost.add(N_("E-mail addresses of speakers, which are never taken over: %(count)s"), name or title)
        if name:
            yield ImportedPerson(name, _without_links(person.biography, name, lost))


def _without_links(text: str, name: str, lost: Remarks) -> str:
    """Return `text` with the words alone of each link to an address."""
    words, links = _LINK.subn(r"\1", text)
    if links:
        lost.add(N_("Texts with links to e-mail addresses, of which only the words are kept: %(count)s"), name)
    return words
