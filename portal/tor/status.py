"""Status of the onion of a running portal, at a Unix socket in its data folder, for `portal onion status`.

A socket and not a file: its server is alive, and nothing stays on the disk. It is 0600 in a folder 0700.
"""

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

from portal.domain.errors import ListenerError, NotRunning
from portal.domain.json_values import from_json, to_json
from portal.server.sockets import closing, open_unix
from portal.services import OnionView
from portal.tor.service import Say

ANSWER_SECONDS: Final = 5
ANSWER_BYTES: Final = 65_536


def status_socket(data: Path) -> Path:
    """Return the path of the socket of the portal in `data`."""
    return data.absolute() / "status" / "socket"


async def serve_status(data: Path, view: Callable[[], OnionView], say: Say) -> None:
    """Send the present view to every client, until cancelled; `say` gets the reason why a socket cannot be opened."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(view_to_json(view()))
        writer.close()

    try:
        sock = open_unix(status_socket(data))
    except ListenerError as error:
        say(error.text, error.details)
        return
    with closing([sock]):
        async with await asyncio.start_unix_server(answer, sock=sock) as server:
            await server.serve_forever()


def fetch_status(data: Path) -> OnionView:
    """Return the view of the onion of the running portal in `data`. Blocks. Raises `NotRunning`."""
    answer = b""
    try:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(ANSWER_SECONDS)
            caller.connect(str(status_socket(data)))
            while (part := caller.recv(ANSWER_BYTES)) and len(answer) < ANSWER_BYTES:
                answer += part
        return view_from_json(answer)
    except (OSError, ValueError, TypeError, KeyError):
        raise NotRunning(folder=data) from None


def view_to_json(view: OnionView) -> bytes:
    """Write `view` as JSON."""
    return json.dumps(to_json(view)).encode()


def view_from_json(answer: bytes) -> OnionView:
    """Read a view from JSON. Raises `ValueError`, `TypeError` or `KeyError`."""
    return from_json(OnionView, json.loads(answer))
