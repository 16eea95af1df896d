"""An edition as a file: read back as it was, and what is none refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.domain.changes import changes
from portal.domain.edition import Addresses, Edition, Step
from portal.domain.edition_file import edition_from_json, edition_to_json, mirrors_to_json
from portal.domain.event import Mirror
from portal.domain.event_file import read_event
from portal.domain.language import Text
from portal.domain.signing_errors import (
    EditionUnreadable,
)
from tests.domain.events import SMALL

DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
COPY = Mirror("lilas", "Les Lilas", "Une association", ("https://copie.example",))
OLD = read_event(SMALL.encode(), "small.toml")
NEW = replace(OLD, name=Text("Grand", "Big"), mirrors=(COPY,))
EDITION = Edition(
    2,
    DAY,
    "Le nom a changé.",
    Addresses("https://event.example", None),
    NEW,
    (Step(2, DAY, "Le nom a changé.", changes(OLD, NEW)), Step(1, DAY, "")),
)


def test_edition_is_read_back_as_it_was() -> None:
    assert edition_from_json(edition_to_json(EDITION)) == EDITION


def test_equal_editions_give_the_same_bytes() -> None:
    assert edition_to_json(replace(EDITION)) == edition_to_json(edition_from_json(edition_to_json(EDITION)))


NO_EDITIONS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"<html>",
    "another thing in JSON": b"[1, 2]",
    "an edition of another format": edition_to_json(EDITION).replace(b'"format":1', b'"format":2'),
    "an edition without a number": edition_to_json(EDITION).replace(b'"number":2,"published"', b'"published"'),
    "an edition whose event has a fault": edition_to_json(EDITION).replace(b"Europe/Paris", b"Europe/Nowhere"),
    "brackets without end": b"[" * 100_000,
}


@pytest.mark.parametrize("content", NO_EDITIONS.values(), ids=NO_EDITIONS.keys())
def test_what_is_no_edition_is_refused(content: bytes) -> None:
    with pytest.raises(EditionUnreadable):
        edition_from_json(content)


def test_list_of_copies_is_as_the_organisers_put_it() -> None:
    assert mirrors_to_json((COPY,)) == (
        b'[{"addresses":["https://copie.example"],"id":"lilas","name":"Les Lilas","operator":"Une association"}]'
    )
