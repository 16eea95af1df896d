"""One form is one registration, whatever becomes of its answer, however many tabs and processes it goes through."""

import os
import socket
import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import anyio
import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.domain.registration.registration import Counts
from portal.origin.app import at_listener, create_app
from portal.storage.embedded.store import open_store
from portal.web.forms import URLENCODED
from portal.web.listeners import clearnet_listener
from tests.factories.origin_process import CHECKOUT, init_ahead, serving
from tests.factories.page import Page
from tests.factories.portal import HOST, Harness, open_harness
from tests.factories.registration_form import FORM, code_on, filled_in
from tests.waiting import PATIENCE, let_a_form_age, wait_until

"""A little more than a form must have been open for."""


class Cut(OSError):
    """The way back to the reader is cut."""


def cut_off(app: ASGIApp, at: str) -> ASGIApp:
    """`app` behind a connection that breaks when the message `at` is to be sent."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == at:
                raise Cut
            await send(message)

        await app(scope, receive, send_on)

    return answer


async def send_and_lose(harness: Harness, fields: dict[str, str], at: str) -> None:
    """Send a form to another application on the store of `harness`, and lose its answer."""
    edition = await harness.store.edition()
    assert edition is not None
    app = at_listener(create_app(harness.services(), edition), clearnet_listener(""))
    transport = httpx.ASGITransport(app=cut_off(app, at), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        headers = {"origin": HOST, "content-type": URLENCODED}
        with pytest.raises(AssertionError):  # the transport's own: it has no whole answer to give
            await client.post(FORM, content=urlencode(fields).encode(), headers=headers)


@pytest.mark.anyio
@pytest.mark.parametrize("at", ["http.response.start", "http.response.body"])
async def test_form_whose_answer_was_cut_off_gives_its_ticket_when_it_is_sent_again(at: str) -> None:
    async with open_harness() as harness:
        fields = await filled_in(harness, pseudonym="Ada")
        await send_and_lose(harness, fields, at)
        assert await harness.store.counts() == Counts(seated=1)
        first, second = await harness.send(FORM, fields), await harness.send(FORM, fields)
        assert (first.heading, code_on(first)) == ("You have a seat", code_on(second))
        other = await harness.send(FORM, fields | {"passphrase": "one that was typed anew"})
        assert (other.status, await harness.store.counts()) == (409, Counts(seated=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a portal of the real event."""
    data = tmp_path_factory.mktemp("portal")
    subprocess.run(init_ahead(data), cwd=data, env=os.environ | CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    return data


@pytest.fixture(scope="module")
def urls(folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of two processes that share the data folder, without a slash at the end."""
    with serving(folder) as first, serving(folder) as other:
        yield first.url.removesuffix("/"), other.url.removesuffix("/")
        assert (first.stop(), other.stop()) == (0, 0)


def send(url: str, fields: dict[str, str], path: str = "/fr/inscription/") -> Page:
    return Page(httpx.post(f"{url}{path}", data=fields, headers={"origin": url}, timeout=PATIENCE))


def send_and_hang_up(url: str, fields: dict[str, str]) -> None:
    """Send the whole form, then break the connection before a byte of the answer is read."""
    body, host = urlencode(fields).encode(), urlsplit(url).netloc
    head = (
        f"POST /fr/inscription/ HTTP/1.1\r\nHost: {host}\r\nOrigin: {url}\r\n"
        f"Content-Type: {URLENCODED}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port))) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no goodbye
        connection.sendall(head.encode() + body)


def opened_soon(url: str, code: str, passphrase: str) -> Page:
    """Return the ticket, as soon as its registration has been made."""
    pages: list[Page] = []

    def is_open() -> bool:
        pages.append(send(url, {"code": code, "passphrase": passphrase}, "/fr/billet/"))
        return pages[-1].status == 200

    wait_until(is_open)
    return pages[-1]


def test_form_sent_again_and_again_to_two_processes_is_one_registration(folder: Path, urls: tuple[str, str]) -> None:
    first, other = urls
    form = Page(httpx.get(f"{first}/fr/inscription/", timeout=PATIENCE))
    fields, code = form.fields() | {"pseudonym": "Ada"}, code_on(form)
    let_a_form_age()
    for url in (first, other, first, other):
        send_and_hang_up(url, fields)
    assert opened_soon(other, code, fields["passphrase"]).heading == "Vous avez une place"
    with ThreadPoolExecutor(8) as tabs:
        pages = list(tabs.map(lambda url: send(url, fields), urls * 4))
    assert [(page.status, code_on(page)) for page in pages] == [(200, code)] * 8
    assert send(other, fields | {"passphrase": "one that was typed anew"}).status == 409
    assert registrations_in(folder) == Counts(seated=1)


def registrations_in(folder: Path) -> Counts:
    """Return the counts of the registrations on the disk."""

    async def counts() -> Counts:
        store = await open_store(folder / "data")
        try:
            return await store.counts()
        finally:
            await store.close()

    return anyio.run(counts)
