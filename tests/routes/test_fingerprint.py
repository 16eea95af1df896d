"""The fingerprint of the signatures goes with each edition that an organiser makes, and the overview says when."""

from collections.abc import AsyncIterator, Collection
from hashlib import sha256
from typing import Final

import pytest

from portal.domain.edition.edition import Addresses
from portal.domain.trust.signing import Signing, in_groups
from portal.services import NoSignatures, OnionView
from portal.settings import Settings
from portal.site.files import Files
from tests.factories.page import Page
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import FINGERPRINT, ONION

pytestmark = pytest.mark.anyio

OVERVIEW: Final = "/en/organisers/"
PUBLISH: Final = "/en/organisers/publish/"
ANNOUNCE: Final = "/en/organisers/announcements/"
DUE: Final = "do not show the fingerprint for verifying copies yet: publish a new edition"
DUE_ANEW: Final = "publish a new edition with the new fingerprint"
ANOTHER: Final = sha256(b"the root of trust after it").hexdigest()


class Signed(NoSignatures):
    """Signatures by one key, whose root of trust a test may change; without one, nothing can be signed for now."""

    def __init__(self) -> None:
        self.fingerprint: str | None = FINGERPRINT
        self.is_enough = True

    def sign(self, files: Files, dynamic: Collection[str], edition: int) -> bool:
        """Return whether no further holder has to sign."""
        return self.is_enough

    def signing(self) -> Signing | None:
        """Return the state of the signatures."""
        return Signing(1, (), 1, self.fingerprint) if self.fingerprint else None


@pytest.fixture
def signed() -> Signed:
    return Signed()


@pytest.fixture
async def harness(signed: Signed) -> AsyncIterator[Harness]:
    """Open a portal whose first edition was published before there were signatures, with an organiser signed in."""
    async with open_harness(settings=Settings(onion="auto")) as harness:
        harness.signatures = signed
        await harness.enter()
        await harness.sign_in()
        yield harness


async def published(harness: Harness) -> Page:
    form = (await harness.get(PUBLISH)).fields("publish/") | {"comment": "With the fingerprint."}
    return await harness.send(PUBLISH, form)


async def is_printed(harness: Harness, programme: str = "/en/programme/") -> bool:
    """Return whether the fingerprint is at the foot of the programme."""
    return in_groups(FINGERPRINT) in (await harness.get(programme)).text_of("//footer")


async def fingerprint_in_force(harness: Harness) -> tuple[int, str | None]:
    """Return the number of the edition in force, and its fingerprint."""
    edition = await harness.store.edition()
    assert edition is not None
    return edition.number, edition.addresses.fingerprint


async def test_fingerprint_goes_with_the_edition_that_is_published(harness: Harness) -> None:
    assert not await is_printed(harness)
    page = await harness.get(PUBLISH)
    changes = [str(item.text_content()) for item in page.found("//main//li")]
    assert changes == [f"The fingerprint on the pages: {in_groups(FINGERPRINT)}"]
    assert (await published(harness)).status == 303
    assert await fingerprint_in_force(harness) == (2, FINGERPRINT)
    assert await is_printed(harness)
    assert not (await harness.get(PUBLISH)).has_form("publish/")


async def test_fingerprint_goes_with_an_announcement(harness: Harness) -> None:
    form = (await harness.get(ANNOUNCE)).fields("announcements/")
    typed = {"title_fr": "Grève", "title_en": "Strike", "text_fr": "Venez à vélo.", "text_en": "Come by bike."}
    assert (await harness.send(ANNOUNCE, form | typed)).status == 303
    assert await fingerprint_in_force(harness) == (2, FINGERPRINT)


async def test_draft_is_looked_at_with_its_fingerprint(harness: Harness) -> None:
    assert await is_printed(harness, "/en/organisers/draft/view/en/programme/")


async def test_overview_says_that_an_edition_with_the_fingerprint_is_due(harness: Harness, signed: Signed) -> None:
    async def due() -> list[bool]:
        text = (await harness.get(OVERVIEW)).text
        return [words in text for words in (DUE, DUE_ANEW)]

    assert await due() == [True, False]
    await published(harness)
    assert await due() == [False, False]
    signed.fingerprint = ANOTHER
    assert await due() == [False, True]
    await published(harness)
    assert (await due(), await fingerprint_in_force(harness)) == ([False, False], (3, ANOTHER))


async def test_nothing_is_due_while_the_edition_with_it_waits_for_a_holder(harness: Harness, signed: Signed) -> None:
    signed.is_enough, harness.onion = False, OnionView("published", ONION)
    await published(harness)
    assert await fingerprint_in_force(harness) == (2, FINGERPRINT)
    assert "is due" not in (await harness.get(OVERVIEW)).text
    assert not await is_printed(harness)


async def test_fingerprint_stays_where_nothing_can_be_signed_for_now(harness: Harness, signed: Signed) -> None:
    await published(harness)
    signed.fingerprint = None
    assert "is due" not in (await harness.get(OVERVIEW)).text
    harness.onion = OnionView("published", ONION)
    await published(harness)
    edition = await harness.store.edition()
    assert edition is not None
    assert edition.addresses == Addresses(None, ONION, FINGERPRINT)
