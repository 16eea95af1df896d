"""Editions that wait for the signatures of two key holders: the organisers' pages say so, and lose nothing."""

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from typing import Final

import pytest

from portal.domain.language import Text
from portal.domain.trust.signing import Pending, Signing
from portal.services import NoSignatures
from portal.site.files import Files
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT, FINGERPRINT

pytestmark = pytest.mark.anyio

OVERVIEW: Final = "/en/organisers/"
PUBLISH: Final = "/en/organisers/publish/"
ANNOUNCE: Final = "/en/organisers/announcements/"
EDITIONS: Final = "/en/organisers/editions/"
SIGNED_BY_ONE: Final = (
    "Edition 2 is signed by 1 of 2. The public sees it as soon as another key holder has run “portal sign …”."
)


class TwoHolders(NoSignatures):
    """The signatures of two, of which the server gives one, at once."""

    def __init__(self) -> None:
        self.newest = 1
        self.signed_by: tuple[str, ...] = ("Alix",)
        self.in_force = 1
        self.is_signed_anew = False

    def sign(self, files: Files, dynamic: Collection[str], edition: int) -> bool:
        """Sign the first edition alone: others wait."""
        self.newest = edition
        return edition == 1

    def signing(self) -> Signing | None:
        """Return the state of the signatures."""
        waits = Pending(self.newest, self.signed_by, 2) if self.newest > 1 or self.is_signed_anew else None
        return Signing(self.in_force, (), 2, FINGERPRINT, next=waits)


@pytest.fixture
def holders() -> TwoHolders:
    return TwoHolders()


@pytest.fixture
async def harness(holders: TwoHolders) -> AsyncIterator[Harness]:
    """Open a portal whose editions two holders sign, with a draft that differs from the edition in force."""
    async with open_harness() as harness:
        harness.signatures = holders
        await harness.enter()
        await harness.sign_in()
        await harness.store.save_draft(replace(EVENT, name=Text("Autre", "Other")), 1)
        yield harness


async def published(harness: Harness) -> Page:
    """Send the form, and return the page that follows."""
    form = (await harness.get(PUBLISH)).fields("publish/") | {"comment": "Another name."}
    return await harness.follow(await harness.send(PUBLISH, form))


async def announced(harness: Harness) -> Page:
    """Send the form, and return the page that follows."""
    form = (await harness.get(ANNOUNCE)).fields("announcements/") | {"title_en": "Strike"}
    return await harness.follow(await harness.send(ANNOUNCE, form))


async def test_page_says_before_publishing_that_the_edition_will_wait(harness: Harness) -> None:
    page = await harness.get(PUBLISH)
    assert page.heading == "Publish edition 2"
    assert page.text_of("//main//*[@class='lead']") == (
        "Once you publish, it waits for the signatures of 2 key holders. "
        "Until then, the public goes on reading edition 1."
    )


async def test_page_says_after_publishing_whose_signatures_are_missing(harness: Harness) -> None:
    page = await published(harness)
    assert (page.heading, page.text_of("//main//*[@class='notice']")) == (
        "Edition 2 is waiting for signatures",
        SIGNED_BY_ONE,
    )
    assert "reading edition 1" in page.text_of("//main//*[@class='lead']")
    assert not page.has_form("publish/")


async def test_edition_after_the_one_that_waits_has_the_next_number(harness: Harness) -> None:
    await published(harness)
    await harness.store.save_draft(EVENT, 2)
    page = await harness.get(PUBLISH)
    assert page.heading == "Publish edition 3"
    assert SIGNED_BY_ONE in page.text_of("//main")


async def test_overview_compares_the_draft_with_the_edition_that_waits(harness: Harness) -> None:
    await published(harness)
    overview = (await harness.get(OVERVIEW)).text_of("//main")
    assert SIGNED_BY_ONE in overview
    assert "The draft is the same as the edition that is waiting for signatures." in overview


async def test_list_says_which_editions_are_not_public_yet(harness: Harness) -> None:
    await published(harness)
    page = await harness.get(EDITIONS)
    metas = [
        " ".join(str(element.text_content()).split()) for element in page.found("//article//p[@class='meta']/span[2]")
    ]
    assert metas == ["Not public yet", "Everybody reads this one"]
    assert SIGNED_BY_ONE in page.text_of("//main")


async def test_announcement_that_waits_is_in_the_list_and_can_be_withdrawn(harness: Harness) -> None:
    assert "only once 2 key holders have signed" in (await harness.get(ANNOUNCE)).text_of("//main")
    page = await announced(harness)
    assert "Strike" in page.text_of("//article")
    assert "Not public yet" in page.text_of("//article")
    assert SIGNED_BY_ONE in page.text_of("//main")
    assert "Strike" not in (await harness.get("/en/")).text
    id = page.found("//article//input[@name='id']")[0].get("value", "")
    withdrawing = {"csrf_token": page.fields("announcements/")["csrf_token"], "id": id, "action": "withdraw"}
    question = await harness.send(ANNOUNCE, withdrawing)
    after = await harness.follow(await harness.send(ANNOUNCE, question.fields("announcements/")))
    assert "There is none." in after.text_of("//main")
    newest = await harness.store.edition()
    assert newest is not None
    assert (newest.number, newest.event.announcements) == (3, ())


async def test_page_says_how_many_holders_have_to_sign_where_the_server_has_no_key(
    harness: Harness, holders: TwoHolders
) -> None:
    holders.signed_by = ()
    assert (await published(harness)).text_of("//main//*[@class='notice']") == (
        "Edition 2 is signed by 0 of 2. The public sees it as soon as 2 other key holders have run “portal sign …”."
    )


async def test_edition_in_force_that_is_signed_anew_does_not_wait(harness: Harness, holders: TwoHolders) -> None:
    holders.is_signed_anew = True
    page = await harness.get(PUBLISH)
    assert (page.heading, page.text_of("//main//*[@class='notice']")) == (
        "Publish edition 2",
        "Edition 1 is signed by 1 of 2. It was signed before and stays in force, but needs signing again: "
        "ask the key holders to run “portal sign …”.",
    )
    assert "that waits" not in (await harness.get(OVERVIEW)).text_of("//main")


async def test_first_edition_is_public_before_it_is_signed(harness: Harness, holders: TwoHolders) -> None:
    holders.is_signed_anew, holders.in_force = True, 0
    assert (await harness.get(PUBLISH)).text_of("//main//*[@class='notice']") == (
        "Edition 1 is signed by 1 of 2. The public reads it already, but copies cannot verify it: "
        "ask the key holders to run “portal sign …”."
    )
