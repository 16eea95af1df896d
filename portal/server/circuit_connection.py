"""Connection of a listener to which Tor sends the circuit of each connection, in a PROXY line before the first byte.

That is a header of the PROXY protocol, version 1 (§2.1), as Tor writes it for
`HiddenServiceExportCircuitID haproxy` (tor(1)): the 32 bits of the circuit's number end the first address, in two
groups of hexadecimal digits without leading zeros. The rest of the line has no meaning.
"""

import asyncio
import hmac
import re
from typing import Any, Final

from uvicorn import Config
from uvicorn.server import ServerState

from portal.server.connection import Connection
from portal.web.fair_queue import SCOPE_KEY

LINE_BYTES: Final = 107
"""The longest line of this protocol, with its line end (§2.1)."""

_START: Final = b"PROXY TCP6 fc00:dead:beef:4dad::"
_END: Final = b"\r\n"
_GROUP: Final = rb"(0|[1-9a-f][0-9a-f]{0,3})"
_PORT: Final = rb"(0|[1-9][0-9]{0,4})"
_LINE: Final = re.compile(_START + _GROUP + b":" + _GROUP + b" ::1 " + _PORT + b" " + _PORT + _END)
_HIGHEST_PORT: Final = 65_535
_MARK_BYTES: Final = 16


class NoProxyLine(Exception):
    """A connection begins with something else, of which nothing is passed on."""


def circuit_of(received: bytes) -> tuple[int, bytes] | None:
    """Return the circuit's number, from 0 to 2³² - 1, and the bytes after the line; None while the line is incomplete.

    `received` is all that a connection has sent so far. Raises `NoProxyLine` as soon as it cannot become such a line.
    """
    line, end, rest = received.partition(_END)
    if not end and _may_become_a_line(received):
        return None
    found = _LINE.fullmatch(line + end)
    if found is None or len(line + end) > LINE_BYTES or max(int(found[3]), int(found[4])) > _HIGHEST_PORT:
        raise NoProxyLine
    return int(found[1], 16) << 16 | int(found[2], 16), rest


def _may_become_a_line(received: bytes) -> bool:
    return len(received) < LINE_BYTES and _START.startswith(received[: len(_START)])


def mark_of(number: int, key: bytes) -> bytes:
    """Return the mark of circuit `number` (32 bits) under `key` (32 random bytes): 16 bytes of HMAC-SHA256.

    It is in the memory of the process, for as long as its circuit is in use and some minutes more, and nowhere else.
    """
    return hmac.digest(key, number.to_bytes(4, "big"), "sha256")[:_MARK_BYTES]


class CircuitConnection(Connection):
    """A connection that begins with Tor's PROXY line, within the time of a head, or is closed without an answer.

    `circuit_key` is 32 random bytes. The number of the circuit is passed to nobody, only a mark made with that key.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        circuit_key: bytes,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._circuit_key = circuit_key
        self._line: bytes = b""
        self._circuit: bytes | None = None

    def data_received(self, data: bytes) -> None:
        """Parse the line once; the rest is HTTP."""
        if self._circuit is not None:
            super().data_received(data)
            return
        self._line += data
        try:
            found = circuit_of(self._line)
        except NoProxyLine:
            self.transport.abort()
            return
        if found is not None:
            number, rest = found
            self._line, self._circuit = b"", mark_of(number, self._circuit_key)
            if rest:
                super().data_received(rest)

    def on_message_begin(self) -> None:
        """Begin a request, and put the mark of its circuit into its scope."""
        super().on_message_begin()
        self.scope[SCOPE_KEY] = self._circuit  # type: ignore[typeddict-unknown-key]  # a key of our own
