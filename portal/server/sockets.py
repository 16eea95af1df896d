"""Sockets of the listeners, opened by ourselves: TCP for the clearnet, a private Unix socket for the onion."""

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from portal.domain.errors import ListenerError
from portal.domain.language import N_

BACKLOG: Final = 1024

_REASONS: Final = {
    errno.EADDRINUSE: N_(
        "something else is already there; stop it, or choose another port, with --port 8080 for instance "
        "(organisers_port for the organisers' own pages)"
    ),
    errno.EACCES: N_("this account may not open it; a port below 1024 needs rights that this one has not"),
    errno.EADDRNOTAVAIL: N_("this machine has no such address"),
}
_OTHER_REASON: Final = N_("this machine does not allow it")
_NO_SUCH_HOST: Final = N_("there is no such host")
_IN_USE: Final = N_("another process answers there")
_NOT_A_SOCKET: Final = N_("a file of this name is already there, and is not a socket of the portal")
_NOT_ALONE: Final = N_("its folder holds something else; choose a folder that is for this socket alone")
_TOO_LONG: Final = N_("a path of a socket has at most 107 bytes; choose a data folder with a shorter name")


def open_tcp(host: str, port: int) -> socket.socket:
    """Open a TCP socket that listens at `host` and `port` (0: any free port), its connections without Nagle's delay.

    Raises `ListenerError`. On Linux a connection inherits TCP_NODELAY from the socket that accepts it (tcp(7)).
    """
    with _raising_listener_error(f"[{host}]:{port}" if ":" in host else f"{host}:{port}"):
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = _bound(socket.AddressFamily(family), address)
        sock.listen(BACKLOG)
        return sock


def open_unix(path: Path) -> socket.socket:
    """Open a Unix socket that listens at `path`, 0600 in a folder 0700, in place of a stale socket.

    The folder is closed to others, so it may contain nothing else. Raises `ListenerError`, also when a process still
    answers.
    """
    with _raising_listener_error(path):
        for folder in reversed(path.parents):  # `parents=True` would leave those above to the umask
            folder.mkdir(mode=0o700, exist_ok=True)
        if any(other != path for other in path.parent.iterdir()):
            raise ListenerError(listener=path, reason=_NOT_ALONE)
        path.parent.chmod(0o700)
        _clear(path)
        sock = _bound(socket.AF_UNIX, str(path))
        path.chmod(0o600)
        sock.listen(BACKLOG)
        return sock


@contextmanager
def closing(listeners: Sequence[socket.socket]) -> Iterator[None]:
    """Close `listeners` at the end, and remove their files."""
    names = [sock.getsockname() for sock in listeners]
    try:
        yield
    finally:
        for sock, name in zip(listeners, names, strict=True):
            sock.close()
            if isinstance(name, str):
                Path(name).unlink(missing_ok=True)


@contextmanager
def _raising_listener_error(listener: object) -> Iterator[None]:
    try:
        yield
    except socket.gaierror:
        raise ListenerError(listener=listener, reason=_NO_SUCH_HOST) from None
    except OSError as error:
        reason = _TOO_LONG if error.errno is None else _REASONS.get(error.errno, _OTHER_REASON)
        raise ListenerError(listener=listener, reason=reason) from None


def _bound(family: socket.AddressFamily, address: object) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family != socket.AF_UNIX:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.bind(address)  # type: ignore[arg-type]  # as getaddrinfo returns it for this family
    except OSError:
        sock.close()
        raise
    return sock


def _clear(path: Path) -> None:
    """Remove the socket that a dead process left at `path`."""
    if path.is_socket():
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            if caller.connect_ex(str(path)) == 0:
                raise ListenerError(listener=path, reason=_IN_USE)
        path.unlink()
    elif path.exists():
        raise ListenerError(listener=path, reason=_NOT_A_SOCKET)
