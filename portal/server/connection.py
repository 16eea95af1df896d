"""One connection of the HTTP server, and what it may take of it."""

import asyncio
import re
import socket
from http import HTTPStatus
from typing import Final

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from portal.domain.language import LANGUAGES, N_
from portal.domain.limits import (
    BUSY_RETRY_SECONDS,
    CONNECTIONS_PER_LISTENER,
    HEADER_FIELDS,
    HEADER_KIB,
    HEADER_READ_SECONDS,
    PIPELINED_KIB,
    PIPELINED_REQUESTS,
    SEND_BUFFER_KIB,
    STALLED_WRITE_SECONDS,
    UNWANTED_BODY_KIB,
)
from portal.server.connection_pool import ConnectionPool, Waits
from portal.server.flow import Flow
from portal.site.catalogue import translated

TOO_MANY: Final = N_("Too many people are at this door at the same time. Try again in a few seconds.")
TOO_LONG: Final = N_("The beginning of this request is longer than any that our pages make.")
MALFORMED: Final = N_("This is no HTTP request that the portal understands.")

_ABSOLUTE: Final = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)
_BODY_HEADERS: Final = {b"content-length", b"transfer-encoding"}
_IDLE, _UNREAD, _IN_THE_HEAD, _IN_THE_BODY = range(4)


class Connection(HttpToolsProtocol):
    """One connection, which may not keep its place by sending slowly, by sending without end, or by not reading.

    Requests may be sent without waiting for the answers (RFC 9112 §9.3.2), a few at a time.
    """

    flow: Flow
    connections: ConnectionPool
    _answered: RequestResponseCycle | None = None
    """The request that is being answered, or was last."""
    _awaited_since: float | None = None
    """Since when the head of a request is awaited, in the loop's seconds; None while one is being answered."""
    _stalled_since: float | None = None
    """Since when bytes wait for a reader who does not take them."""
    _rest = b""
    """Bytes that came, and whose turn has not."""
    _ahead = 0
    """Of the bytes that came last, how many were taken while a request waited."""
    _head_taken = 0.0
    """When the last head was there, in the loop's seconds."""
    _received = 0
    """Bytes since the last head, or the last body, was there."""
    _has_body_to_come = False
    _is_too_long = False
    """Whether the head that was taken last is longer than any may be."""
    _takes_no_more = False
    """Whether the connection ends with the answer that is under way, and what comes meanwhile is not read."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it so
        """Take the connection, in the place of one who waits where all are taken, or say that there are too many."""
        super().connection_made(transport)
        self.flow = Flow(transport, self.pipeline)
        socket_ = transport.get_extra_info("socket")
        socket_.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_KIB * 1024)
        if len(self.connections) > CONNECTIONS_PER_LISTENER and not self._took_a_place():
            self._refuse(503, TOO_MANY, f"retry-after: {BUSY_RETRY_SECONDS}\r\n")
        self._awaited_since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        """Take bytes, by no more at once than a head may have: in between it is the turn of others."""
        self._ahead = 0
        self._rest += data
        self._take_part()

    def _take_part(self) -> None:
        """Take what may be taken at once; nothing more is read until all of it was."""
        if self.transport.is_closing():
            return
        step = HEADER_KIB * 1024
        part, self._rest = self._rest[:step], self._rest[step:]
        if self._awaited_since is None and self.cycle.response_complete:
            self._awaited_since = self.loop.time()
        self._received += len(part)
        if not self._takes_no_more:
            super().data_received(part)
        self._ahead += len(part) if self.pipeline else 0
        self._hold_to_limits()
        if self.transport.is_closing():
            return
        self.flow.hold(self._rest != b"")
        if self._rest:
            self.loop.call_soon(self._take_part)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the request that is being answered, and drop those that wait; uvicorn tells the last one alone."""
        super().connection_lost(exc)
        self._rest = b""
        self.pipeline.clear()
        if self._answered is not None:
            self._answered.disconnected = True
            self._answered.message_event.set()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header. What comes after a body is dropped, as RFC 9110 §6.5.1 allows."""
        if self._has_body_to_come:
            return
        if len(self.headers) == HEADER_FIELDS:
            self._is_too_long = True
            raise ValueError
        super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; once its request is being answered, nobody will read it."""
        if not self.cycle.response_started:
            super().on_body(body)

    def on_headers_complete(self) -> None:
        """The head is there: what follows is a body.

        An upgrade is passed over (RFC 9110 §7.8). After one, or a tunnel, the parser would take a body for requests:
        it is refused with a body, as a `ValueError` that the parser makes a 400 of, and else is the last of all. So is
        a head that came whole in one part, and is too long.
        """
        if self._length_of_head > HEADER_KIB * 1024:
            self._is_too_long = True
            raise ValueError
        upgrades = self.parser.should_upgrade()
        if upgrades and (self.parser.get_method() == b"CONNECT" or _BODY_HEADERS & {name for name, _ in self.headers}):
            raise ValueError
        if len(self.pipeline) == PIPELINED_REQUESTS:
            self._hang_up()
            raise ValueError
        self._take_host_of_target()
        super().on_headers_complete()
        self._awaited_since = None
        self._head_taken = self.loop.time()
        self._received = 0
        self._has_body_to_come = True
        if upgrades:
            self._end_with_this_answer()

    def on_message_complete(self) -> None:
        """The body is there: what follows is another head."""
        self._received = 0
        self._has_body_to_come = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, or has too long a head; who was hung up on has no answer."""
        if self.transport.is_closing():
            return
        if self._is_too_long:
            self._refuse(431, TOO_LONG)
        else:
            self._refuse(400, MALFORMED)

    @property
    def waits(self) -> Waits | None:
        """Which connection loses its place first: the lowest; None for one whose answer is being made, or ending.

        Who takes an answer slowly loses it before who sends a request slowly: pages fit into the buffers of the system.
        """
        if self.transport.get_write_buffer_size():
            return _UNREAD, self._head_taken
        if self.transport.is_closing():
            return None
        if self._is_in_a_body:
            return _IN_THE_BODY, self._head_taken
        if self._awaited_since is not None:
            return _IN_THE_HEAD, self._awaited_since
        is_idle = self._newest is not None and self._newest.response_complete
        return (_IDLE, self._head_taken) if is_idle else None

    def end_if_late(self, now: float) -> None:
        """Hang up on who sends or reads too slowly; `now` is in the loop's seconds."""
        if self._awaited_since is not None and now - self._awaited_since > HEADER_READ_SECONDS:
            self._hang_up()
        if not (self.transport.is_closing() or self.flow.write_paused):
            self._stalled_since = None
        elif self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since > STALLED_WRITE_SECONDS:
            self._hang_up()

    @property
    def _newest(self) -> RequestResponseCycle | None:
        """The last request whose head is there, if any is."""
        return self.cycle

    @property
    def _is_in_a_body(self) -> bool:
        """Whether the one request that is under way is not wholly there, and has nothing of its answer."""
        newest = self._newest
        return newest is not None and newest.more_body and not (newest.response_started or self.pipeline)

    @property
    def _length_of_head(self) -> int:
        """How many bytes the head that is there has, in the shortest way to write it (RFC 9112 §2.1)."""
        request_line = len(self.parser.get_method()) + len(self.url) + len(b"  HTTP/1.1\r\n")
        fields = sum(len(name) + len(value) + len(b": \r\n") for name, value in self.headers)
        return request_line + fields + len(b"\r\n")

    def _take_host_of_target(self) -> None:
        """Let the host of a target in absolute form stand in the place of Host (RFC 9112 §3.2.2)."""
        if self.url.startswith(b"/") or self.url == b"*":
            return
        absolute = _ABSOLUTE.match(self.url)
        if absolute is None:
            raise ValueError
        self.headers[:] = [(name, absolute[1] if name == b"host" else value) for name, value in self.headers]

    def _took_a_place(self) -> bool:
        """Hang up on the one who waits, and makes others wait, for longest, if there is one."""
        found = self.connections.next_to_close(self.loop.time())
        if isinstance(found, Connection):
            found._hang_up()
        return found is not None

    def _hold_to_limits(self) -> None:
        """Who sends a body that nobody wanted is to get his answer: it may be longer than a head, or any form."""
        kib = UNWANTED_BODY_KIB if self._has_body_to_come or self._takes_no_more else HEADER_KIB
        is_too_much = self._received > kib * 1024
        if self._ahead > PIPELINED_KIB * 1024 or (is_too_much and kib == UNWANTED_BODY_KIB):
            self._hang_up()
        elif is_too_much:
            self._refuse(431, TOO_LONG)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def _hang_up(self) -> None:
        """End the connection at once; its place is free before the loop comes round to it."""
        self._rest = b""
        self.connections.discard(self)
        self.transport.abort()

    def _end_with_this_answer(self) -> None:
        self._takes_no_more = True
        self.cycle.keep_alive = False

    def _refuse(self, status: int, words: str, header: str = "") -> None:
        """Answer by ourselves, in every language, and hang up; but never in the place of an answer under way."""
        newest = self._newest
        if newest is not None and not (newest.response_complete or self._is_in_a_body):
            self._end_with_this_answer()
            return
        if newest is not None:
            newest.disconnected = True
        body = "".join(f"{translated(language, words)}\n" for language in LANGUAGES).encode()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{header}content-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            "x-frame-options: DENY\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
