"""Connection of the HTTP server, with limits on time, size and the number of requests."""

import asyncio
import re
import socket
from collections.abc import Sized
from http import HTTPStatus
from typing import Final

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.flow_control import FlowControl
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
from portal.site.catalogue import translated

TOO_MANY: Final = N_("Too many connections at the same time. Try again in a few seconds.")
TOO_LONG: Final = N_("The head of this request is longer than any that our pages send.")
MALFORMED: Final = N_("This is no HTTP request that the portal understands.")

_ABSOLUTE: Final = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)
_BODY_HEADERS: Final = {b"content-length", b"transfer-encoding"}
_IDLE, _UNREAD, _IN_THE_HEAD, _IN_THE_BODY = range(4)


class Flow(FlowControl):
    """Flow control that reads nothing more while there are `pending` requests, or while it is on hold.

    uvicorn's own reads on after each answer.
    """

    def __init__(self, transport: asyncio.Transport, pending: Sized) -> None:
        super().__init__(transport)
        self._pending, self._is_on_hold, self._is_resumed = pending, False, True

    def pause_reading(self) -> None:
        """Read nothing more until `resume_reading`."""
        self._is_resumed = False
        self._apply()

    def resume_reading(self) -> None:
        """Read on as soon as there is no other reason to wait."""
        self._is_resumed = True
        self._apply()

    def hold(self, is_on_hold: bool) -> None:
        """Read nothing more until this is called with False."""
        self._is_on_hold = is_on_hold
        self._apply()

    def _apply(self) -> None:
        if self._is_on_hold or self._pending or not self._is_resumed:
            super().pause_reading()
        else:
            super().resume_reading()


class Connection(HttpToolsProtocol):
    """A connection that is closed when it sends too slowly or too much, or does not read.

    A few requests may be pipelined (RFC 9112 §9.3.2).
    """

    flow: Flow
    connections: ConnectionPool
    _answered: RequestResponseCycle | None = None
    """The request that is being answered, or was answered last."""
    _awaited_since: float | None = None
    """Start of the wait for a head, in the loop's seconds; None while a request is being answered."""
    _stalled_since: float | None = None
    """Start of the time for which the client has not read what was written."""
    _rest = b""
    """Bytes that were received and not yet parsed."""
    _ahead = 0
    """Bytes of the last part that were parsed while a request was pipelined."""
    _head_taken = 0.0
    """Time of the last complete head, in the loop's seconds."""
    _received = 0
    """Bytes since the last complete head or body."""
    _has_body_to_come = False
    _is_too_long = False
    """Tells whether the last head exceeds the limit."""
    _ends_with_this_answer = False
    """Tells whether the connection ends with the present answer; further bytes are dropped."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it so
        """Accept the connection; where there are too many, close one that waits, or refuse this one."""
        super().connection_made(transport)
        self.flow = Flow(transport, self.pipeline)
        socket_ = transport.get_extra_info("socket")
        socket_.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_KIB * 1024)
        if len(self.connections) > CONNECTIONS_PER_LISTENER and not self._evicted_another():
            self._send_error(503, TOO_MANY, f"retry-after: {BUSY_RETRY_SECONDS}\r\n")
        self._awaited_since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        """Parse bytes, at most the size of a head at once, so that other connections have their turn."""
        self._ahead = 0
        self._rest += data
        self._parse_part()

    def _parse_part(self) -> None:
        """Parse the next part; reading is on hold until all is parsed."""
        if self.transport.is_closing():
            return
        step = HEADER_KIB * 1024
        part, self._rest = self._rest[:step], self._rest[step:]
        if self._awaited_since is None and self.cycle.response_complete:
            self._awaited_since = self.loop.time()
        self._received += len(part)
        if not self._ends_with_this_answer:
            super().data_received(part)
        self._ahead += len(part) if self.pipeline else 0
        self._check_limits()
        if self.transport.is_closing():
            return
        self.flow.hold(self._rest != b"")
        if self._rest:
            self.loop.call_soon(self._parse_part)

    def connection_lost(self, exc: Exception | None) -> None:
        """Disconnect the request that is being answered, and drop the pipelined ones: uvicorn tells only the last."""
        super().connection_lost(exc)
        self._rest = b""
        self.pipeline.clear()
        if self._answered is not None:
            self._answered.disconnected = True
            self._answered.message_event.set()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Add a header. A trailer is dropped, as RFC 9110 §6.5.1 allows."""
        if self._has_body_to_come:
            return
        if len(self.headers) == HEADER_FIELDS:
            self._is_too_long = True
            raise ValueError
        super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Add a part of a body; once the answer has started, the part is dropped."""
        if not self.cycle.response_started:
            super().on_body(body)

    def on_headers_complete(self) -> None:
        """Check the complete head; a body follows.

        An upgrade is ignored (RFC 9110 §7.8). After an upgrade or a tunnel the parser would read a body as requests:
        with a body it is refused, by a `ValueError` that the parser turns into a 400; otherwise it ends the connection.
        A head that came in one part, and is too long, is refused in the same way.
        """
        if self._length_of_head > HEADER_KIB * 1024:
            self._is_too_long = True
            raise ValueError
        upgrades = self.parser.should_upgrade()
        if upgrades and (self.parser.get_method() == b"CONNECT" or _BODY_HEADERS & {name for name, _ in self.headers}):
            raise ValueError
        if len(self.pipeline) == PIPELINED_REQUESTS:
            self._abort()
            raise ValueError
        self._use_host_of_target()
        super().on_headers_complete()
        self._awaited_since = None
        self._head_taken = self.loop.time()
        self._received = 0
        self._has_body_to_come = True
        if upgrades:
            self._end_after_answer()

    def on_message_complete(self) -> None:
        """End the body; another head follows."""
        self._received = 0
        self._has_body_to_come = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer a malformed request, or a head that is too long, unless the connection is closing."""
        if self.transport.is_closing():
            return
        if self._is_too_long:
            self._send_error(431, TOO_LONG)
        else:
            self._send_error(400, MALFORMED)

    @property
    def waits(self) -> Waits | None:
        """Return its wait, the lowest of which is closed first; None while an answer is made, or the connection closes.

        A client that reads slowly is closed before one that sends slowly: pages fit into the buffers of the system.
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
        """Abort a connection that sends or reads too slowly; `now` is in the loop's seconds."""
        if self._awaited_since is not None and now - self._awaited_since > HEADER_READ_SECONDS:
            self._abort()
        if not (self.transport.is_closing() or self.flow.write_paused):
            self._stalled_since = None
        elif self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since > STALLED_WRITE_SECONDS:
            self._abort()

    @property
    def _newest(self) -> RequestResponseCycle | None:
        """Return the last request with a complete head, if there is one."""
        return self.cycle

    @property
    def _is_in_a_body(self) -> bool:
        """Tell whether the only request is incomplete, and its answer has not started."""
        newest = self._newest
        return newest is not None and newest.more_body and not (newest.response_started or self.pipeline)

    @property
    def _length_of_head(self) -> int:
        """Return the bytes of the present head, in its shortest form (RFC 9112 §2.1)."""
        request_line = len(self.parser.get_method()) + len(self.url) + len(b"  HTTP/1.1\r\n")
        fields = sum(len(name) + len(value) + len(b": \r\n") for name, value in self.headers)
        return request_line + fields + len(b"\r\n")

    def _use_host_of_target(self) -> None:
        """Replace Host by the host of a target in absolute form (RFC 9112 §3.2.2)."""
        if self.url.startswith(b"/") or self.url == b"*":
            return
        absolute = _ABSOLUTE.match(self.url)
        if absolute is None:
            raise ValueError
        self.headers[:] = [(name, absolute[1] if name == b"host" else value) for name, value in self.headers]

    def _evicted_another(self) -> bool:
        """Abort the first connection of the pool that waits; return False where none does."""
        found = self.connections.next_to_close(self.loop.time())
        if isinstance(found, Connection):
            found._abort()
        return found is not None

    def _check_limits(self) -> None:
        """Abort or refuse what exceeds the limits. A body that no handler reads may be longer than a head or a form."""
        kib = UNWANTED_BODY_KIB if self._has_body_to_come or self._ends_with_this_answer else HEADER_KIB
        is_too_much = self._received > kib * 1024
        if self._ahead > PIPELINED_KIB * 1024 or (is_too_much and kib == UNWANTED_BODY_KIB):
            self._abort()
        elif is_too_much:
            self._send_error(431, TOO_LONG)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def _abort(self) -> None:
        """End the connection at once; it leaves the pool before the loop closes it."""
        self._rest = b""
        self.connections.discard(self)
        self.transport.abort()

    def _end_after_answer(self) -> None:
        self._ends_with_this_answer = True
        self.cycle.keep_alive = False

    def _send_error(self, status: int, message: str, header: str = "") -> None:
        """Answer in every language and close; where an answer is being made, end after that answer instead."""
        newest = self._newest
        if newest is not None and not (newest.response_complete or self._is_in_a_body):
            self._end_after_answer()
            return
        if newest is not None:
            newest.disconnected = True
        body = "".join(f"{translated(language, message)}\n" for language in LANGUAGES).encode()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{header}content-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            "x-frame-options: DENY\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
