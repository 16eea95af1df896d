"""The server that the programme is measured against: one bare Starlette route that sends the same bytes.

`python -m bench.bare FILE [SOCKET]`, where FILE holds the headers, a line each, a blank line and the body; it
answers on a free port of loopback or, where one is given, on a Unix socket.
"""

import asyncio
import sys
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.programme import PATH
from portal.server.sockets import open_tcp, open_unix


async def serve(file: Path, path: Path | None = None) -> None:
    """Serve the answer in `file`, at the Unix socket `path` where there is one, until the process is ended."""
    head, _, body = file.read_bytes().partition(b"\n\n")
    headers = dict(line.split(": ", 1) for line in head.decode("ascii").splitlines())

    async def page(request: Request) -> Response:
        return Response(body, headers=headers)

    app = Starlette(routes=[Route(PATH, page)])
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
    )
    sock = open_unix(path) if path else open_tcp("127.0.0.1", 0)
    sys.stdout.write(f"{path}\n" if path else f"http://127.0.0.1:{sock.getsockname()[1]}/\n")
    sys.stdout.flush()
    await uvicorn.Server(config).serve([sock])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(*map(Path, sys.argv[1:])))
