"""Login at a control port of Tor: everything here blocks, for `SECONDS` at most a step, and belongs in a thread."""

import grp
import logging
import socket
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

import stem
import stem.connection
import stem.socket

from onion.errors import (
    ControlForbidden,
    CookieUnreadable,
    CookieWrong,
    NotControlPort,
    PasswordWanted,
    PasswordWrong,
    TorError,
    TorLost,
    TorNotFound,
    TorSilent,
)
from onion.tor.addresses import TorAddress, connect

SECONDS: Final = 10
"""The longest wait for an answer during the login."""


class TimedSocket(stem.socket.ControlSocket):  # type: ignore[misc]  # stem has no types
    """A control socket to `address`, not yet connected, that waits `SECONDS`; stem's own two wait for ever."""

    def __init__(self, address: TorAddress) -> None:
        super().__init__()
        self.address = address
        self._connected: socket.socket | None = None
        self.is_abandoned = False

    def remove_timeout(self) -> None:
        """Wait without a limit from now on: events come at any time."""
        if self._connected is not None:
            self._connected.settimeout(None)

    def abandon(self) -> None:
        """End the connection at once, for the thread that uses it too. Takes no lock: the event loop may call it."""
        self.is_abandoned = True
        if self._connected is not None:
            with suppress(OSError):
                self._connected.shutdown(socket.SHUT_RDWR)

    def _make_socket(self) -> socket.socket:
        self._connected = opened = connect(self.address, SECONDS)
        # `abandon` may have come before there was a connection to shut down.
        if self.is_abandoned:
            opened.close()
            raise stem.SocketClosed
        return opened


def authenticate(opened: TimedSocket, password: str) -> None:
    """Connect to the Tor at `opened.address` and authenticate, by password or by cookie. Raises `TorError`.

    `opened` is closed on failure.
    """
    _silence_stem()
    with ExitStack() as on_failure:
        on_failure.callback(opened.close)
        _authenticate(opened, password)
        opened.remove_timeout()
        if not opened.is_abandoned:
            on_failure.pop_all()


def _authenticate(opened: TimedSocket, password: str) -> None:
    address = opened.address
    try:
        opened.connect()
        stem.connection.authenticate(opened, password or None)
    except PermissionError:
        raise ControlForbidden(address=address, group=_group_of(address.path)) from None
    except TimeoutError:
        raise TorSilent(address=address, seconds=SECONDS) from None
    except OSError:
        raise TorNotFound(addresses=address) from None
    except stem.connection.AuthenticationFailure as failure:
        raise _error_for(address, failure) from None
    except stem.ControllerError:
        raise TorLost from None


def _silence_stem() -> None:
    """Drop the records of stem's logger below DEBUG: at its TRACE level stem logs each command with its arguments.

    A filter works whatever level and handlers the program gives to the logger.
    """
    stem_logger = logging.getLogger("stem")
    if _is_above_trace not in stem_logger.filters:
        stem_logger.addFilter(_is_above_trace)


def _is_above_trace(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.DEBUG


def _error_for(address: TorAddress, failure: stem.connection.AuthenticationFailure) -> TorError:
    """Return our error for stem's `failure`."""
    match failure:
        case stem.connection.IncorrectSocketType():
            return NotControlPort(address=address)
        case stem.connection.MissingPassword():
            return PasswordWanted(address=address)
        case stem.connection.IncorrectPassword():
            return PasswordWrong(address=address)
        case stem.connection.UnreadableCookieFile():
            file = Path(failure.cookie_path)
            return CookieUnreadable(file=file, group=_group_of(file))
        case stem.connection.CookieAuthFailed():
            return CookieWrong(address=address, file=failure.cookie_path)
        case _:
            return TorSilent(address=address, seconds=SECONDS)


def _group_of(path: Path | None) -> str:
    """Return the group of `path`, or else that of the nearest folder above that this user can reach."""
    for each in (path, *path.parents) if path else ():
        try:
            return grp.getgrgid(each.stat().st_gid).gr_name
        except (OSError, KeyError):
            continue
    return "tor"
