"""An edition as a file: read back as it was, and what is none refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Addresses, Edition, HistoryEntry
from portal.domain.edition.edition_file import edition_from_json, edition_to_json, mirrors_from_json, mirrors_to_json
from portal.domain.event.event import Mirror
from portal.domain.event.event_file import read_event
from portal.domain.language import Text
from portal.domain.trust.signing_errors import (
    EditionUnreadable,
)
from tests.factories.events import SMALL

DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
COPY = Mirror("lilas", "Les Lilas", "Une association", ("https://copie.example",))
OLD = read_event(SMALL.encode(), "small.toml")
NEW = replace(OLD, name=Text("Grand", "Big"), mirrors=(COPY,))
EDITION = Edition(
    2,
    DAY,
    "Le nom a changé.",
    Addresses("https://event.example", None, "0123456789abcdef" * 4),
    NEW,
    (HistoryEntry(2, DAY, "Le nom a changé.", changes(OLD, NEW)), HistoryEntry(1, DAY, "")),
)


def test_edition_is_read_back_as_it_was() -> None:
    assert edition_from_json(edition_to_json(EDITION)) == EDITION


def test_equal_editions_give_the_same_bytes() -> None:
    assert edition_to_json(replace(EDITION)) == edition_to_json(edition_from_json(edition_to_json(EDITION)))


def test_edition_of_before_there_was_a_fingerprint_is_read_without() -> None:
    older = edition_to_json(EDITION).replace(b'"fingerprint":"%s",' % (b"0123456789abcdef" * 4), b"")
    assert b"fingerprint" not in older
    assert edition_from_json(older) == replace(EDITION, addresses=Addresses("https://event.example"))


def test_programs_of_before_there_was_a_fingerprint_find_the_addresses_as_they_were() -> None:
    assert json.loads(edition_to_json(EDITION))["addresses"] == {"clearnet": "https://event.example", "onion": None}


NO_EDITIONS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"<html>",
    "another thing in JSON": b"[1, 2]",
    "an edition of another format": edition_to_json(EDITION).replace(b'"format":1', b'"format":2'),
    "an edition without a number": edition_to_json(EDITION).replace(b'"number":2,"published"', b'"published"'),
    "an edition whose event has a fault": edition_to_json(EDITION).replace(b"Europe/Paris", b"Europe/Nowhere"),
    "an edition whose fingerprint is none": edition_to_json(EDITION).replace(b"0123456789abcdef", b"\\u001b[2J", 1),
    "an edition whose fingerprint is a number": edition_to_json(EDITION).replace(
        b'"%s"' % (b"0123456789abcdef" * 4), b"12"
    ),
    "brackets without end": b"[" * 100_000,
    "a change that is filled up with blanks": edition_to_json(EDITION).replace(b"%(new)s", b"%(new)999999999s"),
    "a change that says one thing again and again": edition_to_json(EDITION).replace(b"%(new)s", b"%(new)s" * 2),
}


@pytest.mark.parametrize("content", NO_EDITIONS.values(), ids=NO_EDITIONS.keys())
def test_what_is_no_edition_is_refused(content: bytes) -> None:
    with pytest.raises(EditionUnreadable):
        edition_from_json(content)


def test_list_of_copies_is_as_the_organisers_put_it() -> None:
    assert mirrors_to_json((COPY,)) == (
        b'[{"addresses":["https://copie.example"],"id":"lilas","name":"Les Lilas","operator":"Une association"}]'
    )
    assert mirrors_from_json(mirrors_to_json((COPY,))) == (COPY,)


@pytest.mark.parametrize("content", [b"", b"{}[", b"[1]", b'[{"id":"lilas"}]', b'[{"addresses":["a"],"colour":"red"}]'])
def test_list_of_copies_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(EditionUnreadable):
        mirrors_from_json(content)
