"""A browser on a raw socket, which counts every byte of an answer."""

import asyncio
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urljoin

import httpx

from portal.web.listeners import ListenerName
from tests.factories.page import Page
from tests.factories.running_server import Running

BROWSER: Final = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@dataclass(frozen=True)
class Answer:
    """An answer, and its size on the wire, head and body together."""

    response: httpx.Response
    size: int

    @property
    def page(self) -> Page:
        """Return the page that it is."""
        return Page(self.response)

    @property
    def seen(self) -> tuple[int, int]:
        """Return its status and its size."""
        return self.response.status_code, self.size


@dataclass
class Wire:
    """A browser that comes to `address` by a listener of the portal, over one connection for each request."""

    portal: Running
    listener: ListenerName
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Answer:
        """Open a page; the names of `headers` have `_` for `-`."""
        return await self.ask("GET", path, **headers)

    async def send(self, page: Page, to: str = "", **typed: str) -> Answer:
        """Send the form of `page` whose action ends with `to`, with what is typed into it."""
        body = urlencode(page.fields(to) | typed)
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address}
        return await self.ask("POST", page.action(to), body, **kind)

    async def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        """Return the answer to any request."""
        sent = {"Host": self.address.partition("://")[2], **BROWSER, "Content-Length": str(len(body))}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
        reader, writer = await self._call()
        writer.write("\r\n".join([*lines, "", body]).encode("ascii"))
        answer = await _answer(reader, httpx.Request(method, urljoin(self.address, path)))
        writer.close()
        await writer.wait_closed()
        self.cookies |= dict(answer.response.cookies.items())
        return answer

    async def _call(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.listener == "clearnet":
            return await self.portal.call()
        return await asyncio.open_unix_connection(self.portal.path)


async def _answer(reader: asyncio.StreamReader, request: httpx.Request) -> Answer:
    """Return the answer to `request`, with whatever follows it at once."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, _, lines = head.decode("latin-1").partition("\r\n")
    pairs = (line.partition(": ") for line in lines.split("\r\n") if line)
    headers = httpx.Headers([(name, value) for name, _, value in pairs])
    length = 0 if request.method == "HEAD" else int(headers.get("content-length", "0"))
    body = await reader.readexactly(length)
    response = httpx.Response(int(status.split(" ")[1]), headers=headers, content=body, request=request)
    return Answer(response, len(head) + len(body))
