"""The fingerprint of the signatures goes with each edition that an organiser makes, and the overview says when."""

from collections.abc import AsyncIterator, Collection
from hashlib import sha256
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.trust.signing import Signing, in_groups
from portal.services import OnionView, Unsigned
from portal.settings import Settings
from portal.site.files import Files
from tests.factories.page import Page
from tests.factories.portal import House, open_house
from tests.factories.sample import FINGERPRINT, ONION

pytestmark = pytest.mark.anyio

OVERVIEW: Final = "/en/organisers/"
PUBLISH: Final = "/en/organisers/publish/"
ANNOUNCE: Final = "/en/organisers/announcements/"
DUE: Final = "do not show the fingerprint by which copies are verified yet: an edition with it is due"
DUE_ANEW: Final = "an edition with the new fingerprint is due"
ANOTHER: Final = sha256(b"the root of trust after it").hexdigest()


class Signed(Unsigned):
    """Signatures by one key, whose root of trust a test may change; without one, nothing can be signed for now."""

    def __init__(self) -> None:
        self.fingerprint: str | None = FINGERPRINT
        self.is_enough = True

    def offer(self, files: Files, answered: Collection[str], edition: int) -> bool:
        """Whether no further holder has to sign."""
        return self.is_enough

    def signing(self) -> Signing | None:
        """How things stand."""
        return Signing(1, (), 1, self.fingerprint) if self.fingerprint else None


@pytest.fixture
def signed() -> Signed:
    return Signed()


@pytest.fixture
async def house(signed: Signed) -> AsyncIterator[House]:
    """A portal whose first edition was published before there were signatures, and an organiser at it."""
    async with open_house(settings=Settings(onion="auto")) as house:
        house.signatures = signed
        await house.enter()
        await house.sign_in()
        yield house


async def published(house: House) -> Page:
    form = (await house.get(PUBLISH)).fields("publish/") | {"comment": "With the fingerprint."}
    return await house.send(PUBLISH, form)


async def is_printed(house: House, programme: str = "/en/programme/") -> bool:
    """Whether the fingerprint is at the foot of the programme."""
    return in_groups(FINGERPRINT) in (await house.get(programme)).said("//footer")


async def fingerprint_in_force(house: House) -> tuple[int, str | None]:
    """The number of the edition in force, and its fingerprint."""
    edition = await house.store.edition()
    assert edition is not None
    return edition.number, edition.addresses.fingerprint


async def test_fingerprint_goes_with_the_edition_that_is_published(house: House) -> None:
    assert not await is_printed(house)
    page = await house.get(PUBLISH)
    changes = [str(item.text_content()) for item in page.found("//main//li")]
    assert changes == [f"The fingerprint on the pages: {in_groups(FINGERPRINT)}"]
    assert (await published(house)).status == 303
    assert await fingerprint_in_force(house) == (2, FINGERPRINT)
    assert await is_printed(house)
    assert not (await house.get(PUBLISH)).has_form("publish/")


async def test_fingerprint_goes_with_an_announcement(house: House) -> None:
    form = (await house.get(ANNOUNCE)).fields("announcements/")
    typed = {"title_fr": "Grève", "title_en": "Strike", "text_fr": "Venez à vélo.", "text_en": "Come by bike."}
    assert (await house.send(ANNOUNCE, form | typed)).status == 303
    assert await fingerprint_in_force(house) == (2, FINGERPRINT)


async def test_draft_is_looked_at_with_its_fingerprint(house: House) -> None:
    assert await is_printed(house, "/en/organisers/draft/view/en/programme/")


async def test_overview_says_that_an_edition_with_the_fingerprint_is_due(house: House, signed: Signed) -> None:
    async def due() -> list[bool]:
        text = (await house.get(OVERVIEW)).text
        return [words in text for words in (DUE, DUE_ANEW)]

    assert await due() == [True, False]
    await published(house)
    assert await due() == [False, False]
    signed.fingerprint = ANOTHER
    assert await due() == [False, True]
    await published(house)
    assert (await due(), await fingerprint_in_force(house)) == ([False, False], (3, ANOTHER))


async def test_nothing_is_due_while_the_edition_with_it_waits_for_a_holder(house: House, signed: Signed) -> None:
    signed.is_enough, house.onion = False, OnionView("published", ONION)
    await published(house)
    assert await fingerprint_in_force(house) == (2, FINGERPRINT)
    assert ("is due" in (await house.get(OVERVIEW)).text, await is_printed(house)) == (False, False)


async def test_fingerprint_stays_where_nothing_can_be_signed_for_now(house: House, signed: Signed) -> None:
    await published(house)
    signed.fingerprint = None
    assert "is due" not in (await house.get(OVERVIEW)).text
    house.onion = OnionView("published", ONION)
    await published(house)
    edition = await house.store.edition()
    assert edition is not None
    assert edition.addresses == Addresses(None, ONION, FINGERPRINT)
