"""Status of the mirrors: each address on the public page and on the dashboard."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from onion.tor.addresses import TorAddress
from portal.domain.event.event import Mirror
from portal.domain.trust.mirror_audit import AuditResult, Standing, with_since
from portal.domain.trust.mirror_errors import SourceSilent, SourceSlow
from portal.mirror.client.audit import REPLACED
from portal.settings import Settings
from tests.factories.portal import Harness, open_harness
from tests.factories.sample import EVENT

pytestmark = pytest.mark.anyio
ONION: Final = f"http://{'c' * 56}.onion"
CLEARNET: Final = "https://copie.example"
AT: Final = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
TRUE: Final = AuditResult(Standing.TRUE, AT, AT, 3, until=AT + timedelta(days=1))
LISTED: Final = replace(EVENT, mirrors=(Mirror("m", "La Réplique", "Le collectif", (ONION, CLEARNET)),))


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    async with open_harness(event=LISTED) as made:
        yield made


CASES: Final[Mapping[str, tuple[AuditResult, str, str]]] = {
    "a true one": (TRUE, "Fidèle, édition 3", "True, edition 3"),
    "one edition late": (
        replace(TRUE, standing=Standing.LATE, behind=1, edition=2),
        "En retard d’une édition : elle montre l’édition 2, intacte",
        "Late by one edition: it shows edition 2, unaltered",
    ),
    "two editions late": (
        replace(TRUE, standing=Standing.LATE, behind=2, edition=1),
        "En retard de 2 éditions : elle montre l’édition 1, intacte",
        "Late by 2 editions: it shows edition 1, unaltered",
    ),
    "one that could not be renewed": (
        replace(TRUE, standing=Standing.LATE, until=AT),
        "En retard : elle montre l’édition 3, intacte, mais n’a pas pu être renouvelée depuis le mercredi 25 novembre",
        "Late: it shows edition 3, unaltered, but could not be renewed since Wednesday 25 November",
    ),
    "one under keys of before": (
        AuditResult(Standing.LATE, AT, AT, reason=REPLACED),
        "En retard : elle est signée par des clés qui ont été remplacées depuis",
        "Late: it is signed by keys that the organisers have replaced since",
    ),
    "an altered one": (
        AuditResult(Standing.ALTERED, AT, AT, 3, path="fr/programme/index.html"),
        "Altérée : fr/programme/index.html n’est pas ce qui a été signé. Ne vous fiez pas à cette copie.",
        "Altered: fr/programme/index.html is not what was signed. Do not trust this copy.",
    ),
    "a silent one": (
        AuditResult(Standing.SILENT, AT, AT - timedelta(hours=2), reason=SourceSilent.text),
        "Muette depuis le mercredi 25 novembre",
        "Silent since Wednesday 25 November",
    ),
}


@pytest.mark.parametrize(("look", "french", "english"), CASES.values(), ids=CASES.keys())
async def test_status_page_tells_of(harness: Harness, look: AuditResult, french: str, english: str) -> None:
    harness.audit_results = {ONION: look}
    for path, words, unseen in (
        ("/fr/miroirs/etat/", french, "Pas encore vérifiée."),
        ("/en/mirrors/status/", english, "Not checked yet."),
    ):
        page = await harness.get(path)
        assert (page.status, page.text.count(unseen)) == (200, 1)
        assert words in page.text


async def test_status_page_says_when_it_was_and_never_asks_anything(harness: Harness) -> None:
    harness.audit_results = {ONION: TRUE}
    page = await harness.get("/en/mirrors/status/")
    assert "Last check: Wednesday 25 November 2026, 09:30." in page.text
    assert [link.get("href") for link in page.found("//main//dl//a")] == [f"{ONION}/", f"{CLEARNET}/"]
    assert page.found("//form") == []
    assert page.response.headers["cache-control"] == "no-store"


async def test_status_page_says_why_a_mirror_is_silent(harness: Harness) -> None:
    harness.audit_results = {
        ONION: AuditResult(Standing.SILENT, AT, AT, reason=SourceSlow.text, details={"seconds": 30})
    }
    page = await harness.get("/en/mirrors/status/")
    assert "a file did not arrive within 30 seconds. Last check:" in page.text


async def test_status_page_of_an_event_without_mirrors_says_so() -> None:
    async with open_harness(event=replace(EVENT, mirrors=())) as harness:
        page = await harness.get("/en/mirrors/status/")
    assert "Nobody keeps a copy yet, or none is in the list of this edition." in page.text


async def test_dashboard_lists_the_mirrors_and_warns_of_an_altered_one(harness: Harness) -> None:
    harness.audit_results = {ONION: TRUE}
    page = await harness.sign_in_by_form()
    assert page.text_of("//section[@aria-labelledby='copies']//dl") == (
        "La Réplique with Tor BrowserTrue, edition 3 La Réplique copie.exampleNot checked yet."
    )
    assert "is not what was signed" not in page.text
    harness.audit_results = {CLEARNET: AuditResult(Standing.ALTERED, AT, AT, 3, path="en/index.html")}
    page = await harness.get("/en/organisers/")
    warning = "The copy at https://copie.example is altered: en/index.html is not what was signed."
    assert warning in page.text_of("//section[@aria-labelledby='warnings']")


BLIND: Final[Mapping[str, tuple[Settings, bool]]] = {
    "no Tor at all": (Settings(onion="off"), True),
    "the Tor of the onion": (Settings(onion="auto"), False),
    "a Tor in the settings": (Settings(onion="off", tor_socks=TorAddress(port=9050)), False),
}


@pytest.mark.parametrize(("settings", "lacks_tor"), BLIND.values(), ids=BLIND.keys())
async def test_portal_without_a_tor_says_that_it_audits_no_mirror(settings: Settings, lacks_tor: bool) -> None:
    async with open_harness(event=LISTED, settings=settings) as harness:
        page, overview = await harness.get("/en/mirrors/status/"), await harness.sign_in_by_form()
        assert ("checks no copy" in page.text) is lacks_tor
        assert ("visits each copy through Tor" in page.text) is (not lacks_tor)
        assert ("checks no copy" in overview.text) == lacks_tor


async def test_mirror_has_a_page_that_leads_to_the_status_of_the_origin(harness: Harness) -> None:
    page = await harness.get("/en/mirrors/status/index.html")
    assert page.heading == "Status of the mirrors"
    assert "Last check" not in page.text


def test_standing_has_lasted_since_the_first_look_that_found_it() -> None:
    later = replace(TRUE, at=AT + timedelta(hours=1), since=AT + timedelta(hours=1))
    late = replace(later, standing=Standing.LATE)
    assert with_since(None, TRUE) == TRUE
    assert with_since(TRUE, later) == replace(later, since=AT)
    assert with_since(TRUE, late) == late
