"""The files for apps and diaries over HTTP: their types, and no byte twice for whoever has them already."""

from typing import Final

import pytest

from tests.factories.portal import open_harness

pytestmark = pytest.mark.anyio

TYPES: Final = {
    "/schedule.xml": "application/xml; charset=utf-8",
    "/schedule.json": "application/json",
    "/fr/evenement.ics": "text/calendar; charset=utf-8",
    "/en/sessions/outils.ics": "text/calendar; charset=utf-8",
    "/fr/salles/grande.ics": "text/calendar; charset=utf-8",
    "/en/themes/libre.ics": "text/calendar; charset=utf-8",
}


@pytest.mark.parametrize(("path", "media_type"), TYPES.items())
async def test_file_is_sent_once(path: str, media_type: str) -> None:
    async with open_harness() as harness:
        first = await harness.client.get(path)
        assert (first.status_code, first.headers["content-type"]) == (200, media_type)
        again = await harness.client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
