"""Visitors who register, each over one connection that it keeps, as fast as the portal takes them."""

import asyncio
import html
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from portal.domain.limits import BUSY_RETRY_SECONDS, FORM_MIN_AGE_SECONDS
from portal.site.paths import page_path

PATH: Final = f"/{page_path('registration', 'fr')}"
_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]*)"')
_PASSPHRASE: Final = re.compile(r'name="passphrase"[^>]*>\s*([^<]*)</textarea>')
_LENGTH: Final = re.compile(r"content-length: (\d+)")
_OLD_ENOUGH: Final = FORM_MIN_AGE_SECONDS + 0.1


@dataclass
class Visit:
    """Answers to one visitor so far."""

    registered: int = 0
    busy: int = 0


@dataclass
class Visitor:
    """One browser at 127.0.0.1:`port`, with the forms that it has opened and not sent yet."""

    port: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    forms: deque[tuple[float, str]] = field(default_factory=deque)

    async def open_form(self) -> None:
        """Open a form and keep what it would send, as it stands."""
        page = (await self.ask("GET", PATH))[1]
        passphrase = _PASSPHRASE.search(page)
        assert passphrase, page[:200]
        fields = {"csrf_token": token_of(page), "passphrase": passphrase[1].strip(), "pseudonym": "", "website": ""}
        body = urlencode({name: html.unescape(value) for name, value in fields.items()})
        self.forms.append((time.monotonic() + _OLD_ENOUGH, body))

    async def send_form(self, more: str = "") -> int:
        """Send the oldest form, once a person could have filled it in, and return the status of the answer.

        `more` follows what it would send as it stands.
        """
        due, body = self.forms.popleft()
        await asyncio.sleep(due - time.monotonic())
        status, _ = await self.ask("POST", PATH, body + more)
        if status == 503:
            self.forms.appendleft((due, body))
        return status

    async def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Return the status and the page of the answer."""
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        self.writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: http://127.0.0.1:{self.port}\r\n"
            f"{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii")
        )
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("ascii")
        length = _LENGTH.search(head)
        assert length, head
        page = await self.reader.readexactly(int(length[1]))
        return int(head.split(" ", 2)[1]), page.decode()


def token_of(page: str) -> str:
    """Return the token of the first form of a page."""
    token = _TOKEN.search(page)
    assert token, page[:200]
    return token[1]


async def enter(port: int, number: int, forms: int) -> list[Visitor]:
    """So many visitors, each with so many forms open, old enough to be sent."""
    visitors = [Visitor(port, *await asyncio.open_connection("127.0.0.1", port)) for _ in range(number)]
    for _ in range(forms):
        for visitor in visitors:
            await visitor.open_form()
    await asyncio.sleep(_OLD_ENOUGH)
    return visitors


async def register_until(visitor: Visitor, end: float, visit: Visit) -> None:
    """Send a form, open another, without pause, until the moment `end` of the monotonic clock."""
    while time.monotonic() < end:
        status = await visitor.send_form()
        if time.monotonic() < end:
            assert status == 200, status
            visit.registered += 1
            await visitor.open_form()


async def register_once(visitor: Visitor, visit: Visit) -> None:
    """Send one form, again when the portal asks for it as long as it is busy."""
    while (status := await visitor.send_form()) == 503:
        visit.busy += 1
        await asyncio.sleep(BUSY_RETRY_SECONDS)
    assert status == 200, status
    visit.registered += 1
