"""Speakers: one entry for each name, under an address that depends on the name alone."""

from dataclasses import replace
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.event.event import Event, Speaker
from portal.domain.language import Text
from portal.site.speakers import speakers_of
from tests.factories.events import lines
from tests.factories.several_days import TWO_DAYS, talk


def event_with(*names: str, described: tuple[Speaker, ...] = ()) -> Event:
    return replace(TWO_DAYS, speakers=described, sessions=(talk("one", "10:00", "11:00", speakers=names),))


def ids_of(*names: str, described: tuple[Speaker, ...] = ()) -> dict[str, str]:
    event = event_with(*names, described=described)
    return {speaker.name: speaker.id for speaker in speakers_of(event, event.sessions)}


def hashed(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:8]


def test_speakers_are_in_alphabetical_order_with_their_sessions_and_their_text() -> None:
    found = speakers_of(TWO_DAYS, TWO_DAYS.sessions)
    assert [(one.id, one.name, [session.id for session in one.sessions]) for one in found] == [
        ("ada", "Ada Exemple", ["reseau"]),
        ("bo", "Bo", ["reseau", "minuit"]),
    ]
    assert [one.biography for one in found] == [TWO_DAYS.speakers[0].biography, Text()]


def test_order_minds_neither_accents_nor_capitals() -> None:
    assert list(ids_of("zoé", "Émile", "eva", "Œuvre", "李")) == ["Émile", "eva", "Œuvre", "zoé", "李"]


def test_address_is_made_of_the_name() -> None:
    assert ids_of("Zoé Lefèvre-Ñandú") == {"Zoé Lefèvre-Ñandú": "zoe-lefevre-nandu"}
    assert ids_of("李小龍") == {"李小龍": hashed("李小龍")}


def test_address_of_a_namesake_has_a_hash_whatever_the_order() -> None:
    expected = {name: f"jose-lima-{hashed(name)}" for name in ("José Lima", "Jose Lima")}
    assert ids_of("José Lima", "Jose Lima") == ids_of("Jose Lima", "José Lima") == expected
    assert ids_of("Bo", "Other", described=(Speaker("bo", "Somebody else"),))["Bo"] == f"bo-{hashed('Bo')}"


def test_speaker_with_a_text_and_no_session_has_a_page_all_the_same() -> None:
    assert ids_of("Bo", described=(Speaker("guest", "A guest"),)) == {"A guest": "guest", "Bo": "bo"}


@given(st.lists(lines, unique=True, max_size=8))
def test_addresses_are_all_different_and_fit_into_a_path(names: list[str]) -> None:
    ids = ids_of(*names)
    assert set(ids) == set(names)
    assert len(set(ids.values())) == len(names)
    assert all(id and set(id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for id in ids.values())
