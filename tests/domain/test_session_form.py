"""A session as the fields of a form, and back."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import EventFileError
from portal.domain.language import Text
from portal.domain.session_form import FIELDS, edited, field_of, fields_of, fingerprint, typed_in
from tests.site.sample import EVENT

IDS: Final = [session.id for session in EVENT.sessions]


@pytest.mark.parametrize("id", IDS)
def test_event_is_the_same_when_nothing_was_touched(id: str) -> None:
    fields = next(fields_of(session) for session in EVENT.sessions if session.id == id)
    assert list(fields) == list(FIELDS)
    assert edited(EVENT, id, fields) == EVENT


def test_text_that_was_not_touched_keeps_its_blanks() -> None:
    untidy = replace(EVENT.sessions[0], abstract=Text("Un.\n\n", "One.\n"))
    event = replace(EVENT, sessions=(untidy, *EVENT.sessions[1:]))
    after = edited(event, untidy.id, typed_in(fields_of(untidy)) | {"abstract_en": "Two.\r\nThree."})
    assert after.sessions[0].abstract == Text("Un.\n\n", "Two.\nThree.")
    assert after.sessions[1:] == event.sessions[1:]


def test_fingerprint_changes_with_every_field() -> None:
    session = EVENT.sessions[1]
    others = [
        replace(session, title=Text("Autre", session.title.en)),
        replace(session, end=session.start),
        replace(session, speakers=("Ada",)),
        replace(session, room=None),
    ]
    assert len({fingerprint(one) for one in (session, *others)}) == 5
    assert fingerprint(replace(session)) == fingerprint(session)


@given(st.dictionaries(st.sampled_from(FIELDS), st.text()))
def test_anything_typed_is_taken_or_refused_beside_a_field_of_the_form(typed: dict[str, str]) -> None:
    fields = fields_of(EVENT.sessions[1]) | typed
    try:
        event = edited(EVENT, "outils", fields)
    except EventFileError as error:
        assert {field_of(problem) for problem in error.problems} <= set(FIELDS)
    else:
        assert [one.id for one in event.sessions] == IDS
