"""The hosts that a listener accepts, and the origins of the forms that it takes."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from portal.domain.errors import FormForeign
from portal.web.listeners import Listener, ListenerLayer, check_origin, clearnet_listener, listener_of, onion_listener

pytestmark = pytest.mark.anyio

ONION = f"{'a' * 56}.onion"
PUBLIC = clearnet_listener("https://event.example", ["Alias.example"])
AT_HOME = clearnet_listener("")
BEHIND_TOR = onion_listener(lambda: f"http://{ONION}")
BEFORE_TOR = onion_listener(lambda: None)

HOSTS: dict[str, tuple[Listener, str, bool]] = {
    "its public address": (PUBLIC, "event.example", True),
    "its public address with a port": (PUBLIC, "event.example:443", True),
    "its public address in capitals": (PUBLIC, "EVENT.example", True),
    "a further name": (PUBLIC, "alias.example", True),
    "loopback": (PUBLIC, "127.0.0.1:8000", True),
    "loopback by name": (AT_HOME, "localhost", True),
    "loopback in IPv6": (AT_HOME, "[::1]:8000", True),
    "loopback in IPv6 without a port": (AT_HOME, "[::1]", True),
    "another name": (PUBLIC, "event.example.org", False),
    "its name inside another": (PUBLIC, "not-event.example", False),
    "a port that is none": (PUBLIC, "event.example:80x", False),
    "its name and a dot": (PUBLIC, "event.example.", True),
    "its name and a dot, with a port": (PUBLIC, "event.example.:443", True),
    "its name and two dots": (PUBLIC, "event.example..", False),
    "a dot": (PUBLIC, ".", False),
    "its name and an empty port": (PUBLIC, "event.example:", True),
    "its name and a path": (PUBLIC, "event.example/", False),
    "its onion address and a dot": (BEHIND_TOR, f"{ONION}.", True),
    "a name with a user": (PUBLIC, "me@event.example", False),
    "nothing": (AT_HOME, "", False),
    "a port alone": (AT_HOME, ":80", False),
    "the onion at the clearnet listener": (PUBLIC, ONION, False),
    "its onion address": (BEHIND_TOR, ONION, True),
    "loopback at the onion listener": (BEHIND_TOR, "127.0.0.1", False),
    "the public address at the onion listener": (BEHIND_TOR, "event.example", False),
    "an onion before its address is known": (BEFORE_TOR, ONION, False),
}


@pytest.mark.parametrize(("listener", "host", "is_answered"), HOSTS.values(), ids=HOSTS.keys())
def test_listener_accepts_its_hosts_alone(listener: Listener, host: str, is_answered: bool) -> None:
    assert listener.accepts_host(host) is is_answered


ORIGINS: dict[str, tuple[Listener, str, str | None, bool]] = {
    "its own page": (PUBLIC, "event.example", "https://event.example", True),
    "its own page, in capitals": (PUBLIC, "Event.example", "https://EVENT.example", True),
    "no Origin": (PUBLIC, "event.example", None, True),
    "an Origin that the browser hides": (PUBLIC, "event.example", "null", True),
    "its own page behind a proxy that keeps no Host": (PUBLIC, "127.0.0.1:8000", "https://event.example", True),
    "its own page, forged on plain http": (PUBLIC, "event.example", "http://event.example", False),
    "its own host at another port": (PUBLIC, "event.example", "https://event.example:8443", False),
    "its own page, by its name and a dot": (PUBLIC, "event.example.", "https://event.example.", True),
    "its own page, by a dot, forged on plain http": (PUBLIC, "event.example.", "http://event.example.", False),
    "another site": (PUBLIC, "event.example", "https://evil.example", False),
    "another site that holds its name": (PUBLIC, "event.example", "https://event.example.evil.example", False),
    "an extension": (PUBLIC, "event.example", "moz-extension://event.example", False),
    "no address at all": (PUBLIC, "event.example", "https://", False),
    "a further name by https": (PUBLIC, "alias.example", "https://alias.example", True),
    "a further name by http": (PUBLIC, "alias.example", "http://alias.example", True),
    "a further name from another": (PUBLIC, "alias.example", "http://localhost", False),
    "loopback": (AT_HOME, "127.0.0.1:8000", "http://127.0.0.1:8000", True),
    "another program on loopback": (AT_HOME, "127.0.0.1:8000", "http://127.0.0.1:9000", False),
    "the onion": (BEHIND_TOR, ONION, f"http://{ONION}", True),
    "the public address at the onion listener": (BEHIND_TOR, ONION, "https://event.example", False),
}


@pytest.mark.parametrize(("listener", "host", "origin", "is_taken"), ORIGINS.values(), ids=ORIGINS.keys())
def test_form_is_taken_from_its_own_pages_alone(
    listener: Listener, host: str, origin: str | None, is_taken: bool
) -> None:
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    request = Request({"type": "http", "method": "POST", "headers": headers, "portal.listener": listener})
    if is_taken:
        check_origin(request)
        return
    with pytest.raises(FormForeign):
        check_origin(request)


def test_referer_decides_nothing() -> None:
    headers = [(b"host", b"event.example"), (b"referer", b"https://evil.example/")]
    check_origin(Request({"type": "http", "method": "POST", "headers": headers, "portal.listener": PUBLIC}))


@pytest.mark.parametrize(("listener", "is_https"), [(PUBLIC, True), (AT_HOME, False), (BEHIND_TOR, False)])
def test_listener_knows_its_scheme(listener: Listener, is_https: bool) -> None:
    assert listener.is_https is is_https


class Crossroads:
    """Recorder of the ways by which requests left a listener, and of their paths."""

    def __init__(self) -> None:
        self.ways: list[tuple[str, str, str]] = []

    async def inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.ways.append(("inside", listener_of(scope).name, scope["path"]))

    async def misdirected(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.ways.append(("misdirected", listener_of(scope).name, scope["path"]))

    async def malformed(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.ways.append(("malformed", listener_of(scope).name, scope["path"]))

    async def come(
        self, listener: Listener, *hosts: bytes, raw_path: bytes = b"/", path: str = "/"
    ) -> tuple[str, str, str]:
        async def receive() -> Message:
            raise AssertionError

        async def send(_: Message) -> None:
            raise AssertionError

        headers = [(b"host", host) for host in hosts] + [(b"x-forwarded-host", b"event.example")]
        scope = {"type": "http", "method": "GET", "headers": headers, "raw_path": raw_path, "path": path}
        await ListenerLayer(self.inside, listener, self.misdirected, self.malformed)(scope, receive, send)
        return self.ways.pop()


async def test_request_knows_its_listener() -> None:
    assert await Crossroads().come(BEHIND_TOR, ONION.encode()) == ("inside", "onion", "/")


async def test_request_for_another_host_is_misdirected() -> None:
    assert await Crossroads().come(PUBLIC, b"evil.example") == ("misdirected", "clearnet", "/")


MALFORMED: dict[str, list[bytes]] = {
    "no host": [],
    "two hosts": [b"event.example", b"event.example"],
    "an empty host": [b""],
    "a host with a user": [b"me@event.example"],
    "a host with a path": [b"event.example/"],
    "a port that is none": [b"event.example:80x"],
    "an address that does not end": [b"[::1"],
    "a host with a blank": [b"event.example evil.example"],
    "a host with a letter beyond ASCII": ["événement.example".encode()],
}


@pytest.mark.parametrize("hosts", MALFORMED.values(), ids=MALFORMED.keys())
async def test_request_without_exactly_one_valid_host_is_malformed(hosts: list[bytes]) -> None:
    assert await Crossroads().come(PUBLIC, *hosts) == ("malformed", "clearnet", "/")


async def test_path_is_taken_as_it_is_written() -> None:
    way = await Crossroads().come(AT_HOME, b"localhost", raw_path=b"/fr%2Fprogramme/", path="/fr/programme/")
    assert way == ("inside", "clearnet", "/fr%2Fprogramme/")


ESCAPED: dict[str, tuple[bytes, str]] = {
    "a hyphen": (b"/fr/vie%2Dprivee/", "/fr/vie-privee/"),
    "a hyphen, in small letters": (b"/fr/vie%2dprivee/", "/fr/vie-privee/"),
    "letters and digits": (b"/%66%72/%41%5A%7A%30%39", "/fr/AZz09"),
    "a dot, a low line and a tilde": (b"/a%2Eb%5Fc%7Ed", "/a.b_c~d"),
    "a slash": (b"/fr%2Fprogramme/", "/fr%2Fprogramme/"),
    "a backslash": (b"/fr%5Cprogramme/", "/fr%5Cprogramme/"),
    "two dots": (b"/fr/%2e%2E/", "/fr/../"),
    "an escaped escape": (b"/fr/vie%252Dprivee/", "/fr/vie%252Dprivee/"),
    "an escape made of escapes": (b"/fr/%25%32%44/", "/fr/%252D/"),
    "a NUL": (b"/fr/%00", "/fr/%00"),
    "a line break": (b"/fr/%0D%0A", "/fr/%0D%0A"),
    "a semicolon, a colon and an at": (b"/%3B%3A%40", "/%3B%3A%40"),
    "a letter beyond ASCII": (b"/%C3%A9", "/%C3%A9"),
    "half an escape": (b"/fr/%2", "/fr/%2"),
    "a question mark and a number sign": (b"/fr/%3F%23", "/fr/%3F%23"),
}


@pytest.mark.parametrize(("written", "path"), ESCAPED.values(), ids=ESCAPED.keys())
async def test_escape_of_an_unreserved_character_is_that_character(written: bytes, path: str) -> None:
    assert await Crossroads().come(AT_HOME, b"localhost", raw_path=written) == ("inside", "clearnet", path)


@given(st.text(alphabet="".join(map(chr, range(33, 127))), max_size=20))
def test_every_unreserved_character_and_no_other_is_unescaped(text: str) -> None:
    escaped = "".join(f"%{ord(sign):02X}" for sign in text).encode()
    kept = "".join(sign if sign.isalnum() or sign in "-._~" else f"%{ord(sign):02X}" for sign in text)
    way = asyncio.run(Crossroads().come(AT_HOME, b"localhost", raw_path=b"/" + escaped))
    assert way == ("inside", "clearnet", f"/{kept}")
