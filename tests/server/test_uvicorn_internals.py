"""uvicorn's own classes, as far as portal/server leans on them: bounded above, and named here one by one."""

import ast
import asyncio
import inspect
import re
import socket
import tomllib
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version
from typing import Any, Final

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from portal.server import circuit_connection, connection
from tests.checkout import ROOT

BOUNDS: Final = re.compile(r"uvicorn>=([\d.]+),<([\d.]+)")
SIGNATURES: Final[dict[Callable[..., Any], str]] = {
    HttpToolsProtocol: "config, server_state, app_state, _loop",
    HttpToolsProtocol.connection_made: "self, transport",
    HttpToolsProtocol.connection_lost: "self, exc",
    HttpToolsProtocol.data_received: "self, data",
    HttpToolsProtocol.on_message_begin: "self",
    HttpToolsProtocol.on_header: "self, name, value",
    HttpToolsProtocol.on_headers_complete: "self",
    HttpToolsProtocol.on_body: "self, body",
    HttpToolsProtocol.on_message_complete: "self",
    HttpToolsProtocol.send_400_response: "self, msg",
    HttpToolsProtocol._start_asgi_task: "self, cycle, app",
    FlowControl: "transport",
    FlowControl.pause_reading: "self",
    FlowControl.resume_reading: "self",
    uvicorn.Server: "config",
    uvicorn.Server.serve: "self, sockets",
    uvicorn.Server.on_tick: "self, counter",
    uvicorn.Server.capture_signals: "self",
}
ATTRIBUTES: Final[dict[str, set[str]]] = {
    "connection": {
        "connections",
        "cycle",
        "flow",
        "headers",
        "loop",
        "parser",
        "pipeline",
        "scope",
        "transport",
        "url",
    },
    "flow control": {"write_paused"},
    "request": {
        *("disconnected", "keep_alive", "message_event", "more_body"),
        *("response_complete", "response_started"),
    },
    "server": {"force_exit", "server_state", "should_exit", "started"},
    "server state": {"connections"},
}


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version that has nothing else."""
    return tuple(map(int, version.split(".")))


def test_locked_uvicorn_is_within_its_bounds() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (bounds,) = (found for wanted in dependencies if (found := BOUNDS.fullmatch(wanted)))
    assert numbers(bounds[1]) <= numbers(version("uvicorn")) < numbers(bounds[2])
    assert f"\nuvicorn=={version('uvicorn')} " in (ROOT / "requirements.lock").read_text()


@pytest.mark.parametrize(
    ("internal", "parameters"), SIGNATURES.items(), ids=[internal.__qualname__ for internal in SIGNATURES]
)
def test_uvicorn_has_the_signature_of(internal: Callable[..., Any], parameters: str) -> None:
    assert ", ".join(inspect.signature(internal).parameters) == parameters


def test_uvicorn_has_the_attributes_of_its_connection() -> None:
    assert asyncio.run(missing_attributes()) == {name: set() for name in ATTRIBUTES}


async def missing_attributes() -> dict[str, set[str]]:
    """Return those of `ATTRIBUTES` that uvicorn's own objects lack while a request is answered."""
    server = uvicorn.Server(uvicorn.Config(answer_nothing, ws="none", lifespan="off", log_config=None))
    far, near = socket.socketpair()
    loop = asyncio.get_running_loop()
    protocol = HttpToolsProtocol(server.config, server.server_state, {}, loop)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, near)
    with far, closing(transport):
        far.setblocking(False)
        await loop.sock_sendall(far, b"GET / HTTP/1.1\r\n\r\n")
        await loop.sock_recv(far, 1024)
        objects: dict[str, object] = {
            "connection": protocol,
            "flow control": protocol.flow,
            "request": protocol.cycle,
            "server": server,
            "server state": server.server_state,
        }
        return {name: {each for each in ATTRIBUTES[name] if not hasattr(objects[name], each)} for name in objects}


async def answer_nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


def test_every_attribute_that_a_connection_of_ours_takes_from_uvicorn_is_named() -> None:
    used, defined = set[str](), set[str]()
    for module in (connection, circuit_connection):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                used.add(node.attr)
            elif isinstance(node, ast.FunctionDef):
                defined.add(node.name)
    assert {name for name in used - defined if not name.startswith("_")} == ATTRIBUTES["connection"]
