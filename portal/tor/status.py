"""What a running portal tells of its onion, at a Unix socket in its data folder, to `portal onion status`.

A socket and not a file: what answers is alive, and nothing of it stays on the disk. It is 0600 in a folder 0700.
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
    """Where the portal with the folder `data` tells how its onion stands."""
    return data.absolute() / "status" / "socket"


async def serve_status(data: Path, view: Callable[[], OnionView], say: Say) -> None:
    """Send the present view to whoever connects, until cancelled. A socket that cannot be opened is told of."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(written(view()))
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
    """What the portal that runs with `data` says of its onion. Blocks. Raises `NotRunning`."""
    said = b""
    try:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(ANSWER_SECONDS)
            caller.connect(str(status_socket(data)))
            while (part := caller.recv(ANSWER_BYTES)) and len(said) < ANSWER_BYTES:
                said += part
        return read(said)
    except (OSError, ValueError, TypeError, KeyError):
        raise NotRunning(folder=data) from None


def written(view: OnionView) -> bytes:
    """`view` as JSON."""
    return json.dumps(to_json(view)).encode()


def read(answer: bytes) -> OnionView:
    """Return the view that was `written`. Raises `ValueError`, `TypeError` or `KeyError` when it was not."""
    return from_json(OnionView, json.loads(answer))
