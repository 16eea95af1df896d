"""Public files as they are sent from memory."""

from dataclasses import dataclass

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from portal.web.headers import ListenerHeaders
from portal.web.listeners import Listener, clearnet_listener, onion_listener
from portal.web.static_files import StaticFilesLayer, build_site, matches_weakly

pytestmark = pytest.mark.anyio

PAGE = "text/html; charset=utf-8"
ONION = f"http://{'a' * 56}.onion"
PUBLIC = clearnet_listener("https://event.example")
AT_HOME = clearnet_listener("")
BEHIND_TOR = onion_listener(lambda: ONION)


@dataclass(frozen=True)
class File:
    content: bytes
    media_type: str = PAGE


FILES = {
    "index.html": File(b"home " * 40),
    "fr/index.html": File(b"accueil " * 40),
    "fr/programme/index.html": File(b"programme " * 40),
    "fr/billet/index.html": File(b"the copy's page " * 40),
    "fr/programme.ics": File(b"BEGIN:VCALENDAR " * 40, "text/calendar; charset=utf-8"),
    "logo.png": File(b"\x89PNG", "image/png"),
}
PAGES = build_site(FILES, ["sha256-AAAA"], lambda path: path == "/fr/billet/")
PROTECTION = {
    "content-security-policy": "default-src 'none'; style-src 'sha256-AAAA'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def without_padding(answer: httpx.Response) -> dict[str, str]:
    """Return the headers of an answer without the padding."""
    return {name: value for name, value in answer.headers.items() if name != "x-padding"}


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": [(b"x-way", b"elsewhere")]})
    await send({"type": "http.response.body", "body": b""})


async def page_errors(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 405, "headers": [(b"x-way", b"refused")]})
    await send({"type": "http.response.body", "body": b""})


async def ask(
    path: str, method: str = "GET", listener: Listener = AT_HOME, onion: str | None = ONION, **headers: str
) -> httpx.Response:
    layer = StaticFilesLayer(elsewhere, ListenerHeaders(listener, lambda: onion), lambda: PAGES, page_errors)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(layer), base_url="http://localhost") as client:
        client.headers.clear()
        return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})


async def test_page_is_sent_whole_with_all_its_headers() -> None:
    answer = await ask("/fr/programme/")
    body = FILES["fr/programme/index.html"].content
    assert (answer.status_code, answer.content) == (200, body)
    assert without_padding(answer) == {
        "content-type": PAGE,
        "content-length": str(len(body)),
        "etag": answer.headers["etag"],
        "cache-control": "no-cache",
        "vary": "accept-encoding",
        **PROTECTION,
    }


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/fr/", "fr/index.html"),
        ("/fr/programme.ics", "fr/programme.ics"),
        ("/logo.png", "logo.png"),
    ],
)
async def test_file_stands_at_its_path(path: str, file: str) -> None:
    answer = await ask(path)
    assert (answer.content, answer.headers["content-type"]) == (FILES[file].content, FILES[file].media_type)


async def test_head_sends_the_headers_of_get_and_no_body() -> None:
    got, headed = await ask("/fr/programme/"), await ask("/fr/programme/", "HEAD")
    assert (headed.status_code, headed.content, headed.headers) == (200, b"", got.headers)


async def test_page_is_packed_for_who_takes_gzip() -> None:
    plain = await ask("/fr/programme/")
    answer = await ask("/fr/programme/", accept_encoding="gzip, deflate, br, zstd")
    assert answer.content == plain.content
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == "12900"
    assert answer.headers["etag"] != plain.headers["etag"]


async def test_file_that_gzip_does_not_make_smaller_is_padded_like_any() -> None:
    answer = await ask("/logo.png", accept_encoding="gzip")
    assert (answer.content, answer.headers["content-length"]) == (b"\x89PNG", "12900")


@pytest.mark.parametrize("accept_encoding", ["identity", "gzip"])
async def test_page_that_is_known_is_not_sent_again(accept_encoding: str) -> None:
    first = await ask("/fr/programme/", accept_encoding=accept_encoding)
    tag = first.headers["etag"]
    second = await ask("/fr/programme/", accept_encoding=accept_encoding, if_none_match=f'"old", W/{tag}')
    assert (second.status_code, second.content) == (304, b"")
    assert without_padding(second) == {
        "etag": tag,
        "cache-control": "no-cache",
        "vary": "accept-encoding",
        **PROTECTION,
    }


async def test_page_that_has_changed_is_sent_again() -> None:
    assert (await ask("/fr/programme/", if_none_match='"old"')).status_code == 200


TAG = PAGES.files["/fr/programme/"].plain.etag.decode()
PRECONDITIONS: dict[str, tuple[dict[str, str], int]] = {
    "its own tag is wanted": ({"if-match": TAG}, 200),
    "its own tag is wanted, among others": ({"if-match": f'"old" , {TAG}'}, 200),
    "any is wanted": ({"if-match": "*"}, 200),
    "another tag is wanted": ({"if-match": '"old"'}, 412),
    "its own tag is wanted, and weak": ({"if-match": f"W/{TAG}"}, 412),
    "the tag of the packed page is wanted": (
        {"if-match": getattr(PAGES.files["/fr/programme/"].compressed, "etag", b"").decode()},
        412,
    ),
    "nothing is wanted": ({"if-match": ""}, 412),
    "another tag is wanted, and its own is known": ({"if-match": '"old"', "if-none-match": TAG}, 412),
    "its own tag is wanted, and is known": ({"if-match": TAG, "if-none-match": TAG}, 304),
    "any is wanted, and any is known": ({"if-match": "*", "if-none-match": "*"}, 304),
    "its own tag is known, and an old one": ({"if-none-match": f'"old", {TAG}'}, 304),
    "its own tag is known, and weak": ({"if-none-match": f"W/{TAG}"}, 304),
    "another tag is known": ({"if-none-match": '"old"'}, 200),
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("headers", "status"), PRECONDITIONS.values(), ids=PRECONDITIONS.keys())
async def test_conditions_are_looked_at_in_their_order(headers: dict[str, str], status: int, method: str) -> None:
    answer = await ask("/fr/programme/", method, AT_HOME, None, **headers)
    body = FILES["fr/programme/index.html"].content if (status, method) == (200, "GET") else b""
    assert (answer.status_code, answer.content) == (status, body)


async def test_refused_condition_has_the_headers_of_any_answer() -> None:
    answer = await ask("/fr/programme/", if_match='"old"')
    assert without_padding(answer) == {"content-length": "0", **PROTECTION}


async def test_conditions_in_several_lines_are_one_list() -> None:
    layer = StaticFilesLayer(elsewhere, ListenerHeaders(AT_HOME, lambda: None), lambda: PAGES, page_errors)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(layer), base_url="http://localhost") as client:
        for name, status in (("if-match", 200), ("if-none-match", 304)):
            answer = await client.get(
                "/fr/programme/", headers=[("accept-encoding", "identity"), (name, TAG), (name, '"old"')]
            )
            assert answer.status_code == status


@pytest.mark.parametrize("path", ["/fr/programme", "/fr/programme/index.html"])
async def test_way_is_shown_whatever_is_wanted(path: str) -> None:
    assert (await ask(path, if_match='"old"')).status_code == 308


def test_etag_is_of_the_content_alone() -> None:
    again = build_site(FILES, ["sha256-BBBB"], lambda _: False)
    assert again.files["/"].plain.etag == PAGES.files["/"].plain.etag
    assert again.files["/"].plain.etag != PAGES.files["/fr/"].plain.etag


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
async def test_public_page_is_for_reading(method: str) -> None:
    answer = await ask("/fr/programme/", method)
    assert (answer.status_code, answer.headers["x-way"]) == (405, "refused")


@pytest.mark.parametrize("path", ["/fr/billet/", "/fr/rien/", "/404", "/fr//", "/FR/"])
async def test_what_is_not_ready_is_left_to_the_routes(path: str) -> None:
    assert (await ask(path)).headers["x-way"] == "elsewhere"


WAYS: dict[str, tuple[str, str]] = {
    "a page without its last slash": ("/fr/programme", "programme/"),
    "a page without its last slash, asked something": ("/fr/programme?a=1", "programme/?a=1"),
    "a language without its last slash": ("/fr", "fr/"),
    "a page by the name of its file": ("/fr/programme/index.html", "./"),
    "the home by the name of its file": ("/index.html", "./"),
    "a page of the routes without its last slash": ("/fr/billet", "billet/"),
}


@pytest.mark.parametrize(("path", "location"), WAYS.values(), ids=WAYS.keys())
async def test_way_leads_on_without_naming_a_host(path: str, location: str) -> None:
    answer = await ask(path)
    assert (answer.status_code, answer.content) == (308, b"")
    assert without_padding(answer) == {"location": location, "content-length": "0", **PROTECTION}


async def test_way_is_not_shown_to_who_sends_something() -> None:
    assert (await ask("/fr/programme", "POST")).headers["x-way"] == "elsewhere"


ONION_LOCATIONS: dict[str, tuple[str, str, Listener, str | None, list[str]]] = {
    "a page": ("GET", "/fr/programme/", PUBLIC, ONION, [f"{ONION}/fr/programme/"]),
    "a page asked something": ("GET", "/fr/programme/?a=%20&b", PUBLIC, ONION, [f"{ONION}/fr/programme/?a=%20&b"]),
    "the home": ("GET", "/", PUBLIC, ONION, [f"{ONION}/"]),
    "a page by HEAD": ("HEAD", "/fr/programme/", PUBLIC, ONION, [f"{ONION}/fr/programme/"]),
    "a page before the onion is up": ("GET", "/fr/programme/", PUBLIC, None, []),
    "a page at home": ("GET", "/fr/programme/", AT_HOME, ONION, []),
    "a page at the onion": ("GET", "/fr/programme/", BEHIND_TOR, ONION, []),
    "a file that is no page": ("GET", "/fr/programme.ics", PUBLIC, ONION, []),
    "a way": ("GET", "/fr/programme", PUBLIC, ONION, []),
}


@pytest.mark.parametrize(
    ("method", "path", "listener", "onion", "expected"), ONION_LOCATIONS.values(), ids=ONION_LOCATIONS.keys()
)
async def test_onion_location_is_on_clearnet_pages_alone(
    method: str, path: str, listener: Listener, onion: str | None, expected: list[str]
) -> None:
    assert (await ask(path, method, listener, onion)).headers.get_list("onion-location") == expected


async def test_onion_location_is_on_an_unchanged_page_too() -> None:
    tag = (await ask("/fr/programme/")).headers["etag"]
    answer = await ask("/fr/programme/", listener=PUBLIC, if_none_match=tag)
    assert (answer.status_code, answer.headers["onion-location"]) == (304, f"{ONION}/fr/programme/")


@pytest.mark.parametrize(("listener", "expected"), [(PUBLIC, ["max-age=31536000"]), (AT_HOME, []), (BEHIND_TOR, [])])
@pytest.mark.parametrize("path", ["/", "/fr/programme", "/fr/programme.ics"])
async def test_https_is_asked_for_where_it_is_spoken(path: str, listener: Listener, expected: list[str]) -> None:
    assert (await ask(path, listener=listener)).headers.get_list("strict-transport-security") == expected


@given(known=st.binary(max_size=40))
def test_any_if_none_match_is_understood(known: bytes) -> None:
    assert matches_weakly(known, b'"etag"') is (known.strip() == b"*")
