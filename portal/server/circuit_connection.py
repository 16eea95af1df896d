"""Connection of a listener to which Tor sends the circuit of each connection."""

import asyncio
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from portal.server.connection import Connection
from portal.server.proxy_line import NoProxyLine, circuit_of
from portal.web.circuits import SCOPE_KEY, mark_of


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
