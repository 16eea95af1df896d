"""The shown edition changes in one step, and only forward."""

from dataclasses import replace

import pytest

from portal.domain.language import Text
from portal.routes.current_edition import CurrentEdition
from tests.factories.sample import EVENT, edition

pytestmark = pytest.mark.anyio

SECOND = edition()
THIRD = replace(SECOND, number=3, event=replace(EVENT, name=Text("Une autre journée", "Another day")))


async def test_new_edition_is_shown_whole() -> None:
    current = CurrentEdition(SECOND, lambda _: False)
    before = current.shown
    await current.show(THIRD)
    assert current.renderer.edition == THIRD
    assert "Une autre journée".encode() in current.shown.pages.files["/fr/"].plain.body
    assert "Une autre journée".encode() not in before.pages.files["/fr/"].plain.body


async def test_older_edition_that_comes_late_is_left_aside() -> None:
    current = CurrentEdition(THIRD, lambda _: False)
    await current.show(SECOND)
    assert current.renderer.edition == THIRD


async def test_dynamic_paths_are_public_and_not_ready() -> None:
    current = CurrentEdition(SECOND, lambda path: path == "/fr/inscription/")
    assert "/fr/inscription/" in current.shown.pages.public_paths
    assert "/fr/inscription/" not in current.shown.pages.files
    assert current.shown.pages.redirects["/fr/inscription"] == b"inscription/"
