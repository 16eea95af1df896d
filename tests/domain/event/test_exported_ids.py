"""The ids in the files that other programs read: the same for ever, all different, and in the forms that they take."""

import re
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.event.exported_ids import acronym, exported_uuid, integer_ids, session_guids, slug
from tests.factories.events import slugs
from tests.factories.sample import EVENT

UUID_5: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
IMPORTED: Final = "0A7E9D1C-3B1B-4B7E-9E57-0E0B7A9C1D2E"
WITH_UID: Final = replace(EVENT, uid="0b5c21f4")


def test_guids_are_these_for_ever() -> None:
    assert exported_uuid(WITH_UID, "session", "outils") == "04114985-2011-584e-923c-c35586444324"
    assert exported_uuid(EVENT, "session", "outils") == "1a097817-cc50-5e3e-a161-f18cf83b4d66"


def test_session_has_the_guid_of_its_import_if_that_is_a_uuid_of_its_own() -> None:
    imported = (IMPORTED, IMPORTED.lower(), "talk-7@host.example", "")
    sessions = tuple(replace(session, guid=guid) for session, guid in zip(EVENT.sessions, imported, strict=False))
    guids = [*session_guids(replace(WITH_UID, sessions=sessions)).values()]
    assert guids[0] == IMPORTED.lower()
    assert guids[1:] == [exported_uuid(WITH_UID, "session", session.id) for session in sessions[1:]]


@given(guids=st.lists(st.uuids().map(str), max_size=50))
def test_integers_are_positive_of_32_bits_and_all_different(guids: list[str]) -> None:
    numbers = integer_ids(guids)
    assert set(numbers) == set(guids)
    assert len(set(numbers.values())) == len(numbers)
    assert all(0 < number < 2**31 for number in numbers.values())


def test_integer_follows_from_the_guid_and_gives_way_where_two_meet() -> None:
    first, second = "00000000-0000-0000-0000-000000000007", "00000000-0000-0000-0000-000080000006"
    assert integer_ids([second]) == {second: 8}
    assert integer_ids([second, first]) == {first: 8, second: 9}


@pytest.mark.parametrize(("id", "short"), [("journee-2027", "journee_2027"), ("ag", "event_ag"), ("onde", "onde")])
def test_acronym_has_four_characters_and_no_dash(id: str, short: str) -> None:
    assert acronym(replace(EVENT, id=id)) == short


def test_slug_names_event_number_and_session() -> None:
    assert slug(EVENT, "outils", 1_234_567_890) == "journee-567890-outils"
    assert slug(EVENT, "ag", 7) == "journee-7-session_ag"


@given(event=slugs, session=slugs, number=st.integers(1, 2**31 - 1))
def test_slug_has_the_form_that_apps_know(event: str, session: str, number: int) -> None:
    assert re.fullmatch(r"[a-z0-9_]{4,}-[0-9]{1,6}-[a-z0-9_-]{3,}", slug(replace(EVENT, id=event), session, number))
