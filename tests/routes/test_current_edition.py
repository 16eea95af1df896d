"""What is shown changes at once, and only forward."""

from dataclasses import replace

import pytest

from portal.domain.language import Text
from portal.routes.current_edition import Showing
from tests.factories.sample import EVENT, edition

pytestmark = pytest.mark.anyio

SECOND = edition()
THIRD = replace(SECOND, number=3, event=replace(EVENT, name=Text("Une autre journée", "Another day")))


async def test_new_edition_is_shown_whole() -> None:
    showing = Showing(SECOND, lambda _: False)
    before = showing.now
    await showing.show(THIRD)
    assert showing.renderer.edition == THIRD
    assert "Une autre journée".encode() in showing.now.pages.files["/fr/"].plain.body
    assert "Une autre journée".encode() not in before.pages.files["/fr/"].plain.body


async def test_older_edition_that_comes_late_is_left_aside() -> None:
    showing = Showing(THIRD, lambda _: False)
    await showing.show(SECOND)
    assert showing.renderer.edition == THIRD


async def test_dynamic_paths_are_public_and_not_ready() -> None:
    showing = Showing(SECOND, lambda path: path == "/fr/inscription/")
    assert "/fr/inscription/" in showing.now.pages.public
    assert "/fr/inscription/" not in showing.now.pages.files
    assert showing.now.pages.ways["/fr/inscription"] == b"inscription/"
