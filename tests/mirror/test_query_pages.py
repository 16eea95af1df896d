"""The pages that follow from a query, at a mirror: of the signed edition, and never in place of a signed file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
import pytest

from portal.domain.edition.edition_file import EDITION_FILE
from portal.domain.limits import BODY_BYTES_ON_THE_WIRE
from portal.mirror.app import MirrorSite
from portal.mirror.client.banner import sentences
from portal.mirror.client.folder import ServedEdition
from portal.services import OnionView
from portal.site.edition_files import edition_files
from portal.site.files import JSON, File
from portal.web.listeners import clearnet_listener
from tests.factories.portal import Clock, open_harness
from tests.factories.sample import edition
from tests.factories.several_days import TWO_DAYS

pytestmark = pytest.mark.anyio

CHOICE: Final = "/en/my-programme/choice/"
NOW: Final = "/en/now/"
DURING: Final = datetime(2027, 6, 12, 8, tzinfo=UTC)
SERVED: Final = ServedEdition(2, DURING + timedelta(hours=1), edition_files(edition(TWO_DAYS)), {}, ())
LATE: Final = "This copy could not be renewed since"


def site(served: ServedEdition = SERVED, now: datetime = DURING) -> MirrorSite:
    return MirrorSite(served, sentences(), Clock(now))


async def get(current: MirrorSite, path: str) -> httpx.Response:
    app = current.app_at(clearnet_listener(""), lambda: OnionView("off", None))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        return await client.get(path)


async def test_mirror_shows_the_choice_and_the_moment_as_the_origin_does() -> None:
    async with open_harness(event=TWO_DAYS) as harness:
        harness.clock.now = DURING
        for path in (f"{CHOICE}?s=reseau&s=atelier", f"{NOW}?now"):
            here, there = await get(site(), path), await harness.client.get(path)
            assert [part(here, tag) for tag in ("h1", "main")] == [part(there, tag) for tag in ("h1", "main")]
            assert here.headers.get("refresh") == there.headers.get("refresh")
            assert here.headers["cache-control"] == "no-store"
            assert here.headers["content-length"] == str(BODY_BYTES_ON_THE_WIRE)


def part(answer: httpx.Response, tag: str) -> str:
    return answer.text.partition(f"<{tag}")[2].partition(f"</{tag}>")[0]


async def test_style_of_the_page_is_allowed() -> None:
    answer = await get(site(), f"{CHOICE}?s=reseau")
    style = answer.text.partition("style-src '")[2].partition("'")[0]
    assert style.startswith("sha256-")
    assert f"'{style}'" in answer.headers["content-security-policy"]


async def test_signed_file_is_sent_where_there_is_no_query() -> None:
    for path in (CHOICE, NOW):
        signed = SERVED.files[f"{path[1:]}index.html"].content
        assert (await get(site(), path)).content == signed
        assert (await get(site(), f"{path}?s=reseau")).content != signed


async def test_page_of_a_late_mirror_says_so_too() -> None:
    answer = await get(site(now=SERVED.until), f"{CHOICE}?s=reseau")
    assert answer.text.count(LATE) == 1


async def test_edition_of_a_later_portal_is_served_as_files_alone() -> None:
    later = replace(SERVED, files={**SERVED.files, EDITION_FILE: File(b'{"format": 99}', JSON)})
    answer = await get(site(later), f"{CHOICE}?s=reseau")
    assert answer.content == SERVED.files[f"{CHOICE[1:]}index.html"].content
