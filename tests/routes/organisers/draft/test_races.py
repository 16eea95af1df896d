"""Two organisers save the draft at the same moment."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import ClassVar

import pytest

from portal.domain.draft.part import Part, values_of_parts
from portal.domain.draft.part_form import form_of
from portal.domain.edition.edition import Draft, OutdatedText
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of
from portal.domain.language import Text
from portal.domain.limits import FORM_FIELDS
from portal.storage.embedded.store import EmbeddedStore
from tests.factories.drafting import draft_of, sent
from tests.factories.portal import open_harness
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio


class Racing(EmbeddedStore):
    """A store in which somebody else saves the draft just before, as often as there are `others`."""

    others: ClassVar[list[Callable[[Event], Event]]] = []

    async def save_draft(self, event: Event, revision: int, confirmed: Collection[OutdatedText] = ()) -> Draft:
        """See the contract."""
        if self.others:
            draft = await self.draft()
            await super().save_draft(self.others.pop()(draft.event), draft.revision)
        return await super().save_draft(event, revision, confirmed)


def with_city(name: str) -> Callable[[Event], Event]:
    """Another city, which has nothing to do with rooms."""
    return lambda event: replace(event, place=replace(event.place, city=name))


def with_room_named(name: str) -> Callable[[Event], Event]:
    """Another name of the main room."""
    return lambda event: replace(event, rooms=(replace(event.rooms[0], name=Text(name)), *event.rooms[1:]))


async def test_save_that_loses_the_race_is_made_again_when_the_part_is_as_it_was() -> None:
    async with open_harness(kind=Racing) as harness:
        await harness.sign_in()
        Racing.others = [with_city("Lille"), with_city("Lyon")]
        assert (await sent(harness, "rooms/grande/", name_en="Great room")).status == 303
        event = await draft_of(harness)
        assert (event.rooms[0].name["en"], event.place.city) == ("Great room", "Lille")


async def test_save_that_loses_the_race_to_the_same_part_is_a_conflict() -> None:
    async with open_harness(kind=Racing) as harness:
        await harness.sign_in()
        Racing.others = [with_room_named("Théâtre")]
        page = await sent(harness, "rooms/grande/", name_en="Great room")
        assert (page.status, page.fields("rooms/grande/")["name_en"]) == (409, "Great room")
        assert page.text_of("//*[contains(@class, 'theirs')]//*[@class='lines']") == "Théâtre —"


async def test_save_gives_up_after_some_races_and_keeps_what_was_typed() -> None:
    async with open_harness(kind=Racing) as harness:
        await harness.sign_in()
        Racing.others = [with_city(f"Lyon {number}") for number in range(9)]
        page = await sent(harness, "rooms/grande/", name_en="Great room")
        assert (page.status, len(Racing.others)) == (409, 4)
        assert page.fields("rooms/grande/")["name_en"] == "Great room"
        Racing.others = []
        assert (await harness.send(page.action("rooms/grande/"), page.fields("rooms/grande/"))).status == 303


@pytest.mark.parametrize("part", tuple(values_of_parts(EVENT)), ids=str)
def test_form_in_which_everything_is_taken_and_kept_is_not_too_long(part: Part) -> None:
    takes_and_seen = 2 * len(form_of(part, languages_of(EVENT))) + 1
    token_name_and_passphrase = 3
    assert takes_and_seen + token_name_and_passphrase <= FORM_FIELDS
