"""The application at its listeners: the headers of every answer, and the pages of errors."""

import re
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urljoin

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.domain.errors import (
    BusyError,
    DataDamaged,
    DraftChanged,
    FormTooLarge,
    InputError,
    PortalError,
    StorageError,
)
from portal.origin.app import at_listener, create_app, is_dynamic
from portal.services import OnionView
from portal.settings import Settings
from portal.site.render import render
from portal.web.listeners import Listener, clearnet_listener, onion_listener
from tests.factories.portal import Clock, Harness, cheap_hasher, first_edition
from tests.factories.sample import CLEARNET, ONION, edition
from tests.factories.tickets import KEYS
from tests.fakes.memory_store import memory_store

pytestmark = pytest.mark.anyio

EDITION: Final = edition()
LISTENERS: Final[dict[str, Listener]] = {
    CLEARNET: clearnet_listener(CLEARNET),
    ONION: onion_listener(lambda: ONION),
    "http://localhost": clearnet_listener(""),
}
OF_THE_CLEARNET_DOOR: Final = {"onion-location", "strict-transport-security", "x-padding"}
"""Headers that it adds, and the padding, which is shorter by as much."""
PUBLIC_PATHS: Final = sorted(
    path
    for file in render(EDITION)
    for path in {f"/{file}", f"/{file.removesuffix('index.html')}", f"/{file.removesuffix('/index.html')}"}
    if not is_dynamic(path)
)
ERRORS: Final[dict[str, PortalError]] = {
    "champ": InputError("pseudonym"),
    "large": FormTooLarge(kib=16),
    "foule": BusyError(5),
    "brouillon": DraftChanged(),
    "disque": StorageError(),
    "casse": DataDamaged(file="/secret/people.json", reason="bad", copy="/secret/people.json.1"),
}


async def fail(request: Request) -> Response:
    """Raise the error that the path names."""
    name = request.path_params["name"]
    raise ERRORS.get(name, RuntimeError(name))


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    store = memory_store()
    await first_edition(store)
    yield Harness(store, Clock(), KEYS, cheap_hasher(), Settings(), OnionView("published", ONION))
    await store.close()


@pytest.fixture
async def app(harness: Harness) -> Starlette:
    made = create_app(harness.services(), EDITION)
    made.router.routes.append(Route("/{language}/panne/{name}/", fail, name="breakdown"))
    return made


async def ask(app: Starlette, path: str, method: str = "GET", at: str = CLEARNET, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(at_listener(app, LISTENERS[at]))
    async with httpx.AsyncClient(transport=transport, base_url=at) as client:
        return await client.request(method, path, headers=headers)


def comparable(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return an answer without the headers of the clearnet listener alone."""
    headers = [pair for pair in answer.headers.items() if pair[0] not in OF_THE_CLEARNET_DOOR]
    return answer.status_code, answer.content, headers


@given(
    path=st.sampled_from([*PUBLIC_PATHS, "/fr/rien/", "/nothing", "/fr/programme/%C3%A9"]),
    method=st.sampled_from(["GET", "HEAD", "POST", "DELETE"]),
    encoding=st.sampled_from(["gzip", "identity"]),
)
@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_answer_is_the_same_at_every_listener(app: Starlette, path: str, method: str, encoding: str) -> None:
    answers = [await ask(app, path, method, at, **{"accept-encoding": encoding}) for at in LISTENERS]
    assert comparable(answers[0]) == comparable(answers[1]) == comparable(answers[2])
    assert {name for answer in answers for name in answer.headers} & {
        "server",
        "date",
        "last-modified",
        "set-cookie",
    } == set()


@pytest.mark.parametrize("path", ["/", "/fr/", "/en/programme/", "/fr/inscription/", "/en/ticket/", "/fr/vie-privee/"])
async def test_public_page_tells_its_onion_at_the_clearnet_listener_alone(app: Starlette, path: str) -> None:
    locations = [(await ask(app, f"{path}?a=1", at=at)).headers.get_list("onion-location") for at in LISTENERS]
    assert locations == [[f"{ONION}{path}?a=1"], [], []]


@pytest.mark.parametrize("at", LISTENERS)
async def test_head_has_the_headers_of_get(app: Starlette, at: str) -> None:
    for path in (*PUBLIC_PATHS, "/fr/inscription/", "/en/ticket/", "/fr/organisation/", "/fr/rien/", "/fr/billet"):
        got, headed = await ask(app, path, at=at), await ask(app, path, "HEAD", at=at)
        if path == "/fr/inscription/":  # each has a passphrase of its own
            assert int(headed.headers.pop("content-length")) > 0
            del got.headers["content-length"]
        assert (headed.status_code, headed.content, headed.headers) == (got.status_code, b"", got.headers), path


@pytest.mark.parametrize("path", ["/fr/", "/fr/inscription/", "/fr/organisation/", "/fr/rien/", "/fr/panne/x/", "/fr"])
async def test_no_answer_is_shown_in_a_frame(app: Starlette, path: str) -> None:
    answers = [await ask(app, path, at=at) for at in LISTENERS]
    assert [answer.headers.get_list("x-frame-options") for answer in answers] == [["DENY"]] * len(LISTENERS)


@pytest.mark.parametrize("path", ["/fr/organisation/", "/fr/rien/", "/fr/programme", "/fr/panne/x/"])
async def test_page_that_is_not_public_tells_no_onion(app: Starlette, path: str) -> None:
    assert "onion-location" not in (await ask(app, path)).headers


async def test_onion_that_is_not_up_is_not_told(app: Starlette, harness: Harness) -> None:
    harness.onion = OnionView("connecting", None)
    assert "onion-location" not in (await ask(app, "/fr/")).headers


@pytest.mark.parametrize("path", ["/fr/inscription/", "/fr/rien/", "/fr/panne/x/"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_what_is_made_for_one_person_is_never_stored(app: Starlette, path: str, encoding: str) -> None:
    answer = await ask(app, path, **{"accept-encoding": encoding})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


async def test_route_answers_where_the_copy_has_a_static_page(app: Starlette) -> None:
    assert 'name="csrf_token"' in (await ask(app, "/fr/inscription/")).text


PAGES_OF_ERRORS: Final[dict[str, tuple[str, str, int, str]]] = {
    "a page that is not there": ("GET", "/fr/rien/", 404, "Cette page n’existe pas"),
    "a page that is not there, in English": ("GET", "/en/nothing/", 404, "This page does not exist"),
    "a page that is not there, in no language": ("GET", "/favicon.ico", 404, "Cette page n’existe pas"),
    "an escape in a path": ("GET", "/fr/%C3%A9/", 404, "Cette page n’existe pas"),
    "a public page by an escape": ("GET", "/fr/programme%2F", 404, "Cette page n’existe pas"),
    "a public page written to": ("POST", "/en/programme/", 405, "nothing can be sent to it"),
    "a public page erased": ("DELETE", "/fr/", 405, "Cela n’a pas fonctionné"),
    "a route that takes no such method": ("DELETE", "/fr/inscription/", 405, "Cela n’a pas fonctionné"),
    "a field that cannot be taken": ("GET", "/en/panne/champ/", 422, "This field is not valid."),
    "a form too large": ("GET", "/en/panne/large/", 413, "more than 16 KiB"),
    "a crowd": ("GET", "/en/panne/foule/", 503, "try again in 5 seconds"),
    "a draft that has changed": ("GET", "/en/panne/brouillon/", 409, "Somebody else changed the programme"),
    "a disk that is full": ("GET", "/en/panne/disque/", 503, "The portal could not write its data"),
    "a file that is damaged": ("GET", "/en/panne/casse/", 503, "Something broke on our side"),
    "what nobody foresaw": ("GET", "/fr/panne/x/", 500, "Une panne, de notre côté"),
}


@pytest.mark.parametrize(("method", "path", "status", "words"), PAGES_OF_ERRORS.values(), ids=PAGES_OF_ERRORS.keys())
async def test_error_is_a_page_with_the_way_out(
    app: Starlette, method: str, path: str, status: int, words: str
) -> None:
    answer = await ask(app, path, method)
    assert answer.status_code == status
    assert words in answer.text
    assert "people.json" not in answer.text
    links = {urljoin(f"{CLEARNET}{path}", href) for href in re.findall(r'href="([^"#][^"]*)"', answer.text)}
    assert f"{CLEARNET}/{'en' if path.startswith('/en/') else 'fr'}/" in links
    for link in sorted(links):
        if link.startswith(CLEARNET):
            assert (await ask(app, link.removeprefix(CLEARNET))).status_code == 200, link


@pytest.mark.parametrize(("path", "allow"), [("/fr/", "GET, HEAD"), ("/fr/inscription/", "GET, HEAD, POST")])
async def test_refused_method_is_told_which_there_are(app: Starlette, path: str, allow: str) -> None:
    assert (await ask(app, path, "PUT")).headers["allow"] == allow


async def test_crowd_is_told_when_to_come_again(app: Starlette) -> None:
    assert (await ask(app, "/fr/panne/foule/")).headers["retry-after"] == "5"


async def test_fault_is_logged_by_the_name_of_its_route(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    await ask(app, "/fr/panne/camille/?q=camille", **{"user-agent": "camille"})
    assert caplog.messages[0].startswith("fault in breakdown\n")
    assert caplog.messages[0].endswith("RuntimeError")
    assert "camille" not in caplog.text


async def test_damaged_file_is_logged_and_not_told(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    await ask(app, "/fr/panne/casse/")
    assert caplog.messages[0].endswith("DataDamaged")


async def test_host_of_another_is_misdirected_and_not_repeated(app: Starlette) -> None:
    answer = await ask(app, "/fr/", host="evil.example")
    assert answer.status_code == 421
    assert "evil.example" not in answer.text
    assert "public_url" in answer.text
    assert '<a class="button' not in answer.text
    assert f'href="{CLEARNET}/fr/"' in answer.text


async def test_path_deeper_than_any_page_makes_no_larger_answer(app: Starlette) -> None:
    shallow, deep = await ask(app, "/fr/a/"), await ask(app, "/fr" + "/a" * 4000 + "/")
    assert deep.status_code == 404
    assert len(deep.content) < 2 * len(shallow.content)


@pytest.mark.parametrize(
    ("path", "location"),
    [("/fr/panne/x?a=1", "./x/?a=1"), ("/fr/inscription", "inscription/"), ("/en/programme", "programme/")],
)
async def test_page_without_its_last_slash_is_shown_the_way(app: Starlette, path: str, location: str) -> None:
    answer = await ask(app, path, host="localhost")
    assert (answer.status_code, answer.headers["location"]) == (308, location)


@given(path=st.binary(max_size=40))
@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_path_has_an_answer(app: Starlette, path: bytes) -> None:
    quoted = "".join(f"%{byte:02X}" for byte in path)
    assert (await ask(app, f"/{quoted}")).status_code == (404 if path else 200)
