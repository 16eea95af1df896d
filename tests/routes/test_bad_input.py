"""Requests that no browser sends, at every path of a form: a clear page each time, and nothing changed."""

from typing import Final
from urllib.parse import urlencode

import pytest

from portal.domain.limits import FORM_FIELDS
from portal.domain.registration.registration import Counts
from portal.web.forms import URLENCODED
from tests.factories.portal import Harness, open_harness

pytestmark = pytest.mark.anyio

PATHS_OF_FORMS: Final = (
    "/fr/billet/annuler/",
    "/fr/billet/phrase-de-passe/",
    "/fr/billet/pseudonyme/",
    "/fr/organisation/connexion/",
    "/en/organisers/sign-out/",
)

PATHS: Final = {
    "registration": "/fr/inscription/",
    "the ticket": "/fr/billet/",
    "changing the pseudonym": "/fr/billet/pseudonyme/",
    "changing the passphrase": "/fr/billet/phrase-de-passe/",
    "cancelling a ticket": "/fr/billet/annuler/",
    "signing in": "/fr/organisation/connexion/",
    "signing out": "/fr/organisation/deconnexion/",
    "the rules of registration": "/fr/organisation/inscriptions/",
    "a session of the draft": "/fr/organisation/seances/outils/",
    "a new session": "/fr/organisation/nouvelle-seance/",
    "a room": "/fr/organisation/salles/grande/",
    "a new room": "/fr/organisation/nouvelle-salle/",
    "the order of the rooms": "/fr/organisation/salles/",
    "a theme": "/fr/organisation/themes/libre/",
    "a new theme": "/fr/organisation/nouveau-theme/",
    "the order of the themes": "/fr/organisation/themes/",
    "a mirror": "/fr/organisation/miroirs/amis/",
    "a new mirror": "/fr/organisation/nouveau-miroir/",
    "the order of the mirrors": "/fr/organisation/miroirs/",
    "a speaker": "/fr/organisation/intervenants/",
    "a text": "/fr/organisation/textes/agenda/",
    "the facts": "/fr/organisation/evenement/event/",
    "publishing": "/fr/organisation/publier/",
    "check-in": "/fr/organisation/entree/",
    "the list": "/fr/organisation/liste/",
    "invitations": "/fr/organisation/invitations/",
    "announcements": "/fr/organisation/annonces/",
}

BODIES: Final[dict[str, tuple[bytes, str, int]]] = {
    "a body of 1 MB": (b"pseudonym=" + b"x" * 1_000_000, URLENCODED, 413),
    "50,000 fields": (urlencode([(f"f{number}", "") for number in range(50_000)]).encode(), URLENCODED, 413),
    "a field too many": (urlencode([(f"f{n}", "") for n in range(FORM_FIELDS + 1)]).encode(), URLENCODED, 400),
    "a field twice": (b"pseudonym=a&pseudonym=b", URLENCODED, 400),
    "JSON": (b'{"pseudonym": "Ada"}', "application/json", 415),
    "a multipart form": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
    "a form of no kind": (b"pseudonym=Ada", "", 415),
    "a NUL": (b"pseudonym=a%00b", URLENCODED, 400),
    "half a surrogate pair": (b"pseudonym=%ED%A0%80", URLENCODED, 400),
    "bytes that are no UTF-8": (b"pseudonym=%FF%FE", URLENCODED, 400),
    "an escape cut short": (b"pseudonym=%4", URLENCODED, 400),
}


async def changed(harness: Harness) -> tuple[Counts, int, int]:
    """Return the state that a form could have changed."""
    return await harness.store.counts(), (await harness.store.draft()).revision, len(await harness.store.editions())


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
@pytest.mark.parametrize(("body", "kind", "status"), BODIES.values(), ids=BODIES.keys())
async def test_what_is_no_form_is_refused_with_a_page(path: str, body: bytes, kind: str, status: int) -> None:
    async with open_harness() as harness:
        before = await changed(harness)
        page = await harness.send_raw(path, body, kind)
        assert (page.status, await changed(harness)) == (status, before)
        assert page.heading != ""
        assert page.text_of("//main//*[@role='alert']") or page.text_of("//main//p[@class='lead']")


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
async def test_empty_form_changes_nothing(path: str) -> None:
    async with open_harness() as harness:
        before = await changed(harness)
        page = await harness.send(path, {})
        assert 400 <= page.status < 500
        assert await changed(harness) == before


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
async def test_form_from_a_page_of_another_site_is_refused_with_a_page(path: str) -> None:
    async with open_harness() as harness:
        before = await changed(harness)
        page = await harness.send(path, {"pseudonym": "Ada"}, origin="https://elsewhere.example")
        assert (page.status, await changed(harness)) == (403, before)
        assert page.heading != ""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*PATHS_OF_FORMS], ids=str)
async def test_address_of_a_form_leads_to_its_page(path: str, method: str) -> None:
    async with open_harness() as harness:
        response = await harness.client.request(method, path)
        assert (response.status_code, response.headers["location"]) == (303, "../")
        assert (await harness.get(f"{path}../")).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
async def test_other_methods_are_refused_with_those_allowed(path: str, method: str) -> None:
    async with open_harness() as harness:
        response = await harness.client.request(method, path)
        assert response.status_code == 405
        assert "POST" in response.headers["allow"]
