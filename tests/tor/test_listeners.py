"""A listener that does not show the organisers' pages does not tell that they are anywhere."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx
import pytest
from starlette.applications import Starlette

from portal.domain.language import LANGUAGES
from portal.domain.organisers.organiser import Organiser, SignIn
from portal.origin.app import at_listener, create_app
from portal.routes import PAGES, PREVIEWS, PUBLIC_ROUTES, ROUTES
from portal.server.sockets import closing
from portal.settings import Settings
from portal.site.paths import is_of_organisers
from portal.tor.listeners import open_listeners
from portal.tor.organisers_onion import OrganisersOnion
from portal.tor.service import OnionPublisher
from portal.web.listeners import Listener, clearnet_listener, local_listener, onion_listener, organisers_listener
from portal.web.sign_in_cookie import COOKIE as OPEN_COOKIE
from portal.web.sign_in_cookie import HTTPS_COOKIE, stored_id
from tests.factories.portal import Clock, Harness, cheap_hasher, first_edition
from tests.factories.sample import CLEARNET, ONION, edition
from tests.factories.tickets import KEYS
from tests.fakes.memory_store import memory_store

pytestmark = pytest.mark.anyio

OWN_ONION: Final = "http://" + "b" * 56 + ".onion"
AT: Final = {"clearnet": CLEARNET, "onion": ONION, "local": "http://127.0.0.1:8001", "organisers": OWN_ONION}
CASES: Final[dict[str, tuple[Settings, dict[str, bool]]]] = {
    "everywhere": (Settings(organisers="everywhere"), {"clearnet": True, "onion": True}),
    "at the onion": (Settings(organisers="onion"), {"clearnet": False, "onion": True}),
    "on the machine": (Settings(organisers="local"), {"clearnet": False, "onion": False, "local": True}),
    "at their own onion": (
        Settings(organisers="onion", organisers_onion=True),
        {"clearnet": False, "onion": False, "organisers": True},
    ),
    "everywhere and at their own onion": (
        Settings(organisers="everywhere", organisers_onion=True),
        {"clearnet": True, "onion": True, "organisers": True},
    ),
    "on the machine and at their own onion": (
        Settings(organisers="local", organisers_onion=True),
        {"clearnet": False, "onion": False, "local": True, "organisers": True},
    ),
    "by itself": (Settings(), {"clearnet": True, "onion": True}),
    "by itself, with a public address": (Settings(public_url=CLEARNET), {"clearnet": False, "onion": True}),
    "by itself, with a public address and no onion": (
        Settings(public_url=CLEARNET, onion="off"),
        {"clearnet": False, "local": True},
    ),
}
"""For each setting, the listeners that are open, and whether they show the organisers' pages."""

PATHS: Final = (
    "/fr/organisation/",
    "/en/organisers/",
    "/fr/organisation",
    "/en/organisers",
    "/fr/organisation/connexion/",
    "/en/organisers/sign-out/",
    "/fr/organisation/bienvenue/",
    "/en/organisers/welcome",
    "/fr/organisation/equipe/",
    "/en/organisers/me/",
    "/fr/organisation/seances/outils/",
    "/en/organisers/sessions/outils",
    "/en/organisers/nothing/at/all/",
)
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "NONSENSE")
COOKIE: Final = "a" * 64


def ignore_progress(message: str, details: Mapping[str, object]) -> None:
    """Ignore messages: nothing runs."""
    raise AssertionError(message % details)


def listener_at(name: str, *, shows_organisers: bool) -> Listener:
    """Return the listener as the origin opens it."""
    return {
        "clearnet": clearnet_listener(CLEARNET, shows_organisers=shows_organisers),
        "onion": onion_listener(lambda: ONION, shows_organisers=shows_organisers),
        "local": local_listener(),
        "organisers": organisers_listener(lambda: OWN_ONION),
    }[name]


@pytest.fixture
async def app() -> AsyncIterator[Starlette]:
    """Build a portal with an organiser who is signed in."""
    store, clock = memory_store(), Clock()
    await first_edition(store)
    await store.add_organiser(camille := Organiser("Camille", ""))
    await store.open_sign_in(SignIn(stored_id(COOKIE), "Camille", clock.now, clock.now), camille)
    yield create_app(Harness(store, clock, KEYS, cheap_hasher(), Settings()).services(), edition())
    await store.close()


async def answer_of(
    app: Starlette, listener: Listener, method: str, path: str
) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    """Return the whole answer to a client with a valid cookie and form."""
    transport = httpx.ASGITransport(at_listener(app, listener))
    name = HTTPS_COOKIE if listener.is_https else OPEN_COOKIE
    headers = {"cookie": f"{name}={COOKIE}", "content-type": "application/x-www-form-urlencoded"}
    async with httpx.AsyncClient(transport=transport, base_url=AT[listener.name]) as client:
        answer = await client.request(method, path, headers=headers, content=b"name=Camille")
        return answer.status_code, answer.content, answer.headers.raw


def unknown(path: str) -> str:
    """Return a path without a page, as deep and as long."""
    language, _, rest = path.removeprefix("/").partition("/")
    return f"/{language}/{re.sub('[a-z]', 'x', rest)}"


@pytest.mark.parametrize(("settings", "listeners"), CASES.values(), ids=CASES.keys())
async def test_origin_opens_the_doors_that_show_the_organisers_pages_and_those_that_do_not(
    settings: Settings, listeners: dict[str, bool], tmp_path: Path
) -> None:
    settings = replace(settings, data=tmp_path / "data", port=0, organisers_port=0)
    onion = OnionPublisher(settings, ignore_progress, Clock())
    opened = open_listeners(settings, onion, OrganisersOnion(settings, memory_store(), ignore_progress, Clock()))
    with closing([bound.sock for bound in opened]):
        assert {bound.listener.name: bound.listener.shows_organisers for bound in opened} == listeners


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["clearnet", "onion"])
async def test_organisers_path_is_any_unknown_path_at_a_door_that_does_not_show_it(
    app: Starlette, name: str, path: str
) -> None:
    listener = listener_at(name, shows_organisers=False)
    for method in METHODS:
        answer, other = (
            await answer_of(app, listener, method, path),
            await answer_of(app, listener, method, unknown(path)),
        )
        assert (answer, answer[0]) == (other, 404)
        assert {header for header, _ in answer[2]} & {b"set-cookie", b"location", b"allow"} == set()


@pytest.mark.parametrize("name", AT)
async def test_organisers_come_in_at_a_door_that_shows_their_pages(app: Starlette, name: str) -> None:
    for path in ("/fr/organisation/", "/en/organisers/"):
        status, content, _ = await answer_of(app, listener_at(name, shows_organisers=True), "GET", path)
        assert status == 200
        assert b"Camille" in content


@pytest.mark.parametrize("name", ["clearnet", "onion"])
async def test_everything_else_is_the_same_at_a_door_without_organisers(app: Starlette, name: str) -> None:
    listeners = [listener_at(name, shows_organisers=shown) for shown in (True, False)]
    for path in ("/fr/", "/fr/inscription/", "/en/ticket/", "/fr/programme", "/fr/inscription", "/fr/rien/"):
        with_them, without = [await answer_of(app, listener, "GET", path) for listener in listeners]
        assert with_them[0] == without[0]
        assert sorted(dict(with_them[2])) == sorted(dict(without[2]))


def test_routes_are_those_of_the_public_and_those_of_the_organisers() -> None:
    of_organisers = {page for page in PAGES if is_of_organisers(page)}
    paths = {route.path for route in ROUTES} - {route.path for route in PUBLIC_ROUTES}
    assert {"organisers", "sign_in", "account_setup", "team", "account", "check_in"} <= of_organisers
    assert len(paths) == len(LANGUAGES) * (len(of_organisers) + len(PREVIEWS))
    assert [
        path for path in paths if not re.match(r"/(fr/organisation|es/organizacion|\{language\}/organisers)/", path)
    ] == []
